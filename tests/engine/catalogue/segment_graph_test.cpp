#include "catalogue/segment_graph.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace quintile {
namespace {

using Positions = std::vector<std::uint32_t>;

TEST(SegmentGraph, EachComesAfterWhatItUses) {
  EXPECT_EQ(order_segments({}).order, Positions{});
  EXPECT_EQ(order_segments({{}, {}, {}}).order, (Positions{0, 1, 2}));
  EXPECT_EQ(order_segments({{2}, {}, {1}}).order, (Positions{1, 2, 0}));
  EXPECT_EQ(order_segments({{1, 2}, {}, {}, {0}}).order, (Positions{1, 2, 0, 3}));
}

TEST(SegmentGraph, ACircleIsToldByItsPath) {
  EXPECT_EQ(order_segments({{0}}).cycle, (Positions{0, 0}));
  EXPECT_EQ(order_segments({{1}, {0}}).cycle, (Positions{0, 1, 0}));
  // 0 only leads to the circle, 4 is led to.
  EXPECT_EQ(order_segments({{3}, {2}, {3}, {1, 4}, {}}).cycle, (Positions{1, 2, 3, 1}));
  EXPECT_TRUE(order_segments({{1}, {0}}).order.empty());
}

TEST(SegmentGraph, DependentsAreDirectAndIndirect) {
  const SegmentUses uses = {{}, {0}, {1}, {}, {2, 3}};
  const Positions order = order_segments(uses).order;
  EXPECT_EQ(dependents_of(0, uses, order), (Positions{1, 2, 4}));
  EXPECT_EQ(dependents_of(3, uses, order), (Positions{4}));
  EXPECT_EQ(dependents_of(4, uses, order), Positions{});
}

TEST(SegmentGraph, AChainOfThousandsIsOrderedWithoutDeepCalls) {
  const std::uint32_t size = 100'000;
  SegmentUses uses(size);
  for (std::uint32_t i = 0; i + 1 < size; ++i) {
    uses[i] = {i + 1};
  }
  const SegmentOrder order = order_segments(uses);
  ASSERT_EQ(order.order.size(), size);
  EXPECT_EQ(order.order.front(), size - 1);
  uses[size - 1] = {0};
  EXPECT_EQ(order_segments(uses).cycle.size(), size + 1);
}

// Either an order in which nothing comes before what it uses, or a circle of real uses.
TEST(SegmentGraph, RandomGraphsHaveAnOrderOrACircle) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    SegmentUses uses(1 + random() % 12);
    for (auto& used : uses) {
      for (std::uint32_t j = 0; j < uses.size(); ++j) {
        if (random() % uses.size() == 0) used.push_back(j);
      }
    }
    const SegmentOrder result = order_segments(uses);
    if (result.cycle.empty()) {
      ASSERT_EQ(result.order.size(), uses.size());
      std::vector<bool> done(uses.size());
      for (const std::uint32_t i : result.order) {
        for (const std::uint32_t j : uses[i])
          EXPECT_TRUE(done[j]);
        done[i] = true;
      }
      continue;
    }
    EXPECT_EQ(result.cycle.front(), result.cycle.back());
    for (std::size_t i = 0; i + 1 < result.cycle.size(); ++i) {
      const auto& used = uses[result.cycle[i]];
      EXPECT_NE(std::find(used.begin(), used.end(), result.cycle[i + 1]), used.end());
    }
  }
}

}  // namespace
}  // namespace quintile
