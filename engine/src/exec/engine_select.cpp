// From a condition to the contacts for which it is true.
#include <optional>
#include <vector>

#include "exec/block_tasks.hpp"
#include "exec/engine_impl.hpp"
#include "exec/scope.hpp"
#include "index/row_set_group.hpp"
#include "query/plan.hpp"
#include "status/try.hpp"

namespace quintile {

namespace {

// One worker's way through the blocks of a selection.
class SelectWorker final : public query::PlanBlock {
 public:
  SelectWorker(const Scope& scope, const query::Plan& plan, RowSetGroup& group)
      : reader_(scope, plan.used_columns(), plan.operands()),
        scratch_(plan),
        columns_(scope.columns().size()),
        plan_(plan),
        group_(group) {}

  Status evaluate(std::size_t block) {
    block_ = block;
    reader_.read_columns(block);
    return plan_.evaluate(std::as_const(reader_).views().first(columns_), reader_.rows(),
                          query::Answer::kWords, *this, scratch_);
  }
  Result<ExpressionColumnView> operand(std::uint32_t index) override {
    return reader_.read_operand(index);
  }
  Status take(std::uint32_t, const query::ExpressionTruth& truth) override {
    group_.put(0, block_, truth.is_true);
    unknown_ += truth.counts.is_null;
    return {};
  }
  [[nodiscard]] std::uint64_t unknown() const noexcept { return unknown_; }

 private:
  ScopeReader reader_;
  query::PlanScratch scratch_;
  std::size_t columns_;
  const query::Plan& plan_;
  RowSetGroup& group_;
  std::size_t block_ = 0;
  std::uint64_t unknown_ = 0;
};

}  // namespace

ScopeSource Engine::Impl::scope_source(const GenerationData& data) const {
  return {.attributes = attributes,
          .zone = zone,
          .ids = data.contacts->ids(),
          .as_of = data.as_of,
          .models = &data.columns.get(data.models, options.currency_decimals),
          .segments = &data.segments,
          .lists = &data.lists,
          .orders = &orders,
          .currency_decimals = options.currency_decimals,
          .event_types = options.events.types(),
          .events = events,
          .segment_infos = &data.segment_infos};
}

Status Engine::Impl::check_generation(const GenerationData& data) const {
  if (data.engine != identity) {
    return {StatusCode::kInvalidArgument,
            "expected a generation of this engine, got another one's"};
  }
  if (data.data_version != data_version) {
    return {StatusCode::kUnavailable, "the data has changed since generation " +
                                          std::to_string(data.number) +
                                          " was computed: recompute first"};
  }
  return {};
}

Result<Selection> select_rows(const Scope& scope, const Expression& expression,
                              Arena::Executor& executor, const SelectOptions& options) {
  QUINTILE_TRY(check_not_given_up(options));
  QUINTILE_ASSIGN_OR_RETURN(const BoundExpression bound, expression.bind(scope.binding()));
  QUINTILE_ASSIGN_OR_RETURN(const query::Plan plan, query::Plan::create(std::span(&bound, 1)));
  std::vector<std::optional<SelectWorker>> workers(
      static_cast<std::size_t>(executor.thread_count()));
  RowSetGroup group(1, scope.blocks());
  const auto select_block = [&](std::size_t block, int at) -> Status {
    std::optional<SelectWorker>& worker = workers[static_cast<std::size_t>(at)];
    if (!worker) {
      worker.emplace(scope, plan, group);
    }
    return worker->evaluate(block);
  };
  QUINTILE_TRY(run_blocks(scope.blocks(), executor, options, select_block));
  Selection selection{std::move(group.finish().front()), 0};
  for (const std::optional<SelectWorker>& worker : workers) {
    selection.unknown += worker ? worker->unknown() : 0;
  }
  return selection;
}

Result<Selection> Engine::select(const Expression& expression, const Generation& generation,
                                 const SelectOptions& options) const {
  return guarded([&]() -> Result<Selection> {
    const GenerationData& data = GenerationInternals::of(generation);
    const std::shared_lock lock(impl_->data_lock);
    QUINTILE_TRY(impl_->check_generation(data));
    const Scope scope(impl_->scope_source(data));
    return select_rows(scope, expression, impl_->options.arena->executor(), options);
  });
}

}  // namespace quintile
