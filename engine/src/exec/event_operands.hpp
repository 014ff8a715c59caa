// Functions of events in expressions: one value per contact of a block.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "exec/operand_buffer.hpp"
#include "quintile/bound_operand.hpp"
#include "quintile/date_time.hpp"
#include "quintile/status.hpp"
#include "storage/event_store.hpp"
#include "storage/id_table.hpp"
#include "storage/order_events.hpp"
#include "storage/order_store.hpp"

namespace quintile {

// Where the events of a type are.
enum class EventOrigin : std::uint8_t { kStore, kPurchases, kReturns, kOrderLines };

struct EventSource {
  EventOrigin origin = EventOrigin::kStore;
  const EventStore* events = nullptr;  // kStore
  const OrderStore* orders = nullptr;  // the others
  std::uint32_t time = 0;              // the position of `time` among the properties
  std::vector<const IdTexts*> texts;   // by property: those of its codes, if it has any
};

// The events that expressions of one generation may ask for, as they were at as_of. The stores must
// be sealed, and neither they nor `contacts` may change or go while it lives. Building it costs a
// few allocations per type; dictionaries are those of the stores.
//
//   EventScope scope(zone, as_of, ids);
//   scope.add_events("visit", visits);
//   scope.add_orders(orders, 2);
//   binding.events = scope.expression_events();
class EventScope {
 public:
  // `contacts` are their external ids, for messages.
  EventScope(TimeZone zone, const AsOf& as_of, const IdTexts& contacts);

  // A declared type: its properties in order, then `time`. The name must not be one of
  // kOrderEventTypes, nor one given before.
  void add_events(std::string name, const EventStore& store);
  // Those of kOrderEventTypes. `purchase` and `return` are orders, with the lines after as_of left
  // out: `amount`, the sum of the lines; `time`, that of the earliest. `order` are the lines
  // themselves, with the columns of OrderStore::expression_columns().
  void add_orders(const OrderStore& store, int currency_decimals);

  // What to bind with; BoundStep::event is a position in it. Valid while this object lives where
  // it is and nothing is added. Dictionaries may be used by one thread at a time.
  [[nodiscard]] std::span<const ExpressionEvent> expression_events() const noexcept {
    return names_;
  }

  [[nodiscard]] const EventSource& type(std::uint32_t event) const noexcept {
    return types_[event];
  }
  [[nodiscard]] const TimeZone& zone() const noexcept { return zone_; }
  [[nodiscard]] std::int64_t instant_us() const noexcept { return instant_us_; }
  [[nodiscard]] std::uint16_t local_day() const noexcept { return local_day_; }
  [[nodiscard]] const IdTexts& contacts() const noexcept { return *contacts_; }

 private:
  TimeZone zone_;
  std::int64_t instant_us_;
  std::uint16_t local_day_;
  const IdTexts* contacts_;
  std::vector<ExpressionEvent> names_;
  std::vector<EventSource> types_;
  std::deque<IdTableDictionary> dictionaries_;                     // keep their addresses
  std::deque<std::vector<IdTableDictionary>> order_dictionaries_;  // the same
};

// Computes an operand of kind kEvents, kRegularly or kSequence, bound to scope.expression_events(),
// for `rows` contacts from the first of block `block` on; docs/segment_language.md says what it
// means. out.view() is then a column of the type, decimals and dictionary of operand.column.
//
// Contacts past the sealed ones have no events. Errors: kOverflow where a sum, or the amount of an
// order, does not fit 64 bits, with the contact; kInternal for want of memory. Threads may run it
// over different buffers. Cost: one pass over the columns of the block's events that it needs.
Status evaluate_event_operand(const BoundOperand& operand, const EventScope& scope,
                              std::uint32_t block, std::size_t rows, OperandBuffer& out) noexcept;

}  // namespace quintile
