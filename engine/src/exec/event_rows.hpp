// The events of one type and one block of contacts as columns, wherever they come from.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "exec/event_operands.hpp"
#include "exec/rfm_context.hpp"

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
  bool all_seen = true;                     // none that is selected is later than as_of
  bool by_time = true;                      // those of a contact ascend by time, ties by arrival
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

// The events of one contact at a time that count: selected, in the window and seen.
class PickedEvents {
 public:
  PickedEvents(const EventRows& rows, const AxisWindow& window, std::int64_t instant_us)
      : rows_(rows), window_(window), instant_us_(instant_us) {}

  // Their positions, ascending; valid until the next call. Needs day (for windows of days) and
  // time.
  std::span<const std::uint32_t> of(std::size_t contact) {
    picked_.clear();
    if (contact < rows_.contacts()) {
      for (std::uint32_t e = rows_.offsets[contact]; e < rows_.offsets[contact + 1]; ++e) {
        if (counts(e)) {
          picked_.push_back(e);
        }
      }
    }
    return picked_;
  }

 private:
  [[nodiscard]] bool counts(std::uint32_t event) const noexcept {
    return (rows_.selected.empty() || test_bit(rows_.selected, event)) &&
           rows_.time[event] <= instant_us_ &&
           (window_.by_days ? rows_.day[event] >= window_.from_day
                            : rows_.time[event] > window_.after_us);
  }

  const EventRows& rows_;
  AxisWindow window_;
  std::int64_t instant_us_;
  std::vector<std::uint32_t> picked_;
};

}  // namespace quintile
