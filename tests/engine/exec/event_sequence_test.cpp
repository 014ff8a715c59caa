#include "exec/event_sequence.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "plain_events.hpp"
#include "test_seed.hpp"

namespace quintile {
namespace {

std::vector<SequenceStep> to_steps(const std::vector<testing::PlainStep>& plain) {
  std::vector<SequenceStep> steps;
  for (const testing::PlainStep& step : plain) {
    steps.push_back({step.negated, step.within_us, step.times});
    std::sort(steps.back().times.begin(), steps.back().times.end());
  }
  return steps;
}

TEST(EventSequence, AnEarlierEventMayStandWhereTheLatestIsFollowedByTheUnwanted) {
  // 0 THEN NOT 6 WITHIN 2 THEN 10: the event at 5 is followed too soon, that at 0 is not.
  std::vector<SequenceStep> steps(3);
  steps[0].times = {0, 5};
  steps[1] = {true, 2, {6}};
  steps[2].times = {10};
  EXPECT_TRUE(has_sequence(steps));
  steps[2].within_us = 9;
  EXPECT_FALSE(has_sequence(steps));
  steps[1].within_us.reset();
  steps[2].within_us.reset();
  EXPECT_FALSE(has_sequence(steps)) << "and without WITHIN none may lie between";
  steps[0].times.push_back(6);
  EXPECT_TRUE(has_sequence(steps)) << "at the same time is not after";
}

TEST(EventSequence, EqualsTryingAllChoices) {
  for (const std::uint64_t seed : testing::test_seeds(20)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    int found = 0;
    for (int round = 0; round < 2000; ++round) {
      std::vector<testing::PlainStep> steps(2 + random() % 4);
      for (std::size_t i = 0; i < steps.size(); ++i) {
        steps[i].negated = i != 0 && !steps[i - 1].negated && random() % 3 == 0;
        if (i != 0 && random() % 2 == 0) {
          steps[i].within_us = static_cast<std::int64_t>(random() % 6);
        }
        for (std::size_t n = random() % 5; n > 0; --n) {
          steps[i].times.push_back(static_cast<std::int64_t>(random() % 20));
        }
      }
      const bool expected = testing::plain_sequence(steps);
      found += expected ? 1 : 0;
      ASSERT_EQ(has_sequence(to_steps(steps)), expected) << "round " << round;
    }
    EXPECT_GT(found, 100);
    EXPECT_LT(found, 1900);
  }
}

}  // namespace
}  // namespace quintile
