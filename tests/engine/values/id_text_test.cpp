#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "quintile/decimal.hpp"

namespace quintile {
namespace {

TEST(CanonicalId, WholeFloatsAreIntegers) {
  EXPECT_EQ(canonical_id("13085.0"), "13085");
  EXPECT_EQ(canonical_id("13085.000"), "13085");
  EXPECT_EQ(canonical_id("-7.0"), "-7");
  EXPECT_EQ(canonical_id("0.0"), "0");
}

TEST(CanonicalId, OtherTextIsKept) {
  for (const char* text : {"", "0", "13085", "13085.", ".0", "13085.5", "13085.50", "007.0", "-0.0",
                           "-.0", "+7.0", "1e3.0", "A1.0", "1.0.0", " 1.0", "100", "-", "."}) {
    EXPECT_EQ(canonical_id(text), text);
  }
}

std::string written(double id) {
  char buffer[kMaxIdDigits];
  return std::string(write_id(id, buffer));
}

TEST(WriteId, WholeNumbersInPlainDigits) {
  EXPECT_EQ(written(13085.0), "13085");
  EXPECT_EQ(written(-0.0), "0");
  EXPECT_EQ(written(-5), "-5");
  EXPECT_EQ(written(1e15), "1000000000000000");
  EXPECT_EQ(written(9007199254740993.0), "9007199254740992");
  EXPECT_EQ(written(1.5), "1.5");
  EXPECT_EQ(written(std::numeric_limits<double>::max()).size(), 309U);
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN()), "");
  EXPECT_EQ(written(-std::numeric_limits<double>::infinity()), "-inf");
}

}  // namespace
}  // namespace quintile
