#include "quintile/kernels/predicate.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "each_isa.hpp"

namespace quintile::kernels {
namespace {

using Words = std::vector<std::uint64_t>;

class Predicate : public testing::EachIsa {
 protected:
  // Runs `mark(out)` under the forced set and on the plain loops, with and without nulls asked for.
  // Both write into words that were not clear, and the word behind them stays as it was.
  template <typename Mark>
  void expect_equal(std::size_t rows, const Mark& mark) {
    const bool wants_nulls = below(4) != 0;
    const auto compute = [&] {
      Words is_true(words_for(rows) + 1, 0x5555);
      Words is_null(wants_nulls ? words_for(rows) + 1 : 0, 0xAAAA);
      mark(TruthWords{is_true, is_null});
      EXPECT_EQ(is_true.back(), 0x5555U);
      EXPECT_TRUE(is_null.empty() || is_null.back() == 0xAAAAU);
      return std::pair{is_true, is_null};
    };
    ASSERT_EQ(compute(), on_scalar(compute)) << rows << " rows";
  }

  // No bitmap, an empty or a full one, or a mixture.
  Words validity(std::size_t rows) {
    const std::uint64_t kind = below(4);
    if (kind == 0) return {};
    Words valid = bits(rows);
    if (kind < 3) std::ranges::fill(valid, kind == 1 ? 0 : ~std::uint64_t{0});
    return valid;
  }

  template <typename Value>
  std::vector<Value> column(std::size_t rows) {
    if constexpr (std::is_floating_point_v<Value>) {
      constexpr double kInfinity = std::numeric_limits<double>::infinity();
      constexpr std::array<double, 6> kEdges = {-kInfinity, kInfinity, 0.0, -0.0, 5e-324, -5e-324};
      std::vector<double> result(rows);
      for (double& value : result) {
        value = below(3) == 0 ? kEdges[below(kEdges.size())]
                              : static_cast<double>(below(2000)) / 8.0 - 100.0;
      }
      return result;
    } else {
      return values<Value>(rows);
    }
  }

  template <typename Value, typename Mark>
  void intervals_equal_scalar(const Mark& mark) {
    for (const std::size_t rows : testing::sizes_to_block()) {
      for (int repeat = 0; repeat < 6; ++repeat) {
        const std::vector<Value> values = column<Value>(rows + 1);
        const std::vector<Value> bounds = column<Value>(2);
        Interval<Value> interval{bounds[0], bounds[1], below(2) == 0};
        if (repeat == 1) interval.high = interval.low;
        if (repeat == 2) interval.low = std::numeric_limits<Value>::lowest();
        if (repeat == 3) interval.high = std::numeric_limits<Value>::max();
        if (repeat >= 4 && interval.low > interval.high) std::swap(interval.low, interval.high);
        const Words valid = validity(rows);
        expect_equal(rows, [&](const TruthWords& out) {
          mark(std::span(values).subspan(1), interval, valid, out);
        });
      }
    }
  }

  template <typename Value, typename Mark>
  void lists_equal_scalar(const Mark& mark) {
    for (const std::size_t rows : testing::sizes_to_block()) {
      for (const std::size_t count : {0, 1, 3, 16}) {
        const std::vector<Value> values = column<Value>(rows + 1);
        std::vector<Value> wanted = column<Value>(count);
        for (Value& value : wanted) {
          if (below(2) == 0) value = values[below(values.size())];
        }
        const bool negated = below(2) == 0;
        const Words valid = validity(rows);
        expect_equal(rows, [&](const TruthWords& out) {
          mark(std::span(values).subspan(1), wanted, negated, valid, out);
        });
      }
    }
  }

  template <typename Code, typename Mark>
  void codes_equal_scalar(const Mark& mark) {
    for (const std::size_t rows : testing::sizes_to_block()) {
      for (const std::size_t table_words : {0, 1, 3, 4, 5, 40, 1024, 1100}) {
        std::vector<Code> codes = column<Code>(rows + 1);
        for (Code& code : codes) {
          if (below(2) == 0) code = static_cast<Code>(below(table_words * 64 + 70));
        }
        Words table = bits(table_words * 64);
        if (table_words == 4 && below(2) == 0) table[3] |= std::uint64_t{1} << 63;
        const bool negated = below(2) == 0;
        const Words valid = validity(rows);
        expect_equal(rows, [&](const TruthWords& out) {
          mark(std::span(codes).subspan(1), table, negated, valid, out);
        });
      }
    }
  }
};

TEST_P(Predicate, IntervalOfTheHeadersExample) {
  const std::array<std::uint8_t, 3> values = {3, 9, 5};
  const Words valid = {0b011};
  Words is_true = {~std::uint64_t{0}};
  Words is_null = {~std::uint64_t{0}};
  mark_interval_u8(values, {4, 9}, valid, {is_true, is_null});
  EXPECT_EQ(is_true, Words{0b010});
  EXPECT_EQ(is_null, Words{0b100});
}

TEST_P(Predicate, IntervalsReachTheEndsOfTheType) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::array<std::int64_t, 5> values = {Limits::min(), -1, 0, 1, Limits::max()};
  const auto mark = [&](std::int64_t low, std::int64_t high, bool negated) {
    Words is_true = {0};
    mark_interval_i64(values, {low, high, negated}, {}, {is_true, {}});
    return is_true[0];
  };
  EXPECT_EQ(mark(Limits::min(), Limits::max(), false), 0b11111U);
  EXPECT_EQ(mark(Limits::min(), Limits::max(), true), 0U);
  EXPECT_EQ(mark(Limits::max(), Limits::min(), false), 0U);
  EXPECT_EQ(mark(Limits::max(), Limits::min(), true), 0b11111U);
  EXPECT_EQ(mark(-1, 0, false), 0b00110U);
  EXPECT_EQ(mark(Limits::max(), Limits::max(), true), 0b01111U);
}

TEST_P(Predicate, DoublesCompareAsNumbers) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const std::array<double, 5> values = {-0.0, 0.0, kInfinity, kNone, -kInfinity};
  const Words valid = {0b10111};
  Words is_true = {0};
  Words is_null = {0};
  mark_interval_f64(values, {0.0, 0.0}, valid, {is_true, is_null});
  EXPECT_EQ(is_true, Words{0b00011});
  EXPECT_EQ(is_null, Words{0b01000});
  mark_interval_f64(values, {-kInfinity, -5e-324, true}, valid, {is_true, is_null});
  EXPECT_EQ(is_true, Words{0b00111});
}

TEST_P(Predicate, NothingIsInAnEmptyListOrTable) {
  const std::array<std::uint32_t, 2> values = {0, 0xFFFFFFFFU};
  Words is_true = {7};
  mark_list_u32(values, {}, false, {}, {is_true, {}});
  EXPECT_EQ(is_true, Words{0});
  mark_list_u32(values, {}, true, {}, {is_true, {}});
  EXPECT_EQ(is_true, Words{0b11});
  mark_codes_u32(values, {}, false, {}, {is_true, {}});
  EXPECT_EQ(is_true, Words{0});
  mark_codes_u32(values, {}, true, {}, {is_true, {}});
  EXPECT_EQ(is_true, Words{0b11});
}

TEST_P(Predicate, IntervalsEqualScalar) {
  intervals_equal_scalar<std::uint8_t>(mark_interval_u8);
  intervals_equal_scalar<std::uint16_t>(mark_interval_u16);
  intervals_equal_scalar<std::uint32_t>(mark_interval_u32);
  intervals_equal_scalar<std::int32_t>(mark_interval_i32);
  intervals_equal_scalar<std::int64_t>(mark_interval_i64);
  intervals_equal_scalar<double>(mark_interval_f64);
}

TEST_P(Predicate, ListsEqualScalar) {
  lists_equal_scalar<std::uint16_t>(mark_list_u16);
  lists_equal_scalar<std::uint32_t>(mark_list_u32);
  lists_equal_scalar<std::int32_t>(mark_list_i32);
  lists_equal_scalar<std::int64_t>(mark_list_i64);
}

TEST_P(Predicate, CodesEqualScalar) {
  codes_equal_scalar<std::uint8_t>(mark_codes_u8);
  codes_equal_scalar<std::uint16_t>(mark_codes_u16);
  codes_equal_scalar<std::uint32_t>(mark_codes_u32);
}

TEST(PredicateDeathTest, RefusesTooSmallBitmaps) {
  const std::array<std::uint8_t, 65> values = {};
  Words words(1);
  EXPECT_DEATH(mark_interval_u8(values, {}, {}, {words, {}}), "");
  const std::array<std::uint32_t, 1> one = {};
  const std::array<std::uint32_t, 17> wanted = {};
  EXPECT_DEATH(mark_list_u32(one, wanted, false, {}, {words, {}}), "");
}

QUINTILE_EACH_ISA_SUITE(Predicate);

}  // namespace
}  // namespace quintile::kernels
