#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"

// Reference loops.
namespace quintile::kernels::scalar {

namespace {

void count_codes(std::span<const std::uint8_t> codes,
                 std::span<std::uint64_t, 256> counts) noexcept {
  for (const std::uint8_t code : codes)
    ++counts[code];
}

void count_pairs(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                 std::size_t width_b, std::span<std::uint64_t> counts) noexcept {
  for (std::size_t i = 0; i < a.size(); ++i) {
    QUINTILE_DEBUG_ASSERT(b[i] < width_b && a[i] * width_b + b[i] < counts.size());
    ++counts[a[i] * width_b + b[i]];
  }
}

void count_cells(std::span<const std::uint16_t> cells, std::span<std::uint64_t> counts) noexcept {
  for (const std::uint16_t cell : cells) {
    QUINTILE_DEBUG_ASSERT(cell < counts.size());
    ++counts[cell];
  }
}

template <typename Value>
void add_value(Value value, CodeSum& sum) noexcept {
  const auto wide = static_cast<std::int64_t>(value);
  ++sum.rows;
  sum.low += static_cast<std::uint64_t>(wide) & 0xFFFFFFFFU;
  sum.high += wide >> 32;
}

template <typename Code, typename Value>
void sum_by(std::span<const Code> codes, std::span<const Value> values,
            std::span<CodeSum> sums) noexcept {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    QUINTILE_DEBUG_ASSERT(codes[i] < sums.size());
    if (sizeof(Value) == sizeof(std::uint16_t) && values[i] == kNoAge) continue;
    add_value(values[i], sums[codes[i]]);
  }
}

void sum_u16_by_code(std::span<const std::uint8_t> codes, std::span<const std::uint16_t> values,
                     std::span<CodeSum> sums) noexcept {
  sum_by(codes, values, sums);
}

void sum_u32_by_code(std::span<const std::uint8_t> codes, std::span<const std::uint32_t> values,
                     std::span<CodeSum> sums) noexcept {
  sum_by(codes, values, sums);
}

void sum_i64_by_code(std::span<const std::uint8_t> codes, std::span<const std::int64_t> values,
                     std::span<CodeSum> sums) noexcept {
  sum_by(codes, values, sums);
}

void sum_u16_by_cell(std::span<const std::uint16_t> cells, std::span<const std::uint16_t> values,
                     std::span<CodeSum> sums) noexcept {
  sum_by(cells, values, sums);
}

void sum_u32_by_cell(std::span<const std::uint16_t> cells, std::span<const std::uint32_t> values,
                     std::span<CodeSum> sums) noexcept {
  sum_by(cells, values, sums);
}

void sum_i64_by_cell(std::span<const std::uint16_t> cells, std::span<const std::int64_t> values,
                     std::span<CodeSum> sums) noexcept {
  sum_by(cells, values, sums);
}

}  // namespace

extern const TallyKernels kTallyKernels;
const TallyKernels kTallyKernels = {count_codes,     count_pairs,     count_cells,
                                    sum_u16_by_code, sum_u32_by_code, sum_i64_by_code,
                                    sum_u16_by_cell, sum_u32_by_cell, sum_i64_by_cell};

}  // namespace quintile::kernels::scalar
