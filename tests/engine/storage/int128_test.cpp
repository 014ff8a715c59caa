#include "quintile/int128.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace quintile {
namespace {

TEST(Int128, IsWrittenInDecimal) {
  EXPECT_EQ(to_text(Int128{0}), "0");
  EXPECT_EQ(to_text(Int128{-12}), "-12");
  EXPECT_EQ(to_text(Int128{std::numeric_limits<std::int64_t>::max()} * 10), "92233720368547758070");
  const Int128 least = static_cast<Int128>(Uint128{1} << 127);
  EXPECT_EQ(to_text(least), "-170141183460469231731687303715884105728");
}

TEST(Int128, KnowsWhatFits64Bits) {
  constexpr Int128 kMax = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(fits_int64(kMax));
  EXPECT_TRUE(fits_int64(-kMax - 1));
  EXPECT_FALSE(fits_int64(kMax + 1));
  EXPECT_FALSE(fits_int64(-kMax - 2));
}

}  // namespace
}  // namespace quintile
