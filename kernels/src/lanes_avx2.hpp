#pragma once

// Part of lanes.hpp, which says what each operation does; include that.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// Saturating packs work within 128-bit parts; one permute at the end restores the order that they
// leave behind.
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

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> load_widened(const std::uint32_t* values) {
  return _mm256_cvtepu32_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(values)));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::int32_t, Arch> load_saturated(const std::int64_t* values) {
  const __m256 a = _mm256_loadu_ps(reinterpret_cast<const float*>(values));
  const __m256 b = _mm256_loadu_ps(reinterpret_cast<const float*>(values + 4));
  const __m256i low = _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88));
  const __m256i high = _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0xDD));
  const __m256i fits = _mm256_cmpeq_epi32(high, _mm256_srai_epi32(low, 31));
  const __m256i limit =
      _mm256_xor_si256(_mm256_srai_epi32(high, 31), _mm256_set1_epi32(0x7FFFFFFF));
  // Shuffles work within halves: 64-bit pairs come out as 0, 2, 1, 3.
  return _mm256_permute4x64_epi64(_mm256_blendv_epi8(limit, low, fits), 0xD8);
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::int64_t, Arch> signed_high_halves(
    Lanes<std::uint64_t, Arch> words) {
  return _mm256_blend_epi32(_mm256_srli_epi64(words, 32), _mm256_srai_epi32(words, 31), 0xAA);
}

template <class Arch>
[[gnu::always_inline]] inline void stream(std::uint8_t* to, Lanes<std::uint8_t, Arch> bytes) {
  _mm256_stream_si256(reinterpret_cast<__m256i*>(to), bytes);
}

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

template <class Arch, typename Value>
[[gnu::always_inline]] inline std::uint64_t mask_of_pair(xsimd::batch_bool<Value, Arch> low,
                                                         xsimd::batch_bool<Value, Arch> high) {
  const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xD8);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> sums_of_bytes(
    Lanes<std::uint8_t, Arch> bytes) {
  return _mm256_sad_epu8(bytes, _mm256_setzero_si256());
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> keep_where_bits(
    Lanes<std::uint64_t, Arch> values, std::uint64_t bits) {
  const __m256i bit = _mm256_set_epi64x(8, 4, 2, 1);
  const __m256i spread = _mm256_and_si256(_mm256_set1_epi64x(static_cast<long long>(bits)), bit);
  return _mm256_and_si256(values, _mm256_cmpeq_epi64(spread, bit));
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
