#include <limits>

#include <gtest/gtest.h>

#include "quintile/decimal.hpp"

namespace quintile {
namespace {

TEST(FormatMinorUnits, WritesExactlyTheDecimals) {
  EXPECT_EQ(format_minor_units(std::int64_t{-1230}, 2), "-12.30");
  EXPECT_EQ(format_minor_units(std::int64_t{0}, 2), "0.00");
  EXPECT_EQ(format_minor_units(std::int64_t{5}, 2), "0.05");
  EXPECT_EQ(format_minor_units(std::int64_t{-5}, 3), "-0.005");
  EXPECT_EQ(format_minor_units(std::int64_t{1234}, 0), "1234");
  EXPECT_EQ(format_minor_units(std::numeric_limits<std::int64_t>::min(), 2),
            "-92233720368547758.08");
  EXPECT_EQ(format_minor_units(std::numeric_limits<std::int64_t>::max(), 18),
            "9.223372036854775807");
}

TEST(FormatMinorUnits, WritesSumsPast64Bits) {
  const Int128 sum = static_cast<Int128>(std::numeric_limits<std::int64_t>::max()) * 10;
  EXPECT_EQ(format_minor_units(sum, 2), "922337203685477580.70");
  EXPECT_EQ(format_minor_units(-sum, 0), "-92233720368547758070");
}

TEST(FormatMinorUnits, AppendsToWhatIsThere) {
  std::string text = "a,";
  append_minor_units(-7, 1, text);
  EXPECT_EQ(text, "a,-0.7");
}

}  // namespace
}  // namespace quintile
