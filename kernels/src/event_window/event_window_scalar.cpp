#include <algorithm>

#include "kernel_table.hpp"

// Reference loops.
namespace quintile::kernels::scalar {

namespace {

bool is_in(const EventFilter& filter, std::size_t event) noexcept {
  if (!filter.day.empty() &&
      (filter.day[event] < filter.first_day || filter.day[event] > filter.last_day)) {
    return false;
  }
  if (!filter.time.empty() &&
      (filter.time[event] < filter.first_time || filter.time[event] > filter.last_time)) {
    return false;
  }
  return filter.selected.empty() || ((filter.selected[event / 64] >> (event % 64)) & 1U) != 0;
}

// use(contact, event) for every event in the window, in order.
template <typename Use>
void for_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                const Use& use) noexcept {
  for (std::size_t c = 0; c + 1 < offsets.size(); ++c) {
    for (std::size_t event = offsets[c]; event < offsets[c + 1]; ++event) {
      if (is_in(filter, event)) use(c, event);
    }
  }
}

void count_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                  std::span<std::uint32_t> counts) noexcept {
  std::ranges::fill(counts, 0U);
  for_events(offsets, filter, [&](std::size_t contact, std::size_t) { ++counts[contact]; });
}

void mark_event_counts(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                       const Interval<std::uint32_t>& wanted,
                       std::span<std::uint64_t> words) noexcept {
  const std::size_t contacts = offsets.size() - 1;
  std::ranges::fill(words.first(words_for(contacts)), std::uint64_t{0});
  for (std::size_t c = 0; c < contacts; ++c) {
    std::uint32_t count = 0;
    scalar::count_events(offsets.subspan(c, 2), filter, {&count, 1});
    const bool holds = (count >= wanted.low && count <= wanted.high) != wanted.negated;
    if (holds) words[c / 64] |= std::uint64_t{1} << (c % 64);
  }
}

void sum_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                std::span<const std::int64_t> values, std::span<std::int64_t> sums) noexcept {
  std::ranges::fill(sums, std::int64_t{0});
  for_events(offsets, filter,
             [&](std::size_t contact, std::size_t event) { sums[contact] += values[event]; });
}

void bound_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                  std::span<const std::int64_t> values, std::span<std::int64_t> lowest,
                  std::span<std::int64_t> highest) noexcept {
  std::ranges::fill(lowest, std::numeric_limits<std::int64_t>::max());
  std::ranges::fill(highest, std::numeric_limits<std::int64_t>::min());
  for_events(offsets, filter, [&](std::size_t contact, std::size_t event) {
    lowest[contact] = std::min(lowest[contact], values[event]);
    highest[contact] = std::max(highest[contact], values[event]);
  });
}

void find_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                 std::span<std::uint32_t> first, std::span<std::uint32_t> last) noexcept {
  std::ranges::fill(first, kNoEvent);
  std::ranges::fill(last, kNoEvent);
  for_events(offsets, filter, [&](std::size_t contact, std::size_t event) {
    const auto index = static_cast<std::uint32_t>(event);
    if (!first.empty() && first[contact] == kNoEvent) first[contact] = index;
    if (!last.empty()) last[contact] = index;
  });
}

}  // namespace

extern const EventWindowKernels kEventWindowKernels;
const EventWindowKernels kEventWindowKernels = {count_events, mark_event_counts, sum_events,
                                                bound_events, find_events};

}  // namespace quintile::kernels::scalar
