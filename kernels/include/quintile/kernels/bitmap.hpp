#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "quintile/kernels/block.hpp"

// Dense bitmaps: 64 rows a word, row 0 in the lowest bit, bits past the last row zero.
// All functions are noexcept, allocate nothing and may run on threads over disjoint outputs.
namespace quintile::kernels {

/// One bitmap per code: bit i of bitmap b is set when codes[i] == first_code + b, for b below
/// `count`. Bitmap b takes words_for(codes.size()) words from words[b * stride] on; all of them are
/// written. counts[b] += rows of bitmap b (`counts` has `count` entries, or is empty).
/// Preconditions: 1 <= count, first_code + count <= 256, stride >= words_for(codes.size()),
/// words.size() >= (count - 1) * stride + words_for(codes.size()).
/// Cost: one read of the codes per 64 rows, two instructions per code and word on wide sets.
///
///   codes {0, 2, 1, 2}, first_code 1, count 2, stride 1 -> words {0b0100, 0b1010}
void code_bitmaps(std::span<const std::uint8_t> codes, std::uint8_t first_code, std::size_t count,
                  std::size_t stride, std::span<std::uint64_t> words,
                  std::span<std::uint64_t> counts) noexcept;

/// Number of set bits.
std::uint64_t count_bits(std::span<const std::uint64_t> words) noexcept;

/// words = bitmap of the rows whose value is not 0; words_for(values.size()) words are written.
void mark_nonzero_u32(std::span<const std::uint32_t> values,
                      std::span<std::uint64_t> words) noexcept;

}  // namespace quintile::kernels
