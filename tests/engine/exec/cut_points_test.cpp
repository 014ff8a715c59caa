// Cut points over values of every magnitude against sorting.
#include <algorithm>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "small_engine.hpp"
#include "test_seed.hpp"

namespace quintile {
namespace {

using testing::as_of;
using testing::NaiveLine;

RfmModel model_of(int k) {
  const std::string tiers = "{quantile: " + std::to_string(k) + "}";
  return testing::parse_model("name: m\ntiers:\n  recency: " + tiers + "\n  frequency: " + tiers +
                              "\n  monetary: " + tiers +
                              "\nclasses:\n  - good: {f: 2}\notherwise: other\n");
}

TEST(CutPoints, EqualTheSortedColumn) {
  for (const std::uint64_t seed : testing::test_seeds(40)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    const std::size_t n = 1 + random() % 3000;
    const int k = 2 + static_cast<int>(random() % 9);
    const unsigned widest = 1 + static_cast<unsigned>(random() % 62);
    std::vector<NaiveLine> lines;
    std::vector<std::int64_t> monetary;
    for (std::size_t i = 0; i < n; ++i) {
      const auto value =
          static_cast<std::int64_t>((random() >> 1) >> (62 - widest + random() % widest)) + 1;
      const bool negative = random() % 5 == 0;
      const std::string contact = std::to_string(i);
      lines.push_back({contact, 0, 1});
      lines.push_back({contact, 1, negative ? -value : value});
      monetary.push_back(1 + (negative ? -value : value));
    }
    const auto engine = testing::make_engine();
    ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, lines));
    ASSERT_TRUE(engine->define(model_of(k)).ok());
    const auto generation = engine->recompute(as_of("2011-12-31"));
    ASSERT_TRUE(generation.ok()) << generation.status().message();
    const AxisCuts& cuts = (*generation)->rfm("m")->cuts(Axis::kMonetary);
    std::sort(monetary.begin(), monetary.end());
    ASSERT_EQ(cuts.population, n);
    EXPECT_EQ(cuts.min, monetary.front());
    EXPECT_EQ(cuts.max, monetary.back());
    ASSERT_EQ(cuts.cuts.size(), static_cast<std::size_t>(k) - 1);
    for (std::size_t i = 1; i < static_cast<std::size_t>(k); ++i) {
      const auto tiers = static_cast<std::size_t>(k);
      EXPECT_EQ(cuts.cuts[i - 1], monetary[(i * n + tiers - 1) / tiers - 1]) << i;
    }
  }
}

// Frequencies beyond the bins of one value each.
TEST(CutPoints, ManyOrdersPerContact) {
  std::vector<NaiveLine> lines;
  std::vector<std::int64_t> frequency{1, 511, 512, 513, 700, 701, 4000, 4001, 9000};
  for (std::size_t c = 0; c < frequency.size(); ++c) {
    for (std::int64_t i = 0; i < frequency[c]; ++i) {
      lines.push_back({std::to_string(c), i, 5});
    }
  }
  const auto engine = testing::make_engine();
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, lines));
  ASSERT_TRUE(engine->define(model_of(9)).ok());
  const auto generation = engine->recompute(as_of("2011-12-31"));
  ASSERT_TRUE(generation.ok());
  const AxisCuts& cuts = (*generation)->rfm("m")->cuts(Axis::kFrequency);
  EXPECT_EQ(cuts.cuts, std::vector<std::int64_t>(frequency.begin(), frequency.end() - 1));
  EXPECT_EQ(cuts.max, 9000);
}

TEST(CutPoints, HeavyTiesAreReported) {
  std::vector<NaiveLine> lines;
  for (int i = 0; i < 100; ++i) {
    lines.push_back({std::to_string(i), 0, i < 90 ? 100 : 100 + i});
  }
  const auto engine = testing::make_engine();
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, lines));
  ASSERT_TRUE(engine->define(model_of(5)).ok());
  const auto generation = engine->recompute(as_of("2011-12-31"));
  ASSERT_TRUE(generation.ok());
  const RfmResult& result = *(*generation)->rfm("m");
  EXPECT_EQ(result.cuts(Axis::kMonetary).cuts, (std::vector<std::int64_t>{100, 100, 100, 100}));
  EXPECT_EQ(result.cuts(Axis::kMonetary).collapsed_tiers, (std::vector<int>{2, 3, 4}));
  EXPECT_EQ(result.cuts(Axis::kFrequency).collapsed_tiers, (std::vector<int>{2, 3, 4, 5}));
  EXPECT_FALSE(result.findings().empty());
  EXPECT_TRUE(result.class_infos()[0].reachable);
  EXPECT_FALSE(result.class_infos()[0].reachable_now);  // good needs f 2, and all have 1 order
}

TEST(CutPoints, ValuesBeyondTheWorstBoundAreCounted) {
  const auto engine = testing::make_engine();
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, {{"a", testing::instant("2011-12-30"), 10},
                                                    {"b", testing::instant("2011-12-01"), 60},
                                                    {"c", testing::instant("2011-01-01"), 600}}));
  ASSERT_TRUE(
      engine
          ->define(testing::parse_model(
              "name: m\ntiers:\n  recency: {fixed: [90, 10]}\n  frequency: {fixed: [2, 3]}\n"
              "  monetary: {fixed: [\"0.50\", \"5\"]}\nclasses:\n  - good: {r: 2}\n"
              "otherwise: other\n"))
          .ok());
  const auto generation = engine->recompute(as_of("2011-12-31"));
  ASSERT_TRUE(generation.ok());
  const RfmResult& result = *(*generation)->rfm("m");
  EXPECT_EQ(result.cuts(Axis::kRecency).beyond_worst_bound, 1U);
  EXPECT_EQ(result.cuts(Axis::kFrequency).beyond_worst_bound, 3U);
  EXPECT_EQ(result.cuts(Axis::kMonetary).beyond_worst_bound, 1U);
  EXPECT_EQ(result.tiers(Axis::kRecency)[2], 1);
  EXPECT_EQ(result.tiers(Axis::kMonetary)[0], 1);
  EXPECT_EQ(result.tiers(Axis::kMonetary)[1], 1);
  EXPECT_EQ(result.tiers(Axis::kMonetary)[2], 2);
}

}  // namespace
}  // namespace quintile
