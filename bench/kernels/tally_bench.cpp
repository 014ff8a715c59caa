#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "each_isa.hpp"
#include "quintile/kernels/tally.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 8'000'000;

// Classes as they come, or sorted: long runs of one code, where every row waits for the one before.
std::vector<std::uint8_t> classes(bool in_runs) {
  std::vector<std::uint8_t> codes = code_column(rows_to_measure(kContacts), 12);
  if (in_runs) std::sort(codes.begin(), codes.end());
  return codes;
}

void bench_count_codes(benchmark::State& state, bool in_runs) {
  const std::vector<std::uint8_t> codes = classes(in_runs);
  std::array<std::uint64_t, 256> counts{};
  const std::size_t rows = codes.size();
  const auto elapsed = measure(state, [&] {
    counts.fill(0);
    for_blocks(rows, 1, [&](std::size_t first, std::size_t count) {
      kernels::count_codes(std::span(codes).subspan(first, count), counts);
    });
  });
  report(state, {rows, rows}, elapsed, checksum_of(counts));
}

void bench_sum_by_code(benchmark::State& state, bool in_runs) {
  const std::vector<std::uint8_t> codes = classes(in_runs);
  const std::vector<std::int64_t> values = contact_columns(codes.size()).monetary;
  std::vector<kernels::CodeSum> sums;
  const std::size_t rows = codes.size();
  const auto elapsed = measure(state, [&] {
    sums.assign(12, {});
    for_blocks(rows, 1, [&](std::size_t first, std::size_t count) {
      kernels::sum_i64_by_code(std::span(codes).subspan(first, count),
                               std::span(values).subspan(first, count), sums);
    });
  });
  std::uint64_t checksum = 0;
  for (const kernels::CodeSum& sum : sums)
    checksum = mixed(mixed(checksum, sum.rows), sum.low);
  report(state, {rows, rows * 9}, elapsed, checksum);
}

void bench_sum_by_cell(benchmark::State& state) {
  const std::vector<std::uint8_t> codes = code_column(rows_to_measure(kContacts), 216);
  const std::vector<std::uint16_t> cells(codes.begin(), codes.end());
  const std::vector<std::int64_t> values = contact_columns(cells.size()).monetary;
  std::vector<kernels::CodeSum> sums;
  const std::size_t rows = codes.size();
  const auto elapsed = measure(state, [&] {
    sums.assign(216, {});
    for_blocks(rows, 1, [&](std::size_t first, std::size_t count) {
      kernels::sum_i64_by_cell(std::span(cells).subspan(first, count),
                               std::span(values).subspan(first, count), sums);
    });
  });
  std::uint64_t checksum = 0;
  for (const kernels::CodeSum& sum : sums)
    checksum = mixed(mixed(checksum, sum.rows), sum.low);
  report(state, {rows, rows * 10}, elapsed, checksum);
}

[[maybe_unused]] const bool registered = [] {
  bench_each_isa("count_codes", [](benchmark::State& s) { bench_count_codes(s, false); });
  bench_each_isa("count_codes_in_runs", [](benchmark::State& s) { bench_count_codes(s, true); });
  bench_each_isa("sum_by_code", [](benchmark::State& s) { bench_sum_by_code(s, false); });
  bench_each_isa("sum_by_code_in_runs", [](benchmark::State& s) { bench_sum_by_code(s, true); });
  bench_each_isa("sum_by_cell", bench_sum_by_cell);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
