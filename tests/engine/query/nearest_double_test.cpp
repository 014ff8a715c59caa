#include "query/nearest_double.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "query/power_of_ten.hpp"
#include "test_seed.hpp"

namespace quintile::query {
namespace {

// Reading text rounds once.
double as_read(Int128 units, int scale) {
  const std::string text = to_text(units) + "e-" + std::to_string(scale);
  double value = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

TEST(NearestDouble, IsRoundedOnce) {
  // The division of the nearest double of 9007199254740993 gives 90071992547409.92.
  EXPECT_EQ(nearest_double(9'007'199'254'740'993, 2), 90'071'992'547'409.93);
  EXPECT_EQ(nearest_double(1, 1), 0.1);
  EXPECT_EQ(nearest_double(-1, 38), -1e-38);
  EXPECT_EQ(nearest_double(0, 38), 0.0);
  EXPECT_EQ(nearest_double(power_of_ten(38), 38), 1.0);
  EXPECT_EQ(nearest_double(power_of_ten(38) - 1, 0), 1e38);
}

TEST(NearestDouble, BreaksTiesToEven) {
  const Int128 odd = (Int128{1} << 54) + 2;  // between two doubles
  EXPECT_EQ(nearest_double(odd, 0), 18'014'398'509'481'984.0);
  EXPECT_EQ(nearest_double(odd * 10, 1), 18'014'398'509'481'984.0);
  EXPECT_EQ(nearest_double(odd * 10 + 1, 1), 18'014'398'509'481'988.0);
  EXPECT_EQ(nearest_double(-odd * 10 - 1, 1), -18'014'398'509'481'988.0);
}

TEST(NearestDouble, IsWhatReadingTheTextGives) {
  for (const std::uint64_t seed : testing::test_seeds(4)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20'000; ++i) {
      const int scale = static_cast<int>(random() % 39);
      const Int128 wide = static_cast<Int128>(random()) << 64 | random();
      const Int128 units = wide >> random() % 128;
      ASSERT_EQ(nearest_double(units, scale), as_read(units, scale))
          << to_text(units) << " of 10^-" << scale;
    }
  }
}

TEST(NearestDouble, TakesTheExtremes) {
  const Int128 most = static_cast<Int128>(~Uint128{0} >> 1);
  for (const Int128 units : {most, -most, -most - 1}) {
    for (const int scale : {0, 1, 37, 38}) {
      EXPECT_EQ(nearest_double(units, scale), as_read(units, scale)) << scale;
    }
  }
}

TEST(NearestDouble, OfAQuotientRoundsOnce) {
  EXPECT_EQ(nearest_quotient(0, 7), 0.0);
  EXPECT_EQ(nearest_quotient(-1, 3), -1.0 / 3.0);
  EXPECT_EQ(nearest_quotient(Int128{1} << 100, 1), std::ldexp(1.0, 100));
  // Halfway between two doubles, and what lies beside it.
  const Int128 half = (Int128{1} << 54) + 2;
  EXPECT_EQ(nearest_quotient(half, 1), std::ldexp(1.0, 54));
  EXPECT_EQ(nearest_quotient(half * 3 + 1, 3), std::ldexp(1.0, 54) + 4);
  EXPECT_EQ(nearest_quotient(-half * 3 + 1, 3), -std::ldexp(1.0, 54));
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i) {
    const auto top = static_cast<std::int64_t>(random() >> (11 + random() % 40));
    const std::uint64_t bottom = 1 + (random() >> (12 + random() % 40));
    EXPECT_EQ(nearest_quotient(top, bottom),
              static_cast<double>(top) / static_cast<double>(bottom));
  }
}

}  // namespace
}  // namespace quintile::query
