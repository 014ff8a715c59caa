// Why: the terms of a condition for one contact, and what keeps contacts out.
#include <algorithm>
#include <bit>
#include <set>

#include "exec/model_reasons.hpp"
#include "exec/questions.hpp"
#include "query/name_hint.hpp"
#include "query/term.hpp"
#include "query/tree.hpp"

namespace quintile {

namespace {

using query::Node;
using query::NodeKind;

TruthValue negation(TruthValue truth) noexcept {
  switch (truth) {
    case TruthValue::kTrue:
      return TruthValue::kFalse;
    case TruthValue::kFalse:
      return TruthValue::kTrue;
    case TruthValue::kUnknown:
      break;
  }
  return TruthValue::kUnknown;
}

// AND and OR: what decides alone, else what is unknown, else the rest.
TruthValue chain_truth(const std::vector<ExplainedTerm>& terms, TruthValue decides) noexcept {
  TruthValue truth = negation(decides);
  for (const ExplainedTerm& term : terms) {
    if (term.truth == decides) {
      return decides;
    }
    if (term.truth == TruthValue::kUnknown) {
      truth = TruthValue::kUnknown;
    }
  }
  return truth;
}

// Explains the nodes of one expression for one contact.
class Explainer {
 public:
  Explainer(const Asked& asked, const GenerationData& data, std::size_t row)
      : asked_(asked), data_(data), block_(row / kRowsPerBlock), row_(row) {}

  Result<ExplainedTerm> explain(const Node& node) const {
    ExplainedTerm term;
    term.text = query::print_tree(node);
    if (node.kind != NodeKind::kAnd && node.kind != NodeKind::kOr && node.kind != NodeKind::kNot) {
      QUINTILE_TRY(explain_leaf(node, term));
      return term;
    }
    for (const Node& child : node.children) {
      QUINTILE_ASSIGN_OR_RETURN(ExplainedTerm explained, explain(child));
      term.terms.push_back(std::move(explained));
    }
    if (node.kind == NodeKind::kNot) {
      term.truth = negation(term.terms.front().truth);
    } else {
      term.truth = chain_truth(
          term.terms, node.kind == NodeKind::kAnd ? TruthValue::kFalse : TruthValue::kTrue);
    }
    return term;
  }

 private:
  // Of a condition, for the contact.
  Result<TruthValue> truth_of(const Node& node) const {
    QUINTILE_ASSIGN_OR_RETURN(const BoundExpression bound,
                              query::bind_expression(node, asked_.scope.binding()));
    std::vector<std::uint64_t> is_true(kRowsPerBlock / 64);
    std::vector<std::uint64_t> is_null(kRowsPerBlock / 64);
    QUINTILE_TRY(evaluate_block(asked_.scope, bound, block_, is_true, is_null));
    const std::size_t i = row_ % kRowsPerBlock;
    return test_bit(is_true, i)   ? TruthValue::kTrue
           : test_bit(is_null, i) ? TruthValue::kUnknown
                                  : TruthValue::kFalse;
  }

  Status explain_leaf(const Node& node, ExplainedTerm& term) const {
    QUINTILE_TRY(check_not_given_up(asked_.options));
    QUINTILE_ASSIGN_OR_RETURN(term.truth, truth_of(node));
    std::set<std::string> models;
    QUINTILE_TRY(add_operands(node, term, models));
    for (const RfmResult& result : data_.models) {
      if (models.contains(result.model())) {
        for (std::string& line : model_reasons(GenerationInternals::of(result), row_)) {
          term.reasons.push_back(std::move(line));
        }
      }
    }
    return {};
  }

  // Adds the columns and functions of a leaf, and the models that they belong to.
  Status add_operands(const Node& node, ExplainedTerm& term, std::set<std::string>& models) const {
    const bool is_function = node.kind == NodeKind::kCall || node.kind == NodeKind::kEvents ||
                             node.kind == NodeKind::kRegularly || node.kind == NodeKind::kSequence;
    if (node.kind == NodeKind::kName || is_function) {
      const std::string& named = node.kind == NodeKind::kCall && node.text == "segment"
                                     ? node.children[0].text
                                     : node.text;
      models.insert(named.substr(0, named.find('.')));
      return add_value(node, term);
    }
    for (const Node& child : node.children) {
      QUINTILE_TRY(add_operands(child, term, models));
    }
    return {};
  }

  Status add_value(const Node& node, ExplainedTerm& term) const {
    const std::string text = query::print_tree(node);
    const bool is_instant = node.kind == NodeKind::kCall && node.children.empty();
    if (is_instant || std::any_of(term.operands.begin(), term.operands.end(),
                                  [&](const auto& known) { return known.text == text; })) {
      return {};  // today() and now() are of no contact
    }
    if (node.kind == NodeKind::kCall && node.text == "tag") {  // of several attributes, maybe
      QUINTILE_ASSIGN_OR_RETURN(const TruthValue truth, truth_of(node));
      term.operands.push_back({text, truth == TruthValue::kTrue    ? "true"
                                     : truth == TruthValue::kFalse ? "false"
                                                                   : "NULL"});
      return {};
    }
    AnswerColumns columns(asked_.scope);
    QUINTILE_ASSIGN_OR_RETURN(
        const std::size_t place,
        columns.add(node.kind == NodeKind::kName ? std::string_view(node.text) : text));
    AnswerReader reader(columns);
    QUINTILE_TRY(reader.read(block_));
    const Value value = reader.value(place, row_ % kRowsPerBlock);
    term.operands.push_back(
        {text, std::holds_alternative<std::monostate>(value)
                   ? "NULL"
                   : value_text(value, columns[place].shown, asked_.scope.source().zone)});
    return {};
  }

  const Asked& asked_;
  const GenerationData& data_;
  std::size_t block_;
  std::size_t row_;
};

// The terms of a conjunction over blocks, each with its own way of failing.
class NearMissCounter {
 public:
  explicit NearMissCounter(std::size_t terms) : misses_(terms), unknown_(terms) {}

  // By term, where it is true and where it is NULL.
  void add_block(std::span<const std::vector<std::uint64_t>> is_true,
                 std::span<const std::vector<std::uint64_t>> is_null, std::size_t rows) {
    for (std::size_t w = 0; w < (rows + 63) / 64; ++w) {
      const std::size_t left = rows - w * 64;
      const std::uint64_t known = left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
      std::uint64_t once = 0;
      std::uint64_t twice = 0;
      for (const std::vector<std::uint64_t>& words : is_true) {
        const std::uint64_t fails = ~words[w] & known;
        twice |= once & fails;
        once |= fails;
      }
      members_ += count(known & ~once);
      for (std::size_t t = 0; t < is_true.size(); ++t) {
        const std::uint64_t alone = ~is_true[t][w] & once & ~twice;
        misses_[t] += count(alone);
        unknown_[t] += count(alone & is_null[t][w]);
      }
    }
  }
  void add_to(NearMisses& answer) const {
    answer.members += members_;
    for (std::size_t t = 0; t < misses_.size(); ++t) {
      answer.terms[t].count += misses_[t];
      answer.terms[t].unknown += unknown_[t];
    }
  }

 private:
  static std::uint64_t count(std::uint64_t word) noexcept {
    return static_cast<std::uint64_t>(std::popcount(word));
  }
  std::uint64_t members_ = 0;
  std::vector<std::uint64_t> misses_;
  std::vector<std::uint64_t> unknown_;
};

Result<NearMisses> count_near_misses(const Asked& asked, const std::vector<Node>& terms) {
  std::vector<BoundExpression> bound;
  NearMisses answer;
  for (const Node& term : terms) {
    QUINTILE_ASSIGN_OR_RETURN(BoundExpression expression,
                              query::bind_expression(term, asked.scope.binding()));
    bound.push_back(std::move(expression));
    answer.terms.push_back({query::print_tree(term), 0, 0});
  }
  struct Worker {
    std::vector<ScopeReader> readers;
    std::vector<std::vector<std::uint64_t>> is_true;
    std::vector<std::vector<std::uint64_t>> is_null;
    std::optional<NearMissCounter> counter;
  };
  std::vector<Worker> workers(static_cast<std::size_t>(asked.executor.thread_count()));
  const auto count_block = [&](std::size_t block, int at) -> Status {
    Worker& worker = workers[static_cast<std::size_t>(at)];
    if (!worker.counter) {
      worker.counter.emplace(bound.size());
      for (const BoundExpression& expression : bound) {
        worker.readers.emplace_back(asked.scope, expression);
        worker.is_true.emplace_back(kRowsPerBlock / 64);
        worker.is_null.emplace_back(kRowsPerBlock / 64);
      }
    }
    for (std::size_t t = 0; t < bound.size(); ++t) {
      ScopeReader& reader = worker.readers[t];
      QUINTILE_TRY(reader.read(block));
      QUINTILE_TRY(
          bound[t].evaluate(reader.views(), reader.rows(), worker.is_true[t], worker.is_null[t]));
    }
    worker.counter->add_block(worker.is_true, worker.is_null, asked.scope.block_rows(block));
    return {};
  };
  QUINTILE_TRY(run_blocks(asked.scope.blocks(), asked.executor, asked.options, count_block));
  for (const Worker& worker : workers) {
    if (worker.counter) {
      worker.counter->add_to(answer);
    }
  }
  return answer;
}

}  // namespace

Result<ExplainedTerm> Questions::explain(const Expression& expression,
                                         std::string_view contact) const {
  const auto ask = [&](const Asked& asked) -> Result<ExplainedTerm> {
    const std::optional<RowId> row = engine_->find_contact("id:" + std::string(contact));
    if (!row || to_index(*row) >= asked.scope.rows()) {
      return Status(StatusCode::kNotFound, "unknown contact " + quoted_for_message(contact));
    }
    // The whole is bound first, so that errors have its positions.
    if (const auto whole = expression.bind(asked.scope.binding()); !whole.ok()) {
      return whole.status();
    }
    QUINTILE_ASSIGN_OR_RETURN(const Node root, query::parse_tree(expression.to_string()));
    return Explainer(asked, GenerationInternals::of(*generation_), to_index(*row)).explain(root);
  };
  return ask_generation(*engine_, *generation_, options_, ask);
}

Result<NearMisses> Questions::near_misses(const Expression& expression) const {
  const auto ask = [&](const Asked& asked) -> Result<NearMisses> {
    if (const auto whole = expression.bind(asked.scope.binding()); !whole.ok()) {
      return whole.status();
    }
    QUINTILE_ASSIGN_OR_RETURN(Node root, query::parse_tree(expression.to_string()));
    const bool is_chain = root.kind == NodeKind::kAnd;
    return count_near_misses(asked, is_chain ? root.children : std::vector<Node>{root});
  };
  return ask_generation(*engine_, *generation_, options_, ask);
}

}  // namespace quintile
