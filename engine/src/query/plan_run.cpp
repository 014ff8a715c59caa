// One block of a plan.
#include <algorithm>
#include <array>

#include "query/plan.hpp"
#include "query/plan_atoms.hpp"
#include "query/plan_program.hpp"
#include "quintile/kernels/bitmap.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

using Words = std::span<const std::uint64_t>;
using kernels::BooleanTerm;
using kernels::TruthCounts;

constexpr std::array<std::uint64_t, kernels::kBlockWords> kZeros{};

constexpr std::array<std::uint64_t, kernels::kBlockWords> all_ones() {
  std::array<std::uint64_t, kernels::kBlockWords> words{};
  words.fill(~std::uint64_t{0});
  return words;
}
constexpr std::array<std::uint64_t, kernels::kBlockWords> kOnes = all_ones();

}  // namespace

class PlanRun {
 public:
  PlanRun(const PlanProgram& program, std::size_t rows, Answer answer, PlanBlock& block,
          PlanScratch& scratch)
      : program_(program),
        graph_(program.graph),
        rows_(rows),
        words_(kernels::words_for(rows)),
        answer_(answer),
        block_(block),
        scratch_(scratch) {}

  Status run(std::span<const ExpressionColumnView> columns) {
    start(columns);
    for (std::uint32_t e = 0; e < program_.roots.size(); ++e) {
      expression_ = e;
      const NodeId root = program_.roots[e];
      QUINTILE_TRY(ensure(root));
      ExpressionTruth truth = truth_of(root);
      if (answer_ == Answer::kCounts) {
        truth.is_true = {};
        truth.is_null = {};
      }
      QUINTILE_TRY(block_.take(e, truth));
    }
    return {};
  }

 private:
  void start(std::span<const ExpressionColumnView> columns) {
    if (++scratch_.block_ == 0) {  // all marks are of blocks long ago
      std::fill(scratch_.ready_.begin(), scratch_.ready_.end(), 0);
      std::fill(scratch_.fetched_.begin(), scratch_.fetched_.end(), 0);
      scratch_.block_ = 1;
    }
    for (const std::uint32_t column : program_.used_columns) {
      scratch_.columns_[column] = columns[column];
    }
  }

  [[nodiscard]] std::span<std::uint64_t> slot(std::uint32_t number) const {
    return {scratch_.words_.data() + number * kSlotWords, words_};
  }

  void set(NodeId id, const BooleanTerm& term) {
    scratch_.terms_[id] = term;
    scratch_.ready_[id] = scratch_.block_;
  }

  // Makes the bitmaps of a node known, and what they need before.
  Status ensure(NodeId id) {
    if (scratch_.ready_[id] == scratch_.block_) {
      return {};
    }
    const PlanNode& node = graph_.node(id);
    switch (node.op) {
      case PlanOp::kConstant:
        set(id, constant(node.value));
        return {};
      case PlanOp::kAtom:
        return graph_.atom_of(id).kind == AtomKind::kOpaque
                   ? evaluate_opaque(id)
                   : evaluate_view(graph_.atom_of(id).views.front());
      case PlanOp::kMember:  // an expression before this one
        set(id, {scratch_.terms_[program_.roots[node.index]].is_true, {}});
        return {};
      case PlanOp::kIsTrue:
        QUINTILE_TRY(ensure(node.operands.front()));
        set(id, {scratch_.terms_[node.operands.front()].is_true, {}});
        return {};
      case PlanOp::kIsNull: {
        QUINTILE_TRY(ensure(node.operands.front()));
        const Words nulls = scratch_.terms_[node.operands.front()].is_null;
        set(id, {nulls.empty() ? zeros() : nulls, {}});
        return {};
      }
      default:
        return run_unit(id);
    }
  }

  [[nodiscard]] Words zeros() const { return Words(kZeros).first(words_); }

  [[nodiscard]] BooleanTerm constant(PlanValue value) const {
    const Words ones = Words(kOnes).first(words_);
    return {value == PlanValue::kTrue ? ones : zeros(), value == PlanValue::kNull ? ones : Words{}};
  }

  Status fetch(std::uint32_t view) {
    if (scratch_.fetched_[view] == scratch_.block_) {
      return {};
    }
    if (view >= program_.column_count) {
      QUINTILE_ASSIGN_OR_RETURN(
          scratch_.columns_[view],
          block_.operand(view - static_cast<std::uint32_t>(program_.column_count)));
    }
    scratch_.fetched_[view] = scratch_.block_;
    return {};
  }

  // All atoms over one view that are still needed: its values are in the cache now.
  Status evaluate_view(std::uint32_t view) {
    QUINTILE_TRY(fetch(view));
    const Words nulls = nulls_of(view);
    const ExpressionColumnView& values = scratch_.columns_[view];
    const Words valid = nulls.empty() ? Words{} : Words{values.valid, words_};
    for (const NodeId id : program_.atoms_of_view[view]) {
      if (program_.last_use[id] < expression_) {
        continue;
      }
      const PlanAtom& atom = graph_.atom_of(id);
      if (atom.kind == AtomKind::kNullBits) {
        set(id, {nulls.empty() ? zeros() : nulls, {}});
      } else if (atom.kind == AtomKind::kBits && nulls.empty()) {
        set(id, {{static_cast<const std::uint64_t*>(values.values), words_}, {}});
      } else {
        const std::span<std::uint64_t> out = slot(program_.atom_slot[id]);
        write_atom(atom, values, rows_, valid, out);
        set(id, {out, nulls});
      }
    }
    return {};
  }

  // Where a view is NULL; empty: nowhere.
  Words nulls_of(std::uint32_t view) {
    const std::uint64_t* valid = scratch_.columns_[view].valid;
    if (valid == nullptr) {
      return {};
    }
    const std::span<std::uint64_t> nulls = slot(program_.null_slot_of_view[view]);
    std::uint64_t any = 0;
    for (std::size_t w = 0; w + 1 < words_; ++w) {
      nulls[w] = ~valid[w];
      any |= nulls[w];
    }
    nulls.back() = ~valid[words_ - 1] & last_word();
    any |= nulls.back();
    return any == 0 ? Words{} : Words{nulls};
  }

  [[nodiscard]] std::uint64_t last_word() const {
    return ~std::uint64_t{0} >> (words_ * 64 - rows_);
  }

  Status evaluate_opaque(NodeId id) {
    const PlanAtom& atom = graph_.atom_of(id);
    for (const std::uint32_t view : atom.views) {
      QUINTILE_TRY(fetch(view));
    }
    const std::span<std::uint64_t> is_true = slot(program_.atom_slot[id]);
    const std::span<std::uint64_t> is_null = slot(program_.atom_null_slot[id]);
    Chunk chunk(scratch_.columns_, program_.places[atom.expression], rows_, {});
    atom.term->evaluate(chunk, {is_true.data(), is_null.data()});
    is_true.back() &= last_word();
    is_null.back() &= last_word();
    set(id, {is_true, is_null});
    return {};
  }

  Status run_unit(NodeId id) {
    const PlanUnit& unit = program_.units[program_.unit_of[id]];
    const bool keeps_words = answer_ == Answer::kWords || !unit.only_counted;
    const bool can_be_null = graph_.node(id).can_be_null;
    for (std::size_t i = 0; i < unit.stages.size(); ++i) {
      const PlanStage& stage = unit.stages[i];
      const bool is_last = i + 1 == unit.stages.size();
      kernels::TruthWords out;
      if (keeps_words || !is_last) {
        out.is_true = slot(unit.is_true[i % 2]);
        if (can_be_null) {
          out.is_null = slot(unit.is_null[i % 2]);
        }
      }
      QUINTILE_TRY(gather(stage, id, i != 0));
      const TruthCounts counts = kernels::evaluate_boolean(
          stage.steps, std::span(scratch_.operands_).first(stage.terms.size()), rows_, out);
      scratch_.counts_[id] = counts;
      scratch_.terms_[id] = {out.is_true, counts.is_null == 0 ? Words{} : Words{out.is_null}};
      if (is_decided(graph_.node(id).op, counts)) {
        break;
      }
    }
    scratch_.ready_[id] = scratch_.block_;
    return {};
  }

  // No row can change any more.
  [[nodiscard]] bool is_decided(PlanOp op, const TruthCounts& counts) const {
    return op == PlanOp::kAnd  ? counts.is_true + counts.is_null == 0
           : op == PlanOp::kOr ? counts.is_true == rows_
                               : false;
  }

  Status gather(const PlanStage& stage, NodeId self, bool is_later) {
    for (const NodeId id : stage.terms) {
      if (!is_later || id != self) {
        QUINTILE_TRY(ensure(id));
      }
    }
    for (std::size_t i = 0; i < stage.terms.size(); ++i) {
      scratch_.operands_[i] = scratch_.terms_[stage.terms[i]];
    }
    return {};
  }

  // Of a node that is ready, with nothing in the bits past the last row.
  ExpressionTruth truth_of(NodeId id) {
    if (program_.unit_of[id] != kNone) {
      const BooleanTerm& term = scratch_.terms_[id];
      return {term.is_true, term.is_null, scratch_.counts_[id]};
    }
    if (answer_ == Answer::kWords && rows_ % 64 == 0) {
      const BooleanTerm& term = scratch_.terms_[id];
      return {term.is_true,
              term.is_null,
              {kernels::count_bits(term.is_true), kernels::count_bits(term.is_null)}};
    }
    constexpr kernels::BooleanStep kPush{kernels::BooleanOp::kPush, 0};
    kernels::TruthWords out;
    if (answer_ == Answer::kWords) {
      out = {slot(program_.result_slots[0]), slot(program_.result_slots[1])};
    }
    const TruthCounts counts =
        kernels::evaluate_boolean({&kPush, 1}, {&scratch_.terms_[id], 1}, rows_, out);
    return {out.is_true, counts.is_null == 0 ? Words{} : Words{out.is_null}, counts};
  }

  const PlanProgram& program_;
  const PlanGraph& graph_;
  std::size_t rows_;
  std::size_t words_;
  Answer answer_;
  PlanBlock& block_;
  PlanScratch& scratch_;
  std::uint32_t expression_ = 0;
};

Status Plan::evaluate(std::span<const ExpressionColumnView> columns, std::size_t rows,
                      Answer answer, PlanBlock& block, PlanScratch& scratch) const {
  if (rows > kMaxExpressionChunkRows || columns.size() != program_->column_count) {
    return Status(StatusCode::kInvalidArgument,
                  "expected at most 65536 rows and one view per bound column");
  }
  if (rows == 0) {
    for (std::uint32_t e = 0; e < program_->roots.size(); ++e) {
      QUINTILE_TRY(block.take(e, {}));
    }
    return {};
  }
  return PlanRun(*program_, rows, answer, block, scratch).run(columns);
}

}  // namespace quintile::query
