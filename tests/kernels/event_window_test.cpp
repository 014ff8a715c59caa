#include "quintile/kernels/event_window.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "each_isa.hpp"

namespace quintile::kernels {
namespace {

using Counts = std::vector<std::uint32_t>;

struct Events {
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint16_t> day;
  std::vector<std::int64_t> time;
  std::vector<std::int64_t> value;
  std::vector<std::uint64_t> selected;
};

class EventWindow : public testing::EachIsa {
 protected:
  // Most contacts have few events, some none, a few more than a stretch holds.
  Events random_events(std::size_t contacts) {
    Events events;
    events.offsets.push_back(static_cast<std::uint32_t>(below(3) == 0 ? 0 : below(200)));
    for (std::size_t c = 0; c < contacts; ++c) {
      const std::uint64_t kind = below(40);
      const std::uint64_t count =
          kind == 0 && contacts < 300 ? below(9000) : below(kind < 20 ? 4 : 20);
      events.offsets.push_back(events.offsets.back() + static_cast<std::uint32_t>(count));
    }
    const std::size_t total = events.offsets.back();
    events.day = values<std::uint16_t>(total);
    events.time = values<std::int64_t>(total);
    events.value = values<std::int64_t>(total);
    for (std::int64_t& value : events.value)
      value >>= 20;  // no sum over a contact may overflow
    events.selected = bits(total);
    return events;
  }

  EventFilter random_filter(const Events& events) {
    EventFilter filter;
    if (below(3) != 0) {
      filter.day = events.day;
      filter.first_day = values<std::uint16_t>(1)[0];
      filter.last_day = values<std::uint16_t>(1)[0];
      if (below(8) != 0 && filter.first_day > filter.last_day)
        std::swap(filter.first_day, filter.last_day);
    }
    if (below(3) == 0) {
      filter.time = events.time;
      filter.first_time = values<std::int64_t>(1)[0];
      filter.last_time = values<std::int64_t>(1)[0];
      if (below(8) != 0 && filter.first_time > filter.last_time)
        std::swap(filter.first_time, filter.last_time);
    }
    if (below(2) == 0) filter.selected = events.selected;
    return filter;
  }
};

TEST_P(EventWindow, CountsOfTheHeadersExample) {
  const std::array<std::uint32_t, 4> offsets = {0, 3, 3, 4};
  const std::array<std::uint16_t, 4> day = {5, 7, 9, 8};
  EventFilter filter;
  filter.day = day;
  filter.first_day = 7;
  filter.last_day = 8;
  Counts counts(3, 99);
  count_events(offsets, filter, counts);
  EXPECT_EQ(counts, (Counts{1, 0, 1}));
  std::vector<std::uint64_t> words = {~std::uint64_t{0}};
  mark_event_counts(offsets, filter, {1, 5}, words);
  EXPECT_EQ(words[0], 0b101U);
  mark_event_counts(offsets, filter, {0, 0, true}, words);
  EXPECT_EQ(words[0], 0b101U);
}

TEST_P(EventWindow, OverNoEventSumsAreZeroAndNothingIsFound) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  const std::array<std::uint32_t, 3> offsets = {1, 4, 4};
  const std::array<std::int64_t, 4> value = {1000, -5, kMost, -7};
  const std::array<std::uint64_t, 1> selected = {0b1010};
  EventFilter filter;
  filter.selected = selected;
  std::array<std::int64_t, 2> sums = {};
  sum_events(offsets, filter, value, sums);
  EXPECT_EQ(sums, (std::array<std::int64_t, 2>{-12, 0}));
  std::array<std::int64_t, 2> low = {};
  std::array<std::int64_t, 2> high = {};
  bound_events(offsets, filter, value, low, high);
  EXPECT_EQ(low, (std::array<std::int64_t, 2>{-7, kMost}));
  EXPECT_EQ(high, (std::array<std::int64_t, 2>{-5, kLeast}));
  std::array<std::uint32_t, 2> first = {};
  std::array<std::uint32_t, 2> last = {};
  find_events(offsets, filter, first, last);
  EXPECT_EQ(first, (std::array<std::uint32_t, 2>{1, kNoEvent}));
  EXPECT_EQ(last, (std::array<std::uint32_t, 2>{3, kNoEvent}));
}

TEST_P(EventWindow, CountsEqualScalar) {
  for (const std::size_t contacts : testing::odd_sizes()) {
    for (int repeat = 0; repeat < 4; ++repeat) {
      const Events events = random_events(contacts);
      const EventFilter filter = random_filter(events);
      Interval<std::uint32_t> wanted{static_cast<std::uint32_t>(below(6)),
                                     static_cast<std::uint32_t>(below(12)), below(2) == 0};
      if (repeat == 0) wanted.high = std::numeric_limits<std::uint32_t>::max();
      const auto compute = [&] {
        Counts counts(contacts, 0x5555);
        std::vector<std::uint64_t> words(words_for(contacts) + 1, 0x5555);
        count_events(events.offsets, filter, counts);
        mark_event_counts(events.offsets, filter, wanted, words);
        return std::pair{counts, words};
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << contacts << " contacts";
    }
  }
}

TEST_P(EventWindow, SumsBoundsAndPlacesEqualScalar) {
  for (const std::size_t contacts : testing::odd_sizes()) {
    for (int repeat = 0; repeat < 4; ++repeat) {
      const Events events = random_events(contacts);
      const EventFilter filter = random_filter(events);
      const auto compute = [&] {
        std::vector<std::int64_t> sums(contacts, 1);
        std::vector<std::int64_t> low(contacts, 2);
        std::vector<std::int64_t> high(contacts, 3);
        Counts first(repeat == 1 ? 0 : contacts, 4);
        Counts last(repeat == 2 ? 0 : contacts, 5);
        sum_events(events.offsets, filter, events.value, sums);
        bound_events(events.offsets, filter, events.value, low, high);
        find_events(events.offsets, filter, first, last);
        return std::tuple{sums, low, high, first, last};
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << contacts << " contacts";
    }
  }
}

TEST_P(EventWindow, AFullBlockEqualsScalar) {
  const Events events = random_events(kBlockRows);
  EventFilter filter;
  filter.day = events.day;
  filter.first_day = 500;
  const auto compute = [&] {
    Counts counts(kBlockRows);
    std::vector<std::int64_t> sums(kBlockRows);
    std::vector<std::uint64_t> words(kBlockWords);
    count_events(events.offsets, filter, counts);
    sum_events(events.offsets, filter, events.value, sums);
    mark_event_counts(events.offsets, filter, {3, 0xFFFFFFFF}, words);
    return std::tuple{counts, sums, words};
  };
  EXPECT_EQ(compute(), on_scalar(compute));
}

QUINTILE_EACH_ISA_SUITE(EventWindow);

}  // namespace
}  // namespace quintile::kernels
