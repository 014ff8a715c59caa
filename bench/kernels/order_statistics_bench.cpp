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

[[maybe_unused]] const bool registered = [] {
  bench_each_isa("count_recency", bench_recency);
  bench_each_isa("count_frequency", bench_frequency);
  bench_each_isa("count_monetary", bench_monetary);
  bench_each_isa("refine_monetary", bench_refine);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
