#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "quintile/kernels/block.hpp"
#include "quintile/kernels/truth.hpp"

// Columns to bitmaps: where a value lies in an interval, in a short list, or has its bit set in a
// table. `valid` is the bitmap of the rows that have a value, or empty when all have one: a row
// without a value is unknown whatever stands in its place. words_for(rows) words are written to
// out.is_true, and to out.is_null unless that is empty.
//
// All functions: at most kBlockRows rows a call, noexcept, nothing allocated; outputs overlap no
// input. Threads may run them over disjoint outputs.
// Cost: one read of the column; 1 bit per row read and written for each bitmap.
namespace quintile::kernels {

/// low <= value <= high, or with `negated` everything else. low > high holds no value. Every
/// comparison with one constant is such an interval: `= c` is [c, c], `<> c` that negated, `< c` is
/// [min, c - 1] for integers and [-infinity, the next double below c] for doubles.
template <typename Value>
struct Interval {
  Value low = std::numeric_limits<Value>::lowest();
  Value high = std::numeric_limits<Value>::max();
  bool negated = false;
};

/// Where values lie in an interval.
///
///   values {3, 9, 5}, valid {0b011}, interval [4, 9] -> is_true {0b010}, is_null {0b100}
void mark_interval_u8(std::span<const std::uint8_t> values, const Interval<std::uint8_t>& interval,
                      std::span<const std::uint64_t> valid, const TruthWords& out) noexcept;
void mark_interval_u16(std::span<const std::uint16_t> values,
                       const Interval<std::uint16_t>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept;
void mark_interval_u32(std::span<const std::uint32_t> values,
                       const Interval<std::uint32_t>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept;
void mark_interval_i32(std::span<const std::int32_t> values, const Interval<std::int32_t>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept;
void mark_interval_i64(std::span<const std::int64_t> values, const Interval<std::int64_t>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept;
/// Doubles compare as IEEE 754 says: -0 equals 0, infinities are values. Values that are valid are
/// never NaN, nor are the bounds; what stands under a null may be.
void mark_interval_f64(std::span<const double> values, const Interval<double>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept;

/// Most values that a list may have.
inline constexpr std::size_t kListValuesMax = 16;

/// Where values equal one of `wanted` (at most kListValuesMax, in any order), or with `negated`
/// none of them.
/// Cost: one comparison per value, entry and lane; with more than some eight entries of 16 or 32
/// bits a table is faster.
void mark_list_u16(std::span<const std::uint16_t> values, std::span<const std::uint16_t> wanted,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept;
void mark_list_u32(std::span<const std::uint32_t> values, std::span<const std::uint32_t> wanted,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept;
void mark_list_i32(std::span<const std::int32_t> values, std::span<const std::int32_t> wanted,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept;
void mark_list_i64(std::span<const std::int64_t> values, std::span<const std::int64_t> wanted,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept;

/// Where the code's bit is set in `table` (bit c % 64 of word c / 64 for code c: a rule on texts
/// that was run once per dictionary entry), or with `negated` where it is not. The table may have
/// any number of words; codes past its end have no bit set.
/// Cost: codes of 8 bits, and tables for at most 255 codes, are looked up in registers; else a load
/// per row.
void mark_codes_u8(std::span<const std::uint8_t> codes, std::span<const std::uint64_t> table,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept;
void mark_codes_u16(std::span<const std::uint16_t> codes, std::span<const std::uint64_t> table,
                    bool negated, std::span<const std::uint64_t> valid,
                    const TruthWords& out) noexcept;
void mark_codes_u32(std::span<const std::uint32_t> codes, std::span<const std::uint64_t> table,
                    bool negated, std::span<const std::uint64_t> valid,
                    const TruthWords& out) noexcept;

}  // namespace quintile::kernels
