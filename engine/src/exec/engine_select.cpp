// From a condition to the contacts for which it is true.
#include <array>
#include <atomic>
#include <bit>
#include <optional>
#include <vector>

#include "exec/block_tasks.hpp"
#include "exec/engine_impl.hpp"
#include "exec/scope.hpp"
#include "index/row_set_group.hpp"
#include "status/try.hpp"

namespace quintile {

namespace {

std::uint64_t count_bits(std::span<const std::uint64_t> words) noexcept {
  std::uint64_t count = 0;
  for (const std::uint64_t word : words) {
    count += static_cast<std::uint64_t>(std::popcount(word));
  }
  return count;
}

}  // namespace

ScopeSource Engine::Impl::scope_source(const GenerationData& data) const {
  return {.attributes = attributes,
          .zone = zone,
          .ids = data.contacts->ids(),
          .as_of = data.as_of,
          .models = &data.columns.get(data.models, options.currency_decimals),
          .segments = &data.segments,
          .lists = &data.lists};
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
  struct Worker {
    std::optional<ScopeReader> reader;
    std::array<std::uint64_t, kRowsPerBlock / 64> is_true{};
    std::array<std::uint64_t, kRowsPerBlock / 64> is_null{};
  };
  std::vector<Worker> workers(static_cast<std::size_t>(executor.thread_count()));
  std::atomic<std::uint64_t> unknown{0};
  RowSetGroup group(1, scope.blocks());
  const auto select_block = [&](std::size_t block, int at) -> Status {
    Worker& worker = workers[static_cast<std::size_t>(at)];
    if (!worker.reader) {
      worker.reader.emplace(scope, bound);
    }
    QUINTILE_TRY(worker.reader->read(block));
    const std::size_t rows = worker.reader->rows();
    QUINTILE_TRY(bound.evaluate(std::as_const(*worker.reader).views(), rows, worker.is_true,
                                worker.is_null));
    const std::size_t words = (rows + 63) / 64;
    group.put(0, block, std::span(worker.is_true).first(words));
    unknown += count_bits(std::span(worker.is_null).first(words));
    return {};
  };
  QUINTILE_TRY(run_blocks(scope.blocks(), executor, options, select_block));
  return Selection{std::move(group.finish().front()), unknown.load()};
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
