#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

// Exact order statistics (cut points), in two ways. Counts of threads are simply added in both.
//
// By brackets, when it is known about where the wanted values lie: place_values_* counts the values
// below, inside and above every bracket, and keeps those inside, from which the value is then
// picked. One pass, done in lanes.
//
// By bins, when nothing is known. One pass counts a column into bins that keep the order of values;
// the caller finds the bins that hold the wanted ranks; bins wider than one value are counted
// again, finer, until the value is known.
//
//   recency    count_values_u16: a bin per value, done after one pass
//   frequency  count_magnitudes_u32: exact below 256, else refine with count_values_u32
//   monetary   count_magnitudes_i64: relative width 1/128, then refine with count_values_i64
//
// `valid` in all functions: bit i clear = row i is not counted; empty = all rows count.
// Counts are kept kBinCopies times, interleaved (bin b, copy j at b * kBinCopies + j), because
// equal neighbours would otherwise wait for each other's store; fold_bins adds the copies up.
// Limits: fewer than 2^32 rows into one set of bins before it is folded. Nothing is allocated.
// Cost: one read of the column, about one increment per cycle while the bins in use fit L2.
namespace quintile::kernels {

inline constexpr std::size_t kBinCopies = 4;

/// At most so many thresholds: two for each of nine cut points, and some for extremes and bounds.
inline constexpr std::size_t kThresholdsMax = 30;

/// Where the values of one place go: appended, in row order, from room[used] on. No room: the
/// values of that place are only counted.
template <typename Value>
struct KeptValues {
  std::span<Value> room;
  std::size_t used = 0;
};

/// The place of a value is the number of thresholds below it, 0 to thresholds.size().
/// counts[p] += values of place p; values of places with room are kept.
/// Preconditions: thresholds ascend, at most kThresholdsMax; counts.size() = kept.size() =
/// thresholds.size() + 1; every room that is not empty has values.size() entries left (all rows may
/// go to one place). Nothing is allocated.
/// Cost: one read of the column; two instructions per threshold and register.
///
///   values {5, 1, 3}, thresholds {2, 3} -> counts {1, 1, 1}; place 1 keeps {3}
void place_values_u16(std::span<const std::uint16_t> values,
                      std::span<const std::uint16_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::uint16_t>> kept) noexcept;
void place_values_u32(std::span<const std::uint32_t> values,
                      std::span<const std::uint32_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::uint32_t>> kept) noexcept;
void place_values_i64(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
                      std::span<const std::int64_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::int64_t>> kept) noexcept;

/// bins[value] += 1 over u16 values; bins.size() = 65536 * kBinCopies. A value that means "none" is
/// counted like any other: drop its bin afterwards.
void count_values_u16(std::span<const std::uint16_t> values, std::span<const std::uint64_t> valid,
                      std::span<std::uint32_t> bins) noexcept;

/// Counts values in [base, base + (bin_count << shift)) into bin (value - base) >> shift; others
/// are not counted. bins.size() = bin_count * kBinCopies. Preconditions: bin_count >= 1, shift < 32
/// (64), base + (bin_count << shift) - 1 does not pass the largest value of the type.
void count_values_u32(std::span<const std::uint32_t> values, std::span<const std::uint64_t> valid,
                      std::uint32_t base, unsigned shift, std::span<std::uint32_t> bins) noexcept;
void count_values_i64(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
                      std::int64_t base, unsigned shift, std::span<std::uint32_t> bins) noexcept;

// Magnitude bins: value m >= 0 has bin m below 256, then 128 bins for every power of two: few
// enough that the bins in use, with their copies, stay in L1. (Twice as many took 1.5 times as
// long.)
inline constexpr unsigned kMagnitudeBits = 7;

/// Bin of a non-negative value below 2^63; ascends with the value.
constexpr std::uint32_t magnitude_bin(std::uint64_t magnitude) noexcept {
  const unsigned top = 63U - static_cast<unsigned>(std::countl_zero(magnitude | 1U));
  const unsigned shift = top > kMagnitudeBits ? top - kMagnitudeBits : 0U;
  return (shift << kMagnitudeBits) + static_cast<std::uint32_t>(magnitude >> shift);
}

inline constexpr std::uint32_t kMagnitudeBinsU32 = magnitude_bin(0xFFFFFFFFU) + 1;
/// Bins of one sign; bins of negative values lie below, of the others from here on.
inline constexpr std::uint32_t kMagnitudeBinsI63 = magnitude_bin(0x7FFFFFFFFFFFFFFFU) + 1;
inline constexpr std::uint32_t kMagnitudeBinsI64 = 2 * kMagnitudeBinsI63;

/// Bin of a signed value: ~value is the magnitude of a negative one, so INT64_MIN needs no care.
constexpr std::uint32_t magnitude_bin_i64(std::int64_t value) noexcept {
  return value < 0 ? kMagnitudeBinsI63 - 1 - magnitude_bin(static_cast<std::uint64_t>(~value))
                   : kMagnitudeBinsI63 + magnitude_bin(static_cast<std::uint64_t>(value));
}

/// Values of a bin: base, and 2^shift of them. Refine by count_values_*(base, finer shift).
template <typename Value>
struct BinRange {
  Value base;
  unsigned shift;
};

constexpr BinRange<std::uint64_t> magnitude_range(std::uint32_t bin) noexcept {
  if (bin < (2U << kMagnitudeBits)) return {bin, 0};
  const unsigned shift = (bin >> kMagnitudeBits) - 1U;
  return {static_cast<std::uint64_t>(bin - (shift << kMagnitudeBits)) << shift, shift};
}

constexpr BinRange<std::int64_t> magnitude_range_i64(std::uint32_t bin) noexcept {
  if (bin >= kMagnitudeBinsI63) {
    const BinRange<std::uint64_t> range = magnitude_range(bin - kMagnitudeBinsI63);
    return {static_cast<std::int64_t>(range.base), range.shift};
  }
  const BinRange<std::uint64_t> range = magnitude_range(kMagnitudeBinsI63 - 1 - bin);
  const std::uint64_t last = range.base + ((std::uint64_t{1} << range.shift) - 1);
  return {~static_cast<std::int64_t>(last), range.shift};
}

/// bins[magnitude_bin(value)] += 1; bins.size() = kMagnitudeBinsU32 * kBinCopies.
void count_magnitudes_u32(std::span<const std::uint32_t> values,
                          std::span<const std::uint64_t> valid,
                          std::span<std::uint32_t> bins) noexcept;

/// bins[magnitude_bin_i64(value)] += 1; bins.size() = kMagnitudeBinsI64 * kBinCopies.
void count_magnitudes_i64(std::span<const std::int64_t> values,
                          std::span<const std::uint64_t> valid,
                          std::span<std::uint32_t> bins) noexcept;

/// counts[b] += sum of the copies of bin b; bins.size() = counts.size() * kBinCopies.
void fold_bins(std::span<const std::uint32_t> bins, std::span<std::uint64_t> counts) noexcept;

}  // namespace quintile::kernels
