#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "quintile/kernels/rfm.hpp"

// Tiers and flags to class codes, one step of kBytes<Arch> rows at a time.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

inline std::size_t cells_of_rule(const ScoreRule& rule) {
  return (rule.recency_cuts.size() + 2) * (rule.frequency_cuts.size() + 2) *
         (rule.monetary_cuts.size() + 2);
}

template <class Arch>
struct TierBytes {
  Lanes<std::uint8_t, Arch> r;
  Lanes<std::uint8_t, Arch> f;
  Lanes<std::uint8_t, Arch> m;
};

// Indices of a step: rows 0, 2, 4, ... in even, 1, 3, 5, ... in odd, which needs no reordering.
template <class Arch>
struct TableIndices {
  alignas(64) std::uint16_t even[kBytes<Arch> / 2];
  alignas(64) std::uint16_t odd[kBytes<Arch> / 2];
};

// Cell numbers of the even or odd rows of a step.
template <class Arch>
class CellWords {
 public:
  using Words = Lanes<std::uint16_t, Arch>;
  using Bytes = Lanes<std::uint8_t, Arch>;

  explicit CellWords(const ScoreRule& rule)
      : f_stride_(static_cast<std::uint16_t>(rule.frequency_cuts.size() + 2)),
        m_stride_(static_cast<std::uint16_t>(rule.monetary_cuts.size() + 2)) {}

  [[gnu::always_inline]] static Words even_bytes(Bytes bytes) {
    return xsimd::bitwise_cast<std::uint16_t>(bytes) & Words(std::uint16_t{0xFF});
  }
  [[gnu::always_inline]] static Words odd_bytes(Bytes bytes) {
    return xsimd::bitwise_rshift(xsimd::bitwise_cast<std::uint16_t>(bytes), 8);
  }
  [[gnu::always_inline]] Words even(const TierBytes<Arch>& tiers) const {
    return cells(even_bytes(tiers.r), even_bytes(tiers.f), even_bytes(tiers.m));
  }
  [[gnu::always_inline]] Words odd(const TierBytes<Arch>& tiers) const {
    return cells(odd_bytes(tiers.r), odd_bytes(tiers.f), odd_bytes(tiers.m));
  }

 private:
  [[gnu::always_inline]] Words cells(Words r, Words f, Words m) const {
    return (r * Words(f_stride_) + f) * Words(m_stride_) + m;
  }

  std::uint16_t f_stride_;
  std::uint16_t m_stride_;
};

// A load per row, for at most 65,536 entries: indices with their flags come out of the lanes.
template <class Arch>
class SmallLookUp {
 public:
  explicit SmallLookUp(const ScoreRule& rule)
      : cells_(rule), entries_(rule.table.data()), flag_bits_(static_cast<int>(rule.flag_bits)) {}

  [[gnu::always_inline]] void put(const TierBytes<Arch>& tiers, const std::uint8_t* flags,
                                  std::uint8_t* codes) const {
    using Cells = CellWords<Arch>;
    auto even = shift_left(cells_.even(tiers), flag_bits_);
    auto odd = shift_left(cells_.odd(tiers), flag_bits_);
    if (flags != nullptr) {
      const auto flag = Lanes<std::uint8_t, Arch>::load_unaligned(flags);
      even += Cells::even_bytes(flag);
      odd += Cells::odd_bytes(flag);
    }
    TableIndices<Arch> index;
    even.store_aligned(index.even);
    odd.store_aligned(index.odd);
    for (std::size_t i = 0; i < kBytes<Arch> / 2; ++i) {
      codes[2 * i] = entries_[index.even[i]];
      codes[2 * i + 1] = entries_[index.odd[i]];
    }
  }

 private:
  CellWords<Arch> cells_;
  const std::uint8_t* entries_;
  int flag_bits_;
};

// A load per row, for tables of any size: flags are joined one by one.
template <class Arch>
class LargeLookUp {
 public:
  explicit LargeLookUp(const ScoreRule& rule)
      : cells_(rule), entries_(rule.table.data()), flag_bits_(rule.flag_bits) {}

  [[gnu::always_inline]] void put(const TierBytes<Arch>& tiers, const std::uint8_t* flags,
                                  std::uint8_t* codes) const {
    TableIndices<Arch> index;
    cells_.even(tiers).store_aligned(index.even);
    cells_.odd(tiers).store_aligned(index.odd);
    for (std::size_t i = 0; i < kBytes<Arch>; ++i) {
      const std::size_t cell = i % 2 == 0 ? index.even[i / 2] : index.odd[i / 2];
      codes[i] = entries_[(cell << flag_bits_) + (flags == nullptr ? 0U : flags[i])];
    }
  }

 private:
  CellWords<Arch> cells_;
  const std::uint8_t* entries_;
  unsigned flag_bits_;
};

// The class table in two levels, each of at most 256 entries: cells with equal codes for all flags
// are of one kind; kind_of_cell holds kind << flag_bits, codes what kind and flags give. Real maps
// have few kinds: a condition matters for few classes.
struct TwoLevelTable {
  std::uint8_t kind_of_cell[256];
  std::uint8_t codes[256];
  bool fits;

  explicit TwoLevelTable(const ScoreRule& rule) : fits(cells_of_rule(rule) <= 256) {
    for (std::size_t i = 0; i < 256; ++i)
      kind_of_cell[i] = codes[i] = 0;
    const std::size_t width = std::size_t{1} << rule.flag_bits;
    std::size_t used = 0;
    for (std::size_t cell = 0; fits && cell < cells_of_rule(rule); ++cell) {
      const std::uint8_t* wanted = rule.table.data() + cell * width;
      std::size_t kind = 0;
      while (kind < used && __builtin_memcmp(codes + kind, wanted, width) != 0)
        kind += width;
      fits = kind + width <= 256;
      if (!fits) break;
      if (kind == used) {
        __builtin_memcpy(codes + kind, wanted, width);
        used += width;
      }
      kind_of_cell[cell] = static_cast<std::uint8_t>(kind);
    }
  }
};

#if defined(__AVX512BW__)

// 256 bytes in four registers. Byte permutes over several registers need VBMI, which this
// instruction set does without: a word is looked up, then one of its two bytes chosen.
template <class Arch>
class ByteTable {
 public:
  explicit ByteTable(const std::uint8_t* entries) {
    for (std::size_t i = 0; i < 4; ++i)
      table_[i] = _mm512_loadu_si512(entries + 64 * i);
  }

  [[gnu::always_inline]] Lanes<std::uint8_t, Arch> at(Lanes<std::uint8_t, Arch> index) const {
    const __m512i even = word_at(_mm512_and_si512(index, _mm512_set1_epi16(0xFF)));
    const __m512i odd = word_at(_mm512_srli_epi16(index, 8));
    return _mm512_mask_blend_epi8(0xAAAAAAAAAAAAAAAA, even, _mm512_slli_epi16(odd, 8));
  }

 private:
  // Words with an index each to words whose low byte is the entry (the high byte is noise).
  [[gnu::always_inline]] __m512i word_at(__m512i index) const {
    const __m512i word = _mm512_srli_epi16(index, 1);
    const __m512i low = _mm512_permutex2var_epi16(table_[0], word, table_[1]);
    const __m512i high = _mm512_permutex2var_epi16(table_[2], word, table_[3]);
    const __mmask32 is_high = _mm512_test_epi16_mask(index, _mm512_set1_epi16(0x80));
    const __m512i pair = _mm512_mask_blend_epi16(is_high, low, high);
    const __mmask32 is_second = _mm512_test_epi16_mask(index, _mm512_set1_epi16(1));
    return _mm512_mask_srli_epi16(pair, is_second, pair, 8);
  }

  __m512i table_[4];
};

// Cell numbers of a step as bytes, for at most 256 cells.
template <class Arch>
class CellBytes {
 public:
  using Bytes = Lanes<std::uint8_t, Arch>;

  explicit CellBytes(const ScoreRule& rule) {
    const std::size_t f_stride = rule.frequency_cuts.size() + 2;
    const std::size_t m_stride = rule.monetary_cuts.size() + 2;
    std::uint8_t r_cells[16] = {};
    std::uint8_t f_cells[16] = {};
    for (std::size_t i = 0; i < rule.recency_cuts.size() + 2; ++i) {
      r_cells[i] = static_cast<std::uint8_t>(i * f_stride * m_stride);
    }
    for (std::size_t i = 0; i < f_stride; ++i) {
      f_cells[i] = static_cast<std::uint8_t>(i * m_stride);
    }
    r_cells_ = repeat16<Arch>(r_cells);
    f_cells_ = repeat16<Arch>(f_cells);
  }

  [[gnu::always_inline]] Bytes of(const TierBytes<Arch>& tiers) const {
    return look_up16<Arch>(r_cells_, tiers.r) + look_up16<Arch>(f_cells_, tiers.f) + tiers.m;
  }

 private:
  Bytes r_cells_;
  Bytes f_cells_;
};

// At most 256 cells and no flags.
template <class Arch>
class OneLevelLookUp {
 public:
  OneLevelLookUp(const ScoreRule& rule, const std::uint8_t* entries)
      : cells_(rule), codes_(entries) {}

  [[gnu::always_inline]] void put(const TierBytes<Arch>& tiers, const std::uint8_t*,
                                  std::uint8_t* codes) const {
    codes_.at(cells_.of(tiers)).store_unaligned(codes);
  }

 private:
  CellBytes<Arch> cells_;
  ByteTable<Arch> codes_;
};

// At most 256 cells, with flags, of few kinds.
template <class Arch>
class TwoLevelLookUp {
 public:
  TwoLevelLookUp(const ScoreRule& rule, const TwoLevelTable& table)
      : cells_(rule), kinds_(table.kind_of_cell), codes_(table.codes) {}

  [[gnu::always_inline]] void put(const TierBytes<Arch>& tiers, const std::uint8_t* flags,
                                  std::uint8_t* codes) const {
    const auto kind = kinds_.at(cells_.of(tiers));
    const auto flag = Lanes<std::uint8_t, Arch>::load_unaligned(flags);
    codes_.at(kind + flag).store_unaligned(codes);
  }

 private:
  CellBytes<Arch> cells_;
  ByteTable<Arch> kinds_;
  ByteTable<Arch> codes_;
};

#endif

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
