#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <xsimd/xsimd.hpp>

// What the bodies of several families need beyond xsimd: narrowing of lane counters to bytes, bytes
// from bits, table look-up by byte permutes. Only for units compiled for one instruction set. Every
// function has internal linkage in the namespace of that set and must be inlined (see
// docs/dispatch.md).
//
// One step of a body handles kBytes<Arch> rows, as many as a register has bytes, so that the codes
// of a step fill one register: 2 registers of u16, 4 of u32 or 8 of i64 make one register of u8.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

template <typename Value, class Arch>
using Lanes = xsimd::batch<Value, Arch>;

template <class Arch>
constexpr std::size_t kBytes = Lanes<std::uint8_t, Arch>::size;

// Small counters (at most 127) of one step to bytes, in row order. Saturating packs work within
// 128-bit parts; one permute at the end restores the order that they leave behind.
#if defined(__AVX512BW__)

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint16_t, Arch> a,
                                                               Lanes<std::uint16_t, Arch> b) {
  return _mm512_permutexvar_epi64(_mm512_set_epi64(7, 5, 3, 1, 6, 4, 2, 0),
                                  _mm512_packus_epi16(a, b));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint32_t, Arch> a,
                                                               Lanes<std::uint32_t, Arch> b,
                                                               Lanes<std::uint32_t, Arch> c,
                                                               Lanes<std::uint32_t, Arch> d) {
  const __m512i packed = _mm512_packus_epi16(_mm512_packus_epi32(a, b), _mm512_packus_epi32(c, d));
  return _mm512_permutexvar_epi32(
      _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0), packed);
}

// Four registers of 64-bit counters to one of 16-bit counters, still interleaved by part.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> narrow_wide(Lanes<std::uint64_t, Arch> a,
                                                                     Lanes<std::uint64_t, Arch> b,
                                                                     Lanes<std::uint64_t, Arch> c,
                                                                     Lanes<std::uint64_t, Arch> d) {
  return _mm512_packus_epi32(_mm512_packus_epi32(a, b), _mm512_packus_epi32(c, d));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow_halves(
    Lanes<std::uint16_t, Arch> low, Lanes<std::uint16_t, Arch> high) {
  const __m512i order = _mm512_set_epi16(31, 23, 15, 7, 30, 22, 14, 6, 29, 21, 13, 5, 28, 20, 12, 4,
                                         27, 19, 11, 3, 26, 18, 10, 2, 25, 17, 9, 1, 24, 16, 8, 0);
  return _mm512_permutexvar_epi16(order, _mm512_packus_epi16(low, high));
}

// kBytes<Arch> bytes, those with a clear bit zeroed.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> keep_where_bits(
    Lanes<std::uint8_t, Arch> bytes, std::uint64_t bits) {
  return _mm512_maskz_mov_epi8(bits, bytes);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> select_where_bits(
    std::uint64_t bits, Lanes<std::uint8_t, Arch> set, Lanes<std::uint8_t, Arch> clear) {
  return _mm512_mask_blend_epi8(bits, clear, set);
}

// Look-up in a table of 16 bytes; indices below 16.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> look_up16(Lanes<std::uint8_t, Arch> table,
                                                                  Lanes<std::uint8_t, Arch> index) {
  return _mm512_shuffle_epi8(table, index);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> repeat16(const std::uint8_t* bytes) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> load_widened(const std::uint8_t* bytes) {
  return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes)));
}

// 32-bit values in lanes of 64 bits, zero-extended.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> load_widened(const std::uint32_t* values) {
  return _mm512_cvtepu32_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(values)));
}

// Pairs (low[i], high[i]) of the even, and of the odd lanes i.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> even_pairs(
    Lanes<std::uint64_t, Arch> low, Lanes<std::uint64_t, Arch> high) {
  return _mm512_unpacklo_epi64(low, high);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> odd_pairs(
    Lanes<std::uint64_t, Arch> low, Lanes<std::uint64_t, Arch> high) {
  return _mm512_unpackhi_epi64(low, high);
}

#elif defined(__AVX2__)

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint16_t, Arch> a,
                                                               Lanes<std::uint16_t, Arch> b) {
  return _mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xD8);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint32_t, Arch> a,
                                                               Lanes<std::uint32_t, Arch> b,
                                                               Lanes<std::uint32_t, Arch> c,
                                                               Lanes<std::uint32_t, Arch> d) {
  const __m256i packed = _mm256_packus_epi16(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
  return _mm256_permutevar8x32_epi32(packed, _mm256_set_epi32(7, 3, 6, 2, 5, 1, 4, 0));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> narrow_wide(Lanes<std::uint64_t, Arch> a,
                                                                     Lanes<std::uint64_t, Arch> b,
                                                                     Lanes<std::uint64_t, Arch> c,
                                                                     Lanes<std::uint64_t, Arch> d) {
  return _mm256_packus_epi32(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow_halves(
    Lanes<std::uint16_t, Arch> low, Lanes<std::uint16_t, Arch> high) {
  const __m256i quarters = _mm256_permute4x64_epi64(_mm256_packus_epi16(low, high), 0xD8);
  const __m256i order = _mm256_set_epi8(15, 14, 7, 6, 13, 12, 5, 4, 11, 10, 3, 2, 9, 8, 1, 0, 15,
                                        14, 7, 6, 13, 12, 5, 4, 11, 10, 3, 2, 9, 8, 1, 0);
  return _mm256_shuffle_epi8(quarters, order);
}

template <class Arch>
[[gnu::always_inline]] inline __m256i bytes_of_bits(std::uint64_t bits) {
  const __m256i spread = _mm256_shuffle_epi8(
      _mm256_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(bits))),
      _mm256_set_epi64x(0x0303030303030303, 0x0202020202020202, 0x0101010101010101, 0));
  const __m256i bit = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201U));
  return _mm256_cmpeq_epi8(_mm256_and_si256(spread, bit), bit);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> keep_where_bits(
    Lanes<std::uint8_t, Arch> bytes, std::uint64_t bits) {
  return _mm256_and_si256(bytes, bytes_of_bits<Arch>(bits));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> select_where_bits(
    std::uint64_t bits, Lanes<std::uint8_t, Arch> set, Lanes<std::uint8_t, Arch> clear) {
  return _mm256_blendv_epi8(clear, set, bytes_of_bits<Arch>(bits));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> look_up16(Lanes<std::uint8_t, Arch> table,
                                                                  Lanes<std::uint8_t, Arch> index) {
  return _mm256_shuffle_epi8(table, index);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> repeat16(const std::uint8_t* bytes) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> load_widened(const std::uint8_t* bytes) {
  return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

// 32-bit values in lanes of 64 bits, zero-extended.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> load_widened(const std::uint32_t* values) {
  return _mm256_cvtepu32_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(values)));
}

// Pairs (low[i], high[i]) of the even, and of the odd lanes i.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> even_pairs(
    Lanes<std::uint64_t, Arch> low, Lanes<std::uint64_t, Arch> high) {
  return _mm256_unpacklo_epi64(low, high);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> odd_pairs(
    Lanes<std::uint64_t, Arch> low, Lanes<std::uint64_t, Arch> high) {
  return _mm256_unpackhi_epi64(low, high);
}

#elif defined(__SSE4_2__)

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint16_t, Arch> a,
                                                               Lanes<std::uint16_t, Arch> b) {
  return _mm_packus_epi16(a, b);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint32_t, Arch> a,
                                                               Lanes<std::uint32_t, Arch> b,
                                                               Lanes<std::uint32_t, Arch> c,
                                                               Lanes<std::uint32_t, Arch> d) {
  return _mm_packus_epi16(_mm_packus_epi32(a, b), _mm_packus_epi32(c, d));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> narrow_wide(Lanes<std::uint64_t, Arch> a,
                                                                     Lanes<std::uint64_t, Arch> b,
                                                                     Lanes<std::uint64_t, Arch> c,
                                                                     Lanes<std::uint64_t, Arch> d) {
  return _mm_packus_epi32(_mm_packus_epi32(a, b), _mm_packus_epi32(c, d));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> narrow_halves(
    Lanes<std::uint16_t, Arch> low, Lanes<std::uint16_t, Arch> high) {
  return _mm_packus_epi16(low, high);
}

template <class Arch>
[[gnu::always_inline]] inline __m128i bytes_of_bits(std::uint64_t bits) {
  const __m128i spread =
      _mm_shuffle_epi8(_mm_set1_epi16(static_cast<short>(static_cast<std::uint16_t>(bits))),
                       _mm_set_epi64x(0x0101010101010101, 0));
  const __m128i bit = _mm_set1_epi64x(static_cast<long long>(0x8040201008040201U));
  return _mm_cmpeq_epi8(_mm_and_si128(spread, bit), bit);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> keep_where_bits(
    Lanes<std::uint8_t, Arch> bytes, std::uint64_t bits) {
  return _mm_and_si128(bytes, bytes_of_bits<Arch>(bits));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> select_where_bits(
    std::uint64_t bits, Lanes<std::uint8_t, Arch> set, Lanes<std::uint8_t, Arch> clear) {
  return _mm_blendv_epi8(clear, set, bytes_of_bits<Arch>(bits));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> look_up16(Lanes<std::uint8_t, Arch> table,
                                                                  Lanes<std::uint8_t, Arch> index) {
  return _mm_shuffle_epi8(table, index);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> repeat16(const std::uint8_t* bytes) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint16_t, Arch> load_widened(const std::uint8_t* bytes) {
  return _mm_cvtepu8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes)));
}

// 32-bit values in lanes of 64 bits, zero-extended.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> load_widened(const std::uint32_t* values) {
  return _mm_cvtepu32_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(values)));
}

// Pairs (low[i], high[i]) of the even, and of the odd lanes i.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> even_pairs(
    Lanes<std::uint64_t, Arch> low, Lanes<std::uint64_t, Arch> high) {
  return _mm_unpacklo_epi64(low, high);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> odd_pairs(
    Lanes<std::uint64_t, Arch> low, Lanes<std::uint64_t, Arch> high) {
  return _mm_unpackhi_epi64(low, high);
}

#else
#error "lanes.hpp: the small operations are missing for this instruction set"
#endif

// The word's part that belongs to the rows [row, row + kBytes<Arch>); row is a multiple of that.
template <class Arch>
[[gnu::always_inline]] inline std::uint64_t bits_at(const std::uint64_t* words, std::size_t row) {
  return words[row / 64] >> (row % 64);
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
