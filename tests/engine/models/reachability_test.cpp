#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "model_text.hpp"

namespace quintile {
namespace {

using Lines = std::vector<std::string>;

RfmCuts cuts_of(std::vector<std::int64_t> r, std::vector<std::int64_t> f,
                std::vector<std::int64_t> m) {
  RfmCuts cuts;
  cuts[0].cuts = std::move(r);
  cuts[1].cuts = std::move(f);
  cuts[2].cuts = std::move(m);
  return cuts;
}

TEST(Reachability, ShadowedClassesAreReported) {
  const RfmModel model = good_model("classes:\n  - all: {}\n  - never: {r: 3, fm: 3}\n");
  const RfmReachability reach = rfm_reachability(model);
  EXPECT_FALSE(reach.everything_reachable());
  EXPECT_EQ(reach.classes[0], ClassReach::kReachable);
  EXPECT_EQ(reach.classes[1], ClassReach::kShadowed);
  EXPECT_EQ(reach.describe(model),
            Lines{"class never can hold no contact: classes before it take all it could match"});
}

TEST(Reachability, ShadowingBySeveralClassesTogetherIsSeen) {
  const RfmModel model = good_model(
      "classes:\n  - a: {recency_days: \"<= 9\"}\n  - b: {recency_days: \"> 9\"}\n"
      "  - c: {r: 1}\n");
  EXPECT_EQ(rfm_reachability(model).classes[2], ClassReach::kShadowed);
}

TEST(Reachability, AnOtherwiseThatNobodyNeedsIsReported) {
  const RfmModel model = good_model("classes:\n  - all: {}\notherwise: rest\n");
  EXPECT_EQ(rfm_reachability(model).classes[1], ClassReach::kShadowed);
}

TEST(Reachability, ClassesThatExcludeThemselvesAreReported) {
  constexpr std::string_view kFixed =
      "tiers: {recency: {quantile: 2}, frequency: {fixed: [1, 2]}, monetary: {quantile: 2}}\n";
  const RfmModel model = good_model(
      "classes:\n  - odd: {f: 1, frequency: \">= 2\"}\n"
      "  - backwards: {recency_days: \"> 30\", first_days: \"<= 30\"}\n  - rest: {}\n",
      kFixed);
  const RfmReachability reach = rfm_reachability(model);
  EXPECT_EQ(reach.classes[0], ClassReach::kImpossible);
  EXPECT_EQ(reach.classes[1], ClassReach::kImpossible);
  EXPECT_EQ(reach.classes[2], ClassReach::kReachable);
  EXPECT_EQ(reach.describe(model)[0],
            "class odd can hold no contact: its ranges and conditions exclude each other");
}

TEST(Reachability, WindowsBoundRecency) {
  const RfmModel model = good_model(
      "window: {monetary: 30d}\nclasses:\n  - old: {recency_days: \">= 30\"}\n  - rest: {}\n");
  EXPECT_EQ(rfm_reachability(model).classes[0], ClassReach::kImpossible);
  const RfmModel wider = good_model(
      "window: {monetary: 31d}\nclasses:\n  - old: {recency_days: \">= 30\"}\n  - rest: {}\n");
  EXPECT_EQ(rfm_reachability(wider).classes[0], ClassReach::kReachable);
}

TEST(Reachability, LapsedNeedsAWindow) {
  const RfmModel without = good_model("classes:\n  - all: {}\n");
  EXPECT_EQ(rfm_reachability(without).classes[without.lapsed_code()], ClassReach::kImpossible);
  EXPECT_TRUE(rfm_reachability(without).everything_reachable());
  const RfmModel with = good_model("window: {recency: 9d}\nclasses:\n  - all: {}\n");
  EXPECT_EQ(rfm_reachability(with).classes[with.lapsed_code()], ClassReach::kReachable);
  EXPECT_EQ(rfm_reachability(with).classes[with.prospect_code()], ClassReach::kReachable);
}

TEST(Reachability, EqualCutPointsEmptyTheTiersBetweenThem) {
  constexpr std::string_view kFive =
      "tiers: {recency: {quantile: 5}, frequency: {quantile: 5}, monetary: {quantile: 5}}\n";
  const RfmModel model =
      good_model("classes:\n  - two: {f: 2}\n  - three: {f: 3}\n  - rest: {}\n", kFive);
  // Most contacts bought once: three of the four cut points are 1.
  const RfmCuts cuts = cuts_of({10, 20, 30, 40}, {1, 1, 1, 2}, {5, 6, 7, 8});
  const RfmReachability reach = rfm_reachability(model, cuts);
  ASSERT_EQ(reach.collapsed.size(), 1U);
  EXPECT_EQ(reach.collapsed[0].axis, Axis::kFrequency);
  EXPECT_EQ(reach.collapsed[0].first_cut, 0U);
  EXPECT_EQ(reach.collapsed[0].cut_count, 3U);
  EXPECT_EQ(reach.collapsed[0].value, 1);
  EXPECT_EQ(reach.empty_tiers[1], (std::vector<std::uint8_t>{2, 3}));
  EXPECT_TRUE(reach.empty_tiers[0].empty());
  EXPECT_EQ(reach.classes[0], ClassReach::kCollapsed);
  EXPECT_EQ(reach.classes[1], ClassReach::kCollapsed);
  EXPECT_EQ(reach.classes[2], ClassReach::kReachable);
  EXPECT_EQ(reach.describe(model),
            (Lines{"frequency: cut points 1 to 3 are equal (many contacts share one value)",
                   "frequency: tier 2 can hold no contact", "frequency: tier 3 can hold no contact",
                   "class two can hold no contact: it needs tiers that are empty at these "
                   "cut points",
                   "class three can hold no contact: it needs tiers that are empty at these "
                   "cut points"}));
}

TEST(Reachability, TheLastTierIsEmptyWhenNobodyIsAboveTheLastCut) {
  const RfmModel model =
      good_model("classes:\n  - best: {f: 3}\n  - worst: {r: 1}\n  - rest: {}\n");
  RfmCuts cuts = cuts_of({10, 20}, {1, 2}, {5, 6});
  EXPECT_TRUE(rfm_reachability(model, cuts).everything_reachable());
  cuts[0].highest = 20;
  cuts[1].highest = 2;
  cuts[2].highest = 7;
  const RfmReachability reach = rfm_reachability(model, cuts);
  // Recency is reversed: beyond the last cut is tier 1.
  EXPECT_EQ(reach.empty_tiers[0], (std::vector<std::uint8_t>{1}));
  EXPECT_EQ(reach.empty_tiers[1], (std::vector<std::uint8_t>{3}));
  EXPECT_TRUE(reach.empty_tiers[2].empty());
  EXPECT_EQ(reach.classes[0], ClassReach::kCollapsed);
  EXPECT_EQ(reach.classes[1], ClassReach::kCollapsed);
}

TEST(Reachability, CutPointsDecideConditionsToo) {
  // All contacts of r 3 bought within 10 days.
  const RfmModel model =
      good_model("classes:\n  - odd: {r: 3, recency_days: \"> 50\"}\n  - rest: {}\n");
  EXPECT_EQ(rfm_reachability(model).classes[0], ClassReach::kReachable);
  const RfmReachability reach = rfm_reachability(model, cuts_of({10, 20}, {1, 2}, {5, 6}));
  EXPECT_EQ(reach.classes[0], ClassReach::kImpossibleByCuts);
  EXPECT_EQ(reach.describe(model),
            Lines{"class odd can hold no contact: at these cut points its ranges, conditions and "
                  "windows exclude each other"});
}

TEST(Reachability, AClassThatAnEarlierOneTakesAtTheseCutPointsNeedsNoEmptyTier) {
  const RfmModel model = good_model(
      "classes:\n  - new: {first_days: \"<= 30\"}\n  - promising: {f: 1, r: 3}\n"
      "  - rest: {}\n");
  EXPECT_TRUE(rfm_reachability(model).everything_reachable());
  // f 1 is one purchase, and r 3 is within 25 days: its first purchase is at most 25 days old.
  const RfmReachability reach = rfm_reachability(model, cuts_of({25, 27}, {1, 2}, {5, 6}));
  EXPECT_EQ(reach.classes[1], ClassReach::kShadowedByCuts);
  EXPECT_EQ(reach.describe(model),
            Lines{"class promising can hold no contact: at these cut points classes before it take "
                  "all it could match"});
}

TEST(Reachability, ATierThatOnlyLapsedContactsHaveIsNotEmpty) {
  const RfmModel model = good_model(
      "window: {frequency: 365d, monetary: 365d}\nclasses:\n  - old: {r: 1}\n  - rest: {}\n");
  const RfmReachability reach = rfm_reachability(model, cuts_of({30, 600}, {1, 2}, {5, 6}));
  EXPECT_TRUE(reach.empty_tiers[0].empty());
  EXPECT_EQ(reach.classes[0], ClassReach::kImpossibleByCuts);
  // With the window on recency too, no value can lie there.
  const RfmModel bounded = good_model("window: 365d\nclasses:\n  - old: {r: 1}\n  - rest: {}\n");
  const RfmReachability none = rfm_reachability(bounded, cuts_of({30, 600}, {1, 2}, {5, 6}));
  EXPECT_EQ(none.empty_tiers[0], (std::vector<std::uint8_t>{1}));
  EXPECT_EQ(none.classes[0], ClassReach::kCollapsed);
}

TEST(Reachability, FixedBoundsThatNothingIsBelowAreReported) {
  const RfmModel model = good_model(
      "classes:\n  - all: {}\n",
      "tiers: {recency: {quantile: 2}, frequency: {fixed: {often: 1, seldom: 0}}, monetary: "
      "{quantile: 2}}\n");
  EXPECT_EQ(rfm_reachability(model).empty_tiers[1], (std::vector<std::uint8_t>{1}));
  EXPECT_EQ(rfm_reachability(model).describe(model),
            Lines{"frequency: tier 1 (seldom) can hold no contact"});
}

TEST(Reachability, NtileTiersDoNotFollowFromValues) {
  const RfmModel model =
      good_model("classes:\n  - two: {f: 2}\n  - rest: {}\n",
                 "tiers: {recency: {ntile: 3}, frequency: {ntile: 3}, monetary: {ntile: 3}}\n");
  EXPECT_TRUE(rfm_reachability(model, RfmCuts{}).everything_reachable());
}

}  // namespace
}  // namespace quintile
