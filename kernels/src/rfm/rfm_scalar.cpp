#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"
#include "quintile/kernels/block.hpp"

// Reference loops, one definition of tier, cell and class each.
namespace quintile::kernels::scalar {

namespace {

bool bit_is_set(std::span<const std::uint64_t> words, std::size_t row) noexcept {
  return ((words[row / 64] >> (row % 64)) & 1U) != 0;
}

template <typename Value>
std::uint8_t tier_of(Value value, std::span<const Value> cuts, bool reversed) noexcept {
  unsigned below = 0;
  for (const Value cut : cuts)
    below += cut < value ? 1U : 0U;
  const unsigned tier = reversed ? static_cast<unsigned>(cuts.size()) + 1U - below : 1U + below;
  return static_cast<std::uint8_t>(tier);
}

void tiers_u16(std::span<const std::uint16_t> values, std::span<const std::uint16_t> cuts,
               bool reversed, std::span<std::uint8_t> tiers) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) {
    tiers[i] = values[i] == kNoAge ? std::uint8_t{0} : tier_of(values[i], cuts, reversed);
  }
}

void tiers_u32(std::span<const std::uint32_t> values, std::span<const std::uint32_t> cuts,
               bool reversed, std::span<std::uint8_t> tiers) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) {
    tiers[i] = values[i] == 0 ? std::uint8_t{0} : tier_of(values[i], cuts, reversed);
  }
}

void tiers_i64(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
               std::span<const std::int64_t> cuts, bool reversed,
               std::span<std::uint8_t> tiers) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool has_value = valid.empty() || bit_is_set(valid, i);
    tiers[i] = has_value ? tier_of(values[i], cuts, reversed) : std::uint8_t{0};
  }
}

template <typename Value>
void flag_range(std::span<const Value> values, Value low, Value high, std::uint8_t bit,
                std::span<std::uint8_t> flags) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (low <= values[i] && values[i] <= high) {
      flags[i] = static_cast<std::uint8_t>(flags[i] | bit);
    }
  }
}

void flag_range_u16(std::span<const std::uint16_t> values, std::uint16_t low, std::uint16_t high,
                    std::uint8_t bit, std::span<std::uint8_t> flags) noexcept {
  flag_range(values, low, high, bit, flags);
}

void flag_range_u32(std::span<const std::uint32_t> values, std::uint32_t low, std::uint32_t high,
                    std::uint8_t bit, std::span<std::uint8_t> flags) noexcept {
  flag_range(values, low, high, bit, flags);
}

void flag_range_i64(std::span<const std::int64_t> values, std::int64_t low, std::int64_t high,
                    std::uint8_t bit, std::span<std::uint8_t> flags) noexcept {
  flag_range(values, low, high, bit, flags);
}

std::uint16_t cell_of(unsigned r, unsigned f, unsigned m, unsigned f_stride,
                      unsigned m_stride) noexcept {
  return static_cast<std::uint16_t>((r * f_stride + f) * m_stride + m);
}

void cells(std::span<const std::uint8_t> r, std::span<const std::uint8_t> f,
           std::span<const std::uint8_t> m, const CellShape& shape,
           std::span<std::uint16_t> cell) noexcept {
  for (std::size_t i = 0; i < cell.size(); ++i) {
    cell[i] = cell_of(r[i], f[i], m[i], shape.f_tiers + 1U, shape.m_tiers + 1U);
  }
}

void classify(std::span<const std::uint16_t> cell, std::span<const std::uint8_t> flags,
              std::span<const std::uint8_t> table, unsigned flag_bits,
              std::span<std::uint8_t> codes) noexcept {
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const std::size_t index = (std::size_t{cell[i]} << flag_bits) + (flags.empty() ? 0U : flags[i]);
    QUINTILE_DEBUG_ASSERT(index < table.size());
    codes[i] = table[index];
  }
}

void score(const ScoreColumns& columns, const ScoreRule& rule, const ScoreCodes& out) noexcept {
  tiers_u16(columns.recency, rule.recency_cuts, true, out.r);
  tiers_u32(columns.frequency, rule.frequency_cuts, false, out.f);
  const auto f_stride = static_cast<unsigned>(rule.frequency_cuts.size() + 2);
  const auto m_stride = static_cast<unsigned>(rule.monetary_cuts.size() + 2);
  for (std::size_t i = 0; i < out.codes.size(); ++i) {
    const bool has_monetary = columns.monetary_valid.empty()
                                  ? columns.frequency[i] > 0
                                  : bit_is_set(columns.monetary_valid, i);
    out.m[i] =
        has_monetary ? tier_of(columns.monetary[i], rule.monetary_cuts, false) : std::uint8_t{0};
    const std::size_t cell = cell_of(out.r[i], out.f[i], out.m[i], f_stride, m_stride);
    const unsigned flags = columns.flags.empty() ? 0U : columns.flags[i];
    QUINTILE_DEBUG_ASSERT(flags >> rule.flag_bits == 0);
    out.codes[i] = rule.table[(cell << rule.flag_bits) + flags];
  }
}

void fill_codes_outside(std::span<const std::uint64_t> rows, std::uint8_t code,
                        std::span<std::uint8_t> codes) noexcept {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (!bit_is_set(rows, i)) codes[i] = code;
  }
}

void replace_codes(std::span<const std::uint64_t> rows, std::uint8_t from, std::uint8_t to,
                   std::span<std::uint8_t> codes) noexcept {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i] == from && bit_is_set(rows, i)) codes[i] = to;
  }
}

}  // namespace

extern const RfmKernels kRfmKernels;
const RfmKernels kRfmKernels = {tiers_u16,      tiers_u32,          tiers_i64,    flag_range_u16,
                                flag_range_u32, flag_range_i64,     cells,        classify,
                                score,          fill_codes_outside, replace_codes};

}  // namespace quintile::kernels::scalar
