#pragma once

// Part of lanes.hpp, which says what each operation does; include that.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// Saturating packs work within 128-bit parts; one permute at the end restores the order that they
// leave behind.
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

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> load_widened(const std::uint32_t* values) {
  return _mm512_cvtepu32_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(values)));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::int32_t, Arch> load_saturated(const std::int64_t* values) {
  const __m256i low = _mm512_cvtsepi64_epi32(_mm512_loadu_si512(values));
  const __m256i high = _mm512_cvtsepi64_epi32(_mm512_loadu_si512(values + 8));
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::int64_t, Arch> signed_high_halves(
    Lanes<std::uint64_t, Arch> words) {
  return _mm512_srai_epi64(words, 32);
}

template <class Arch>
[[gnu::always_inline]] inline void stream(std::uint8_t* to, Lanes<std::uint8_t, Arch> bytes) {
  _mm512_stream_si512(reinterpret_cast<__m512i*>(to), bytes);
}

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

template <class Arch, typename Value>
[[gnu::always_inline]] inline std::uint64_t mask_of_pair(xsimd::batch_bool<Value, Arch> low,
                                                         xsimd::batch_bool<Value, Arch> high) {
  return low.mask() | (high.mask() << 32);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> sums_of_bytes(
    Lanes<std::uint8_t, Arch> bytes) {
  return _mm512_sad_epu8(bytes, _mm512_setzero_si512());
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> keep_where_bits(
    Lanes<std::uint64_t, Arch> values, std::uint64_t bits) {
  return _mm512_maskz_mov_epi64(static_cast<__mmask8>(bits), values);
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
