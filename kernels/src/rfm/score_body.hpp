#pragma once

#include "rfm/look_up_body.hpp"
#include "rfm/rfm_body.hpp"

// The fused pass: three columns in, tiers and class code out, one step of kBytes<Arch> rows at a
// time. The class look-up has three ways, chosen once per call:
//   registers   avx512 and at most 256 cells: tables live in registers, look-up by word permutes;
//   with
//               flags in two levels, which needs few kinds of cells (see look_up_body.hpp)
//   small       at most 65,536 entries: 16-bit indices are computed in lanes, the look-up is a load
//   large       more: cells in lanes, flags joined one by one
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

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

// `Money` is the type that monetary cut points are compared in.
template <class Arch, typename Money>
struct ScoreCuts {
  Cuts<std::uint16_t, Arch> recency;
  Cuts<std::uint32_t, Arch> frequency;
  Cuts<Money, Arch> monetary;

  explicit ScoreCuts(const ScoreRule& rule)
      : recency(rule.recency_cuts), frequency(rule.frequency_cuts), monetary(rule.monetary_cuts) {}
};

template <class Arch, typename Money>
[[gnu::always_inline]] inline TierBytes<Arch> tiers_of_step(const StepInput& in, std::size_t row,
                                                            const ScoreCuts<Arch, Money>& cuts) {
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

template <class Arch, typename Money, class LookUp>
class ScoreLoop {
 public:
  ScoreLoop(const ScoreRule& rule, const LookUp& look_up) : cuts_(rule), look_up_(look_up) {}

  void run(const ScoreColumns& columns, const ScoreCodes& out) const {
    const std::uint64_t* valid =
        columns.monetary_valid.empty() ? nullptr : columns.monetary_valid.data();
    const std::uint8_t* flags = columns.flags.empty() ? nullptr : columns.flags.data();
    const std::size_t rows = columns.recency.size();
    const std::size_t row = out.stream_tiers ? run_steps<true>(columns, valid, flags, out)
                                             : run_steps<false>(columns, valid, flags, out);
    if (out.stream_tiers) finish_streaming<Arch>();
    if (row < rows) run_tail(columns, row, valid, flags, out);
  }

 private:
  // Returns the first row that is left.
  template <bool kStream>
  [[gnu::always_inline]] std::size_t run_steps(const ScoreColumns& columns,
                                               const std::uint64_t* valid,
                                               const std::uint8_t* flags,
                                               const ScoreCodes& out) const {
    const std::size_t rows = columns.recency.size();
    std::size_t row = 0;
    for (; row + kBytes<Arch> <= rows; row += kBytes<Arch>) {
      step<kStream>(
          {columns.recency.data() + row, columns.frequency.data() + row,
           columns.monetary.data() + row, valid, flags == nullptr ? nullptr : flags + row},
          row,
          {out.r.data() + row, out.f.data() + row, out.m.data() + row, out.codes.data() + row});
    }
    return row;
  }

  template <bool kStream>
  [[gnu::always_inline]] void step(const StepInput& in, std::size_t row,
                                   const StepOutput& out) const {
    const TierBytes<Arch> tiers = tiers_of_step<Arch, Money>(in, row, cuts_);
    put<kStream>(tiers.r, out.r);
    put<kStream>(tiers.f, out.f);
    put<kStream>(tiers.m, out.m);
    look_up_.put(tiers, in.flags, out.codes);
  }

  template <bool kStream>
  [[gnu::always_inline]] static void put(Lanes<std::uint8_t, Arch> tiers, std::uint8_t* to) {
    if constexpr (kStream) {
      stream<Arch>(to, tiers);
    } else {
      tiers.store_unaligned(to);
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
    step<false>({recency, frequency, monetary, valid, flags == nullptr ? nullptr : flag}, row,
                {codes[0], codes[1], codes[2], codes[3]});
    for (std::size_t i = 0; i < count; ++i) {
      out.r[row + i] = codes[0][i];
      out.f[row + i] = codes[1][i];
      out.m[row + i] = codes[2][i];
      out.codes[row + i] = codes[3][i];
    }
  }

  ScoreCuts<Arch, Money> cuts_;
  LookUp look_up_;
};

template <class Arch, class LookUp>
void run_score(const ScoreColumns& columns, const ScoreRule& rule, const ScoreCodes& out,
               const LookUp& look_up) {
  if (fit_32_bits(rule.monetary_cuts)) {
    ScoreLoop<Arch, std::int32_t, LookUp>(rule, look_up).run(columns, out);
  } else {
    ScoreLoop<Arch, std::int64_t, LookUp>(rule, look_up).run(columns, out);
  }
}

#if defined(__AVX512BW__)

// True when the call was done by tables in registers.
template <class Arch>
bool score_in_registers(const ScoreColumns& columns, const ScoreRule& rule, const ScoreCodes& out) {
  // With fewer rows, finding the kinds of cells would take longer than the look-ups.
  constexpr std::size_t kRowsForTwoLevels = 4096;
  const std::size_t cell_count = cells_of_rule(rule);
  if (cell_count > 256) return false;
  if (columns.flags.empty()) {
    std::uint8_t entries[256] = {};
    for (std::size_t i = 0; i < cell_count; ++i)
      entries[i] = rule.table[i << rule.flag_bits];
    run_score<Arch>(columns, rule, out, OneLevelLookUp<Arch>(rule, entries));
    return true;
  }
  if (columns.flags.size() < kRowsForTwoLevels) return false;
  const TwoLevelTable table(rule);
  if (table.fits) run_score<Arch>(columns, rule, out, TwoLevelLookUp<Arch>(rule, table));
  return table.fits;
}

#else

template <class Arch>
bool score_in_registers(const ScoreColumns&, const ScoreRule&, const ScoreCodes&) {
  return false;
}

#endif

template <class Arch>
void score_columns(const ScoreColumns& columns, const ScoreRule& rule,
                   const ScoreCodes& out) noexcept {
  if (score_in_registers<Arch>(columns, rule, out)) return;
  if (cells_of_rule(rule) << rule.flag_bits <= 65536) {
    run_score<Arch>(columns, rule, out, SmallLookUp<Arch>(rule));
  } else {
    run_score<Arch>(columns, rule, out, LargeLookUp<Arch>(rule));
  }
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
