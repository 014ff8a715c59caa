#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "quintile/kernels/block.hpp"

// Codes to bitmaps: compare 64 codes with each wanted one and keep the mask. That is a few
// instructions per code and word, so for many codes setting bits row by row is cheaper.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// From this many codes on, bits are set one by one (measured: the two ways cross between 40 and
// 90).
constexpr std::size_t kManyCodes = 64;

template <class Arch>
constexpr std::size_t kRegistersPerWord = 64 / kBytes<Arch>;

template <class Arch>
struct CodeWord {
  Lanes<std::uint8_t, Arch> codes[kRegistersPerWord<Arch>];

  [[gnu::always_inline]] explicit CodeWord(const std::uint8_t* from) {
    for (std::size_t j = 0; j < kRegistersPerWord<Arch>; ++j) {
      codes[j] = Lanes<std::uint8_t, Arch>::load_unaligned(from + j * kBytes<Arch>);
    }
  }

  [[gnu::always_inline]] std::uint64_t rows_with(Lanes<std::uint8_t, Arch> code) const {
    std::uint64_t word = 0;
    for (std::size_t j = 0; j < kRegistersPerWord<Arch>; ++j) {
      word |= (codes[j] == code).mask() << (j * kBytes<Arch> % 64);
    }
    return word;
  }
};

struct BitmapTarget {
  std::uint64_t* words;
  std::size_t stride;
  std::uint64_t* counts;  // null when not wanted
};

[[gnu::always_inline]] inline void put_word(const BitmapTarget& target, std::size_t bitmap,
                                            std::size_t word, std::uint64_t bits) {
  target.words[bitmap * target.stride + word] = bits;
  if (target.counts != nullptr) {
    target.counts[bitmap] += static_cast<std::uint64_t>(__builtin_popcountll(bits));
  }
}

template <class Arch>
void compare_codes(std::span<const std::uint8_t> codes, std::uint8_t first_code, std::size_t count,
                   const BitmapTarget& target) {
  using Bytes = Lanes<std::uint8_t, Arch>;
  const std::size_t whole = codes.size() / 64;
  for (std::size_t word = 0; word < whole; ++word) {
    const CodeWord<Arch> rows(codes.data() + word * 64);
    Bytes wanted(first_code);
    for (std::size_t b = 0; b < count; ++b) {
      put_word(target, b, word, rows.rows_with(wanted));
      wanted += Bytes(std::uint8_t{1});
    }
  }
  const std::size_t left = codes.size() % 64;
  if (left == 0) return;
  std::uint8_t padded[64] = {};
  for (std::size_t i = 0; i < left; ++i)
    padded[i] = codes[whole * 64 + i];
  const std::uint64_t exists = ~std::uint64_t{0} >> (64 - left);
  const CodeWord<Arch> rows(padded);
  for (std::size_t b = 0; b < count; ++b) {
    const Bytes wanted(static_cast<std::uint8_t>(first_code + b));
    put_word(target, b, whole, rows.rows_with(wanted) & exists);
  }
}

template <class Arch>
void set_code_bits(std::span<const std::uint8_t> codes, std::uint8_t first_code, std::size_t count,
                   const BitmapTarget& target) {
  const std::size_t used = words_for(codes.size());
  for (std::size_t b = 0; b < count; ++b) {
    for (std::size_t w = 0; w < used; ++w)
      target.words[b * target.stride + w] = 0;
  }
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t b = static_cast<std::size_t>(codes[i]) - first_code;
    if (b < count) target.words[b * target.stride + i / 64] |= std::uint64_t{1} << (i % 64);
  }
  if (target.counts == nullptr) return;
  for (std::size_t b = 0; b < count; ++b) {
    for (std::size_t w = 0; w < used; ++w) {
      target.counts[b] +=
          static_cast<std::uint64_t>(__builtin_popcountll(target.words[b * target.stride + w]));
    }
  }
}

template <class Arch>
void bitmaps_of_codes(std::span<const std::uint8_t> codes, std::uint8_t first_code,
                      std::size_t count, std::size_t stride, std::span<std::uint64_t> words,
                      std::span<std::uint64_t> counts) noexcept {
  const BitmapTarget target{words.data(), stride, counts.empty() ? nullptr : counts.data()};
  if (count < kManyCodes) {
    compare_codes<Arch>(codes, first_code, count, target);
  } else {
    set_code_bits<Arch>(codes, first_code, count, target);
  }
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
