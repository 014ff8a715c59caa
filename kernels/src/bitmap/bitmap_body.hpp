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

template <class Arch>
[[gnu::always_inline]] inline std::uint64_t rows_with(const std::uint8_t* codes,
                                                      Lanes<std::uint8_t, Arch> wanted) {
  std::uint64_t word = 0;
  for (std::size_t j = 0; j < 64; j += kBytes<Arch>) {
    word |= (Lanes<std::uint8_t, Arch>::load_unaligned(codes + j) == wanted).mask() << j;
  }
  return word;
}

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
      const std::uint64_t bits = rows_with<Arch>(codes + w * 64, wanted) & exists;
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

// Four sums, so that additions do not wait for each other.
template <class Arch>
std::uint64_t bits_in(std::span<const std::uint64_t> words) noexcept {
  std::uint64_t sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= words.size(); i += 4) {
    for (std::size_t j = 0; j < 4; ++j) {
      sums[j] += static_cast<std::uint64_t>(__builtin_popcountll(words[i + j]));
    }
  }
  for (; i < words.size(); ++i) {
    sums[0] += static_cast<std::uint64_t>(__builtin_popcountll(words[i]));
  }
  return sums[0] + sums[1] + sums[2] + sums[3];
}

template <class Arch>
void nonzero_bits(std::span<const std::uint32_t> values, std::span<std::uint64_t> words) noexcept {
  using Word = Lanes<std::uint32_t, Arch>;
  const std::size_t whole = values.size() / 64;
  for (std::size_t w = 0; w < whole; ++w) {
    std::uint64_t bits = 0;
    for (std::size_t j = 0; j < 64; j += Word::size) {
      const auto value = Word::load_unaligned(values.data() + w * 64 + j);
      bits |= (value != Word(std::uint32_t{0})).mask() << j;
    }
    words[w] = bits;
  }
  if (values.size() % 64 == 0) return;
  std::uint64_t bits = 0;
  for (std::size_t i = whole * 64; i < values.size(); ++i) {
    bits |= std::uint64_t{values[i] != 0} << (i % 64);
  }
  words[whole] = bits;
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
