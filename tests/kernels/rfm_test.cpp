#include "quintile/kernels/rfm.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "each_isa.hpp"

namespace quintile::kernels {
namespace {

using Bytes = std::vector<std::uint8_t>;

class Rfm : public testing::EachIsa {
 protected:
  // Ascending cut points, taken from the column so that values meet them exactly.
  template <typename Value>
  std::vector<Value> cuts_from(const std::vector<Value>& column) {
    std::vector<Value> cuts(1 + below(kCutsMax));
    for (Value& cut : cuts) {
      cut = column.empty() || below(4) == 0 ? values<Value>(1)[0] : column[below(column.size())];
    }
    std::sort(cuts.begin(), cuts.end());
    return cuts;
  }
};

TEST_P(Rfm, TiersOfASmallExample) {
  const std::array<std::uint32_t, 6> values = {0, 1, 2, 3, 10, 11};
  const std::array<std::uint32_t, 2> cuts = {1, 10};
  Bytes tiers(values.size());
  tiers_u32(values, cuts, false, tiers);
  EXPECT_EQ(tiers, (Bytes{0, 1, 2, 2, 2, 3}));

  const std::array<std::uint16_t, 4> ages = {0, 30, 31, kNoAge};
  const std::array<std::uint16_t, 2> bounds = {30, 90};
  tiers.resize(ages.size());
  tiers_u16(ages, bounds, true, tiers);
  EXPECT_EQ(tiers, (Bytes{3, 3, 2, 0}));
}

TEST_P(Rfm, TiersU16EqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    std::vector<std::uint16_t> column = values<std::uint16_t>(rows + 1);
    if (rows % 3 == 0) std::fill(column.begin(), column.end(), kNoAge);
    const std::vector<std::uint16_t> cuts = cuts_from(column);
    for (const bool reversed : {false, true}) {
      const auto compute = [&] {
        Bytes tiers(rows, 99);
        tiers_u16(std::span(column).subspan(1), cuts, reversed, tiers);
        return tiers;
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows;
    }
  }
}

TEST_P(Rfm, TiersU32EqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    std::vector<std::uint32_t> column = values<std::uint32_t>(rows + 1);
    if (rows % 3 == 0) std::fill(column.begin(), column.end(), 0);
    const std::vector<std::uint32_t> cuts = cuts_from(column);
    for (const bool reversed : {false, true}) {
      const auto compute = [&] {
        Bytes tiers(rows, 99);
        tiers_u32(std::span(column).subspan(1), cuts, reversed, tiers);
        return tiers;
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows;
    }
  }
}

TEST_P(Rfm, TiersI64EqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    const std::vector<std::int64_t> column = values<std::int64_t>(rows + 1);
    const std::vector<std::int64_t> cuts = cuts_from(column);
    std::vector<std::vector<std::uint64_t>> validities = bits_of_each_kind(rows);
    validities.emplace_back();
    for (const auto& valid : validities) {
      const bool reversed = below(2) == 0;
      const auto compute = [&] {
        Bytes tiers(rows, 99);
        tiers_i64(std::span(column).subspan(1), valid, cuts, reversed, tiers);
        return tiers;
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows;
    }
  }
}

TEST_P(Rfm, FlagRangesEqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    const auto ages = values<std::uint16_t>(rows + 1);
    const auto counts = values<std::uint32_t>(rows + 1);
    const auto money = values<std::int64_t>(rows + 1);
    const Bytes before = codes(rows + 1, 256);
    const auto bit = static_cast<std::uint8_t>(1U << below(8));
    // Bounds are often values of the column, sometimes the wrong way round, sometimes the extremes.
    const auto bounds = [&](const auto& column) {
      auto low = column[below(column.size())];
      auto high = column[below(column.size())];
      if (below(4) != 0 && low > high) std::swap(low, high);
      return std::pair{low, high};
    };
    const auto [age_low, age_high] = bounds(ages);
    const auto [count_low, count_high] = bounds(counts);
    const auto [money_low, money_high] = bounds(money);
    const auto compute = [&, al = age_low, ah = age_high, cl = count_low, ch = count_high,
                          ml = money_low, mh = money_high] {
      std::array<Bytes, 3> flags = {before, before, before};
      flag_range_u16(std::span(ages).subspan(1), al, ah, bit, std::span(flags[0]).subspan(1));
      flag_range_u32(std::span(counts).subspan(1), cl, ch, bit, std::span(flags[1]).subspan(1));
      flag_range_i64(std::span(money).subspan(1), ml, mh, bit, std::span(flags[2]).subspan(1));
      return flags;
    };
    ASSERT_EQ(compute(), on_scalar(compute)) << rows;
  }
}

TEST_P(Rfm, CellsAndClassifyEqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    CellShape shape;
    shape.r_tiers = static_cast<std::uint8_t>(2 + below(9));
    shape.f_tiers = static_cast<std::uint8_t>(2 + below(9));
    shape.m_tiers = static_cast<std::uint8_t>(2 + below(9));
    const Bytes r = codes(rows + 1, shape.r_tiers + 1U);
    const Bytes f = codes(rows + 1, shape.f_tiers + 1U);
    const Bytes m = codes(rows + 1, shape.m_tiers + 1U);
    const auto flag_bits = static_cast<unsigned>(below(kFlagBitsMax + 1));
    const Bytes flags = codes(rows + 1, std::uint64_t{1} << flag_bits);
    const auto flags_or_none = std::span(flags).subspan(1, below(2) == 0 ? 0 : rows);
    const Bytes table = codes(cell_count(shape) << flag_bits, 256);
    const auto compute = [&] {
      std::vector<std::uint16_t> cell(rows + 1, 77);
      const auto from_one = std::span(cell).subspan(1);
      cells(std::span(r).subspan(1), std::span(f).subspan(1), std::span(m).subspan(1), shape,
            from_one);
      Bytes classes(rows + 1, 77);
      classify(from_one, flags_or_none, table, flag_bits, std::span(classes).subspan(1));
      return std::pair{cell, classes};
    };
    ASSERT_EQ(compute(), on_scalar(compute)) << rows;
  }
}

struct Scores {
  Bytes r, f, m, codes;
  bool operator==(const Scores&) const = default;
};

class Score : public Rfm {
 protected:
  struct Population {
    std::vector<std::uint16_t> recency;
    std::vector<std::uint32_t> frequency;
    std::vector<std::int64_t> monetary;
  };

  // Some, none or all have purchased.
  Population population(std::size_t rows) {
    Population p{values<std::uint16_t>(rows + 1), values<std::uint32_t>(rows + 1),
                 values<std::int64_t>(rows + 1)};
    const std::uint64_t kind = below(4);
    for (std::size_t i = 0; i <= rows && kind < 2; ++i) {
      p.recency[i] = kind == 0 ? kNoAge : static_cast<std::uint16_t>(p.recency[i] / 2);
      p.frequency[i] = kind == 0 ? 0 : p.frequency[i] / 2 + 1;
    }
    return p;
  }

  // Cut counts that lead to tables of every look-up way: up to 256 cells, up to 65,536 entries,
  // more.
  template <typename Value>
  std::vector<Value> some_cuts(std::size_t count) {
    std::vector<Value> cuts = values<Value>(count);
    std::sort(cuts.begin(), cuts.end());
    return cuts;
  }

  void compare(std::size_t rows, std::array<std::size_t, 3> cut_counts, unsigned flag_bits,
               bool with_flags, bool with_validity, std::size_t kinds = 0) {
    const Population p = population(rows);
    const auto recency_cuts = some_cuts<std::uint16_t>(cut_counts[0]);
    const auto frequency_cuts = some_cuts<std::uint32_t>(cut_counts[1]);
    const auto monetary_cuts = some_cuts<std::int64_t>(cut_counts[2]);
    const std::size_t cell_total = (cut_counts[0] + 2) * (cut_counts[1] + 2) * (cut_counts[2] + 2);
    const Bytes table = table_of_kinds(cell_total, std::size_t{1} << flag_bits, kinds);
    const Bytes flags = with_flags ? codes(rows, std::uint64_t{1} << flag_bits) : Bytes{};
    const auto valid =
        with_validity ? bits_of_each_kind(rows)[below(3)] : std::vector<std::uint64_t>{};
    const ScoreColumns columns{std::span(p.recency).subspan(1), std::span(p.frequency).subspan(1),
                               std::span(p.monetary).subspan(1), valid, flags};
    const ScoreRule rule{recency_cuts, frequency_cuts, monetary_cuts, table, flag_bits};
    const auto compute = [&] {
      Scores out{Bytes(rows + 1), Bytes(rows + 1), Bytes(rows + 1), Bytes(rows + 1)};
      const auto from_one = [](Bytes& bytes) { return std::span(bytes).subspan(1); };
      score(columns, rule,
            {from_one(out.r), from_one(out.f), from_one(out.m), from_one(out.codes)});
      for (Bytes* bytes : {&out.r, &out.f, &out.m, &out.codes})
        bytes->erase(bytes->begin());
      return out;
    };
    const Scores fused = compute();
    ASSERT_TRUE(fused == on_scalar(compute))
        << rows << " rows, " << cell_total << " cells, " << flag_bits << " flag bits";
    expect_same_in_steps(columns, rule, fused);
  }

  // Class codes per cell and flags; with `kinds`, every cell has the codes of one of so many.
  Bytes table_of_kinds(std::size_t cell_total, std::size_t width, std::size_t kinds) {
    if (kinds == 0) return codes(cell_total * width, 256);
    const Bytes kind_codes = codes(kinds * width, 256);
    Bytes table;
    for (std::size_t cell = 0; cell < cell_total; ++cell) {
      const auto from = kind_codes.begin() + static_cast<std::ptrdiff_t>(below(kinds) * width);
      table.insert(table.end(), from, from + static_cast<std::ptrdiff_t>(width));
    }
    return table;
  }

  // The header's promise: score equals tiers, cells and classify one after the other.
  static void expect_same_in_steps(const ScoreColumns& columns, const ScoreRule& rule,
                                   const Scores& fused) {
    const std::size_t rows = columns.recency.size();
    std::vector<std::uint64_t> valid(columns.monetary_valid.begin(), columns.monetary_valid.end());
    if (valid.empty()) {
      valid.resize(words_for(rows));
      for (std::size_t i = 0; i < rows; ++i) {
        if (columns.frequency[i] > 0) valid[i / 64] |= std::uint64_t{1} << (i % 64);
      }
    }
    Scores steps{Bytes(rows), Bytes(rows), Bytes(rows), Bytes(rows)};
    tiers_u16(columns.recency, rule.recency_cuts, true, steps.r);
    tiers_u32(columns.frequency, rule.frequency_cuts, false, steps.f);
    tiers_i64(columns.monetary, valid, rule.monetary_cuts, false, steps.m);
    const CellShape shape{static_cast<std::uint8_t>(rule.recency_cuts.size() + 1),
                          static_cast<std::uint8_t>(rule.frequency_cuts.size() + 1),
                          static_cast<std::uint8_t>(rule.monetary_cuts.size() + 1)};
    std::vector<std::uint16_t> cell(rows);
    cells(steps.r, steps.f, steps.m, shape, cell);
    classify(cell, columns.flags, rule.table, rule.flag_bits, steps.codes);
    EXPECT_TRUE(steps == fused) << rows;
  }
};

TEST_P(Score, FiveByFiveByFiveEqualsScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    compare(rows, {4, 4, 4}, 0, false, rows % 2 == 0);
  }
}

TEST_P(Score, EveryWayOfLookingUpEqualsScalar) {
  for (const std::size_t rows : {std::size_t{63}, std::size_t{64}, std::size_t{1000}}) {
    for (unsigned flag_bits = 0; flag_bits <= kFlagBitsMax; ++flag_bits) {
      compare(rows, {4, 4, 4}, flag_bits, true, false);
      compare(rows, {4, 4, 4}, flag_bits, false, true);
      compare(rows, {2, 2, 2}, flag_bits, true, true);
      compare(rows, {9, 9, 9}, flag_bits, true, false);
      compare(rows, {1, 9, 3}, flag_bits, flag_bits % 2 == 0, true);
    }
  }
}

// Tables with few kinds of cells fit in registers in two levels: exactly 256 entries, and one kind
// more.
TEST_P(Score, TablesOfFewKindsEqualScalar) {
  for (unsigned flag_bits = 0; flag_bits <= kFlagBitsMax; ++flag_bits) {
    const std::size_t most = 256U >> flag_bits;
    for (const std::size_t kinds : {std::size_t{1}, most / 2 + 1, most, most + 1}) {
      compare(5000 + below(64), {4, 4, 4}, flag_bits, true, below(2) == 0, kinds);
      compare(5000 + below(64), {2, 6, 6}, flag_bits, true, below(2) == 0, kinds);
    }
  }
}

// 256 cells is the most that the table in registers holds: 4 * 8 * 8; then 264 and 363.
TEST_P(Score, TablesOfExactly256CellsAndOneMoreEqualScalar) {
  compare(777, {2, 6, 6}, 0, false, false);
  compare(777, {1, 6, 9}, 0, false, false);
  compare(777, {9, 1, 9}, 0, false, false);
}

TEST_P(Score, RandomShapesEqualScalar) {
  for (int i = 0; i < 60; ++i) {
    const std::size_t rows = below(300);
    compare(rows, {1 + below(9), 1 + below(9), 1 + below(9)}, static_cast<unsigned>(below(5)),
            below(2) == 0, below(2) == 0);
  }
}

TEST_P(Score, StreamedTiersAreTheSame) {
  struct alignas(64) Line {
    std::array<std::uint8_t, 64> bytes;
  };
  for (const std::size_t rows : testing::odd_sizes()) {
    const auto recency = values<std::uint16_t>(rows);
    const auto frequency = values<std::uint32_t>(rows);
    const auto monetary = values<std::int64_t>(rows);
    const std::array<std::uint16_t, 1> recency_cuts = {30};
    const std::array<std::uint32_t, 2> frequency_cuts = {1, 500};
    const std::array<std::int64_t, 1> monetary_cuts = {100};
    const Bytes table = codes(3 * 4 * 3, 9);
    const auto scored = [&](bool stream) {
      std::vector<Line> tiers(3 * (rows / 64 + 1));
      std::uint8_t* memory = tiers.data()->bytes.data();
      const std::size_t apart = (rows / 64 + 1) * 64;
      ScoreCodes out{{memory, rows}, {memory + apart, rows}, {memory + 2 * apart, rows}, {}};
      Bytes classes(rows);
      out.codes = classes;
      out.stream_tiers = stream;
      score({recency, frequency, monetary, {}, {}},
            {recency_cuts, frequency_cuts, monetary_cuts, table, 0}, out);
      classes.insert(classes.end(), memory, memory + 3 * apart);
      return classes;
    };
    ASSERT_EQ(scored(true), scored(false)) << rows;
    const auto streamed = [&] { return scored(true); };
    ASSERT_EQ(streamed(), on_scalar(streamed)) << rows;
  }
}

TEST_P(Rfm, FillAndReplaceEqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    const Bytes before = codes(rows + 1, 6);
    for (const std::vector<std::uint64_t>& words : bits_of_each_kind(rows)) {
      const auto compute = [&] {
        Bytes filled = before;
        fill_codes_outside(words, 255, std::span(filled).subspan(1));
        Bytes replaced = before;
        replace_codes(words, 3, 200, std::span(replaced).subspan(1));
        return std::pair{filled, replaced};
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows;
    }
  }
  Bytes codes = {1, 2, 1, 2};
  const std::array<std::uint64_t, 1> first_two = {0b0011};
  replace_codes(first_two, 2, 9, codes);
  EXPECT_EQ(codes, (Bytes{1, 9, 1, 2}));
  fill_codes_outside(first_two, 255, codes);
  EXPECT_EQ(codes, (Bytes{1, 9, 255, 255}));
}

QUINTILE_EACH_ISA_SUITE(Rfm);
QUINTILE_EACH_ISA_SUITE(Score);

}  // namespace
}  // namespace quintile::kernels
