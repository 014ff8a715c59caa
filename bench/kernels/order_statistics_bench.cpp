#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "each_isa.hpp"
#include "quintile/kernels/order_statistics.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 8'000'000;

const ContactColumns& contacts() {
  static const ContactColumns columns = contact_columns(rows_to_measure(kContacts));
  return columns;
}

// One column counted into bins of `bin_count` and folded, as one thread of a recompute does it.
template <typename Column, typename Count>
void bench_count(benchmark::State& state, const Column& column, std::size_t bin_count,
                 const Count& count) {
  std::vector<std::uint64_t> counts;
  std::vector<std::uint32_t> bins;
  const auto elapsed = measure(state, [&] {
    bins.assign(bin_count * kernels::kBinCopies, 0);
    counts.assign(bin_count, 0);
    for_blocks(column.size(), 1, [&](std::size_t first, std::size_t length) {
      count(std::span(column).subspan(first, length), std::span<std::uint32_t>(bins));
    });
    kernels::fold_bins(bins, counts);
  });
  report(state, {column.size(), column.size() * sizeof(column[0])}, elapsed, checksum_of(counts));
}

void bench_recency(benchmark::State& state) {
  bench_count(state, contacts().recency, 65536,
              [](auto values, auto bins) { kernels::count_values_u16(values, {}, bins); });
}

void bench_frequency(benchmark::State& state) {
  bench_count(state, contacts().frequency, kernels::kMagnitudeBinsU32,
              [](auto values, auto bins) { kernels::count_magnitudes_u32(values, {}, bins); });
}

void bench_monetary(benchmark::State& state) {
  bench_count(state, contacts().monetary, kernels::kMagnitudeBinsI64,
              [](auto values, auto bins) { kernels::count_magnitudes_i64(values, {}, bins); });
}

// The second pass: one bin of the first counted finer.
void bench_refine(benchmark::State& state) {
  bench_count(state, contacts().monetary, 4096,
              [](auto values, auto bins) { kernels::count_values_i64(values, {}, 4096, 0, bins); });
}

// One pass of a recompute: four cut points, each in a bracket of a few percent of the rows, and the
// extremes.
template <typename Value, typename Place>
void bench_place(benchmark::State& state, const std::vector<Value>& column,
                 const std::vector<Value>& thresholds, const Place& place) {
  std::vector<std::uint64_t> counts(thresholds.size() + 1);
  std::vector<std::vector<Value>> rooms(counts.size());
  std::vector<kernels::KeptValues<Value>> kept(counts.size());
  for (std::size_t p = 0; p < counts.size(); p += 2)
    rooms[p].resize(column.size() + kernels::kBlockRows);
  const auto elapsed = measure(state, [&] {
    std::fill(counts.begin(), counts.end(), 0);
    for (std::size_t p = 0; p < counts.size(); ++p)
      kept[p] = {rooms[p], 0};
    for_blocks(column.size(), 1, [&](std::size_t first, std::size_t length) {
      place(std::span(column).subspan(first, length), std::span(thresholds), std::span(counts),
            std::span(kept));
    });
  });
  report(state, {column.size(), column.size() * sizeof(Value)}, elapsed, checksum_of(counts));
}

void bench_place_recency(benchmark::State& state) {
  bench_place<std::uint16_t>(state, contacts().recency,
                             {0, 58, 61, 236, 244, 534, 546, 955, 965, 1499, 0xFFFE},
                             [](auto values, auto thresholds, auto counts, auto kept) {
                               kernels::place_values_u16(values, thresholds, counts, kept);
                             });
}

void bench_place_frequency(benchmark::State& state) {
  bench_place<std::uint32_t>(state, contacts().frequency, {0, 1, 2, 3, 8, 9, 20},
                             [](auto values, auto thresholds, auto counts, auto kept) {
                               kernels::place_values_u32(values, thresholds, counts, kept);
                             });
}

void bench_place_monetary(benchmark::State& state) {
  bench_place<std::int64_t>(state, contacts().monetary,
                            {-300'000, 1480, 1510, 3950, 4050, 8900, 9100, 19'700, 20'300, 900'000},
                            [](auto values, auto thresholds, auto counts, auto kept) {
                              kernels::place_values_i64(values, {}, thresholds, counts, kept);
                            });
}

[[maybe_unused]] const bool registered = [] {
  bench_each_isa("place_recency", bench_place_recency);
  bench_each_isa("place_frequency", bench_place_frequency);
  bench_each_isa("place_monetary", bench_place_monetary);
  bench_each_isa("count_recency", bench_recency);
  bench_each_isa("count_frequency", bench_frequency);
  bench_each_isa("count_monetary", bench_monetary);
  bench_each_isa("refine_monetary", bench_refine);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
