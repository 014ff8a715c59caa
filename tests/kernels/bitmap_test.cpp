#include "quintile/kernels/bitmap.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "each_isa.hpp"

namespace quintile::kernels {
namespace {

class Bitmap : public testing::EachIsa {};

TEST_P(Bitmap, CodesOfTheHeadersExample) {
  const std::array<std::uint8_t, 4> codes = {0, 2, 1, 2};
  std::array<std::uint64_t, 2> words = {~std::uint64_t{0}, ~std::uint64_t{0}};
  std::array<std::uint64_t, 2> counts = {10, 10};
  code_bitmaps(codes, 1, 2, 1, words, counts);
  EXPECT_EQ(words, (std::array<std::uint64_t, 2>{0b0100, 0b1010}));
  EXPECT_EQ(counts, (std::array<std::uint64_t, 2>{11, 12}));
}

TEST_P(Bitmap, CodeBitmapsEqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    for (const std::size_t count : {1, 12, 63, 64, 250, 256}) {
      const auto first = static_cast<std::uint8_t>(count == 256 ? 0 : below(256 - count));
      std::vector<std::uint8_t> column = codes(rows + 1, 256);
      if (rows % 3 == 0) column.assign(rows + 1, first);
      const std::size_t stride = words_for(rows) + below(3);
      const bool counted = below(2) == 0;
      const auto compute = [&] {
        std::vector<std::uint64_t> words(count * stride + 1, 0x5555);
        std::vector<std::uint64_t> counts(counted ? count : 0, 3);
        code_bitmaps(std::span(column).subspan(1), first, count, stride, words, counts);
        return std::pair{words, counts};
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows << " rows, " << count << " codes";
    }
  }
}

TEST_P(Bitmap, CountBitsEqualsScalar) {
  for (const std::size_t words : testing::odd_sizes()) {
    const std::vector<std::uint64_t> column = bits(words * 64 + 1);
    const auto compute = [&] { return count_bits(std::span(column).subspan(1)); };
    ASSERT_EQ(compute(), on_scalar(compute)) << words;
  }
  EXPECT_EQ(count_bits(std::vector<std::uint64_t>(kBlockWords, ~std::uint64_t{0})), kBlockRows);
}

TEST_P(Bitmap, MarkNonzeroEqualsScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    std::vector<std::uint32_t> column = values<std::uint32_t>(rows + 1);
    for (std::uint32_t& value : column) {
      const bool is_zero = rows % 3 == 0 || (rows % 3 == 1 && below(2) == 0);
      value = is_zero ? 0 : value == 0 ? 1 : value;
    }
    const auto compute = [&] {
      std::vector<std::uint64_t> words(words_for(rows) + 1, 0x5555);
      mark_nonzero_u32(std::span(column).subspan(1), words);
      return words;
    };
    ASSERT_EQ(compute(), on_scalar(compute)) << rows;
  }
}

QUINTILE_EACH_ISA_SUITE(Bitmap);

}  // namespace
}  // namespace quintile::kernels
