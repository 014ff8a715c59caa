#include "quintile/kernels/rfm.hpp"

#include <algorithm>

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"
#include "quintile/kernels/block.hpp"

namespace quintile::kernels {

namespace {

template <typename Value>
bool cuts_fit(std::span<const Value> cuts) noexcept {
  return !cuts.empty() && cuts.size() <= kCutsMax && std::is_sorted(cuts.begin(), cuts.end());
}

bool validity_fits(std::span<const std::uint64_t> valid, std::size_t rows) noexcept {
  return valid.empty() || valid.size() >= words_for(rows);
}

bool shape_fits(const CellShape& shape) noexcept {
  const auto fits = [](std::uint8_t tiers) { return tiers >= 2 && tiers <= kCutsMax + 1; };
  return fits(shape.r_tiers) && fits(shape.f_tiers) && fits(shape.m_tiers);
}

bool on_line(std::span<const std::uint8_t> bytes) noexcept {
  constexpr std::uintptr_t kLineBytes = 64;
  return reinterpret_cast<std::uintptr_t>(bytes.data()) % kLineBytes == 0;
}

}  // namespace

void tiers_u16(std::span<const std::uint16_t> values, std::span<const std::uint16_t> cuts,
               bool reversed, std::span<std::uint8_t> tiers) noexcept {
  QUINTILE_ASSERT(cuts_fit(cuts) && tiers.size() == values.size());
  active_table().rfm->tiers_u16(values, cuts, reversed, tiers);
}

void tiers_u32(std::span<const std::uint32_t> values, std::span<const std::uint32_t> cuts,
               bool reversed, std::span<std::uint8_t> tiers) noexcept {
  QUINTILE_ASSERT(cuts_fit(cuts) && tiers.size() == values.size());
  active_table().rfm->tiers_u32(values, cuts, reversed, tiers);
}

void tiers_i64(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
               std::span<const std::int64_t> cuts, bool reversed,
               std::span<std::uint8_t> tiers) noexcept {
  QUINTILE_ASSERT(cuts_fit(cuts) && tiers.size() == values.size());
  QUINTILE_ASSERT(validity_fits(valid, values.size()));
  active_table().rfm->tiers_i64(values, valid, cuts, reversed, tiers);
}

void flag_range_u16(std::span<const std::uint16_t> values, std::uint16_t low, std::uint16_t high,
                    std::uint8_t bit, std::span<std::uint8_t> flags) noexcept {
  QUINTILE_ASSERT(flags.size() == values.size());
  active_table().rfm->flag_range_u16(values, low, high, bit, flags);
}

void flag_range_u32(std::span<const std::uint32_t> values, std::uint32_t low, std::uint32_t high,
                    std::uint8_t bit, std::span<std::uint8_t> flags) noexcept {
  QUINTILE_ASSERT(flags.size() == values.size());
  active_table().rfm->flag_range_u32(values, low, high, bit, flags);
}

void flag_range_i64(std::span<const std::int64_t> values, std::int64_t low, std::int64_t high,
                    std::uint8_t bit, std::span<std::uint8_t> flags) noexcept {
  QUINTILE_ASSERT(flags.size() == values.size());
  active_table().rfm->flag_range_i64(values, low, high, bit, flags);
}

void cells(std::span<const std::uint8_t> r, std::span<const std::uint8_t> f,
           std::span<const std::uint8_t> m, const CellShape& shape,
           std::span<std::uint16_t> cell) noexcept {
  QUINTILE_ASSERT(shape_fits(shape));
  QUINTILE_ASSERT(r.size() == cell.size() && f.size() == cell.size() && m.size() == cell.size());
  active_table().rfm->cells(r, f, m, shape, cell);
}

void classify(std::span<const std::uint16_t> cell, std::span<const std::uint8_t> flags,
              std::span<const std::uint8_t> table, unsigned flag_bits,
              std::span<std::uint8_t> codes) noexcept {
  QUINTILE_ASSERT(flag_bits <= kFlagBitsMax && codes.size() == cell.size());
  QUINTILE_ASSERT(flags.empty() || flags.size() == cell.size());
  active_table().rfm->classify(cell, flags, table, flag_bits, codes);
}

void score(const ScoreColumns& columns, const ScoreRule& rule, const ScoreCodes& out) noexcept {
  const std::size_t rows = columns.recency.size();
  QUINTILE_ASSERT(columns.frequency.size() == rows && columns.monetary.size() == rows);
  QUINTILE_ASSERT(validity_fits(columns.monetary_valid, rows));
  QUINTILE_ASSERT(columns.flags.empty() || columns.flags.size() == rows);
  QUINTILE_ASSERT(cuts_fit(rule.recency_cuts) && cuts_fit(rule.frequency_cuts) &&
                  cuts_fit(rule.monetary_cuts));
  const std::size_t cell_total = (rule.recency_cuts.size() + 2) * (rule.frequency_cuts.size() + 2) *
                                 (rule.monetary_cuts.size() + 2);
  QUINTILE_ASSERT(rule.flag_bits <= kFlagBitsMax && rule.table.size() >= cell_total
                                                                             << rule.flag_bits);
  QUINTILE_ASSERT(out.r.size() == rows && out.f.size() == rows && out.m.size() == rows &&
                  out.codes.size() == rows);
  QUINTILE_ASSERT(!out.stream_tiers || (on_line(out.r) && on_line(out.f) && on_line(out.m)));
  active_table().rfm->score(columns, rule, out);
}

void fill_codes_outside(std::span<const std::uint64_t> rows, std::uint8_t code,
                        std::span<std::uint8_t> codes) noexcept {
  QUINTILE_ASSERT(rows.size() >= words_for(codes.size()));
  active_table().rfm->fill_codes_outside(rows, code, codes);
}

void replace_codes(std::span<const std::uint64_t> rows, std::uint8_t from, std::uint8_t to,
                   std::span<std::uint8_t> codes) noexcept {
  QUINTILE_ASSERT(rows.size() >= words_for(codes.size()));
  active_table().rfm->replace_codes(rows, from, to, codes);
}

}  // namespace quintile::kernels
