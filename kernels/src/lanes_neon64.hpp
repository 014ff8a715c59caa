#pragma once

// Part of lanes.hpp, which says what each operation does; include that. Registers have 128 bits,
// and taking every second lane of two registers (uzp1) narrows in row order. Nothing moves a mask
// out of the lanes at once, so masks of 64 rows are added up to bits first. Little-endian only.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// A mask is all ones where it is set: minus one.
template <typename Value, class Arch>
[[gnu::always_inline]] inline Lanes<Value, Arch> increment_where(
    Lanes<Value, Arch> counts, xsimd::batch_bool<Value, Arch> where) {
  using Unsigned = std::make_unsigned_t<Value>;
  return counts - xsimd::bitwise_cast<Value>(Lanes<Unsigned, Arch>(where.data));
}

// With a plain number xsimd compares it with each possible one, to shift by an immediate.
template <typename Value, class Arch>
[[gnu::always_inline]] inline Lanes<Value, Arch> shift_left(Lanes<Value, Arch> values, int bits) {
  return xsimd::bitwise_lshift(values, Lanes<Value, Arch>(static_cast<Value>(bits)));
}

template <typename Value, class Arch>
[[gnu::always_inline]] inline Lanes<Value, Arch> shift_right(Lanes<Value, Arch> values, int bits) {
  return xsimd::bitwise_rshift(values, Lanes<Value, Arch>(static_cast<Value>(bits)));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint16_t, Arch> a,
                                                               Lanes<std::uint16_t, Arch> b) {
  return vuzp1q_u8(vreinterpretq_u8_u16(a), vreinterpretq_u8_u16(b));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> low_words(Lanes<std::uint32_t, Arch> a,
                                                                   Lanes<std::uint32_t, Arch> b) {
  return vuzp1q_u16(vreinterpretq_u16_u32(a), vreinterpretq_u16_u32(b));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint32_t, Arch> a,
                                                               Lanes<std::uint32_t, Arch> b,
                                                               Lanes<std::uint32_t, Arch> c,
                                                               Lanes<std::uint32_t, Arch> d) {
  return narrow<Arch>(low_words<Arch>(a, b), low_words<Arch>(c, d));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> narrow_wide(Lanes<std::uint64_t, Arch> a,
                                                                     Lanes<std::uint64_t, Arch> b,
                                                                     Lanes<std::uint64_t, Arch> c,
                                                                     Lanes<std::uint64_t, Arch> d) {
  return low_words<Arch>(vuzp1q_u32(vreinterpretq_u32_u64(a), vreinterpretq_u32_u64(b)),
                         vuzp1q_u32(vreinterpretq_u32_u64(c), vreinterpretq_u32_u64(d)));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow_halves(
    Lanes<std::uint16_t, Arch> low, Lanes<std::uint16_t, Arch> high) {
  return narrow<Arch>(low, high);
}

// 1, 2, 4, ... 128, twice.
template <class Arch>
[[gnu::always_inline]] inline uint8x16_t bit_of_byte() {
  return vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201U));
}

template <class Arch>
[[gnu::always_inline]] inline uint8x16_t bytes_of_bits(std::uint64_t bits) {
  const uint8x16_t spread = vcombine_u8(vdup_n_u8(static_cast<std::uint8_t>(bits)),
                                        vdup_n_u8(static_cast<std::uint8_t>(bits >> 8)));
  return vtstq_u8(spread, bit_of_byte<Arch>());
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> keep_where_bits(
    Lanes<std::uint8_t, Arch> bytes, std::uint64_t bits) {
  return vandq_u8(bytes, bytes_of_bits<Arch>(bits));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> select_where_bits(
    std::uint64_t bits, Lanes<std::uint8_t, Arch> set, Lanes<std::uint8_t, Arch> clear) {
  return vbslq_u8(bytes_of_bits<Arch>(bits), set, clear);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> look_up16(Lanes<std::uint8_t, Arch> table,
                                                                  Lanes<std::uint8_t, Arch> index) {
  return vqtbl1q_u8(table, index);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> repeat16(const std::uint8_t* bytes) {
  return vld1q_u8(bytes);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> load_widened(const std::uint8_t* bytes) {
  return vmovl_u8(vld1_u8(bytes));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> load_widened(const std::uint32_t* values) {
  return vmovl_u32(vld1_u32(values));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::int32_t, Arch> load_saturated(const std::int64_t* values) {
  return vqmovn_high_s64(vqmovn_s64(vld1q_s64(values)), vld1q_s64(values + 2));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::int64_t, Arch> signed_high_halves(
    Lanes<std::uint64_t, Arch> words) {
  return vshrq_n_s64(vreinterpretq_s64_u64(words), 32);
}

template <class Arch>
[[gnu::always_inline]] inline void stream(std::uint8_t* to, Lanes<std::uint8_t, Arch> bytes) {
  vst1q_u8(to, bytes);
}

template <class Arch>
[[gnu::always_inline]] inline void finish_streaming() {}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> even_pairs(
    Lanes<std::uint64_t, Arch> low, Lanes<std::uint64_t, Arch> high) {
  return vzip1q_u64(low, high);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> odd_pairs(
    Lanes<std::uint64_t, Arch> low, Lanes<std::uint64_t, Arch> high) {
  return vzip2q_u64(low, high);
}

// Four registers of byte masks to the bits of 64 rows: each byte keeps the bit of its row, and
// neighbours are added until eight of them are one byte.
template <class Arch>
[[gnu::always_inline]] inline std::uint64_t bits_of_masks(uint8x16_t a, uint8x16_t b, uint8x16_t c,
                                                          uint8x16_t d) {
  const uint8x16_t bit = bit_of_byte<Arch>();
  const uint8x16_t pairs = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
  const uint8x16_t more_pairs = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
  const uint8x16_t quads = vpaddq_u8(pairs, more_pairs);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(quads, quads)), 0);
}

template <typename Value, class Arch, typename Test>
[[gnu::always_inline]] inline std::uint64_t bits_of_rows(const Test& test) {
  constexpr std::size_t n = Lanes<Value, Arch>::size;
  const auto sixteen = [&](std::size_t j) -> uint8x16_t {
    if constexpr (sizeof(Value) == 1) {
      return test(j).data;
    } else if constexpr (sizeof(Value) == 2) {
      using Half = Lanes<std::uint16_t, Arch>;
      return narrow<Arch>(Half(test(j).data), Half(test(j + n).data));
    } else if constexpr (sizeof(Value) == 4) {
      using Word = Lanes<std::uint32_t, Arch>;
      return narrow<Arch>(Word(test(j).data), Word(test(j + n).data), Word(test(j + 2 * n).data),
                          Word(test(j + 3 * n).data));
    } else {
      using Wide = Lanes<std::uint64_t, Arch>;
      const auto eight = [&](std::size_t k) {
        return narrow_wide<Arch>(Wide(test(k).data), Wide(test(k + n).data),
                                 Wide(test(k + 2 * n).data), Wide(test(k + 3 * n).data));
      };
      return narrow_halves<Arch>(eight(j), eight(j + 4 * n));
    }
  };
  return bits_of_masks<Arch>(sixteen(0), sixteen(16), sixteen(32), sixteen(48));
}

template <class Arch>
[[gnu::always_inline]] inline std::uint64_t bits_where_equal(const std::uint8_t* bytes,
                                                             Lanes<std::uint8_t, Arch> wanted) {
  return bits_of_masks<Arch>(
      vceqq_u8(vld1q_u8(bytes), wanted), vceqq_u8(vld1q_u8(bytes + 16), wanted),
      vceqq_u8(vld1q_u8(bytes + 32), wanted), vceqq_u8(vld1q_u8(bytes + 48), wanted));
}

template <class Arch>
[[gnu::always_inline]] inline std::uint64_t bits_where_nonzero(const std::uint32_t* values) {
  const auto nonzero = [](const std::uint32_t* from) -> Lanes<std::uint32_t, Arch> {
    const uint32x4_t value = vld1q_u32(from);
    return vtstq_u32(value, value);
  };
  const auto sixteen = [&](const std::uint32_t* from) -> uint8x16_t {
    return narrow<Arch>(nonzero(from), nonzero(from + 4), nonzero(from + 8), nonzero(from + 12));
  };
  return bits_of_masks<Arch>(sixteen(values), sixteen(values + 16), sixteen(values + 32),
                             sixteen(values + 48));
}

template <class Arch>
[[gnu::always_inline]] inline std::uint64_t count_of_eight(const std::uint64_t* words) {
  uint8x16_t counts = vdupq_n_u8(0);
  for (std::size_t j = 0; j < 8; j += 2) {
    counts = vaddq_u8(counts, vcntq_u8(vreinterpretq_u8_u64(vld1q_u64(words + j))));
  }
  return vaddlvq_u8(counts);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> sums_of_bytes(
    Lanes<std::uint8_t, Arch> bytes) {
  return vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(bytes)));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bits_in_bytes(
    Lanes<std::uint8_t, Arch> bytes) {
  return vcntq_u8(bytes);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> keep_where_bits(
    Lanes<std::uint64_t, Arch> values, std::uint64_t bits) {
  const uint64x2_t bit = vcombine_u64(vcreate_u64(1), vcreate_u64(2));
  return vandq_u64(values, vtstq_u64(vdupq_n_u64(bits), bit));
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
