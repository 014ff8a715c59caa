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
    return {{},
            bits(rows),
            std::vector<std::uint64_t>(words_for(rows), ~std::uint64_t{0}),
            std::vector<std::uint64_t>(words_for(rows), 0)};
  }
};

TEST_P(OrderStatistics, ValuesU16EqualScalar) {
  for (const std::size_t rows : testing::odd_sizes()) {
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
  for (const std::size_t rows : testing::odd_sizes()) {
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
