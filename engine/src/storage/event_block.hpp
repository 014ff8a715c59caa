// The events of one type and one block of contacts, sorted by contact and time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "quintile/date_time.hpp"
#include "quintile/types.hpp"
#include "storage/aligned_buffer.hpp"
#include "storage/line_columns.hpp"

namespace quintile {

// The values of one property for some events, by its type: exactly one of the first four is used.
// `valid` is the bitmap of the events that have a value; without one the value is zero.
struct EventValues {
  AlignedBuffer<std::uint32_t> codes;    // kCategory
  AlignedBuffer<std::int64_t> integers;  // kInt64, kDecimal, kTimestamp, kDate (days)
  AlignedBuffer<double> reals;           // kDouble
  AlignedBuffer<std::uint64_t> bits;     // kBool: bitmap
  AlignedBuffer<std::uint64_t> valid;    // bitmap

  // Makes room for `events` in all, new ones without a value, or forgets those behind.
  void resize(DataType type, std::size_t events);
  [[nodiscard]] bool has(std::size_t event) const noexcept {
    return ((valid[event / 64] >> (event % 64)) & 1U) != 0;
  }
  // Takes value `from` of `source`, which has the same type, as value `to`, which has none yet.
  void take(const EventValues& source, std::size_t from, std::size_t to) noexcept;
  [[nodiscard]] std::size_t memory_bytes() const noexcept;
};

void set_bit(AlignedBuffer<std::uint64_t>& words, std::size_t index) noexcept;

// Events that have arrived and are not in a block yet, in order of arrival.
struct EventDelta {
  AlignedBuffer<std::uint32_t> row;
  AlignedBuffer<std::int64_t> time;
  std::vector<EventValues> values;  // by property

  [[nodiscard]] std::size_t size() const noexcept { return row.size(); }
};

// Events of contact c (a row within the block) are [contact_events[c], contact_events[c + 1]),
// ascending by time, ties by arrival. Windows of days read `day` alone, 2 bytes an event; those of
// hours read `time`. So an event takes 10 bytes before its properties, a contact 4.
struct EventBlock {
  AlignedBuffer<std::uint32_t> contact_events;  // contacts + 1
  AlignedBuffer<std::int64_t> time;
  AlignedBuffer<std::uint16_t> day;  // local date
  std::vector<EventValues> values;   // by property
  std::int64_t first_time = 0;       // of all events; both 0 without events
  std::int64_t last_time = 0;

  [[nodiscard]] std::size_t contacts() const noexcept {
    return contact_events.empty() ? 0 : contact_events.size() - 1;
  }
  [[nodiscard]] std::size_t events() const noexcept { return time.size(); }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;
};

// Returns the block that holds the events of `old` and those of `delta` at positions `fresh` (of
// contacts of this block, in order of arrival, and all later arrived than the events of `old`). The
// result is the same however events were distributed over calls. `contacts` must be at least
// old.contacts(); both together hold fewer than 2^32 events.
EventBlock merge_events(const EventBlock& old, const EventDelta& delta,
                        std::span<const std::uint32_t> fresh, std::uint32_t contacts,
                        std::span<const LineColumn> properties, const TimeZone& zone);

// Returns the block without the events before `instant_us`.
EventBlock drop_events_before(const EventBlock& old, std::int64_t instant_us,
                              std::span<const LineColumn> properties);

// Makes room for contacts without events behind the last one.
void extend_contacts(EventBlock& block, std::uint32_t contacts);

}  // namespace quintile
