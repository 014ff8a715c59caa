#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <xsimd/xsimd.hpp>

// What the bodies of several families need beyond xsimd: narrowing of lane counters to bytes, bytes
// from bits, bits from bytes, table look-up by byte permutes. Only for units compiled for one
// instruction set. Every function has internal linkage in the namespace of that set and must be
// inlined (see docs/dispatch.md). Declared here once, defined for each set in lanes_<set>.hpp.
//
// One step of a body handles kBytes<Arch> rows, as many as a register has bytes, so that the codes
// of a step fill one register: 2 registers of u16, 4 of u32 or 8 of i64 make one register of u8.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

template <typename Value, class Arch>
using Lanes = xsimd::batch<Value, Arch>;

template <class Arch>
constexpr std::size_t kBytes = Lanes<std::uint8_t, Arch>::size;

// counts + 1 in the lanes that are set.
template <typename Value, class Arch>
Lanes<Value, Arch> increment_where(Lanes<Value, Arch> counts, xsimd::batch_bool<Value, Arch> where);

// Shifts by a number of bits that is known at run time only.
template <typename Value, class Arch>
Lanes<Value, Arch> shift_left(Lanes<Value, Arch> values, int bits);

template <typename Value, class Arch>
Lanes<Value, Arch> shift_right(Lanes<Value, Arch> values, int bits);

// Small counters (at most 255) of one step to bytes, in row order.
template <class Arch>
Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint16_t, Arch> a, Lanes<std::uint16_t, Arch> b);

template <class Arch>
Lanes<std::uint8_t, Arch> narrow(Lanes<std::uint32_t, Arch> a, Lanes<std::uint32_t, Arch> b,
                                 Lanes<std::uint32_t, Arch> c, Lanes<std::uint32_t, Arch> d);

// Four registers of 64-bit counters to one of 16-bit counters, in an order that only narrow_halves
// knows; it makes bytes in row order of two of them.
template <class Arch>
Lanes<std::uint16_t, Arch> narrow_wide(Lanes<std::uint64_t, Arch> a, Lanes<std::uint64_t, Arch> b,
                                       Lanes<std::uint64_t, Arch> c, Lanes<std::uint64_t, Arch> d);

template <class Arch>
Lanes<std::uint8_t, Arch> narrow_halves(Lanes<std::uint16_t, Arch> low,
                                        Lanes<std::uint16_t, Arch> high);

// kBytes<Arch> bytes, those with a clear bit zeroed.
template <class Arch>
Lanes<std::uint8_t, Arch> keep_where_bits(Lanes<std::uint8_t, Arch> bytes, std::uint64_t bits);

// 64-bit lanes, those with a clear bit zeroed.
template <class Arch>
Lanes<std::uint64_t, Arch> keep_where_bits(Lanes<std::uint64_t, Arch> values, std::uint64_t bits);

template <class Arch>
Lanes<std::uint8_t, Arch> select_where_bits(std::uint64_t bits, Lanes<std::uint8_t, Arch> set,
                                            Lanes<std::uint8_t, Arch> clear);

// Look-up in a table of 16 bytes; indices below 16, or with the top bit set, which gives 0.
template <class Arch>
Lanes<std::uint8_t, Arch> look_up16(Lanes<std::uint8_t, Arch> table,
                                    Lanes<std::uint8_t, Arch> index);

template <class Arch>
Lanes<std::uint8_t, Arch> repeat16(const std::uint8_t* bytes);

template <class Arch>
Lanes<std::uint16_t, Arch> load_widened(const std::uint8_t* bytes);

// 32-bit values in lanes of 64 bits, zero-extended.
template <class Arch>
Lanes<std::uint64_t, Arch> load_widened(const std::uint32_t* values);

// 64-bit values in lanes of 32 bits; what does not fit becomes the largest or smallest that does.
template <class Arch>
Lanes<std::int32_t, Arch> load_saturated(const std::int64_t* values);

// The high 32 bits of each lane, as signed values.
template <class Arch>
Lanes<std::int64_t, Arch> signed_high_halves(Lanes<std::uint64_t, Arch> words);

// Writes a register to an address aligned to it, past the caches where the set can; what has been
// written so is in order with other writes after finish_streaming.
template <class Arch>
void stream(std::uint8_t* to, Lanes<std::uint8_t, Arch> bytes);

template <class Arch>
void finish_streaming();

// Pairs (low[i], high[i]) of the even, and of the odd lanes i.
template <class Arch>
Lanes<std::uint64_t, Arch> even_pairs(Lanes<std::uint64_t, Arch> low,
                                      Lanes<std::uint64_t, Arch> high);

template <class Arch>
Lanes<std::uint64_t, Arch> odd_pairs(Lanes<std::uint64_t, Arch> low,
                                     Lanes<std::uint64_t, Arch> high);

// Bits of 64 rows: those whose byte equals `wanted`, those whose value is not zero.
template <class Arch>
std::uint64_t bits_where_equal(const std::uint8_t* bytes, Lanes<std::uint8_t, Arch> wanted);

template <class Arch>
std::uint64_t bits_where_nonzero(const std::uint32_t* values);

// Bits of 64 rows: those where test(j) is set, which compares the rows of the register from row j
// on.
template <typename Value, class Arch, typename Test>
std::uint64_t bits_of_rows(const Test& test);

// Bits set in each byte.
template <class Arch>
Lanes<std::uint8_t, Arch> bits_in_bytes(Lanes<std::uint8_t, Arch> bytes);

// In each lane the sum of its eight bytes.
template <class Arch>
Lanes<std::uint64_t, Arch> sums_of_bytes(Lanes<std::uint8_t, Arch> bytes);

// Bits set in 8 words.
template <class Arch>
std::uint64_t count_of_eight(const std::uint64_t* words);

// The word's part that belongs to the rows [row, row + kBytes<Arch>); row is a multiple of that.
template <class Arch>
[[gnu::always_inline]] inline std::uint64_t bits_at(const std::uint64_t* words, std::size_t row) {
  return words[row / 64] >> (row % 64);
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS

#if defined(__SSE4_2__)
#include "lanes_x86.hpp"
#endif
#if defined(__AVX512BW__)
#include "lanes_avx512.hpp"
#elif defined(__AVX2__)
#include "lanes_avx2.hpp"
#elif defined(__SSE4_2__)
#include "lanes_sse42.hpp"
#elif defined(__aarch64__)
#include "lanes_neon64.hpp"
#else
#error "lanes.hpp: the small operations are missing for this instruction set"
#endif
