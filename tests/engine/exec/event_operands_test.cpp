#include "exec/event_operands.hpp"

#include <cstdint>

#include <gtest/gtest.h>

#include "event_world.hpp"

namespace quintile {
namespace {

using testing::at;
using testing::EventWorld;
using testing::PlainEvent;
using testing::PlainLine;
using Values = std::vector<std::string>;

PlainEvent visit(std::uint32_t contact, std::string_view time, std::string url = "/",
                 std::optional<std::int64_t> value = {}) {
  PlainEvent event;
  event.contact = contact;
  event.time = at(time);
  event.url = std::move(url);
  event.value = value;
  return event;
}

PlainLine line(std::uint32_t contact, std::string_view time, std::int64_t amount,
               std::optional<std::string> order = {}, std::optional<std::string> category = {}) {
  return {contact, at(time), amount, std::move(order), std::move(category), {}, {}};
}

// Contact 0 has three visits, contact 1 none, contact 2 one of the day after as_of.
EventWorld three_visits() {
  EventWorld world(3);
  world.add_visits({visit(0, "2026-03-31 08:00", "/b", 300), visit(0, "2026-03-30 09:00", "/b"),
                    visit(0, "2026-01-01 10:00", "/a", 100), visit(2, "2026-04-01 00:00")});
  return world;
}

TEST(EventOperands, CountsTheEventsInTheWindow) {
  const EventWorld world = three_visits();
  EXPECT_EQ(world.values("count(visit)"), (Values{"3", "0", "0"}));
  EXPECT_EQ(world.values("count(visit, 2d)"), (Values{"2", "0", "0"}));
  EXPECT_EQ(world.values("count(visit, 1d)"), (Values{"1", "0", "0"}));
  EXPECT_EQ(world.values("count(visit WHERE url = '/b' AND value IS NULL)"),
            (Values{"1", "0", "0"}));
  EXPECT_EQ(world.values("count(cart)"), (Values{"0", "0", "0"}));
}

TEST(EventOperands, LaterEventsAreNotSeen) {
  EventWorld world = three_visits();
  world.set_as_of("2026-03-31 08:00");
  EXPECT_EQ(world.values("count(visit)"), (Values{"3", "0", "0"}));
  world.set_as_of("2026-03-31 07:59:59");
  EXPECT_EQ(world.values("count(visit)"), (Values{"2", "0", "0"}));
  EXPECT_EQ(world.values("count(visit, 1d)"), (Values{"0", "0", "0"}));
  world.set_as_of("2026-04-01");
  EXPECT_EQ(world.values("count(visit, 1d)"), (Values{"0", "0", "1"}));
}

TEST(EventOperands, HoursReachBackFromAsOfItself) {
  EventWorld world = three_visits();
  world.set_as_of("2026-03-31 09:00");
  EXPECT_EQ(world.values("count(visit, 24h)"), (Values{"1", "0", "0"}))
      << "one is as old as the window is long";
  EXPECT_EQ(world.values("count(visit, 1441m)"), (Values{"2", "0", "0"}));
}

TEST(EventOperands, FunctionsOfAPropertyPassOverNulls) {
  const EventWorld world = three_visits();
  EXPECT_EQ(world.values("sum(visit.value)"), (Values{"400", "0", "0"}));
  EXPECT_EQ(world.values("avg(visit.value)"), (Values{"2", "NULL", "NULL"}));
  EXPECT_EQ(world.values("min(visit.value)"), (Values{"100", "NULL", "NULL"}));
  EXPECT_EQ(world.values("max(visit.value)"), (Values{"300", "NULL", "NULL"}));
  EXPECT_EQ(world.values("distinct(visit.value)"), (Values{"2", "0", "0"}));
  EXPECT_EQ(world.values("distinct(visit.url)"), (Values{"2", "0", "0"}));
  EXPECT_EQ(world.values("mode(visit.url)"), (Values{"/b", "NULL", "NULL"}));
  EXPECT_EQ(world.values("mode(visit.value)"), (Values{"100", "NULL", "NULL"})) << "the smallest";
  EXPECT_EQ(world.values("min(visit.url)"), (Values{"/a", "NULL", "NULL"}));
}

TEST(EventOperands, FirstAndLastTakeTheValueOfThatEventEvenIfItHasNone) {
  const EventWorld world = three_visits();
  EXPECT_EQ(world.values("first(visit.value)"), (Values{"100", "NULL", "NULL"}));
  EXPECT_EQ(world.values("last(visit.url)"), (Values{"/b", "NULL", "NULL"}));
  EXPECT_EQ(world.values("last(visit.value WHERE time < TIMESTAMP '2026-03-31')"),
            (Values{"NULL", "NULL", "NULL"}));
  EXPECT_EQ(world.values("last(visit.value WHERE value IS NOT NULL AND time < TIMESTAMP "
                         "'2026-03-31')"),
            (Values{"100", "NULL", "NULL"}));
}

TEST(EventOperands, TiesOfTimeGoByArrival) {
  EventWorld world(1);
  world.add_visits({visit(0, "2026-03-01", "first"), visit(0, "2026-03-01", "second")});
  world.add_visits({visit(0, "2026-03-01", "third")});
  EXPECT_EQ(world.values("first(visit.url)"), Values{"first"});
  EXPECT_EQ(world.values("last(visit.url)"), Values{"third"});
}

TEST(EventOperands, DaysSinceAreLocalDates) {
  std::string error;
  EventWorld world(2, *TimeZone::find("Europe/Warsaw", error));
  world.add_visits({visit(0, "2026-03-28 22:59:59"), visit(1, "2026-03-28 23:00")});
  EXPECT_EQ(world.values("days_since(visit)"), (Values{"3", "2"}));
  EXPECT_EQ(world.values("count(visit, 3d)"), (Values{"0", "1"}));
}

TEST(EventOperands, RegularlyCountsSpansThatEndWithTheDateOfAsOf) {
  EventWorld world(3);
  world.add_visits({visit(0, "2026-03-31"), visit(0, "2026-03-25"), visit(0, "2026-03-24"),
                    visit(1, "2026-03-31"), visit(1, "2026-03-25")});
  EXPECT_EQ(world.values("regularly(visit, 2 of 2 weeks)"), (Values{"true", "false", "false"}));
  EXPECT_EQ(world.values("regularly(visit, 1 of 2 weeks)"), (Values{"true", "true", "false"}));
  EXPECT_EQ(world.values("regularly(visit, 2 of 8 days)"), (Values{"true", "true", "false"}));
  EXPECT_EQ(world.values("regularly(visit, 3 of 7 days)"), (Values{"false", "false", "false"}));
}

TEST(EventOperands, ASequenceNeedsLaterEvents) {
  EventWorld world(4);
  world.add_visits({visit(0, "2026-03-01 10:00"), visit(1, "2026-03-01 10:00"),
                    visit(2, "2026-03-01 10:00"), visit(3, "2026-03-01 10:00")});
  world.add_carts({visit(0, "2026-03-01 10:00"), visit(1, "2026-03-01 12:00"),
                   visit(2, "2026-03-01 12:00:01"), visit(3, "2026-03-01 09:00")});
  EXPECT_EQ(world.values("sequence(visit THEN cart)"), (Values{"false", "true", "true", "false"}));
  EXPECT_EQ(world.values("sequence(visit THEN cart WITHIN 2h)"),
            (Values{"false", "true", "false", "false"}));
  EXPECT_EQ(world.values("sequence(visit THEN NOT cart WITHIN 2h)"),
            (Values{"true", "false", "true", "true"}));
  EXPECT_EQ(world.values("sequence(visit THEN NOT cart)"),
            (Values{"true", "false", "false", "true"}));
  EXPECT_EQ(world.values("sequence(visit THEN cart, 30d)"), (Values(4, "false")));
}

TEST(EventOperands, OrdersArePurchasesAndReturnsAsTheyWereAtAsOf) {
  EventWorld world(2);
  world.add_lines({line(0, "2026-03-01 10:00", 500, "A"), line(0, "2026-03-05 10:00", -600, "A"),
                   line(0, "2026-03-03 10:00", -100), line(1, "2026-03-02 10:00", 0),
                   line(1, "2026-03-04 10:00", 250, "B"), line(1, "2026-03-04 11:00", 50, "B")});
  EXPECT_EQ(world.values("count(purchase)"), (Values{"0", "1"}));
  EXPECT_EQ(world.values("sum(return.amount)"), (Values{"-200", "0"}));
  EXPECT_EQ(world.values("max(purchase.amount)"), (Values{"NULL", "300"}));
  EXPECT_EQ(world.values("min(return.time)"), (Values{std::to_string(at("2026-03-01 10:00")),
                                                      std::to_string(at("2026-03-02 10:00"))}));
  world.set_as_of("2026-03-04 10:30");
  EXPECT_EQ(world.values("count(purchase WHERE amount >= 2.50)"), (Values{"1", "1"}));
  EXPECT_EQ(world.values("sum(purchase.amount)"), (Values{"500", "250"}));
  EXPECT_EQ(world.values("sum(return.amount)"), (Values{"-100", "0"}));
  world.set_as_of("2026-03-01 09:00");
  EXPECT_EQ(world.values("count(purchase)"), (Values{"0", "0"}));
}

TEST(EventOperands, OrderLinesAreEventsToo) {
  EventWorld world(2);
  PlainLine gift = line(0, "2026-03-02", 700, "A", "toys");
  gift.gift = true;
  gift.pieces = 3;
  world.add_lines({line(0, "2026-03-10", 100, "A", "books"), gift,
                   line(0, "2026-03-05", 50, {}, "toys"), line(1, "2026-03-31", 50, "B")});
  EXPECT_EQ(world.values("count(order WHERE category = 'toys', 27d)"), (Values{"1", "0"}));
  EXPECT_EQ(world.values("count(order WHERE category = 'toys', 30d)"), (Values{"2", "0"}));
  EXPECT_EQ(world.values("last(order.category)"), (Values{"books", "NULL"}));
  EXPECT_EQ(world.values("first(order.amount)"), (Values{"700", "50"}));
  EXPECT_EQ(world.values("distinct(order.order)"), (Values{"1", "1"}));
  EXPECT_EQ(world.values("sum(order.pieces WHERE gift)"), (Values{"3", "0"}));
  EXPECT_EQ(world.values("mode(order.gift)"), (Values{"true", "NULL"}));
  EXPECT_EQ(world.values("sequence(order WHERE category = 'toys' THEN order)"),
            (Values{"true", "false"}));
}

TEST(EventOperands, ASumThatDoesNotFitIsAnErrorThatNamesTheContact) {
  EventWorld world(2);
  world.add_visits({visit(1, "2026-03-01", "/", INT64_MAX), visit(1, "2026-03-02", "/", 1)});
  EXPECT_EQ(world.values("sum(visit.value)"),
            Values{"overflow: sum(visit.value) of contact 'c1': expected a sum that fits 64 bits, "
                   "got 9223372036854775808"});
  EXPECT_EQ(world.values("sum(visit.value, 30d)"), (Values{"0", "1"}));
  EXPECT_EQ(world.values("avg(visit.value)"), (Values{"NULL", "46116860184273880"}));
  world.add_lines({line(1, "2026-03-01", INT64_MAX, "A"), line(1, "2026-03-02", 1, "A")});
  EXPECT_EQ(world.values("count(purchase)"), (Values{"0", "1"}));
  EXPECT_EQ(world.values("max(purchase.amount)"),
            Values{"overflow: expected amounts of orders that fit 64 bits, got one of contact "
                   "'c1'"});
  world.set_as_of("2026-03-01");
  EXPECT_EQ(world.values("max(purchase.amount)"), (Values{"NULL", "9223372036854775807"}));
}

TEST(EventOperands, ContactsPastTheSealedOnesHaveNoEvents) {
  EventWorld world(3);
  const EventScope scope = world.scope();
  const Result<BoundOperand> operand = world.bind("max(visit.time)", scope);
  ASSERT_TRUE(operand.ok());
  OperandBuffer buffer;
  ASSERT_TRUE(evaluate_event_operand(*operand, scope, 7, 100, buffer).ok());
  EXPECT_EQ(buffer.view().valid[0], 0U);
  EXPECT_EQ(buffer.view().valid[1], 0U);
}

}  // namespace
}  // namespace quintile
