#pragma once

// Part of lanes.hpp, which says what each operation does; include that.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

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

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> load_widened(const std::uint32_t* values) {
  return _mm_cvtepu32_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(values)));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::int32_t, Arch> load_saturated(const std::int64_t* values) {
  const __m128 a = _mm_loadu_ps(reinterpret_cast<const float*>(values));
  const __m128 b = _mm_loadu_ps(reinterpret_cast<const float*>(values + 2));
  const __m128i low = _mm_castps_si128(_mm_shuffle_ps(a, b, 0x88));
  const __m128i high = _mm_castps_si128(_mm_shuffle_ps(a, b, 0xDD));
  const __m128i fits = _mm_cmpeq_epi32(high, _mm_srai_epi32(low, 31));
  const __m128i limit = _mm_xor_si128(_mm_srai_epi32(high, 31), _mm_set1_epi32(0x7FFFFFFF));
  return _mm_blendv_epi8(limit, low, fits);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::int64_t, Arch> signed_high_halves(
    Lanes<std::uint64_t, Arch> words) {
  return _mm_blend_epi16(_mm_srli_epi64(words, 32), _mm_srai_epi32(words, 31), 0xCC);
}

template <class Arch>
[[gnu::always_inline]] inline void stream(std::uint8_t* to, Lanes<std::uint8_t, Arch> bytes) {
  _mm_stream_si128(reinterpret_cast<__m128i*>(to), bytes);
}

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

template <class Arch, typename Value>
[[gnu::always_inline]] inline std::uint64_t mask_of_pair(xsimd::batch_bool<Value, Arch> low,
                                                         xsimd::batch_bool<Value, Arch> high) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> sums_of_bytes(
    Lanes<std::uint8_t, Arch> bytes) {
  return _mm_sad_epu8(bytes, _mm_setzero_si128());
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> keep_where_bits(
    Lanes<std::uint64_t, Arch> values, std::uint64_t bits) {
  const __m128i bit = _mm_set_epi64x(2, 1);
  const __m128i spread = _mm_and_si128(_mm_set1_epi64x(static_cast<long long>(bits)), bit);
  return _mm_and_si128(values, _mm_cmpeq_epi64(spread, bit));
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
