#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "quintile/kernels/block.hpp"

// Codes to bitmaps: compare codes with each wanted one and keep the masks. 512 rows at a time, so
// that a bitmap gets a whole cache line at once: bitmaps lie a power of two apart, and the lines of
// all of them would compete for the same few places of L1. (Setting bits row by row was slower for
// up to 200 codes.)
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

constexpr std::size_t kLineWords = 8;

struct BitmapTarget {
  std::uint64_t* words;
  std::size_t stride;
  std::uint64_t* counts;  // null when not wanted
};

// Words [word, word + kWords) of all bitmaps, from the codes of their rows.
template <class Arch, std::size_t kWords>
[[gnu::always_inline]] inline void put_words(const std::uint8_t* codes, std::uint64_t exists,
                                             std::uint8_t first_code, std::size_t count,
                                             std::size_t word, const BitmapTarget& target) {
  for (std::size_t b = 0; b < count; ++b) {
    const Lanes<std::uint8_t, Arch> wanted(static_cast<std::uint8_t>(first_code + b));
    std::uint64_t* to = target.words + b * target.stride + word;
    std::uint64_t rows = 0;
    for (std::size_t w = 0; w < kWords; ++w) {
      const std::uint64_t bits = bits_where_equal<Arch>(codes + w * 64, wanted) & exists;
      to[w] = bits;
      rows += static_cast<std::uint64_t>(__builtin_popcountll(bits));
    }
    if (target.counts != nullptr) target.counts[b] += rows;
  }
}

template <class Arch>
void bitmaps_of_codes(std::span<const std::uint8_t> codes, std::uint8_t first_code,
                      std::size_t count, std::size_t stride, std::span<std::uint64_t> words,
                      std::span<std::uint64_t> counts) noexcept {
  constexpr std::uint64_t kAll = ~std::uint64_t{0};
  const BitmapTarget target{words.data(), stride, counts.empty() ? nullptr : counts.data()};
  const std::uint8_t* from = codes.data();
  const std::size_t whole = codes.size() / 64;
  std::size_t word = 0;
  for (; word + kLineWords <= whole; word += kLineWords) {
    put_words<Arch, kLineWords>(from + word * 64, kAll, first_code, count, word, target);
  }
  for (; word < whole; ++word) {
    put_words<Arch, 1>(from + word * 64, kAll, first_code, count, word, target);
  }
  const std::size_t left = codes.size() % 64;
  if (left == 0) return;
  std::uint8_t padded[64] = {};
  for (std::size_t i = 0; i < left; ++i)
    padded[i] = from[whole * 64 + i];
  put_words<Arch, 1>(padded, kAll >> (64 - left), first_code, count, whole, target);
}

template <class Arch>
std::uint64_t bits_in(std::span<const std::uint64_t> words) noexcept {
  std::uint64_t sum = 0;
  std::size_t i = 0;
  for (; i + 8 <= words.size(); i += 8)
    sum += count_of_eight<Arch>(words.data() + i);
  for (; i < words.size(); ++i)
    sum += static_cast<std::uint64_t>(__builtin_popcountll(words[i]));
  return sum;
}

template <class Arch>
void nonzero_bits(std::span<const std::uint32_t> values, std::span<std::uint64_t> words) noexcept {
  const std::size_t whole = values.size() / 64;
  for (std::size_t w = 0; w < whole; ++w)
    words[w] = bits_where_nonzero<Arch>(values.data() + w * 64);
  if (values.size() % 64 == 0) return;
  std::uint64_t bits = 0;
  for (std::size_t i = whole * 64; i < values.size(); ++i) {
    bits |= std::uint64_t{values[i] != 0} << (i % 64);
  }
  words[whole] = bits;
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
