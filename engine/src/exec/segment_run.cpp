#include "exec/segment_run.hpp"

#include <memory>
#include <optional>
#include <unordered_map>

#include "exec/block_tasks.hpp"
#include "index/row_set_group.hpp"
#include "query/plan.hpp"
#include "status/try.hpp"

namespace quintile {
namespace {

// The segments that can be evaluated, in the order of the plan.
struct BoundSegments {
  std::vector<BoundExpression> expressions;
  std::vector<std::size_t> positions;              // in the segments asked for
  std::vector<std::uint32_t> segment_expressions;  // by name in the binding
};

const BrokenSegment* broken_use(const CatalogueSegment& segment, const BrokenSegments& broken) {
  for (const auto* names : {&segment.uses.segments, &segment.uses.lists}) {
    for (const std::string& name : *names) {
      if (const auto found = broken.find(name); found != broken.end()) {
        return &found->second;
      }
    }
  }
  return nullptr;
}

Result<BoundSegments> bind_segments(const Scope& scope,
                                    std::span<const CatalogueSegment* const> segments,
                                    BrokenSegments& broken) {
  BoundSegments bound;
  const ExpressionBinding binding = scope.binding();
  std::unordered_map<std::string_view, std::size_t> positions;
  for (const std::string_view name : *binding.segments) {
    positions.emplace(name, positions.size());
  }
  bound.segment_expressions.assign(positions.size(), query::kNoExpression);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const SegmentDefinition& definition = segments[i]->definition;
    if (const BrokenSegment* used = broken_use(*segments[i], broken)) {
      broken.insert_or_assign(definition.name, *used);
      continue;
    }
    QUINTILE_ASSIGN_OR_RETURN(const Expression where, Expression::parse(definition.where));
    Result<BoundExpression> expression = where.bind(binding);
    if (!expression.ok()) {
      if (expression.status().code() == StatusCode::kInternal) {
        return expression.status();
      }
      broken.insert_or_assign(
          definition.name,
          BrokenSegment{definition.name, std::string(expression.status().message())});
      continue;
    }
    broken.erase(definition.name);
    bound.segment_expressions[positions.at(definition.name)] =
        static_cast<std::uint32_t>(bound.expressions.size());
    bound.expressions.push_back(std::move(expression).value());
    bound.positions.push_back(i);
  }
  return bound;
}

// One block of the plan in, words of the sets out.
class SegmentBlock final : public query::PlanBlock {
 public:
  SegmentBlock(const Scope& scope, const query::Plan& plan, RowSetGroup& group)
      : reader_(scope, plan.used_columns(), plan.operands()),
        columns_(scope.columns().size()),
        scratch_(plan),
        plan_(plan),
        group_(group),
        unknown_(plan.expression_count()) {}

  Status evaluate(std::size_t block) {
    block_ = block;
    reader_.read_columns(block);
    return plan_.evaluate(reader_.views().first(columns_), reader_.rows(), query::Answer::kWords,
                          *this, scratch_);
  }

  Result<ExpressionColumnView> operand(std::uint32_t index) override {
    return reader_.read_operand(index);
  }

  Status take(std::uint32_t expression, const query::ExpressionTruth& truth) override {
    group_.put(expression, block_, truth.is_true, truth.counts.is_true);
    unknown_[expression] += truth.counts.is_null;
    return {};
  }

  [[nodiscard]] std::uint64_t unknown(std::size_t expression) const { return unknown_[expression]; }

 private:
  ScopeReader reader_;
  std::size_t columns_;
  query::PlanScratch scratch_;
  const query::Plan& plan_;
  RowSetGroup& group_;
  std::vector<std::uint64_t> unknown_;
  std::size_t block_ = 0;
};

}  // namespace

Result<std::vector<SegmentRows>> run_segments(const Scope& scope,
                                              std::span<const CatalogueSegment* const> segments,
                                              BrokenSegments& broken, Arena::Executor& executor,
                                              const SelectOptions& options) {
  QUINTILE_ASSIGN_OR_RETURN(const BoundSegments bound, bind_segments(scope, segments, broken));
  std::vector<SegmentRows> results(segments.size());
  if (bound.expressions.empty()) {
    return results;
  }
  QUINTILE_ASSIGN_OR_RETURN(const query::Plan plan,
                            query::Plan::create(bound.expressions, bound.segment_expressions));
  RowSetGroup group(bound.expressions.size(), scope.blocks());
  std::vector<std::unique_ptr<SegmentBlock>> workers(
      static_cast<std::size_t>(executor.thread_count()));
  QUINTILE_TRY(run_blocks(scope.blocks(), executor, options, [&](std::size_t block, int at) {
    std::unique_ptr<SegmentBlock>& worker = workers[static_cast<std::size_t>(at)];
    if (worker == nullptr) {
      worker = std::make_unique<SegmentBlock>(scope, plan, group);
    }
    return worker->evaluate(block);
  }));
  std::vector<RowSet> sets = group.finish();
  for (std::size_t e = 0; e < sets.size(); ++e) {
    SegmentRows& result = results[bound.positions[e]];
    result.rows = std::move(sets[e]);
    for (const std::unique_ptr<SegmentBlock>& worker : workers) {
      result.unknown += worker == nullptr ? 0 : worker->unknown(e);
    }
  }
  return results;
}

std::string broken_text(const std::string& name, const BrokenSegment& broken) {
  return broken.cause == name
             ? broken.reason
             : "it depends on segment '" + broken.cause + "', which is broken: " + broken.reason;
}

}  // namespace quintile
