#include <algorithm>
#include <bit>

#include "kernel_table.hpp"

// Reference loops.
namespace quintile::kernels::scalar {

namespace {

void code_bitmaps(std::span<const std::uint8_t> codes, std::uint8_t first_code, std::size_t count,
                  std::size_t stride, std::span<std::uint64_t> words,
                  std::span<std::uint64_t> counts) noexcept {
  const std::size_t used = words_for(codes.size());
  for (std::size_t b = 0; b < count; ++b) {
    std::ranges::fill(words.subspan(b * stride, used), std::uint64_t{0});
  }
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i] < first_code || codes[i] - first_code >= static_cast<int>(count)) continue;
    const std::size_t b = static_cast<std::size_t>(codes[i] - first_code);
    words[b * stride + i / 64] |= std::uint64_t{1} << (i % 64);
    if (!counts.empty()) ++counts[b];
  }
}

std::uint64_t count_bits(std::span<const std::uint64_t> words) noexcept {
  std::uint64_t total = 0;
  for (const std::uint64_t word : words)
    total += static_cast<std::uint64_t>(std::popcount(word));
  return total;
}

void mark_nonzero_u32(std::span<const std::uint32_t> values,
                      std::span<std::uint64_t> words) noexcept {
  std::ranges::fill(words.first(words_for(values.size())), std::uint64_t{0});
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0) words[i / 64] |= std::uint64_t{1} << (i % 64);
  }
}

}  // namespace

extern const BitmapKernels kBitmapKernels;
const BitmapKernels kBitmapKernels = {code_bitmaps, count_bits, mark_nonzero_u32};

}  // namespace quintile::kernels::scalar
