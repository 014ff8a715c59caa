#include "quintile/kernels/tally.hpp"

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"

namespace quintile::kernels {

void count_codes(std::span<const std::uint8_t> codes,
                 std::span<std::uint64_t, 256> counts) noexcept {
  QUINTILE_ASSERT(codes.size() <= kBlockRows);
  active_table().tally->count_codes(codes, counts);
}

void count_pairs(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                 std::size_t width_b, std::span<std::uint64_t> counts) noexcept {
  QUINTILE_ASSERT(a.size() == b.size() && a.size() <= kBlockRows);
  active_table().tally->count_pairs(a, b, width_b, counts);
}

void count_cells(std::span<const std::uint16_t> cells, std::span<std::uint64_t> counts) noexcept {
  QUINTILE_ASSERT(cells.size() <= kBlockRows);
  active_table().tally->count_cells(cells, counts);
}

void sum_u16_by_code(std::span<const std::uint8_t> codes, std::span<const std::uint16_t> values,
                     std::span<CodeSum> sums) noexcept {
  QUINTILE_ASSERT(codes.size() == values.size() && codes.size() <= kBlockRows);
  active_table().tally->sum_u16_by_code(codes, values, sums);
}

void sum_u32_by_code(std::span<const std::uint8_t> codes, std::span<const std::uint32_t> values,
                     std::span<CodeSum> sums) noexcept {
  QUINTILE_ASSERT(codes.size() == values.size() && codes.size() <= kBlockRows);
  active_table().tally->sum_u32_by_code(codes, values, sums);
}

void sum_i64_by_code(std::span<const std::uint8_t> codes, std::span<const std::int64_t> values,
                     std::span<CodeSum> sums) noexcept {
  QUINTILE_ASSERT(codes.size() == values.size() && codes.size() <= kBlockRows);
  active_table().tally->sum_i64_by_code(codes, values, sums);
}

void sum_u16_by_cell(std::span<const std::uint16_t> cells, std::span<const std::uint16_t> values,
                     std::span<CodeSum> sums) noexcept {
  QUINTILE_ASSERT(cells.size() == values.size() && cells.size() <= kBlockRows);
  active_table().tally->sum_u16_by_cell(cells, values, sums);
}

void sum_u32_by_cell(std::span<const std::uint16_t> cells, std::span<const std::uint32_t> values,
                     std::span<CodeSum> sums) noexcept {
  QUINTILE_ASSERT(cells.size() == values.size() && cells.size() <= kBlockRows);
  active_table().tally->sum_u32_by_cell(cells, values, sums);
}

void sum_i64_by_cell(std::span<const std::uint16_t> cells, std::span<const std::int64_t> values,
                     std::span<CodeSum> sums) noexcept {
  QUINTILE_ASSERT(cells.size() == values.size() && cells.size() <= kBlockRows);
  active_table().tally->sum_i64_by_cell(cells, values, sums);
}

}  // namespace quintile::kernels
