#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "quintile/kernels/block.hpp"
#include "quintile/kernels/predicate.hpp"

// Events of one type, stored by contact, reduced to one value per contact over those in a window.
// Events of contact c are [offsets[c], offsets[c + 1]) of all event columns; offsets ascend and
// need not start at 0.
//
// All functions: offsets.size() = contacts + 1, at most kBlockRows contacts, fewer than 2^32
// events; noexcept, nothing allocated; threads may run them over disjoint outputs. Every entry of
// an output is written. A contact without events in the window has a count and a sum of 0. Cost:
// one read of the event columns in use (2 bytes an event for days) and 4 bytes a contact.
namespace quintile::kernels {

/// Which events are in the window: those that fulfil all conditions given. A column that is not
/// empty has an entry for every event.
struct EventFilter {
  std::span<const std::uint16_t> day;  // empty: whatever the day
  std::uint16_t first_day = 0;
  std::uint16_t last_day = 0xFFFF;
  std::span<const std::int64_t> time;  // empty: whatever the time
  std::int64_t first_time = std::numeric_limits<std::int64_t>::min();
  std::int64_t last_time = std::numeric_limits<std::int64_t>::max();
  std::span<const std::uint64_t> selected;  // bitmap of events by the same index; empty: all
};

/// Number of events of each contact in the window.
///
///   offsets {0, 3, 3, 4}, day {5, 7, 9, 8}, days [7, 8] -> counts {1, 0, 1}
void count_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                  std::span<std::uint32_t> counts) noexcept;

/// Bitmap of the contacts whose number of events in the window lies in `wanted`, without the
/// numbers ever being stored; words_for(contacts) words are written.
void mark_event_counts(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                       const Interval<std::uint32_t>& wanted,
                       std::span<std::uint64_t> words) noexcept;

/// Sum of `values` over the events of each contact in the window. Sums wrap never: the caller
/// guarantees that the sum of |value| over the events of one contact is below 2^63.
/// Cost: 8 bytes more per event and contact.
void sum_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                std::span<const std::int64_t> values, std::span<std::int64_t> sums) noexcept;

/// Smallest and largest of `values` over the events of each contact in the window. Without any:
/// the largest and the smallest int64, which values may be too; ask mark_event_counts.
/// Cost: values of events in the window are read one by one.
void bound_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                  std::span<const std::int64_t> values, std::span<std::int64_t> lowest,
                  std::span<std::int64_t> highest) noexcept;

/// No event has this index.
inline constexpr std::uint32_t kNoEvent = 0xFFFFFFFF;

/// Index of the first and of the last event of each contact in the window, kNoEvent without any:
/// where its columns are to be read. Either output may be empty.
void find_events(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                 std::span<std::uint32_t> first, std::span<std::uint32_t> last) noexcept;

}  // namespace quintile::kernels
