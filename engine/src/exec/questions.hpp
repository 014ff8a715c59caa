// What the questions of query.hpp share.
#pragma once

#include <memory>
#include <shared_mutex>
#include <utility>

#include "exec/answer_columns.hpp"
#include "exec/engine_impl.hpp"
#include "quintile/query.hpp"
#include "status/try.hpp"

namespace quintile {

// What a question is asked with. The data stays as it is meanwhile.
struct Asked {
  const Scope& scope;
  Arena::Executor& executor;
  const SelectOptions& options;
};

// Runs ask(Asked) while the data of the generation is there, so that no exception leaves it.
template <class Ask>
auto ask_generation(const Engine& engine, const Generation& generation,
                    const SelectOptions& options, const Ask& ask)
    -> decltype(ask(std::declval<const Asked&>())) {
  return guarded([&]() -> decltype(ask(std::declval<const Asked&>())) {
    const auto& impl = EngineInternals::of(engine);
    const GenerationData& data = GenerationInternals::of(generation);
    const std::shared_lock lock(impl.data_lock);
    QUINTILE_TRY(check_not_given_up(options));
    QUINTILE_TRY(impl.check_generation(data));
    const Scope scope(impl.scope_source(data));
    return ask(Asked{scope, impl.options.arena->executor(), options});
  });
}

// The distinct numbers (AnswerReader::number) of a column with how many members have each. Of tags
// a contact counts once for each.
struct CountedNumbers {
  std::vector<std::pair<std::int64_t, std::uint64_t>> counts;  // ascending by number
  std::uint64_t null_count = 0;
};
[[nodiscard]] Result<CountedNumbers> count_numbers(const Asked& asked, const AnswerColumns& columns,
                                                   std::size_t column, const RowSet& members);

}  // namespace quintile
