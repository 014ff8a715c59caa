#include "quintile/kernels/event_window.hpp"

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"

namespace quintile::kernels {

namespace {

bool events_fit(std::span<const std::uint32_t> offsets, const EventFilter& filter) noexcept {
  if (offsets.empty() || offsets.size() > kBlockRows + 1) return false;
  const std::size_t events = offsets.back();
  return (filter.day.empty() || filter.day.size() >= events) &&
         (filter.time.empty() || filter.time.size() >= events) &&
         (filter.selected.empty() || filter.selected.size() >= words_for(events));
}

}  // namespace

void count_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                  std::span<std::uint32_t> counts) noexcept {
  QUINTILE_ASSERT(events_fit(offsets, filter) && counts.size() == offsets.size() - 1);
  active_table().event_window->count_events(offsets, filter, counts);
}

void mark_event_counts(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                       const Interval<std::uint32_t>& wanted,
                       std::span<std::uint64_t> words) noexcept {
  QUINTILE_ASSERT(events_fit(offsets, filter) && words.size() >= words_for(offsets.size() - 1));
  active_table().event_window->mark_event_counts(offsets, filter, wanted, words);
}

void sum_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                std::span<const std::int64_t> values, std::span<std::int64_t> sums) noexcept {
  QUINTILE_ASSERT(events_fit(offsets, filter) && values.size() >= offsets.back() &&
                  sums.size() == offsets.size() - 1);
  active_table().event_window->sum_events(offsets, filter, values, sums);
}

void bound_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                  std::span<const std::int64_t> values, std::span<std::int64_t> lowest,
                  std::span<std::int64_t> highest) noexcept {
  QUINTILE_ASSERT(events_fit(offsets, filter) && values.size() >= offsets.back() &&
                  lowest.size() == offsets.size() - 1 && highest.size() == offsets.size() - 1);
  active_table().event_window->bound_events(offsets, filter, values, lowest, highest);
}

void find_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                 std::span<std::uint32_t> first, std::span<std::uint32_t> last) noexcept {
  QUINTILE_ASSERT(events_fit(offsets, filter) &&
                  (first.empty() || first.size() == offsets.size() - 1) &&
                  (last.empty() || last.size() == offsets.size() - 1));
  active_table().event_window->find_events(offsets, filter, first, last);
}

}  // namespace quintile::kernels
