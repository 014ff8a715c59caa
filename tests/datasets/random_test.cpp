#include "random.hpp"

#include <array>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace quintile::datasets {
namespace {

constexpr int kDraws = 200'000;

TEST(Random, IsSplitMix64) {
  // The first numbers of the published generator for seed 0.
  EXPECT_EQ(mix64(0x9E3779B97F4A7C15U), 0xE220A8397B1DCDAFU);
  EXPECT_EQ(mix64(2 * 0x9E3779B97F4A7C15U), 0x6E789E6AA1B965F4U);
}

TEST(Random, EverySequenceIsItsOwn) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (std::uint64_t index = 0; index < 100; ++index) {
      firsts.insert(Random(seed, Purpose::kProfile, index).next());
      firsts.insert(Random(seed, Purpose::kOrders, index).next());
    }
  }
  EXPECT_EQ(firsts.size(), 2'000U);
}

TEST(Random, LogarithmEqualsTheLibrarys) {
  Random random(1, Purpose::kCatalogue, 1);
  for (int i = 0; i < 20'000; ++i) {
    const double value = random.positive_unit() * std::pow(10.0, random.below(600) - 300.0);
    ASSERT_NEAR(portable_log(value), std::log(value), 1e-15 + 5e-16 * std::abs(std::log(value)))
        << value;
  }
  EXPECT_EQ(portable_log(1.0), 0.0);
}

TEST(Random, ExponentialEqualsTheLibrarys) {
  Random random(2, Purpose::kCatalogue, 1);
  for (int i = 0; i < 20'000; ++i) {
    const double value = (random.unit() - 0.5) * 1'300;
    ASSERT_NEAR(portable_exp(value) / std::exp(value), 1.0, 2e-13) << value;
  }
  EXPECT_EQ(portable_exp(0.0), 1.0);
  EXPECT_EQ(portable_exp(-701.0), 0.0);
  EXPECT_TRUE(std::isfinite(portable_exp(1e300)));
}

TEST(Random, UnitsStayInTheirBounds) {
  Random random(3, Purpose::kCatalogue, 1);
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double unit = random.unit();
    ASSERT_GE(unit, 0.0);
    ASSERT_LT(unit, 1.0);
    ASSERT_GT(random.positive_unit(), 0.0);
    ASSERT_LT(random.below(7), 7U);
    sum += unit;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
}

TEST(Random, GammaHasItsMeanAndVariance) {
  for (const double shape : {0.3, 0.62, 1.0, 3.0, 20.0}) {
    Random random(4, Purpose::kCatalogue, 1);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double value = random.gamma(shape);
      ASSERT_GE(value, 0.0);
      sum += value;
      squares += value * value;
    }
    const double mean = sum / kDraws;
    EXPECT_NEAR(mean / shape, 1.0, 0.02) << shape;
    EXPECT_NEAR((squares / kDraws - mean * mean) / shape, 1.0, 0.05) << shape;
  }
}

TEST(Random, BetaAndNormalHaveTheirMeans) {
  Random random(5, Purpose::kCatalogue, 1);
  double beta = 0;
  double normal = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    beta += random.beta(0.75, 2.4);
    const double value = random.normal();
    normal += value;
    squares += value * value;
  }
  EXPECT_NEAR(beta / kDraws, 0.75 / 3.15, 0.005);
  EXPECT_NEAR(normal / kDraws, 0.0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1.0, 0.02);
}

TEST(Random, ChoiceFollowsTheWeights) {
  constexpr std::array<double, 5> kWeights = {1, 0, 5, 2, 12};
  const WeightedChoice choice(kWeights);
  Random random(6, Purpose::kCatalogue, 1);
  std::array<int, 5> counts{};
  for (int i = 0; i < kDraws; ++i) {
    ++counts[choice.pick(random)];
  }
  EXPECT_EQ(counts[1], 0);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    EXPECT_NEAR(counts[i] / double{kDraws}, kWeights[i] / 20, 0.005) << i;
  }
}

TEST(Random, PowerLawHalvesAsItShould) {
  const WeightedChoice choice = WeightedChoice::power_law(50, 1.0);
  Random random(7, Purpose::kCatalogue, 1);
  std::array<int, 50> counts{};
  for (int i = 0; i < kDraws; ++i) {
    ++counts[choice.pick(random)];
  }
  EXPECT_NEAR(counts[0] / double(counts[1]), 2.0, 0.1);
  EXPECT_NEAR(counts[0] / double(counts[9]), 10.0, 1.0);
}

}  // namespace
}  // namespace quintile::datasets
