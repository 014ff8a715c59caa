#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"

// Eight orders at a time: days, or masks (all bits of a lane set or clear), in the eight 16-bit
// lanes of one 128-bit register, amounts in as many registers as eight 64-bit lanes take. Masks are
// joined by & and |, which both compilers have for registers.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

constexpr std::size_t kEight = 8;

alignas(16) constexpr std::uint16_t kFirstLanes[16] = {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF,
                                                       0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF};

#if defined(__SSE4_2__)

using Eight = __m128i;

[[gnu::always_inline]] inline Eight load_eight(const std::uint16_t* values) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(values));
}
[[gnu::always_inline]] inline Eight broadcast_day(std::uint16_t day) {
  return _mm_set1_epi16(static_cast<short>(day));
}
[[gnu::always_inline]] inline Eight later(Eight a, Eight b) { return _mm_max_epu16(a, b); }
[[gnu::always_inline]] inline Eight earlier(Eight a, Eight b) { return _mm_min_epu16(a, b); }
[[gnu::always_inline]] inline Eight at_least(Eight days, Eight from) {
  return _mm_cmpeq_epi16(_mm_max_epu16(days, from), days);
}
[[gnu::always_inline]] inline std::uint32_t count_lanes(Eight mask) {
  const auto bytes = static_cast<unsigned>(_mm_movemask_epi8(mask));
  return static_cast<std::uint32_t>(__builtin_popcount(bytes)) / 2;
}
[[gnu::always_inline]] inline std::uint16_t smallest(Eight days) {
  return static_cast<std::uint16_t>(_mm_cvtsi128_si32(_mm_minpos_epu16(days)));
}
[[gnu::always_inline]] inline std::uint16_t largest(Eight days) {
  return static_cast<std::uint16_t>(~smallest(_mm_xor_si128(days, _mm_set1_epi16(-1))));
}
[[gnu::always_inline]] inline Eight mask_of_bits(std::uint64_t bits) {
  const Eight bit = _mm_set_epi16(128, 64, 32, 16, 8, 4, 2, 1);
  return _mm_cmpeq_epi16(_mm_and_si128(_mm_set1_epi16(static_cast<short>(bits & 0xFF)), bit), bit);
}

#elif defined(__aarch64__)

using Eight = uint16x8_t;

[[gnu::always_inline]] inline Eight load_eight(const std::uint16_t* values) {
  return vld1q_u16(values);
}
[[gnu::always_inline]] inline Eight broadcast_day(std::uint16_t day) { return vdupq_n_u16(day); }
[[gnu::always_inline]] inline Eight later(Eight a, Eight b) { return vmaxq_u16(a, b); }
[[gnu::always_inline]] inline Eight earlier(Eight a, Eight b) { return vminq_u16(a, b); }
[[gnu::always_inline]] inline Eight at_least(Eight days, Eight from) {
  return vcgeq_u16(days, from);
}
// A set lane is minus one.
[[gnu::always_inline]] inline std::uint32_t count_lanes(Eight mask) {
  return static_cast<std::uint32_t>(-vaddvq_s16(vreinterpretq_s16_u16(mask)));
}
[[gnu::always_inline]] inline std::uint16_t smallest(Eight days) { return vminvq_u16(days); }
[[gnu::always_inline]] inline std::uint16_t largest(Eight days) { return vmaxvq_u16(days); }
[[gnu::always_inline]] inline Eight mask_of_bits(std::uint64_t bits) {
  const Eight bit = {1, 2, 4, 8, 16, 32, 64, 128};
  return vtstq_u16(vdupq_n_u16(static_cast<std::uint16_t>(bits)), bit);
}

#else
#error "eight_lanes.hpp: 16-bit lanes of 128 bits are missing for this instruction set"
#endif

[[gnu::always_inline]] inline Eight first_lanes(std::size_t count) {
  return load_eight(kFirstLanes + kEight - count);
}

// Eight amounts: which are at least as large as a bound, and a sum over some of them.
template <class Arch>
struct EightAmounts {
  using Wide = Lanes<std::int64_t, Arch>;
  static constexpr std::size_t kRegisters = kEight / Wide::size;
  Wide value[kRegisters];

  [[gnu::always_inline]] explicit EightAmounts(const std::int64_t* amount) {
    for (std::size_t j = 0; j < kRegisters; ++j) {
      value[j] = Wide::load_unaligned(amount + j * Wide::size);
    }
  }

#if defined(__AVX512BW__)
  [[gnu::always_inline]] Eight at_least(Wide bound) const {
    return _mm_movm_epi16(_mm512_cmpge_epi64_mask(value[0], bound));
  }
  [[gnu::always_inline]] void add_where(Eight mask, Wide* sums) const {
    sums[0] = _mm512_mask_add_epi64(sums[0], _mm_movepi16_mask(mask), sums[0], value[0]);
  }
#elif defined(__AVX2__)
  [[gnu::always_inline]] Eight at_least(Wide bound) const {
    const __m256i below =
        _mm256_permute4x64_epi64(_mm256_packs_epi32(_mm256_cmpgt_epi64(bound, value[0]),
                                                    _mm256_cmpgt_epi64(bound, value[1])),
                                 0xD8);
    const Eight words =
        _mm_packs_epi32(_mm256_castsi256_si128(below), _mm256_extracti128_si256(below, 1));
    return _mm_xor_si128(words, _mm_set1_epi16(-1));
  }
  [[gnu::always_inline]] void add_where(Eight mask, Wide* sums) const {
    const __m256i low = _mm256_cvtepi16_epi64(mask);
    const __m256i high = _mm256_cvtepi16_epi64(_mm_srli_si128(mask, 8));
    sums[0] = _mm256_add_epi64(sums[0], _mm256_and_si256(value[0], low));
    sums[1] = _mm256_add_epi64(sums[1], _mm256_and_si256(value[1], high));
  }
#elif defined(__SSE4_2__)
  [[gnu::always_inline]] Eight at_least(Wide bound) const {
    const Eight low =
        _mm_packs_epi32(_mm_cmpgt_epi64(bound, value[0]), _mm_cmpgt_epi64(bound, value[1]));
    const Eight high =
        _mm_packs_epi32(_mm_cmpgt_epi64(bound, value[2]), _mm_cmpgt_epi64(bound, value[3]));
    return _mm_xor_si128(_mm_packs_epi32(low, high), _mm_set1_epi16(-1));
  }
  [[gnu::always_inline]] void add_where(Eight mask, Wide* sums) const {
    const Eight pairs[4] = {mask, _mm_srli_si128(mask, 4), _mm_srli_si128(mask, 8),
                            _mm_srli_si128(mask, 12)};
    for (std::size_t j = 0; j < 4; ++j) {
      sums[j] = _mm_add_epi64(sums[j], _mm_and_si128(value[j], _mm_cvtepi16_epi64(pairs[j])));
    }
  }
#else
  [[gnu::always_inline]] Eight at_least(Wide bound) const {
    const auto two = [&](std::size_t j) {
      return vreinterpretq_u32_u64(vcgeq_s64(value[j], bound));
    };
    return vuzp1q_u16(vreinterpretq_u16_u32(vuzp1q_u32(two(0), two(1))),
                      vreinterpretq_u16_u32(vuzp1q_u32(two(2), two(3))));
  }
  [[gnu::always_inline]] void add_where(Eight mask, Wide* sums) const {
    const int16x8_t words = vreinterpretq_s16_u16(mask);
    const int32x4_t low = vmovl_s16(vget_low_s16(words));
    const int32x4_t high = vmovl_high_s16(words);
    const int64x2_t pairs[4] = {vmovl_s32(vget_low_s32(low)), vmovl_high_s32(low),
                                vmovl_s32(vget_low_s32(high)), vmovl_high_s32(high)};
    for (std::size_t j = 0; j < 4; ++j) {
      sums[j] = vaddq_s64(sums[j], vandq_s64(value[j], pairs[j]));
    }
  }
#endif
};

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
