#include "quintile/kernels/predicate.hpp"

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"

namespace quintile::kernels {

namespace {

bool bitmaps_fit(std::size_t rows, std::span<const std::uint64_t> valid,
                 const TruthWords& out) noexcept {
  const std::size_t words = words_for(rows);
  return rows <= kBlockRows && (valid.empty() || valid.size() >= words) &&
         out.is_true.size() >= words && (out.is_null.empty() || out.is_null.size() >= words);
}

}  // namespace

void mark_interval_u8(std::span<const std::uint8_t> values, const Interval<std::uint8_t>& interval,
                      std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out));
  active_table().predicate->mark_interval_u8(values, interval, valid, out);
}

void mark_interval_u16(std::span<const std::uint16_t> values,
                       const Interval<std::uint16_t>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out));
  active_table().predicate->mark_interval_u16(values, interval, valid, out);
}

void mark_interval_u32(std::span<const std::uint32_t> values,
                       const Interval<std::uint32_t>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out));
  active_table().predicate->mark_interval_u32(values, interval, valid, out);
}

void mark_interval_i32(std::span<const std::int32_t> values, const Interval<std::int32_t>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out));
  active_table().predicate->mark_interval_i32(values, interval, valid, out);
}

void mark_interval_i64(std::span<const std::int64_t> values, const Interval<std::int64_t>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out));
  active_table().predicate->mark_interval_i64(values, interval, valid, out);
}

void mark_interval_f64(std::span<const double> values, const Interval<double>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out));
  active_table().predicate->mark_interval_f64(values, interval, valid, out);
}

void mark_list_u16(std::span<const std::uint16_t> values, std::span<const std::uint16_t> wanted,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out) && wanted.size() <= kListValuesMax);
  active_table().predicate->mark_list_u16(values, wanted, negated, valid, out);
}

void mark_list_u32(std::span<const std::uint32_t> values, std::span<const std::uint32_t> wanted,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out) && wanted.size() <= kListValuesMax);
  active_table().predicate->mark_list_u32(values, wanted, negated, valid, out);
}

void mark_list_i32(std::span<const std::int32_t> values, std::span<const std::int32_t> wanted,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out) && wanted.size() <= kListValuesMax);
  active_table().predicate->mark_list_i32(values, wanted, negated, valid, out);
}

void mark_list_i64(std::span<const std::int64_t> values, std::span<const std::int64_t> wanted,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(values.size(), valid, out) && wanted.size() <= kListValuesMax);
  active_table().predicate->mark_list_i64(values, wanted, negated, valid, out);
}

void mark_codes_u8(std::span<const std::uint8_t> codes, std::span<const std::uint64_t> table,
                   bool negated, std::span<const std::uint64_t> valid,
                   const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(codes.size(), valid, out));
  active_table().predicate->mark_codes_u8(codes, table, negated, valid, out);
}

void mark_codes_u16(std::span<const std::uint16_t> codes, std::span<const std::uint64_t> table,
                    bool negated, std::span<const std::uint64_t> valid,
                    const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(codes.size(), valid, out));
  active_table().predicate->mark_codes_u16(codes, table, negated, valid, out);
}

void mark_codes_u32(std::span<const std::uint32_t> codes, std::span<const std::uint64_t> table,
                    bool negated, std::span<const std::uint64_t> valid,
                    const TruthWords& out) noexcept {
  QUINTILE_ASSERT(bitmaps_fit(codes.size(), valid, out));
  active_table().predicate->mark_codes_u32(codes, table, negated, valid, out);
}

}  // namespace quintile::kernels
