#include "storage/order_block.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "test_seed.hpp"

namespace quintile {
namespace {

constexpr std::uint32_t kContacts = 5;

struct Line {
  std::uint32_t row;
  std::int64_t time;
  std::int64_t amount;
  std::uint32_t order;
};

LineDelta to_delta(std::span<const Line> lines) {
  LineDelta delta;
  for (const Line& line : lines) {
    delta.row.push_back(line.row);
    delta.time.push_back(line.time);
    delta.amount.push_back(line.amount);
    delta.order.push_back(line.order);
  }
  return delta;
}

OrderBlock merge(const OrderBlock& old, std::span<const Line> lines) {
  static const TimeZone kUtc;
  const LineDelta delta = to_delta(lines);
  std::vector<std::uint32_t> fresh(lines.size());
  std::iota(fresh.begin(), fresh.end(), 0U);
  return merge_block(old, delta, fresh, kContacts, {{}, -1, &kUtc});
}

std::string show(const OrderBlock& block) {
  std::string text;
  for (std::size_t c = 0; c < block.contacts(); ++c) {
    text += "c" + std::to_string(c) + ":";
    for (std::uint32_t o = block.contact_orders[c]; o < block.contact_orders[c + 1]; ++o) {
      text += " [" + std::to_string(block.order_amount[o]) + " day " +
              std::to_string(block.order_day[o]) + ":";
      for (std::uint32_t line = block.order_lines[o]; line < block.order_lines[o + 1]; ++line) {
        text += " " + std::to_string(block.line_time[line]) + "/" +
                std::to_string(block.line_amount[line]);
      }
      text += "]";
    }
    text += "\n";
  }
  return text;
}

TEST(OrderBlock, GroupsLinesAndSortsOrdersByTimeThenArrival) {
  const std::vector<Line> lines{{1, 50, 7, kNoCode}, {0, 40, 1, 9}, {1, 50, 8, 3}, {0, 30, 2, 9},
                                {1, 50, 9, kNoCode}, {0, 35, 4, 8}, {1, 10, 5, 3}};
  EXPECT_EQ(show(merge({}, lines)),
            "c0: [3 day 25568: 30/2 40/1] [4 day 25568: 35/4]\n"
            "c1: [13 day 25568: 10/5 50/8] [7 day 25568: 50/7] [9 day 25568: 50/9]\n"
            "c2:\nc3:\nc4:\n");
}

// However lines are distributed over merges, the block is that of one merge: amounts here tell each
// line apart, so a lost, doubled or reordered tie shows.
TEST(OrderBlock, MergingInStepsEqualsMergingAtOnce) {
  for (const std::uint64_t seed : testing::test_seeds(300)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    std::vector<Line> lines;
    const std::size_t count = random() % 60;
    for (std::size_t i = 0; i < count; ++i) {
      lines.push_back({static_cast<std::uint32_t>(random() % kContacts),
                       static_cast<std::int64_t>(random() % 4) * kMicrosecondsPerDay / 2,
                       static_cast<std::int64_t>(i + 1),
                       random() % 3 == 0 ? kNoCode : static_cast<std::uint32_t>(random() % 4)});
    }
    OrderBlock steps = merge({}, {});
    for (std::size_t begin = 0; begin < count;) {
      const std::size_t end = std::min(count, begin + 1 + random() % 20);
      steps = merge(steps, std::span(lines).subspan(begin, end - begin));
      begin = end;
    }
    const OrderBlock once = merge({}, lines);
    extend_contacts(steps, kContacts);
    ASSERT_EQ(show(steps), show(once));
    const auto equal = [](const auto& a, const auto& b) { return std::ranges::equal(a, b); };
    ASSERT_TRUE(equal(steps.spread_orders, once.spread_orders));
    ASSERT_TRUE(equal(steps.spread_until, once.spread_until));
    ASSERT_TRUE(equal(steps.contact_orders, once.contact_orders));
    ASSERT_TRUE(equal(steps.order_lines, once.order_lines));
    ASSERT_TRUE(equal(steps.order_code, once.order_code));
    ASSERT_TRUE(equal(steps.order_units, once.order_units));
    ASSERT_EQ(steps.first_time, once.first_time);
    ASSERT_EQ(steps.last_time, once.last_time);
  }
}

TEST(OrderBlock, NotesOrdersThatGoOnAfterTheirDay) {
  const std::vector<Line> lines{{0, 0, 1, 1},
                                {0, 3 * kMicrosecondsPerDay, 1, 1},
                                {1, 0, 1, 2},
                                {1, kMicrosecondsPerDay - 1, 1, 2}};
  const OrderBlock block = merge({}, lines);
  ASSERT_EQ(block.spread_orders.size(), 1U);
  EXPECT_EQ(block.spread_orders[0], 0U);
  EXPECT_EQ(block.spread_until[0], kDayNumberOfEpoch + 3);
}

TEST(OrderBlock, WideSumsAreMarked) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(merge({}, std::vector<Line>{{0, 0, kMax, kNoCode}}).wide_sums);
  EXPECT_TRUE(merge({}, std::vector<Line>{{0, 0, kMax, kNoCode}, {1, 0, -1, kNoCode}}).wide_sums);
  EXPECT_TRUE(
      merge({}, std::vector<Line>{{0, 0, std::numeric_limits<std::int64_t>::min(), kNoCode}})
          .wide_sums);
}

TEST(OrderBlock, NewContactsHaveNoOrders) {
  OrderBlock block;
  extend_contacts(block, 3);
  EXPECT_EQ(block.contacts(), 3U);
  block = merge(block, std::vector<Line>{{2, 5, 1, kNoCode}});
  EXPECT_EQ(block.contacts(), kContacts);
  EXPECT_EQ(block.contact_orders[2], 0U);
  EXPECT_EQ(block.contact_orders[3], 1U);
  EXPECT_EQ(block.contact_orders[kContacts], 1U);
}

}  // namespace
}  // namespace quintile
