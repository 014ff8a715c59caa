#include <string>

#include <gtest/gtest.h>

#include "model_text.hpp"

namespace quintile {
namespace {

constexpr std::string_view kPrefix =
    "m.yaml:4:3: the classes leave cells over and there is no 'otherwise': ";

std::string left_over(std::string_view rest, std::string_view tiers = kThreeByThree) {
  const std::string error = model_error(rest, tiers);
  EXPECT_TRUE(error.starts_with(kPrefix)) << error;
  return error.substr(std::min(error.size(), kPrefix.size()));
}

TEST(Coverage, CellsLeftOverAreListed) {
  EXPECT_EQ(left_over("classes:\n  - a: {r: 3}\n  - b: {r: 2, f: [2, 3]}\n  - c: {r: 1, m: 2}\n"),
            "r 1: f 1-3 m 1 and m 3; r 2: f 1 m 1-3");
  EXPECT_EQ(left_over("classes:\n  - a: {r: 3, f: 3, m: 3}\n"),
            "r 1-2: f 1-3 m 1-3; r 3: f 1-2 m 1-3, f 3 m 1-2");
}

TEST(Coverage, CellsAreListedByTierNames) {
  constexpr std::string_view kNamed =
      "tiers: {recency: {quantile: 2, names: [short, long]}, frequency: {quantile: 3, names: "
      "[often, regular, occasional]}, monetary: {quantile: 2}}\n";
  EXPECT_EQ(left_over("classes:\n  - a: {r: short, f: [often, regular]}\n  - b: {m: 2}\n", kNamed),
            "r long: f occasional to often m 1; r short: f occasional m 1");
}

TEST(Coverage, OtherwiseCoversTheRest) {
  const RfmModel model = good_model("classes:\n  - a: {r: 3}\notherwise: rest\n");
  EXPECT_EQ(model.classes[1], "rest");
  EXPECT_EQ(model.table.codes[model.table.index(1, 1, 1, 0)], 1);
}

TEST(Coverage, ARuleWithAConditionDoesNotCoverItsCells) {
  EXPECT_EQ(left_over("classes:\n  - a: {r: 3, recency_days: \"<= 9\"}\n  - b: {r: [1, 2]}\n"),
            "r 3 f 1 m 1 when not recency_days <= 9; r 3 f 1 m 2 when not recency_days <= 9; "
            "r 3 f 1 m 3 when not recency_days <= 9; r 3 f 2 m 1 when not recency_days <= 9; "
            "r 3 f 2 m 2 when not recency_days <= 9; r 3 f 2 m 3 when not recency_days <= 9; "
            "r 3 f 3 m 1 when not recency_days <= 9; r 3 f 3 m 2 when not recency_days <= 9; "
            "r 3 f 3 m 3 when not recency_days <= 9");
}

TEST(Coverage, ConditionsThatExhaustAllValuesCover) {
  good_model(
      "classes:\n  - a: {recency_days: \"<= 9\"}\n  - b: {recency_days: [10, 20]}\n"
      "  - c: {recency_days: \"> 20\"}\n");
  good_model(
      "classes:\n  - a: {monetary: \"< 0\"}\n  - b: {monetary: [0, 99.99]}\n"
      "  - c: {monetary: \">= 100\"}\n");
  // One cent is missing.
  EXPECT_NE(left_over("classes:\n  - a: {monetary: \"< 0\"}\n  - b: {monetary: [0, 99.98]}\n"
                      "  - c: {monetary: \">= 100\"}\n")
                .find("not monetary <= -0.01 and not monetary 0.00 to 99.98 and not monetary >= "
                      "100.00"),
            std::string::npos);
}

TEST(Coverage, FixedTiersImplyValues) {
  constexpr std::string_view kFixed =
      "tiers: {recency: {quantile: 2}, frequency: {fixed: [1, 2, 5]}, monetary: {quantile: 2}}\n";
  // Tier 1 is exactly one purchase, tier 2 two to four.
  good_model(
      "classes:\n  - one: {f: 1, frequency: 1}\n  - few: {f: 2, frequency: [2, 4]}\n"
      "  - many: {f: 3, frequency: \">= 5\"}\n",
      kFixed);
  EXPECT_NE(left_over("classes:\n  - one: {f: 1, frequency: 1}\n  - few: {f: 2, frequency: [2, 3]}"
                      "\n  - many: {f: 3}\n",
                      kFixed)
                .find("r 1 f 2 m 1 when not frequency 2 to 3"),
            std::string::npos);
}

TEST(Coverage, KnowsThatTheFirstPurchaseIsNotAfterTheLast) {
  // first_days <= 5 implies recency_days <= 5.
  good_model("classes:\n  - a: {recency_days: \"<= 5\"}\n  - b: {first_days: \"> 5\"}\n");
  constexpr std::string_view kFixed =
      "tiers: {recency: {quantile: 2}, frequency: {fixed: [1, 2]}, monetary: {quantile: 2}}\n";
  // Of one purchase in all time first and last are the same.
  good_model(
      "classes:\n  - many: {f: 2}\n  - new: {first_days: \"<= 5\"}\n"
      "  - old: {recency_days: \"> 5\"}\n",
      kFixed);
  // With a window on frequency there may have been others before.
  EXPECT_NE(model_error("window: {frequency: 30d}\nclasses:\n  - many: {f: 2}\n"
                        "  - new: {first_days: \"<= 5\"}\n  - old: {recency_days: \"> 5\"}\n",
                        kFixed)
                .find("r 1 f 1 m 1 when not first_days <= 5 and not recency_days >= 6"),
            std::string::npos);
}

TEST(Coverage, ManyPartsAreCounted) {
  constexpr std::string_view kTen =
      "tiers: {recency: {quantile: 10}, frequency: {quantile: 10}, monetary: {quantile: 10}}\n";
  const std::string error = left_over("classes:\n  - a: {frequency: \"<= 9\"}\n", kTen);
  EXPECT_TRUE(error.ends_with("; and parts of 980 more cells")) << error;
}

}  // namespace
}  // namespace quintile
