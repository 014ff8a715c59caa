#include "quintile/kernels/order_statistics.hpp"

#include <algorithm>
#include <limits>

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"
#include "quintile/kernels/block.hpp"

namespace quintile::kernels {

namespace {

bool validity_fits(std::span<const std::uint64_t> valid, std::size_t rows) noexcept {
  return valid.empty() || valid.size() >= words_for(rows);
}

// True when base + (bin_count << shift) - 1 is a value of the type; `room` = largest value - base.
bool range_fits(std::uint64_t room, std::uint64_t bin_count, unsigned shift) noexcept {
  return bin_count >= 1 && bin_count - 1 <= (room >> shift) &&
         (((bin_count - 1) << shift) + ((std::uint64_t{1} << shift) - 1)) <= room;
}

template <typename Value>
bool places_fit(std::size_t rows, std::span<const Value> thresholds, std::size_t counts,
                std::span<const KeptValues<Value>> kept) noexcept {
  for (const KeptValues<Value>& place : kept) {
    if (!place.room.empty() && place.room.size() - place.used < rows) return false;
  }
  return thresholds.size() <= kThresholdsMax && counts == thresholds.size() + 1 &&
         kept.size() == counts && std::is_sorted(thresholds.begin(), thresholds.end());
}

}  // namespace

void place_values_u16(std::span<const std::uint16_t> values,
                      std::span<const std::uint16_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::uint16_t>> kept) noexcept {
  QUINTILE_ASSERT(places_fit<std::uint16_t>(values.size(), thresholds, counts.size(), kept));
  active_table().order_statistics->place_values_u16(values, thresholds, counts, kept);
}

void place_values_u32(std::span<const std::uint32_t> values,
                      std::span<const std::uint32_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::uint32_t>> kept) noexcept {
  QUINTILE_ASSERT(places_fit<std::uint32_t>(values.size(), thresholds, counts.size(), kept));
  active_table().order_statistics->place_values_u32(values, thresholds, counts, kept);
}

void place_values_i64(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
                      std::span<const std::int64_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::int64_t>> kept) noexcept {
  QUINTILE_ASSERT(places_fit<std::int64_t>(values.size(), thresholds, counts.size(), kept));
  QUINTILE_ASSERT(validity_fits(valid, values.size()));
  active_table().order_statistics->place_values_i64(values, valid, thresholds, counts, kept);
}

void count_values_u16(std::span<const std::uint16_t> values, std::span<const std::uint64_t> valid,
                      std::span<std::uint32_t> bins) noexcept {
  QUINTILE_ASSERT(bins.size() == 65536 * kBinCopies && validity_fits(valid, values.size()));
  active_table().order_statistics->count_values_u16(values, valid, bins);
}

void count_values_u32(std::span<const std::uint32_t> values, std::span<const std::uint64_t> valid,
                      std::uint32_t base, unsigned shift, std::span<std::uint32_t> bins) noexcept {
  constexpr std::uint32_t kLargest = std::numeric_limits<std::uint32_t>::max();
  QUINTILE_ASSERT(shift < 32 && bins.size() % kBinCopies == 0);
  QUINTILE_ASSERT(range_fits(kLargest - base, bins.size() / kBinCopies, shift));
  QUINTILE_ASSERT(validity_fits(valid, values.size()));
  active_table().order_statistics->count_values_u32(values, valid, base, shift, bins);
}

void count_values_i64(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
                      std::int64_t base, unsigned shift, std::span<std::uint32_t> bins) noexcept {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  QUINTILE_ASSERT(shift < 64 && bins.size() % kBinCopies == 0);
  QUINTILE_ASSERT(
      range_fits(kLargest - static_cast<std::uint64_t>(base), bins.size() / kBinCopies, shift));
  QUINTILE_ASSERT(validity_fits(valid, values.size()));
  active_table().order_statistics->count_values_i64(values, valid, base, shift, bins);
}

void count_magnitudes_u32(std::span<const std::uint32_t> values,
                          std::span<const std::uint64_t> valid,
                          std::span<std::uint32_t> bins) noexcept {
  QUINTILE_ASSERT(bins.size() == kMagnitudeBinsU32 * kBinCopies);
  QUINTILE_ASSERT(validity_fits(valid, values.size()));
  active_table().order_statistics->count_magnitudes_u32(values, valid, bins);
}

void count_magnitudes_i64(std::span<const std::int64_t> values,
                          std::span<const std::uint64_t> valid,
                          std::span<std::uint32_t> bins) noexcept {
  QUINTILE_ASSERT(bins.size() == kMagnitudeBinsI64 * kBinCopies);
  QUINTILE_ASSERT(validity_fits(valid, values.size()));
  active_table().order_statistics->count_magnitudes_i64(values, valid, bins);
}

void fold_bins(std::span<const std::uint32_t> bins, std::span<std::uint64_t> counts) noexcept {
  QUINTILE_ASSERT(bins.size() == counts.size() * kBinCopies);
  active_table().order_statistics->fold_bins(bins, counts);
}

}  // namespace quintile::kernels
