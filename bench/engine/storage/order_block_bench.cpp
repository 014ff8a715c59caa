#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "benchmark/benchmark.h"
#include "storage/order_block.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

// Lines to one sealed block: all of them at once, and one per cent more, spread over its contacts.
// `bytes_per_line` is the memory of the finished block, without columns beside time and amount.
namespace quintile::bench {
namespace {

constexpr std::size_t kLines = 400'000;
constexpr std::uint64_t kOrdersPerContact = 4;

LineDelta random_lines(std::size_t lines, std::uint64_t seed) {
  constexpr std::int64_t kFirstTime = 1'500'000'000'000'000;
  constexpr std::uint64_t kSeconds = 50'000'000;
  FixedRandom random(seed);
  LineDelta delta;
  for (std::size_t i = 0; i < lines; ++i) {
    const auto row = static_cast<std::uint32_t>(random.below(kRowsPerBlock));
    delta.row.push_back(row);
    delta.time.push_back(kFirstTime +
                         static_cast<std::int64_t>(random.below(kSeconds)) * 1'000'000);
    delta.amount.push_back(static_cast<std::int64_t>(random.below(100'000)) - 3'000);
    const auto order = static_cast<std::uint32_t>(random.below(kOrdersPerContact));
    delta.order.push_back(random.below(4) == 0
                              ? kNoCode
                              : row * static_cast<std::uint32_t>(kOrdersPerContact) + order);
  }
  return delta;
}

void bench_merge(benchmark::State& state, std::size_t stored, std::size_t fresh) {
  static const TimeZone kUtc;
  const BlockLayout layout{{}, -1, &kUtc};
  const auto merged = [&](const OrderBlock& old, const LineDelta& delta) {
    std::vector<std::uint32_t> all(delta.size());
    std::iota(all.begin(), all.end(), 0U);
    return merge_block(old, delta, all, kRowsPerBlock, layout);
  };
  const OrderBlock old = merged({}, random_lines(stored, 1));
  const LineDelta delta = random_lines(fresh, 2);
  OrderBlock block;
  const auto elapsed = measure(state, [&] { block = merged(old, delta); });
  report(state, {fresh, block.memory_bytes() + old.memory_bytes()}, elapsed,
         checksum_of(block.order_amount, checksum_of(block.line_time)));
  state.counters["bytes_per_line"] =
      static_cast<double>(block.memory_bytes()) / static_cast<double>(block.lines());
}

[[maybe_unused]] const bool registered = [] {
  const std::size_t lines = rows_to_measure(kLines);
  benchmark::RegisterBenchmark("merge_block/all",
                               [lines](benchmark::State& state) { bench_merge(state, 0, lines); })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark(
      "merge_block/one_per_cent_more",
      [lines](benchmark::State& state) { bench_merge(state, lines, lines / 100); })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
