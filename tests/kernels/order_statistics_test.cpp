#include "quintile/kernels/order_statistics.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "each_isa.hpp"

namespace quintile::kernels {
namespace {

constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

// Counts per bin, whatever copies the rows went to.
template <typename Count>
std::vector<std::uint64_t> folded(std::size_t bin_count, const Count& count) {
  std::vector<std::uint32_t> bins(bin_count * kBinCopies);
  count(std::span<std::uint32_t>(bins));
  std::vector<std::uint64_t> counts(bin_count);
  fold_bins(bins, counts);
  return counts;
}

class OrderStatistics : public testing::EachIsa {
 protected:
  // No validity, mixed, all set, none set.
  std::vector<std::vector<std::uint64_t>> validities(std::size_t rows) {
    std::vector<std::vector<std::uint64_t>> result = bits_of_each_kind(rows);
    result.emplace_back();
    return result;
  }
};

TEST_P(OrderStatistics, ValuesU16EqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    const std::vector<std::uint16_t> column = values<std::uint16_t>(rows + 1);
    for (const auto& valid : validities(rows)) {
      const auto compute = [&] {
        return folded(65536, [&](std::span<std::uint32_t> bins) {
          count_values_u16(std::span(column).subspan(1), valid, bins);
        });
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows;
    }
  }
}

TEST_P(OrderStatistics, ValuesU32EqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    const std::vector<std::uint32_t> column = values<std::uint32_t>(rows + 1);
    const unsigned shift = static_cast<unsigned>(below(3)) * 10;
    const std::size_t bin_count = 1 + below(2000);
    const std::uint32_t base =
        below(2) == 0 ? 0
                      : static_cast<std::uint32_t>(~std::uint64_t{0} - (bin_count << shift) + 1);
    for (const auto& valid : validities(rows)) {
      const auto compute = [&] {
        return folded(bin_count, [&](std::span<std::uint32_t> bins) {
          count_values_u32(std::span(column).subspan(1), valid, base, shift, bins);
        });
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows << " base " << base << " shift " << shift;
    }
  }
}

TEST_P(OrderStatistics, ValuesI64EqualScalarAtBothEndsOfTheType) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    const std::vector<std::int64_t> column = values<std::int64_t>(rows + 1);
    const unsigned shift = static_cast<unsigned>(below(6)) * 10;
    const std::size_t bin_count = 1 + below(1000);
    const std::int64_t top = kLargest - static_cast<std::int64_t>((bin_count << shift) - 1);
    for (const std::int64_t base : {kSmallest, std::int64_t{0}, top}) {
      const std::vector<std::uint64_t> valid =
          below(2) == 0 ? std::vector<std::uint64_t>{} : bits(rows);
      const auto compute = [&] {
        return folded(bin_count, [&](std::span<std::uint32_t> bins) {
          count_values_i64(std::span(column).subspan(1), valid, base, shift, bins);
        });
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows << " base " << base << " shift " << shift;
    }
  }
}

TEST_P(OrderStatistics, MagnitudesEqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    std::vector<std::uint32_t> small = values<std::uint32_t>(rows + 1);
    std::vector<std::int64_t> wide = values<std::int64_t>(rows + 1);
    std::vector<std::int64_t> money(rows + 1);  // without the extremes: the way through doubles
    std::vector<std::uint32_t> few(rows + 1);
    for (std::size_t i = 0; i <= rows; ++i) {
      money[i] =
          static_cast<std::int64_t>(random()() >> (12 + below(52))) * (below(4) == 0 ? -1 : 1);
      few[i] = static_cast<std::uint32_t>(below(256));
    }
    for (const auto& valid : validities(rows)) {
      for (const auto* column : {&small, &few}) {
        const auto compute = [&] {
          return folded(kMagnitudeBinsU32, [&](std::span<std::uint32_t> bins) {
            count_magnitudes_u32(std::span(*column).subspan(1), valid, bins);
          });
        };
        ASSERT_EQ(compute(), on_scalar(compute)) << rows;
      }
      for (const auto* column : {&wide, &money}) {
        const auto compute = [&] {
          return folded(kMagnitudeBinsI64, [&](std::span<std::uint32_t> bins) {
            count_magnitudes_i64(std::span(*column).subspan(1), valid, bins);
          });
        };
        ASSERT_EQ(compute(), on_scalar(compute)) << rows;
      }
    }
  }
}

// Counts, then the values of every kept place.
template <typename Value, typename Place>
std::vector<std::vector<Value>> placed(std::size_t rows, std::size_t threshold_count,
                                       std::uint64_t keep, const Place& place) {
  std::vector<std::uint64_t> counts(threshold_count + 1, 7);
  std::vector<std::vector<Value>> rooms(counts.size());
  std::vector<KeptValues<Value>> kept(counts.size());
  for (std::size_t p = 0; p < counts.size(); ++p) {
    if (((keep >> p) & 1) == 0) continue;
    rooms[p].resize(rows + 1);
    rooms[p][0] = 42;
    kept[p] = {rooms[p], 1};
  }
  place(std::span(counts), std::span(kept));
  for (std::size_t p = 0; p < counts.size(); ++p)
    rooms[p].resize(kept[p].used);
  rooms.emplace_back();
  for (const std::uint64_t count : counts)
    rooms.back().push_back(static_cast<Value>(count));
  return rooms;
}

TEST_P(OrderStatistics, PlacesOfASmallExample) {
  const std::vector<std::int64_t> column = {5, 1, 3, 2, kLargest, kSmallest};
  const std::vector<std::int64_t> thresholds = {2, 3};
  const auto result = placed<std::int64_t>(6, 2, 0b110, [&](auto counts, auto kept) {
    place_values_i64(column, {}, thresholds, counts, kept);
  });
  EXPECT_EQ(result[1], (std::vector<std::int64_t>{42, 3}));
  EXPECT_EQ(result[2], (std::vector<std::int64_t>{42, 5, kLargest}));
  EXPECT_EQ(result[3], (std::vector<std::int64_t>{7 + 3, 7 + 1, 7 + 2}));
}

TEST_P(OrderStatistics, PlacesEqualScalar) {
  const auto thresholds_from = [this](const auto& column, std::int64_t limit) {
    auto thresholds =
        values<typename std::decay_t<decltype(column)>::value_type>(below(kThresholdsMax + 1));
    for (auto& threshold : thresholds) {
      if (!column.empty() && below(3) != 0) threshold = column[below(column.size())];
      if (limit != 0) threshold = static_cast<std::decay_t<decltype(threshold)>>(threshold % limit);
    }
    std::sort(thresholds.begin(), thresholds.end());
    return thresholds;
  };
  for (const std::size_t rows : testing::sizes_to_block()) {
    const auto small = values<std::uint16_t>(rows + 1);
    const auto middle = values<std::uint32_t>(rows + 1);
    const auto wide = values<std::int64_t>(rows + 1);
    const std::uint64_t keep = random()() & random()();
    const auto small_thresholds = thresholds_from(small, 0);
    const auto small_places = [&] {
      return placed<std::uint16_t>(rows, small_thresholds.size(), keep, [&](auto to, auto kept) {
        place_values_u16(std::span(small).subspan(1), small_thresholds, to, kept);
      });
    };
    ASSERT_EQ(small_places(), on_scalar(small_places)) << rows;
    const auto middle_thresholds = thresholds_from(middle, 0);
    const auto middle_places = [&] {
      return placed<std::uint32_t>(rows, middle_thresholds.size(), keep, [&](auto to, auto kept) {
        place_values_u32(std::span(middle).subspan(1), middle_thresholds, to, kept);
      });
    };
    ASSERT_EQ(middle_places(), on_scalar(middle_places)) << rows;
    // Without a limit compared in 64 bits, with one in 32.
    for (const std::int64_t limit : {std::int64_t{0}, (std::int64_t{1} << 31) - 1}) {
      const auto wide_thresholds = thresholds_from(wide, limit);
      for (const auto& valid : validities(rows)) {
        const auto wide_places = [&] {
          return placed<std::int64_t>(rows, wide_thresholds.size(), keep, [&](auto to, auto kept) {
            place_values_i64(std::span(wide).subspan(1), valid, wide_thresholds, to, kept);
          });
        };
        ASSERT_EQ(wide_places(), on_scalar(wide_places)) << rows;
      }
    }
  }
}

QUINTILE_EACH_ISA_SUITE(OrderStatistics);

TEST(MagnitudeBins, AscendAndHoldTheirRange) {
  std::vector<std::int64_t> edges = {kSmallest, kLargest, 0, -1, 1};
  for (int power = 0; power < 63; ++power) {
    const std::int64_t value = std::int64_t{1} << power;
    for (const std::int64_t near : {value - 1, value, value + 1, value + value / 2}) {
      edges.push_back(near);
      edges.push_back(~near);
    }
  }
  std::sort(edges.begin(), edges.end());
  std::uint32_t before = 0;
  for (const std::int64_t value : edges) {
    const std::uint32_t bin = magnitude_bin_i64(value);
    ASSERT_LT(bin, kMagnitudeBinsI64);
    EXPECT_GE(bin, before) << value;
    const BinRange<std::int64_t> range = magnitude_range_i64(bin);
    EXPECT_LE(range.base, value);
    const std::uint64_t offset =
        static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(range.base);
    EXPECT_EQ(offset >> range.shift, 0U) << value;
    before = bin;
  }
  EXPECT_EQ(magnitude_bin_i64(kSmallest), 0U);
  EXPECT_EQ(magnitude_bin_i64(kLargest), kMagnitudeBinsI64 - 1);
}

TEST(MagnitudeBins, SmallValuesHaveABinOfTheirOwn) {
  for (std::uint32_t value = 0; value < 256; ++value) {
    EXPECT_EQ(magnitude_bin(value), value);
    EXPECT_EQ(magnitude_range(value).shift, 0U);
  }
  EXPECT_EQ(magnitude_range(magnitude_bin(256)).shift, 1U);
}

TEST(MagnitudeBins, RangesOfNeighboursTouch) {
  for (std::uint32_t bin = 0; bin + 1 < kMagnitudeBinsI64; ++bin) {
    const BinRange<std::int64_t> range = magnitude_range_i64(bin);
    const std::int64_t next = magnitude_range_i64(bin + 1).base;
    ASSERT_EQ(static_cast<std::uint64_t>(next) - static_cast<std::uint64_t>(range.base),
              std::uint64_t{1} << range.shift)
        << bin;
    ASSERT_EQ(magnitude_bin_i64(range.base), bin);
    ASSERT_EQ(magnitude_bin_i64(next - 1), bin);
  }
}

// The whole way to a cut point, as an engine goes it: coarse bins, then the one that holds the
// rank.
TEST_P(OrderStatistics, RefiningABinFindsTheRankedValue) {
  std::vector<std::int64_t> column = values<std::int64_t>(5000);
  const std::vector<std::uint64_t> coarse = folded(
      kMagnitudeBinsI64, [&](std::span<std::uint32_t> b) { count_magnitudes_i64(column, {}, b); });
  std::vector<std::int64_t> sorted = column;
  std::sort(sorted.begin(), sorted.end());
  for (std::uint64_t rank = 1; rank <= column.size(); rank += 397) {
    std::uint64_t left = rank;
    std::uint32_t bin = 0;
    while (left > coarse[bin])
      left -= coarse[bin++];
    BinRange<std::int64_t> range = magnitude_range_i64(bin);
    while (range.shift > 0) {
      const unsigned finer = range.shift > 10 ? range.shift - 10 : 0;
      const auto counts = folded(
          std::size_t{1} << (range.shift - finer),
          [&](std::span<std::uint32_t> b) { count_values_i64(column, {}, range.base, finer, b); });
      std::uint32_t part = 0;
      while (left > counts[part])
        left -= counts[part++];
      range = {range.base + static_cast<std::int64_t>(std::uint64_t{part} << finer), finer};
    }
    EXPECT_EQ(range.base, sorted[rank - 1]) << "rank " << rank;
  }
}

}  // namespace
}  // namespace quintile::kernels
