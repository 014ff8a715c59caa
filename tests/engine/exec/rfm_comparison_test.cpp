#include <numeric>

#include <gtest/gtest.h>

#include "small_engine.hpp"

namespace quintile {
namespace {

using testing::as_of;
using testing::instant;

std::uint64_t count(const TransitionMatrix& matrix, const std::string& from,
                    const std::string& to) {
  const auto position = [](const std::vector<std::string>& names, const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  return matrix.counts[position(matrix.row_names, from) * matrix.columns +
                       position(matrix.column_names, to)];
}

TEST(RfmComparison, CountsWhoMovedAndWhoIsNew) {
  const auto engine = testing::make_engine();
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, {{"stays", instant("2011-01-01"), 10},
                                                    {"rises", instant("2011-01-01"), 10},
                                                    {"rises", instant("2011-06-01"), 10},
                                                    {"returns", instant("2011-01-01"), -10},
                                                    {"comes", instant("2011-06-01"), 10}}));
  ASSERT_TRUE(
      engine
          ->define(testing::parse_model(
              "name: m\ntiers:\n  recency: {fixed: [90, 10]}\n  frequency: {fixed: [1, 2]}\n"
              "  monetary: {fixed: [\"0\", \"1\"], names: [high, low]}\nclasses:\n"
              "  - good: {f: 2}\notherwise: other\n"))
          .ok());
  const auto earlier = engine->evaluate(as_of("2011-02-01")).value();
  const auto later = engine->evaluate(as_of("2011-07-01")).value();
  const RfmComparison change = later->rfm("m")->compare(*earlier->rfm("m")).value();
  const TransitionMatrix& classes = change.classes;
  EXPECT_EQ(classes.row_names, (std::vector<std::string>{"good", "other", "prospect", "lapsed"}));
  EXPECT_EQ(classes.rows, 5U);
  EXPECT_EQ(count(classes, "other", "other"), 1U);
  EXPECT_EQ(count(classes, "other", "good"), 1U);
  EXPECT_EQ(count(classes, "prospect", "prospect"), 1U);
  EXPECT_EQ(count(classes, "(not in it)", "other"), 1U);  // beyond the names: the last row
  EXPECT_EQ(std::accumulate(classes.counts.begin(), classes.counts.end(), std::uint64_t{0}), 4U);
  const TransitionMatrix& frequency = change.tiers[to_index(Axis::kFrequency)];
  EXPECT_EQ(count(frequency, "1", "2"), 1U);
  EXPECT_EQ(count(frequency, "0", "0"), 1U);
  EXPECT_EQ(change.tiers[to_index(Axis::kMonetary)].row_names,
            (std::vector<std::string>{"0", "low", "high"}));
  // Backwards, the contact that came is one that is not in it.
  const RfmComparison back = earlier->rfm("m")->compare(*later->rfm("m")).value();
  EXPECT_EQ(count(back.classes, "other", "(not in it)"), 1U);
}

TEST(RfmComparison, AnEarlierResultMayKnowFewerContacts) {
  const auto engine = testing::make_engine();
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, {{"a", instant("2011-01-01"), 10}}));
  ASSERT_TRUE(engine->define(rfm_preset("classic5", 2).value()).ok());
  const auto earlier = engine->recompute(as_of("2011-02-01")).value();
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, {{"b", instant("2011-01-01"), 10}}));
  const auto later = engine->recompute(as_of("2011-02-01")).value();
  const auto change = later->rfm("classic5")->compare(*earlier->rfm("classic5"));
  ASSERT_TRUE(change.ok());
  EXPECT_EQ(std::accumulate(change->classes.counts.begin(), change->classes.counts.end(),
                            std::uint64_t{0}),
            2U);
  EXPECT_EQ(earlier->rfm("classic5")->compare(*later->rfm("classic5")).status().code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace quintile
