#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "lanes.hpp"

// How many of a few ascending thresholds lie below each value: what tiers and exact order
// statistics are made of. Thresholds are compared one after the other, counted in lanes and
// narrowed to one byte per row, kBytes<Arch> rows a step. Money is compared in lanes of 32 bits
// where the thresholds allow it: values beyond them saturate, which changes no comparison.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// Unsigned columns are compared as signed ones with the top bit flipped: only those compares exist
// everywhere. `kTopBit` is 0 for signed columns.
template <typename Value>
using Signed = std::make_signed_t<Value>;

template <typename Value>
constexpr Signed<Value> kTopBit = std::is_signed_v<Value>
                                      ? Signed<Value>{0}
                                      : static_cast<Signed<Value>>(Value{1}
                                                                   << (sizeof(Value) * 8 - 1));

template <typename Value, class Arch>
[[gnu::always_inline]] inline Lanes<Signed<Value>, Arch> load_ordered(const Value* values) {
  const auto raw =
      Lanes<Signed<Value>, Arch>::load_unaligned(reinterpret_cast<const Signed<Value>*>(values));
  if constexpr (std::is_signed_v<Value>) {
    return raw;
  } else {
    return raw ^ Lanes<Signed<Value>, Arch>(kTopBit<Value>);
  }
}

template <typename Value, class Arch>
[[gnu::always_inline]] inline Lanes<Signed<Value>, Arch> broadcast_ordered(Value value) {
  return Lanes<Signed<Value>, Arch>(
      static_cast<Signed<Value>>(static_cast<Signed<Value>>(value) ^ kTopBit<Value>));
}

template <typename Value, class Arch, std::size_t kMax>
struct Thresholds {
  Lanes<Signed<Value>, Arch> at[kMax];
  std::size_t count;

  template <typename From>
  [[gnu::always_inline]] explicit Thresholds(std::span<const From> values) : count(values.size()) {
    for (std::size_t i = 0; i < count; ++i)
      at[i] = broadcast_ordered<Value, Arch>(static_cast<Value>(values[i]));
  }
};

// True when comparing values saturated to 32 bits with these thresholds gives what comparing the
// values gives: `value > threshold` must be able to hold for the largest value.
[[gnu::always_inline]] inline bool fit_32_bits(std::span<const std::int64_t> thresholds) {
  for (const std::int64_t threshold : thresholds) {
    if (threshold < std::numeric_limits<std::int32_t>::min() ||
        threshold >= std::numeric_limits<std::int32_t>::max()) {
      return false;
    }
  }
  return true;
}

// Per lane, the number of thresholds below the value, for kRegisters consecutive registers.
template <std::size_t kRegisters, typename Value, class Arch, std::size_t kMax, class Load>
[[gnu::always_inline]] inline void count_below(const Load& load,
                                               const Thresholds<Value, Arch, kMax>& thresholds,
                                               Lanes<Signed<Value>, Arch>* counts) {
  Lanes<Signed<Value>, Arch> value[kRegisters];
  for (std::size_t j = 0; j < kRegisters; ++j) {
    value[j] = load(j * Lanes<Signed<Value>, Arch>::size);
    counts[j] = Lanes<Signed<Value>, Arch>(0);
  }
  for (std::size_t i = 0; i < thresholds.count; ++i) {
    for (std::size_t j = 0; j < kRegisters; ++j) {
      counts[j] = increment_where(counts[j], value[j] > thresholds.at[i]);
    }
  }
}

// The same for one step, as bytes in row order.
template <class Arch, std::size_t kMax>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_below(
    const std::uint16_t* values, const Thresholds<std::uint16_t, Arch, kMax>& thresholds) {
  Lanes<std::int16_t, Arch> counts[2];
  count_below<2>([&](std::size_t j) { return load_ordered<std::uint16_t, Arch>(values + j); },
                 thresholds, counts);
  return narrow<Arch>(xsimd::bitwise_cast<std::uint16_t>(counts[0]),
                      xsimd::bitwise_cast<std::uint16_t>(counts[1]));
}

template <typename Value, class Arch, std::size_t kMax, class Load>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_below_of_words(
    const Load& load, const Thresholds<Value, Arch, kMax>& thresholds) {
  Lanes<std::int32_t, Arch> counts[4];
  count_below<4>(load, thresholds, counts);
  return narrow<Arch>(
      xsimd::bitwise_cast<std::uint32_t>(counts[0]), xsimd::bitwise_cast<std::uint32_t>(counts[1]),
      xsimd::bitwise_cast<std::uint32_t>(counts[2]), xsimd::bitwise_cast<std::uint32_t>(counts[3]));
}

template <class Arch, std::size_t kMax>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_below(
    const std::uint32_t* values, const Thresholds<std::uint32_t, Arch, kMax>& thresholds) {
  return bytes_below_of_words(
      [&](std::size_t j) { return load_ordered<std::uint32_t, Arch>(values + j); }, thresholds);
}

// 64-bit values against thresholds that fit_32_bits.
template <class Arch, std::size_t kMax>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_below(
    const std::int64_t* values, const Thresholds<std::int32_t, Arch, kMax>& thresholds) {
  return bytes_below_of_words([&](std::size_t j) { return load_saturated<Arch>(values + j); },
                              thresholds);
}

// 64-bit lanes in two halves: eight values and eight counters would not fit 16 registers.
template <class Arch, std::size_t kMax>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> halves_below(
    const std::int64_t* values, const Thresholds<std::int64_t, Arch, kMax>& thresholds) {
  Lanes<std::int64_t, Arch> counts[4];
  count_below<4>([&](std::size_t j) { return load_ordered<std::int64_t, Arch>(values + j); },
                 thresholds, counts);
  return narrow_wide<Arch>(
      xsimd::bitwise_cast<std::uint64_t>(counts[0]), xsimd::bitwise_cast<std::uint64_t>(counts[1]),
      xsimd::bitwise_cast<std::uint64_t>(counts[2]), xsimd::bitwise_cast<std::uint64_t>(counts[3]));
}

template <class Arch, std::size_t kMax>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_below(
    const std::int64_t* values, const Thresholds<std::int64_t, Arch, kMax>& thresholds) {
  const auto low = halves_below<Arch>(values, thresholds);
  const auto high = halves_below<Arch>(values + kBytes<Arch> / 2, thresholds);
  return narrow_halves<Arch>(low, high);
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
