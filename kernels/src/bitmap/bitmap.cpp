#include "quintile/kernels/bitmap.hpp"

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"

namespace quintile::kernels {

void code_bitmaps(std::span<const std::uint8_t> codes, std::uint8_t first_code, std::size_t count,
                  std::size_t stride, std::span<std::uint64_t> words,
                  std::span<std::uint64_t> counts) noexcept {
  const std::size_t used = words_for(codes.size());
  QUINTILE_ASSERT(count >= 1 && first_code + count <= 256 && stride >= used);
  QUINTILE_ASSERT(words.size() >= (count - 1) * stride + used);
  QUINTILE_ASSERT(counts.empty() || counts.size() == count);
  active_table().bitmap->code_bitmaps(codes, first_code, count, stride, words, counts);
}

std::uint64_t count_bits(std::span<const std::uint64_t> words) noexcept {
  return active_table().bitmap->count_bits(words);
}

void mark_nonzero_u32(std::span<const std::uint32_t> values,
                      std::span<std::uint64_t> words) noexcept {
  QUINTILE_ASSERT(words.size() >= words_for(values.size()));
  active_table().bitmap->mark_nonzero_u32(values, words);
}

}  // namespace quintile::kernels
