// Stores of events and orders from plain structs, and the values of event functions over them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/event_operands.hpp"
#include "exec/executor.hpp"

namespace quintile::testing {

// Properties `url` (text), `value` (2 decimals), `score` (double), `paid` (truth), `day` (date).
struct PlainEvent {
  std::uint32_t contact = 0;
  std::int64_t time = 0;
  std::optional<std::string> url = {};
  std::optional<std::int64_t> value = {};
  std::optional<double> score = {};
  std::optional<bool> paid = {};
  std::optional<std::int64_t> day = {};
};

struct PlainLine {
  std::uint32_t contact = 0;
  std::int64_t time = 0;
  std::int64_t amount = 0;
  std::optional<std::string> order = {};
  std::optional<std::string> category = {};
  std::optional<std::int64_t> pieces = {};
  std::optional<bool> gift = {};
};

// What an operand may be evaluated by.
using EvaluateOperand = decltype(&evaluate_event_operand);

// Contacts 0 to contacts - 1, called "c0", "c1" ...; event types `visit` and `cart`, and orders.
class EventWorld {
 public:
  explicit EventWorld(std::uint32_t contacts, const TimeZone& zone = TimeZone());

  // Events arrive in this order; every batch is sealed.
  void add_visits(const std::vector<PlainEvent>& events) { add(visits_, events); }
  void add_carts(const std::vector<PlainEvent>& events) { add(carts_, events); }
  void add_lines(const std::vector<PlainLine>& lines);

  void set_as_of(std::string_view text);
  [[nodiscard]] const AsOf& as_of() const noexcept { return as_of_; }
  [[nodiscard]] const TimeZone& zone() const noexcept { return zone_; }
  [[nodiscard]] std::uint32_t contacts() const noexcept { return contacts_; }

  [[nodiscard]] EventScope scope() const;
  // The operand that `text`, a function of events, is in that scope.
  Result<BoundOperand> bind(const std::string& text, const EventScope& scope) const;
  // Its value for every contact as text: `NULL`, `true`, `-12` (minor units, days, microseconds),
  // `0.5`, texts as they are; or the error alone.
  std::vector<std::string> values(const std::string& text,
                                  EvaluateOperand evaluate = evaluate_event_operand) const;

 private:
  void add(EventStore& store, const std::vector<PlainEvent>& events) const;

  std::uint32_t contacts_;
  TimeZone zone_;
  std::unique_ptr<Arena::Executor> executor_;
  IdTable ids_;
  EventStore visits_;
  EventStore carts_;
  OrderStore orders_;
  AsOf as_of_;
};

// A time in UTC.
std::int64_t at(std::string_view text);

// Fails the test unless the status is ok.
void require(const Status& status);

}  // namespace quintile::testing
