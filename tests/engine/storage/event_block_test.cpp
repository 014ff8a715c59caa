#include "storage/event_block.hpp"

#include <array>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "quintile/kernels/event_window.hpp"
#include "test_seed.hpp"

namespace quintile {
namespace {

constexpr std::uint32_t kContacts = 5;

struct Event {
  std::uint32_t row;
  std::int64_t time;
  std::int64_t value;
};

const std::array<LineColumn, 2>& properties() {
  static const std::array<LineColumn, 2> kProperties = {
      LineColumn{"value", DataType::kInt64, nullptr}, LineColumn{"odd", DataType::kBool, nullptr}};
  return kProperties;
}

// Every third event has no value; the other property tells whether the value is odd.
EventBlock merge(const EventBlock& old, std::span<const Event> events) {
  EventDelta delta;
  delta.values.resize(2);
  delta.values[0].resize(DataType::kInt64, events.size());
  delta.values[1].resize(DataType::kBool, events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    delta.row.push_back(events[i].row);
    delta.time.push_back(events[i].time);
    set_bit(delta.values[1].valid, i);
    if (events[i].value % 2 != 0) set_bit(delta.values[1].bits, i);
    if (events[i].value % 3 == 0) continue;
    set_bit(delta.values[0].valid, i);
    delta.values[0].integers[i] = events[i].value;
  }
  std::vector<std::uint32_t> fresh(events.size());
  std::iota(fresh.begin(), fresh.end(), 0U);
  return merge_events(old, delta, fresh, kContacts, properties(), TimeZone());
}

std::string show(const EventBlock& block) {
  std::string text;
  for (std::size_t c = 0; c < block.contacts(); ++c) {
    text += "c" + std::to_string(c) + ":";
    for (std::uint32_t e = block.contact_events[c]; e < block.contact_events[c + 1]; ++e) {
      const EventValues& value = block.values[0];
      text += " " + std::to_string(block.time[e]) + "/" + std::to_string(block.day[e]) + "=" +
              (value.has(e) ? std::to_string(value.integers[e]) : "null") +
              ((block.values[1].bits[e / 64] >> (e % 64)) % 2 != 0 ? "odd" : "");
    }
    text += "\n";
  }
  return text;
}

TEST(EventBlock, SortsByContactAndTimeTiesByArrival) {
  const std::vector<Event> first{{1, 50, 7}, {0, 40, 1}, {1, 50, 8}};
  const std::vector<Event> second{{1, 50, 2}, {1, 49, 3}, {4, kMicrosecondsPerDay, 4}};
  EXPECT_EQ(show(merge(merge({}, first), second)),
            "c0: 40/25568=1odd\n"
            "c1: 49/25568=nullodd 50/25568=7odd 50/25568=8 50/25568=2\n"
            "c2:\nc3:\nc4: 86400000000/25569=4\n");
}

std::vector<Event> random_events(std::mt19937_64& random) {
  std::vector<Event> events;
  const std::size_t count = random() % 200;
  for (std::size_t i = 0; i < count; ++i) {
    events.push_back({static_cast<std::uint32_t>(random() % kContacts),
                      static_cast<std::int64_t>(random() % 8) * kMicrosecondsPerDay / 2,
                      static_cast<std::int64_t>(i + 1)});
  }
  return events;
}

// However events are distributed over merges, the block is that of one merge.
TEST(EventBlock, MergingInStepsEqualsMergingAtOnce) {
  for (const std::uint64_t seed : testing::test_seeds(200)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    const std::vector<Event> events = random_events(random);
    EventBlock steps;
    for (std::size_t begin = 0; begin < events.size();) {
      const std::size_t end = std::min(events.size(), begin + 1 + random() % 40);
      steps = merge(steps, std::span(events).subspan(begin, end - begin));
      begin = end;
    }
    const EventBlock once = merge({}, events);
    extend_contacts(steps, kContacts);
    ASSERT_EQ(show(steps), show(once));
    ASSERT_EQ(steps.first_time, once.first_time);
    ASSERT_EQ(steps.last_time, once.last_time);
  }
}

TEST(EventBlock, DroppingOldEventsEqualsNeverHavingSeenThem) {
  for (const std::uint64_t seed : testing::test_seeds(100)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    std::vector<Event> events = random_events(random);
    const std::int64_t bound = static_cast<std::int64_t>(random() % 9) * kMicrosecondsPerDay / 2;
    const EventBlock dropped = drop_events_before(merge({}, events), bound, properties());
    std::erase_if(events, [&](const Event& event) { return event.time < bound; });
    const EventBlock never = merge({}, events);
    ASSERT_EQ(show(dropped), show(never));
    ASSERT_EQ(dropped.first_time, never.first_time);
    ASSERT_EQ(dropped.last_time, never.last_time);
  }
}

// The columns are what the kernels read.
TEST(EventBlock, WindowsOfDaysAndOfTimesCountTheSame) {
  for (const std::uint64_t seed : testing::test_seeds(100)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    const std::vector<Event> events = random_events(random);
    const EventBlock block = merge({}, events);
    const auto day = static_cast<std::uint16_t>(kDayNumberOfEpoch + random() % 5);
    kernels::EventFilter by_day;
    by_day.day = block.day.span();
    by_day.first_day = day;
    kernels::EventFilter by_time;
    by_time.time = block.time.span();
    by_time.first_time = local_begin_of_day(day);
    std::array<std::uint32_t, kContacts> expected{};
    for (const Event& event : events) {
      if (event.time >= by_time.first_time) ++expected[event.row];
    }
    std::array<std::uint32_t, kContacts> counts{};
    kernels::count_events(block.contact_events.span(), by_day, counts);
    ASSERT_EQ(counts, expected);
    kernels::count_events(block.contact_events.span(), by_time, counts);
    ASSERT_EQ(counts, expected);
  }
}

TEST(EventBlock, NewContactsHaveNoEvents) {
  EventBlock block;
  extend_contacts(block, 3);
  EXPECT_EQ(block.contacts(), 3U);
  block = merge(block, std::vector<Event>{{2, 5, 1}});
  extend_contacts(block, kContacts + 2);
  EXPECT_EQ(block.contacts(), kContacts + 2);
  EXPECT_EQ(block.contact_events[2], 0U);
  EXPECT_EQ(block.contact_events[3], 1U);
  EXPECT_EQ(block.contact_events[kContacts + 2], 1U);
}

}  // namespace
}  // namespace quintile
