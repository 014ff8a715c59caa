#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "each_isa.hpp"
#include "quintile/kernels/event_window.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

// Ten events a contact on average, over a year: `--contacts=10000000` gives 100 million, in 2 GB.
namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 2'000'000;
constexpr std::uint16_t kAsOf = 45000;
constexpr std::uint64_t kDays = 365;

struct Events {
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint16_t> day;
  std::vector<std::int64_t> time;
  std::vector<std::int64_t> value;
};

// Times are made, ascending, only where they are measured: they are most of the memory.
Events make_events(bool with_times, bool with_values) {
  FixedRandom random(31);
  Events events;
  const std::size_t contacts = contacts_to_measure(kContacts);
  events.offsets.reserve(contacts + 1);
  events.offsets.push_back(0);
  events.day.reserve(contacts * 10 + contacts / 4);
  for (std::size_t c = 0; c < contacts; ++c) {
    const double unit = random.unit();
    const auto count = static_cast<std::size_t>(unit * unit * 31.0);
    for (std::size_t i = 0; i < count; ++i)
      events.day.push_back(static_cast<std::uint16_t>(kAsOf - random.below(kDays)));
    std::sort(events.day.end() - static_cast<std::ptrdiff_t>(count), events.day.end());
    events.offsets.push_back(static_cast<std::uint32_t>(events.day.size()));
  }
  constexpr std::int64_t kMicrosecondsPerDay = 86'400'000'000;
  for (std::size_t i = 0; with_times && i < events.day.size(); ++i)
    events.time.push_back(events.day[i] * kMicrosecondsPerDay);
  for (std::size_t i = 0; with_values && i < events.day.size(); ++i)
    events.value.push_back(static_cast<std::int64_t>(random.below(10000)));
  return events;
}

constexpr std::uint16_t kFirstDay = kAsOf - 29;

kernels::EventFilter last_30_days(const Events& events) {
  kernels::EventFilter filter;
  filter.day = events.day;
  filter.first_day = kFirstDay;
  filter.last_day = kAsOf;
  return filter;
}

kernels::EventFilter last_720_hours(const Events& events) {
  kernels::EventFilter filter;
  filter.time = events.time;
  filter.first_time = kFirstDay * std::int64_t{86'400'000'000};
  return filter;
}

// work(offsets of a block, its first contact, its contacts) over all blocks.
template <typename Work>
auto measure_blocks(benchmark::State& state, unsigned cores, const Events& events,
                    const Work& work) {
  const std::size_t contacts = events.offsets.size() - 1;
  return measure(state, [&] {
    for_blocks(contacts, cores, [&](std::size_t first, std::size_t count) {
      work(std::span(events.offsets).subspan(first, count + 1), first, count);
    });
  });
}

// count(event, 30d) >= 3, as a bitmap; days are 2 bytes an event, times 8, a selection an eighth.
void bench_mark(benchmark::State& state, unsigned cores, bool by_time, bool selected) {
  const Events events = make_events(by_time, false);
  kernels::EventFilter filter = by_time ? last_720_hours(events) : last_30_days(events);
  FixedRandom random(32);
  std::vector<std::uint64_t> selection(selected ? kernels::words_for(events.day.size()) : 0);
  for (std::uint64_t& word : selection)
    word = random() | random();
  filter.selected = selection;
  const std::size_t contacts = events.offsets.size() - 1;
  std::vector<std::uint64_t> words(kernels::words_for(contacts));
  const auto elapsed =
      measure_blocks(state, cores, events, [&](auto offsets, std::size_t first, std::size_t count) {
        kernels::mark_event_counts(offsets, filter, {3},
                                   std::span(words).subspan(first / 64, kernels::words_for(count)));
      });
  const std::size_t bytes = events.day.size() * (by_time ? 8 : 2) + contacts * 4 + contacts / 8 +
                            (selected ? events.day.size() / 8 : 0);
  report(state, {events.day.size(), bytes, cores}, elapsed, checksum_of(words));
}

void bench_count(benchmark::State& state, unsigned cores) {
  const Events events = make_events(false, false);
  const kernels::EventFilter filter = last_30_days(events);
  const std::size_t contacts = events.offsets.size() - 1;
  std::vector<std::uint32_t> counts(contacts);
  const auto elapsed =
      measure_blocks(state, cores, events, [&](auto offsets, std::size_t first, std::size_t count) {
        kernels::count_events(offsets, filter, std::span(counts).subspan(first, count));
      });
  report(state, {events.day.size(), events.day.size() * 2 + contacts * 8, cores}, elapsed,
         checksum_of(counts));
}

void bench_sum(benchmark::State& state, unsigned cores) {
  const Events events = make_events(false, true);
  const kernels::EventFilter filter = last_30_days(events);
  const std::size_t contacts = events.offsets.size() - 1;
  std::vector<std::int64_t> sums(contacts);
  const auto elapsed =
      measure_blocks(state, cores, events, [&](auto offsets, std::size_t first, std::size_t count) {
        kernels::sum_events(offsets, filter, events.value, std::span(sums).subspan(first, count));
      });
  report(state, {events.day.size(), events.day.size() * 10 + contacts * 12, cores}, elapsed,
         checksum_of(sums));
}

void bench_bound(benchmark::State& state, unsigned cores) {
  const Events events = make_events(false, true);
  const kernels::EventFilter filter = last_30_days(events);
  const std::size_t contacts = events.offsets.size() - 1;
  std::vector<std::int64_t> low(contacts);
  std::vector<std::int64_t> high(contacts);
  const auto elapsed =
      measure_blocks(state, cores, events, [&](auto offsets, std::size_t first, std::size_t count) {
        kernels::bound_events(offsets, filter, events.value, std::span(low).subspan(first, count),
                              std::span(high).subspan(first, count));
      });
  report(state, {events.day.size(), events.day.size() * 10 + contacts * 20, cores}, elapsed,
         checksum_of(low, checksum_of(high)));
}

void bench_find(benchmark::State& state, unsigned cores) {
  const Events events = make_events(false, false);
  const kernels::EventFilter filter = last_30_days(events);
  const std::size_t contacts = events.offsets.size() - 1;
  std::vector<std::uint32_t> last(contacts);
  const auto elapsed =
      measure_blocks(state, cores, events, [&](auto offsets, std::size_t first, std::size_t count) {
        kernels::find_events(offsets, filter, {}, std::span(last).subspan(first, count));
      });
  report(state, {events.day.size(), events.day.size() * 2 + contacts * 8, cores}, elapsed,
         checksum_of(last));
}

[[maybe_unused]] const bool registered = [] {
  bench_each_isa_on_cores("mark_count_30_days", [](benchmark::State& state, unsigned cores) {
    bench_mark(state, cores, false, false);
  });
  bench_each_isa_on_cores("mark_count_30_days_where", [](benchmark::State& state, unsigned cores) {
    bench_mark(state, cores, false, true);
  });
  bench_each_isa_on_cores("mark_count_720_hours", [](benchmark::State& state, unsigned cores) {
    bench_mark(state, cores, true, false);
  });
  bench_each_isa_on_cores("count_30_days", bench_count);
  bench_each_isa_on_cores("sum_30_days", bench_sum);
  bench_each_isa_on_cores("bound_30_days", bench_bound);
  bench_each_isa_on_cores("find_last_30_days", bench_find);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
