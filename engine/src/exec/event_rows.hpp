// The events of one type and one block of contacts as columns, wherever they come from.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "exec/event_operands.hpp"

namespace quintile {

// The properties of `purchase` and `return`.
inline constexpr std::uint32_t kOrderAmount = 0;
inline constexpr std::uint32_t kOrderTime = 1;

// Events of contact c are [offsets[c], offsets[c + 1]) of all columns. Contacts past the offsets
// have none.
struct EventRows {
  std::span<const std::uint32_t> offsets;
  std::span<const std::uint16_t> day;       // local date; empty if not asked for
  std::span<const std::int64_t> time;       // the same
  std::span<const std::uint64_t> selected;  // bitmap of the events that count; empty: all
  std::int64_t first_time = 0;              // none is before it, and none behind last_time
  std::int64_t last_time = 0;
  bool all_seen = true;  // none that is selected is later than as_of
  bool by_time = true;   // those of a contact ascend by time, ties by arrival
  std::vector<ExpressionColumnView> properties;  // those asked for

  [[nodiscard]] std::size_t contacts() const noexcept {
    return offsets.empty() ? 0 : offsets.size() - 1;
  }
  [[nodiscard]] std::size_t events() const noexcept { return offsets.empty() ? 0 : offsets.back(); }
};

// The columns that a function reads.
struct EventNeeds {
  bool day = false;
  bool time = false;
  std::optional<std::uint32_t> property = {};
};

// What is made for one step of an operand; the rest are columns of the stores.
struct StepColumns {
  AlignedBuffer<std::uint32_t> offsets;
  AlignedBuffer<std::uint16_t> day;
  AlignedBuffer<std::int64_t> time;
  AlignedBuffer<std::int64_t> amount;
  AlignedBuffer<std::uint32_t> order;
  AlignedBuffer<std::uint64_t> selected;
  AlignedBuffer<std::uint64_t> where;
  AlignedBuffer<std::uint64_t> picked;
  std::vector<AlignedBuffer<std::uint64_t>> bits;   // by property
  std::vector<AlignedBuffer<std::uint64_t>> valid;  // by property
  EventRows rows;
};

// Reads the events of a step into columns.rows, `where` applied. Errors: kOverflow.
Status read_events(const EventScope& scope, const BoundStep& step, std::uint32_t block,
                   const EventNeeds& needs, StepColumns& columns);

// The part of it for events made from orders; `properties` are the positions to fill in.
Status read_orders(const EventScope& scope, const EventSource& type, std::uint32_t block,
                   const EventNeeds& needs, std::span<const std::uint32_t> properties,
                   StepColumns& columns);
void read_order_lines(const EventScope& scope, const EventSource& type, std::uint32_t block,
                      const EventNeeds& needs, std::span<const std::uint32_t> properties,
                      StepColumns& columns);

// "contact 'ID'", for messages.
std::string contact_for_message(const EventScope& scope, std::uint32_t block, std::size_t contact);

// The events of one contact at a time that count.
class PickedEvents {
 public:
  // `picked` is the bitmap of those of all contacts.
  PickedEvents(const EventRows& rows, std::span<const std::uint64_t> picked)
      : rows_(rows), picked_(picked) {}

  // Their positions, ascending; valid until the next call.
  std::span<const std::uint32_t> of(std::size_t contact);

 private:
  const EventRows& rows_;
  std::span<const std::uint64_t> picked_;
  std::vector<std::uint32_t> positions_;
};

}  // namespace quintile
