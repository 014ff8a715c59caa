#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "prefetch.hpp"
#include "quintile/kernels/order_statistics.hpp"

// Counting into bins: bin numbers of 64 rows are computed in lanes and laid down in L1, then
// counted one by one, row i into copy i % kBinCopies so that equal neighbours do not wait for each
// other. A row that must not be counted (invalid, out of range) gets bin kNowhere and is skipped.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

constexpr std::size_t kGroup = 64;

// Counting takes a cycle per row, long enough for the memory to bring what comes next.
constexpr std::size_t kBytesAhead = 8192;

[[gnu::always_inline]] inline std::uint64_t group_bits(const std::uint64_t* valid,
                                                       std::size_t row) {
  return valid == nullptr ? ~std::uint64_t{0} : valid[row / kGroup];
}

[[gnu::always_inline]] inline std::uint64_t first_bits(std::size_t count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

// Counts rows of `bin_at(i)`, i < 64, whose bit is set.
template <typename BinAt>
[[gnu::always_inline]] inline void count_group(std::uint64_t bits, std::uint32_t* bins,
                                               const BinAt& bin_at) {
  if (bits == ~std::uint64_t{0}) {
    for (std::size_t i = 0; i < kGroup; i += kBinCopies) {
      for (std::size_t j = 0; j < kBinCopies; ++j)
        ++bins[bin_at(i + j) * kBinCopies + j];
    }
    return;
  }
  while (bits != 0) {
    const auto i = static_cast<std::size_t>(__builtin_ctzll(bits));
    ++bins[bin_at(i) * kBinCopies + i % kBinCopies];
    bits &= bits - 1;
  }
}

// Calls group(pointer to 64 values, bits to count) over the column; the last group is padded.
template <typename Value, typename Group>
[[gnu::always_inline]] inline void for_groups(std::span<const Value> values,
                                              std::span<const std::uint64_t> valid,
                                              const Group& group) {
  const std::uint64_t* words = valid.empty() ? nullptr : valid.data();
  std::size_t row = 0;
  for (; row + kGroup <= values.size(); row += kGroup) {
    prefetch_values<kGroup>(values.data() + row, kBytesAhead);
    const std::uint64_t bits = group_bits(words, row);
    if (bits != 0) group(values.data() + row, bits);
  }
  const std::size_t left = values.size() - row;
  if (left == 0) return;
  const std::uint64_t bits = group_bits(words, row) & first_bits(left);
  if (bits == 0) return;
  Value padded[kGroup] = {};
  for (std::size_t i = 0; i < left; ++i)
    padded[i] = values[row + i];
  group(padded, bits);
}

template <class Arch>
void count_u16(std::span<const std::uint16_t> values, std::span<const std::uint64_t> valid,
               std::span<std::uint32_t> bins) noexcept {
  for_groups(values, valid, [to = bins.data()](const std::uint16_t* from, std::uint64_t bits) {
    count_group(bits, to, [from](std::size_t i) { return std::size_t{from[i]}; });
  });
}

// Offsets from `base` of 64 values, and the mask of those inside the range.
template <class Arch, typename Value>
[[gnu::always_inline]] inline std::uint64_t offsets_in_range(const Value* from,
                                                             std::make_unsigned_t<Value> base,
                                                             unsigned shift,
                                                             std::make_unsigned_t<Value> last_bin,
                                                             std::make_unsigned_t<Value>* bin) {
  using Unsigned = std::make_unsigned_t<Value>;
  using Word = Lanes<Unsigned, Arch>;
  using Key = std::make_signed_t<Value>;
  // The range ends within the type, so values below the base wrap to offsets above the range.
  constexpr Key kTop = static_cast<Key>(Unsigned{1} << (sizeof(Value) * 8 - 1));
  const Lanes<Key, Arch> limit(static_cast<Key>(static_cast<Key>(last_bin) ^ kTop));
  return ~bits_of_rows<Key, Arch>([&](std::size_t j) {
    const Word value = Word::load_unaligned(reinterpret_cast<const Unsigned*>(from) + j);
    const Word offset = shift_right(value - Word(base), static_cast<int>(shift));
    offset.store_unaligned(bin + j);
    return (xsimd::bitwise_cast<Key>(offset) ^ Lanes<Key, Arch>(kTop)) > limit;
  });
}

template <class Arch, typename Value>
void count_range(std::span<const Value> values, std::span<const std::uint64_t> valid, Value base,
                 unsigned shift, std::span<std::uint32_t> bins) noexcept {
  using Unsigned = std::make_unsigned_t<Value>;
  const auto last_bin = static_cast<Unsigned>(bins.size() / kBinCopies - 1);
  for_groups(values, valid, [&](const Value* from, std::uint64_t bits) {
    alignas(64) Unsigned bin[kGroup];
    const std::uint64_t inside =
        offsets_in_range<Arch, Value>(from, static_cast<Unsigned>(base), shift, last_bin, bin);
    count_group(bits & inside, bins.data(),
                [&bin](std::size_t i) { return static_cast<std::size_t>(bin[i]); });
  });
}

// Magnitude bins through the exponent of a double: a magnitude below 2^52, placed in the mantissa
// of 2^52 and freed of it by subtraction, is an exact double, and its upper bits are the exponent
// and the first kMagnitudeBits bits after the leading one. Small magnitudes are their own bins.
constexpr std::uint64_t kTwoTo52 = 0x4330000000000000;
constexpr int kBinShift = 52 - static_cast<int>(kMagnitudeBits);
constexpr std::uint64_t kBinBias = std::uint64_t{1023 + kMagnitudeBits - 1} << kMagnitudeBits;
constexpr std::int64_t kOwnBins = std::int64_t{1} << kMagnitudeBits;
constexpr std::uint64_t kDoubleLimit = std::uint64_t{1} << 52;

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> magnitude_bins(
    Lanes<std::uint64_t, Arch> magnitude) {
  using Word = Lanes<std::uint64_t, Arch>;
  using Real = Lanes<double, Arch>;
  const Real real = xsimd::bitwise_cast<double>(magnitude | Word(kTwoTo52)) -
                    xsimd::bitwise_cast<double>(Word(kTwoTo52));
  const Word bits = xsimd::bitwise_cast<std::uint64_t>(real);
  const Word bin = xsimd::bitwise_rshift(bits, kBinShift) - Word(kBinBias);
  const auto small =
      xsimd::bitwise_cast<std::int64_t>(magnitude) < Lanes<std::int64_t, Arch>(kOwnBins);
  return xsimd::select(xsimd::batch_bool_cast<std::uint64_t>(small), magnitude, bin);
}

// bin[i] for 64 values; false when a magnitude is too large for the way above.
template <class Arch>
[[gnu::always_inline]] inline bool magnitude_bins_of(const std::int64_t* from, std::uint64_t* bin) {
  using Word = Lanes<std::uint64_t, Arch>;
  using Key = Lanes<std::int64_t, Arch>;
  Word all(std::uint64_t{0});
  for (std::size_t j = 0; j < kGroup; j += Word::size) {
    const Key value = Key::load_unaligned(from + j);
    // -1 for negative values: ~value is their magnitude, and ~bin mirrors their bin.
    const Word sign = xsimd::bitwise_cast<std::uint64_t>(
        xsimd::select(value < Key(std::int64_t{0}), Key(std::int64_t{-1}), Key(std::int64_t{0})));
    const Word magnitude = xsimd::bitwise_cast<std::uint64_t>(value) ^ sign;
    all |= magnitude;
    const Word signed_bin =
        (magnitude_bins<Arch>(magnitude) ^ sign) + Word(std::uint64_t{kMagnitudeBinsI63});
    signed_bin.store_unaligned(bin + j);
  }
  alignas(64) std::uint64_t seen[Word::size];
  all.store_aligned(seen);
  std::uint64_t any = 0;
  for (const std::uint64_t bits : seen)
    any |= bits;
  return any < kDoubleLimit;
}

template <class Arch>
void count_magnitudes_of_i64(std::span<const std::int64_t> values,
                             std::span<const std::uint64_t> valid,
                             std::span<std::uint32_t> bins) noexcept {
  for_groups(values, valid, [&](const std::int64_t* from, std::uint64_t bits) {
    alignas(64) std::uint64_t bin[kGroup];
    if (magnitude_bins_of<Arch>(from, bin)) [[likely]] {
      count_group(bits, bins.data(), [&bin](std::size_t i) { return std::size_t{bin[i]}; });
    } else {
      count_group(bits, bins.data(),
                  [from](std::size_t i) { return std::size_t{magnitude_bin_i64(from[i])}; });
    }
  });
}

// Frequencies are small: a group below 256 is its own bin numbers.
template <class Arch>
void count_magnitudes_of_u32(std::span<const std::uint32_t> values,
                             std::span<const std::uint64_t> valid,
                             std::span<std::uint32_t> bins) noexcept {
  using Word = Lanes<std::uint32_t, Arch>;
  for_groups(values, valid, [&](const std::uint32_t* from, std::uint64_t bits) {
    Word all(std::uint32_t{0});
    for (std::size_t j = 0; j < kGroup; j += Word::size)
      all |= Word::load_unaligned(from + j);
    const bool direct =
        xsimd::all(xsimd::bitwise_rshift(all, kMagnitudeBits + 1) == Word(std::uint32_t{0}));
    if (direct) [[likely]] {
      count_group(bits, bins.data(), [from](std::size_t i) { return std::size_t{from[i]}; });
    } else {
      count_group(bits, bins.data(),
                  [from](std::size_t i) { return std::size_t{magnitude_bin(from[i])}; });
    }
  });
}

// Plain code: the compiler turns it into lanes, and it runs once per recompute.
template <class Arch>
void fold_copies(std::span<const std::uint32_t> bins, std::span<std::uint64_t> counts) noexcept {
  static_assert(kBinCopies == 4);
  const std::uint32_t* copy = bins.data();
  for (std::size_t b = 0; b < counts.size(); ++b, copy += kBinCopies) {
    counts[b] += std::uint64_t{copy[0]} + copy[1] + copy[2] + copy[3];
  }
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
