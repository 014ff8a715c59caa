#include "quintile/kernels/tally.hpp"

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

bool operator==(const CodeSum& a, const CodeSum& b) {
  return a.rows == b.rows && a.low == b.low && a.high == b.high;
}

bool same(const std::vector<CodeSum>& a, const std::vector<CodeSum>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const CodeSum& x, const CodeSum& y) { return x == y; });
}

class Tally : public testing::EachIsa {
 protected:
  // Codes all over the range, or long runs of one.
  std::vector<std::uint16_t> cells(std::size_t rows, std::uint64_t limit) {
    std::vector<std::uint16_t> result(rows);
    std::uint16_t current = 0;
    for (std::uint16_t& cell : result) {
      if (rows % 2 == 0 || below(50) == 0) current = static_cast<std::uint16_t>(below(limit));
      cell = current;
    }
    return result;
  }

  // The first row of the columns is left out, so that they start unaligned.
  template <typename Code, typename Value, typename Sum>
  void compare_sums(const std::vector<Code>& by, const std::vector<Value>& column,
                    std::size_t code_count, const Sum& sum) {
    const auto compute = [&] {
      std::vector<CodeSum> sums(code_count, CodeSum{1, 2, 3});
      sum(std::span<const Code>(by).subspan(1), std::span<const Value>(column).subspan(1),
          std::span<CodeSum>(sums));
      return sums;
    };
    ASSERT_TRUE(same(compute(), on_scalar(compute))) << by.size() - 1 << " rows, " << code_count;
  }
};

TEST_P(Tally, SumsAreExactWhateverTheValues) {
  constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();
  const std::vector<std::uint8_t> by(1000, 1);
  std::vector<CodeSum> sums(2);
  sum_i64_by_code(by, std::vector<std::int64_t>(1000, kSmallest), sums);
  EXPECT_EQ(sums[1].rows, 1000U);
  EXPECT_EQ(sums[1].low, 0U);
  EXPECT_EQ(sums[1].high, 1000 * (kSmallest >> 32));
  EXPECT_EQ(sums[0].rows, 0U);
}

TEST_P(Tally, SumOfTheHeadersExample) {
  std::vector<CodeSum> sums(2);
  sum_i64_by_code(std::array<std::uint8_t, 2>{1, 1}, std::array<std::int64_t, 2>{-1, 5}, sums);
  EXPECT_EQ(sums[1].rows, 2U);
  EXPECT_EQ(sums[1].low, (std::uint64_t{1} << 32) + 4);
  EXPECT_EQ(sums[1].high, -1);
}

TEST_P(Tally, AgesThatDoNotExistAreLeftOut) {
  std::vector<CodeSum> sums(1);
  sum_u16_by_code(std::array<std::uint8_t, 3>{}, std::array<std::uint16_t, 3>{7, 0xFFFF, 1}, sums);
  EXPECT_EQ(sums[0].rows, 2U);
  EXPECT_EQ(sums[0].low, 8U);
}

TEST_P(Tally, CountsEqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    const std::vector<std::uint8_t> a = codes(rows + 1, rows % 2 == 0 ? 256 : 2);
    const std::vector<std::uint8_t> b = codes(rows + 1, 11);
    for (const std::uint64_t limit : {7, 1331, 60000}) {
      const std::vector<std::uint16_t> cell = cells(rows + 1, limit);
      const auto compute = [&] {
        std::vector<std::uint64_t> counts(256 + 256 * 11 + limit, 5);
        const std::span<std::uint64_t> all(counts);
        count_codes(std::span(a).subspan(1), all.first<256>());
        count_pairs(std::span(a).subspan(1), std::span(b).subspan(1), 11,
                    all.subspan(256, 256 * 11));
        count_cells(std::span(cell).subspan(1), all.subspan(256 + 256 * 11));
        return counts;
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows;
    }
    const std::vector<std::uint8_t> tier = codes(rows, 11);
    const auto small = [&] {
      std::vector<std::uint64_t> counts(121);
      count_pairs(tier, std::span(b).subspan(1), 11, counts);
      return counts;
    };
    ASSERT_EQ(small(), on_scalar(small)) << rows;
  }
}

TEST_P(Tally, SumsEqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    auto ages = values<std::uint16_t>(rows + 1);
    if (rows % 3 == 0) ages.assign(rows + 1, kNoAge);
    const auto counts = values<std::uint32_t>(rows + 1);
    const auto money = values<std::int64_t>(rows + 1);
    for (const std::size_t code_count : {std::size_t{1}, std::size_t{14}, std::size_t{256}}) {
      const std::vector<std::uint8_t> by = codes(rows + 1, code_count);
      compare_sums(by, ages, code_count, sum_u16_by_code);
      compare_sums(by, counts, code_count, sum_u32_by_code);
      compare_sums(by, money, code_count, sum_i64_by_code);
    }
    for (const std::size_t cell_count : {std::size_t{216}, std::size_t{1331}}) {
      const std::vector<std::uint16_t> by = cells(rows + 1, cell_count);
      compare_sums(by, ages, cell_count, sum_u16_by_cell);
      compare_sums(by, counts, cell_count, sum_u32_by_cell);
      compare_sums(by, money, cell_count, sum_i64_by_cell);
    }
  }
}

QUINTILE_EACH_ISA_SUITE(Tally);

}  // namespace
}  // namespace quintile::kernels
