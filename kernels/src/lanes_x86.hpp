#pragma once

// Part of lanes.hpp, which says what each operation does; include that. What is the same for all
// sets of x86: masks leave the lanes by one instruction, bits are counted by another.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

template <class Arch>
[[gnu::always_inline]] inline void finish_streaming() {
  _mm_sfence();
}

template <typename Value, class Arch>
[[gnu::always_inline]] inline Lanes<Value, Arch> increment_where(
    Lanes<Value, Arch> counts, xsimd::batch_bool<Value, Arch> where) {
  return xsimd::incr_if(counts, where);
}

template <typename Value, class Arch>
[[gnu::always_inline]] inline Lanes<Value, Arch> shift_left(Lanes<Value, Arch> values, int bits) {
  return xsimd::bitwise_lshift(values, bits);
}

template <typename Value, class Arch>
[[gnu::always_inline]] inline Lanes<Value, Arch> shift_right(Lanes<Value, Arch> values, int bits) {
  return xsimd::bitwise_rshift(values, bits);
}

// Masks of 16-bit lanes to bits, two registers at a time; one by one would be slow.
template <class Arch, typename Value>
std::uint64_t mask_of_pair(xsimd::batch_bool<Value, Arch> low, xsimd::batch_bool<Value, Arch> high);

template <typename Value, class Arch, typename Test>
[[gnu::always_inline]] inline std::uint64_t bits_of_rows(const Test& test) {
  constexpr std::size_t kLanes = Lanes<Value, Arch>::size;
  std::uint64_t word = 0;
  if constexpr (sizeof(Value) == 2) {
    for (std::size_t j = 0; j < 64; j += 2 * kLanes)
      word |= mask_of_pair<Arch>(test(j), test(j + kLanes)) << j;
  } else {
    for (std::size_t j = 0; j < 64; j += kLanes)
      word |= test(j).mask() << j;
  }
  return word;
}

template <class Arch>
[[gnu::always_inline]] inline std::uint64_t bits_where_equal(const std::uint8_t* bytes,
                                                             Lanes<std::uint8_t, Arch> wanted) {
  std::uint64_t word = 0;
  for (std::size_t j = 0; j < 64; j += kBytes<Arch>) {
    word |= (Lanes<std::uint8_t, Arch>::load_unaligned(bytes + j) == wanted).mask() << j;
  }
  return word;
}

template <class Arch>
[[gnu::always_inline]] inline std::uint64_t bits_where_nonzero(const std::uint32_t* values) {
  using Word = Lanes<std::uint32_t, Arch>;
  std::uint64_t word = 0;
  for (std::size_t j = 0; j < 64; j += Word::size) {
    word |= (Word::load_unaligned(values + j) != Word(std::uint32_t{0})).mask() << j;
  }
  return word;
}

// Half a byte at a time, by table.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bits_in_bytes(
    Lanes<std::uint8_t, Arch> bytes) {
  constexpr std::uint8_t kBits[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
  const auto table = repeat16<Arch>(kBits);
  const Lanes<std::uint8_t, Arch> low_half(std::uint8_t{0x0F});
  const auto shifted = xsimd::bitwise_rshift(xsimd::bitwise_cast<std::uint16_t>(bytes), 4);
  return look_up16<Arch>(table, bytes & low_half) +
         look_up16<Arch>(table, xsimd::bitwise_cast<std::uint8_t>(shifted) & low_half);
}

template <class Arch>
[[gnu::always_inline]] inline std::uint64_t count_of_eight(const std::uint64_t* words) {
  std::uint64_t sum = 0;
  for (std::size_t j = 0; j < 8; ++j)
    sum += static_cast<std::uint64_t>(__builtin_popcountll(words[j]));
  return sum;
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
