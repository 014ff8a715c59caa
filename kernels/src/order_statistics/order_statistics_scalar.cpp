#include "kernel_table.hpp"

// Reference loops. They use the first copy of every bin only: callers add the copies up.
namespace quintile::kernels::scalar {

namespace {

bool is_valid(std::span<const std::uint64_t> valid, std::size_t row) noexcept {
  return valid.empty() || ((valid[row / 64] >> (row % 64)) & 1U) != 0;
}

template <typename Value>
void place_values(std::span<const Value> values, std::span<const std::uint64_t> valid,
                  std::span<const Value> thresholds, std::span<std::uint64_t> counts,
                  std::span<KeptValues<Value>> kept) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!is_valid(valid, i)) continue;
    std::size_t place = 0;
    for (const Value threshold : thresholds)
      place += threshold < values[i] ? 1U : 0U;
    ++counts[place];
    if (!kept[place].room.empty()) kept[place].room[kept[place].used++] = values[i];
  }
}

void place_values_u16(std::span<const std::uint16_t> values,
                      std::span<const std::uint16_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::uint16_t>> kept) noexcept {
  place_values<std::uint16_t>(values, {}, thresholds, counts, kept);
}

void place_values_u32(std::span<const std::uint32_t> values,
                      std::span<const std::uint32_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::uint32_t>> kept) noexcept {
  place_values<std::uint32_t>(values, {}, thresholds, counts, kept);
}

void count_values_u16(std::span<const std::uint16_t> values, std::span<const std::uint64_t> valid,
                      std::span<std::uint32_t> bins) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_valid(valid, i)) ++bins[values[i] * kBinCopies];
  }
}

template <typename Value>
void count_values(std::span<const Value> values, std::span<const std::uint64_t> valid, Value base,
                  unsigned shift, std::span<std::uint32_t> bins) noexcept {
  const std::size_t bin_count = bins.size() / kBinCopies;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!is_valid(valid, i) || values[i] < base) continue;
    const std::uint64_t bin =
        (static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(base)) >> shift;
    if (bin < bin_count) ++bins[bin * kBinCopies];
  }
}

void count_values_u32(std::span<const std::uint32_t> values, std::span<const std::uint64_t> valid,
                      std::uint32_t base, unsigned shift, std::span<std::uint32_t> bins) noexcept {
  count_values(values, valid, base, shift, bins);
}

void count_values_i64(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
                      std::int64_t base, unsigned shift, std::span<std::uint32_t> bins) noexcept {
  count_values(values, valid, base, shift, bins);
}

void count_magnitudes_u32(std::span<const std::uint32_t> values,
                          std::span<const std::uint64_t> valid,
                          std::span<std::uint32_t> bins) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_valid(valid, i)) ++bins[std::size_t{magnitude_bin(values[i])} * kBinCopies];
  }
}

void count_magnitudes_i64(std::span<const std::int64_t> values,
                          std::span<const std::uint64_t> valid,
                          std::span<std::uint32_t> bins) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_valid(valid, i)) ++bins[std::size_t{magnitude_bin_i64(values[i])} * kBinCopies];
  }
}

void fold_bins(std::span<const std::uint32_t> bins, std::span<std::uint64_t> counts) noexcept {
  for (std::size_t i = 0; i < bins.size(); ++i)
    counts[i / kBinCopies] += bins[i];
}

}  // namespace

extern const OrderStatisticsKernels kOrderStatisticsKernels;
const OrderStatisticsKernels kOrderStatisticsKernels = {
    place_values_u16,     place_values_u32,     place_values<std::int64_t>,
    count_values_u16,     count_values_u32,     count_values_i64,
    count_magnitudes_u32, count_magnitudes_i64, fold_bins};

}  // namespace quintile::kernels::scalar
