#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "quintile/kernels/block.hpp"

// Counts and exact sums per code. Everything is added to what the outputs hold, so that calls over
// blocks (and threads, with one output each, added up at the end) compose.
// All functions: at most kBlockRows rows a call, noexcept, nothing allocated.
namespace quintile::kernels {

/// An exact sum. total = high * 2^32 + low: each value adds its low 32 bits to `low` and its
/// value >> 32 to `high`, so no sum of fewer than 2^31 values can overflow, whatever they are.
struct CodeSum {
  std::uint64_t rows = 0;
  std::uint64_t low = 0;
  std::int64_t high = 0;
};

/// counts[codes[i]] += 1.
void count_codes(std::span<const std::uint8_t> codes,
                 std::span<std::uint64_t, 256> counts) noexcept;

/// counts[a[i] * width_b + b[i]] += 1: a cross-tab, or a transition matrix of two code columns.
/// Preconditions: b[i] < width_b and the index < counts.size() (checked in debug builds).
void count_pairs(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                 std::size_t width_b, std::span<std::uint64_t> counts) noexcept;

/// counts[cells[i]] += 1. Precondition: every cell < counts.size() (checked in debug builds).
void count_cells(std::span<const std::uint16_t> cells, std::span<std::uint64_t> counts) noexcept;

/// sums[codes[i]] gains one row and values[i]. A u16 value equal to 0xFFFF (no age) is left out,
/// row included. Precondition: every code < sums.size() (checked in debug builds).
///
///   codes {1, 1}, values {-1, 5} -> sums[1] = {rows 2, low 2^32 + 4, high -1}, which is 4
void sum_u16_by_code(std::span<const std::uint8_t> codes, std::span<const std::uint16_t> values,
                     std::span<CodeSum> sums) noexcept;
void sum_u32_by_code(std::span<const std::uint8_t> codes, std::span<const std::uint32_t> values,
                     std::span<CodeSum> sums) noexcept;
void sum_i64_by_code(std::span<const std::uint8_t> codes, std::span<const std::int64_t> values,
                     std::span<CodeSum> sums) noexcept;

/// The same by cell number (rfm.hpp): tiers and all three cross-tabs are its marginal sums.
void sum_u16_by_cell(std::span<const std::uint16_t> cells, std::span<const std::uint16_t> values,
                     std::span<CodeSum> sums) noexcept;
void sum_u32_by_cell(std::span<const std::uint16_t> cells, std::span<const std::uint32_t> values,
                     std::span<CodeSum> sums) noexcept;
void sum_i64_by_cell(std::span<const std::uint16_t> cells, std::span<const std::int64_t> values,
                     std::span<CodeSum> sums) noexcept;

}  // namespace quintile::kernels
