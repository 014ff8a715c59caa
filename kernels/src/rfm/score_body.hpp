#pragma once

#include "rfm/rfm_body.hpp"

// The fused pass: three columns in, tiers and class code out, one step of kBytes<Arch> rows at a
// time. The class look-up has three ways, chosen once per call:
//   at most 256 cells, no flags, avx512   the table lives in four registers, look-up by word
//   permutes at most 65,536 entries                 16-bit indices are computed in lanes, the
//   look-up is a load more                                   cells in lanes, flags joined one by
//   one
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

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

template <class Arch>
class LoadLookUp {
 public:
  explicit LoadLookUp(const ScoreRule& rule)
      : entries_(rule.table.data()),
        flag_bits_(rule.flag_bits),
        f_stride_(static_cast<std::uint16_t>(rule.frequency_cuts.size() + 2)),
        m_stride_(static_cast<std::uint16_t>(rule.monetary_cuts.size() + 2)) {}

  // Entries fit 16 bits: indices with their flags come out of the lanes.
  [[gnu::always_inline]] void small(const TierBytes<Arch>& tiers, const std::uint8_t* flags,
                                    std::uint8_t* codes) const {
    using Words = Lanes<std::uint16_t, Arch>;
    Words even = cells(low_bytes(tiers.r), low_bytes(tiers.f), low_bytes(tiers.m));
    Words odd = cells(high_bytes(tiers.r), high_bytes(tiers.f), high_bytes(tiers.m));
    even = xsimd::bitwise_lshift(even, static_cast<int>(flag_bits_));
    odd = xsimd::bitwise_lshift(odd, static_cast<int>(flag_bits_));
    if (flags != nullptr) {
      const auto flag = Lanes<std::uint8_t, Arch>::load_unaligned(flags);
      even += low_bytes(flag);
      odd += high_bytes(flag);
    }
    TableIndices<Arch> index;
    even.store_aligned(index.even);
    odd.store_aligned(index.odd);
    for (std::size_t i = 0; i < kBytes<Arch> / 2; ++i) {
      codes[2 * i] = entries_[index.even[i]];
      codes[2 * i + 1] = entries_[index.odd[i]];
    }
  }

  [[gnu::always_inline]] void large(const TierBytes<Arch>& tiers, const std::uint8_t* flags,
                                    std::uint8_t* codes) const {
    TableIndices<Arch> index;
    cells(low_bytes(tiers.r), low_bytes(tiers.f), low_bytes(tiers.m)).store_aligned(index.even);
    cells(high_bytes(tiers.r), high_bytes(tiers.f), high_bytes(tiers.m)).store_aligned(index.odd);
    for (std::size_t i = 0; i < kBytes<Arch>; ++i) {
      const std::size_t cell = i % 2 == 0 ? index.even[i / 2] : index.odd[i / 2];
      codes[i] = entries_[(cell << flag_bits_) + (flags == nullptr ? 0U : flags[i])];
    }
  }

 private:
  using Bytes = Lanes<std::uint8_t, Arch>;
  using WordLanes = Lanes<std::uint16_t, Arch>;

  [[gnu::always_inline]] static WordLanes low_bytes(Bytes bytes) {
    return xsimd::bitwise_cast<std::uint16_t>(bytes) & WordLanes(std::uint16_t{0xFF});
  }
  [[gnu::always_inline]] static WordLanes high_bytes(Bytes bytes) {
    return xsimd::bitwise_rshift(xsimd::bitwise_cast<std::uint16_t>(bytes), 8);
  }
  [[gnu::always_inline]] WordLanes cells(WordLanes r, WordLanes f, WordLanes m) const {
    return (r * WordLanes(f_stride_) + f) * WordLanes(m_stride_) + m;
  }

  const std::uint8_t* entries_;
  unsigned flag_bits_;
  std::uint16_t f_stride_;
  std::uint16_t m_stride_;
};

#if defined(__AVX512BW__)

// At most 256 entries in four registers. Byte permutes over several registers need VBMI, which this
// instruction set does without: a word is looked up, then one of its two bytes chosen.
template <class Arch>
class RegisterLookUp {
 public:
  static constexpr bool kExists = true;

  explicit RegisterLookUp(const ScoreRule& rule) {
    const std::size_t f_stride = rule.frequency_cuts.size() + 2;
    const std::size_t m_stride = rule.monetary_cuts.size() + 2;
    const std::size_t cell_count = (rule.recency_cuts.size() + 2) * f_stride * m_stride;
    alignas(64) std::uint8_t entries[256] = {};
    for (std::size_t i = 0; i < cell_count; ++i)
      entries[i] = rule.table[i << rule.flag_bits];
    for (std::size_t i = 0; i < 4; ++i)
      table_[i] = _mm512_load_si512(entries + 64 * i);
    alignas(16) std::uint8_t r_cells[16] = {};
    alignas(16) std::uint8_t f_cells[16] = {};
    for (std::size_t i = 0; i < rule.recency_cuts.size() + 2; ++i) {
      r_cells[i] = static_cast<std::uint8_t>(i * f_stride * m_stride);
    }
    for (std::size_t i = 0; i < f_stride; ++i) {
      f_cells[i] = static_cast<std::uint8_t>(i * m_stride);
    }
    r_cells_ = repeat16<Arch>(r_cells);
    f_cells_ = repeat16<Arch>(f_cells);
  }

  [[gnu::always_inline]] Lanes<std::uint8_t, Arch> codes(const TierBytes<Arch>& tiers) const {
    const Lanes<std::uint8_t, Arch> cell =
        look_up16<Arch>(r_cells_, tiers.r) + look_up16<Arch>(f_cells_, tiers.f) + tiers.m;
    const __m512i low_byte = _mm512_set1_epi16(0xFF);
    const __m512i even = look_up(_mm512_and_si512(cell, low_byte));
    const __m512i odd = look_up(_mm512_srli_epi16(cell, 8));
    return _mm512_mask_blend_epi8(0xAAAAAAAAAAAAAAAA, even, _mm512_slli_epi16(odd, 8));
  }

 private:
  // Words with a cell each to words whose low byte is its entry (the high byte is noise).
  [[gnu::always_inline]] __m512i look_up(__m512i cell) const {
    const __m512i word = _mm512_srli_epi16(cell, 1);
    const __m512i low = _mm512_permutex2var_epi16(table_[0], word, table_[1]);
    const __m512i high = _mm512_permutex2var_epi16(table_[2], word, table_[3]);
    const __mmask32 is_high = _mm512_test_epi16_mask(cell, _mm512_set1_epi16(0x80));
    const __m512i pair = _mm512_mask_blend_epi16(is_high, low, high);
    const __mmask32 is_second = _mm512_test_epi16_mask(cell, _mm512_set1_epi16(1));
    return _mm512_mask_srli_epi16(pair, is_second, pair, 8);
  }

  __m512i table_[4];
  Lanes<std::uint8_t, Arch> r_cells_;
  Lanes<std::uint8_t, Arch> f_cells_;
};

#else

template <class Arch>
class RegisterLookUp {
 public:
  static constexpr bool kExists = false;
};

#endif

enum class LookUp { kRegisters, kSmall, kLarge };

template <class Arch>
LookUp choose_look_up(const ScoreColumns& columns, const ScoreRule& rule) {
  const std::size_t cell_count = (rule.recency_cuts.size() + 2) * (rule.frequency_cuts.size() + 2) *
                                 (rule.monetary_cuts.size() + 2);
  if (RegisterLookUp<Arch>::kExists && columns.flags.empty() && cell_count <= 256) {
    return LookUp::kRegisters;
  }
  return cell_count << rule.flag_bits <= 65536 ? LookUp::kSmall : LookUp::kLarge;
}

// Pointers to the first row of a step.
struct StepInput {
  const std::uint16_t* recency;
  const std::uint32_t* frequency;
  const std::int64_t* monetary;
  const std::uint64_t* monetary_valid;  // null: where frequency > 0
  const std::uint8_t* flags;            // null: none
};
struct StepOutput {
  std::uint8_t* r;
  std::uint8_t* f;
  std::uint8_t* m;
  std::uint8_t* codes;
};

template <class Arch>
struct ScoreCuts {
  Cuts<std::uint16_t, Arch> recency;
  Cuts<std::uint32_t, Arch> frequency;
  Cuts<std::int64_t, Arch> monetary;

  explicit ScoreCuts(const ScoreRule& rule)
      : recency(rule.recency_cuts), frequency(rule.frequency_cuts), monetary(rule.monetary_cuts) {}
};

template <class Arch>
[[gnu::always_inline]] inline TierBytes<Arch> tiers_of_step(const StepInput& in, std::size_t row,
                                                            const ScoreCuts<Arch>& cuts) {
  using Bytes = Lanes<std::uint8_t, Arch>;
  TierBytes<Arch> tiers;
  tiers.r = tiers_step<std::uint16_t, Arch>(in.recency, cuts.recency, kNoAge, true);
  tiers.f = tiers_step<std::uint32_t, Arch>(in.frequency, cuts.frequency, 0, false);
  const Bytes m =
      tiers_from<Arch>(bytes_below<Arch>(in.monetary, cuts.monetary), cuts.monetary.count, false);
  if (in.monetary_valid == nullptr) {
    tiers.m = xsimd::select(tiers.f == Bytes(std::uint8_t{0}), Bytes(std::uint8_t{0}), m);
  } else {
    tiers.m = keep_where_bits<Arch>(m, bits_at<Arch>(in.monetary_valid, row));
  }
  return tiers;
}

template <class Arch, LookUp kLookUp>
class ScoreLoop {
 public:
  explicit ScoreLoop(const ScoreRule& rule) : cuts_(rule), table_(rule) {}

  void run(const ScoreColumns& columns, const ScoreCodes& out) const {
    const std::uint64_t* valid =
        columns.monetary_valid.empty() ? nullptr : columns.monetary_valid.data();
    const std::uint8_t* flags = columns.flags.empty() ? nullptr : columns.flags.data();
    const std::size_t rows = columns.recency.size();
    std::size_t row = 0;
    for (; row + kBytes<Arch> <= rows; row += kBytes<Arch>) {
      step({columns.recency.data() + row, columns.frequency.data() + row,
            columns.monetary.data() + row, valid, flags == nullptr ? nullptr : flags + row},
           row,
           {out.r.data() + row, out.f.data() + row, out.m.data() + row, out.codes.data() + row});
    }
    if (row < rows) run_tail(columns, row, valid, flags, out);
  }

 private:
  [[gnu::always_inline]] void step(const StepInput& in, std::size_t row,
                                   const StepOutput& out) const {
    const TierBytes<Arch> tiers = tiers_of_step<Arch>(in, row, cuts_);
    tiers.r.store_unaligned(out.r);
    tiers.f.store_unaligned(out.f);
    tiers.m.store_unaligned(out.m);
    if constexpr (kLookUp == LookUp::kRegisters) {
      table_.codes(tiers).store_unaligned(out.codes);
    } else if constexpr (kLookUp == LookUp::kSmall) {
      table_.small(tiers, in.flags, out.codes);
    } else {
      table_.large(tiers, in.flags, out.codes);
    }
  }

  // What is left of less than a step, through zero-padded copies.
  [[gnu::noinline]] void run_tail(const ScoreColumns& columns, std::size_t row,
                                  const std::uint64_t* valid, const std::uint8_t* flags,
                                  const ScoreCodes& out) const {
    constexpr std::size_t kStep = kBytes<Arch>;
    std::uint16_t recency[kStep] = {};
    std::uint32_t frequency[kStep] = {};
    std::int64_t monetary[kStep] = {};
    std::uint8_t flag[kStep] = {};
    std::uint8_t codes[4][kStep];
    const std::size_t count = columns.recency.size() - row;
    for (std::size_t i = 0; i < count; ++i) {
      recency[i] = columns.recency[row + i];
      frequency[i] = columns.frequency[row + i];
      monetary[i] = columns.monetary[row + i];
      if (flags != nullptr) flag[i] = flags[row + i];
    }
    step({recency, frequency, monetary, valid, flags == nullptr ? nullptr : flag}, row,
         {codes[0], codes[1], codes[2], codes[3]});
    for (std::size_t i = 0; i < count; ++i) {
      out.r[row + i] = codes[0][i];
      out.f[row + i] = codes[1][i];
      out.m[row + i] = codes[2][i];
      out.codes[row + i] = codes[3][i];
    }
  }

  ScoreCuts<Arch> cuts_;
  std::conditional_t<kLookUp == LookUp::kRegisters, RegisterLookUp<Arch>, LoadLookUp<Arch>> table_;
};

template <class Arch>
void score_columns(const ScoreColumns& columns, const ScoreRule& rule,
                   const ScoreCodes& out) noexcept {
  switch (choose_look_up<Arch>(columns, rule)) {
    case LookUp::kRegisters:
      if constexpr (RegisterLookUp<Arch>::kExists) {
        ScoreLoop<Arch, LookUp::kRegisters>(rule).run(columns, out);
      }
      return;
    case LookUp::kSmall:
      ScoreLoop<Arch, LookUp::kSmall>(rule).run(columns, out);
      return;
    case LookUp::kLarge:
      ScoreLoop<Arch, LookUp::kLarge>(rule).run(columns, out);
      return;
  }
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
