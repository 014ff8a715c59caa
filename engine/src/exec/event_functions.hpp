// The functions of the events of one step, by loops over the events that count.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "exec/event_rows.hpp"
#include "quintile/int128.hpp"

namespace quintile {

// What is asked of which events of which contacts.
struct EventQuestion {
  const BoundOperand& operand;
  const EventScope& scope;
  std::uint32_t block;
  std::size_t rows;  // contacts asked for
};

// One property of a block's events.
struct EventProperties {
  const ExpressionColumnView& view;
  DataType type;
  const IdTexts* texts;  // kCategory

  [[nodiscard]] bool has(std::uint32_t event) const noexcept {
    return view.valid == nullptr || ((view.valid[event / 64] >> (event % 64)) & 1U) != 0;
  }
  [[nodiscard]] std::int64_t integer(std::uint32_t event) const noexcept {
    return static_cast<const std::int64_t*>(view.values)[event];
  }
  [[nodiscard]] double real(std::uint32_t event) const noexcept {
    return static_cast<const double*>(view.values)[event];
  }
  [[nodiscard]] std::uint32_t code(std::uint32_t event) const noexcept {
    return static_cast<const std::uint32_t*>(view.values)[event];
  }
  [[nodiscard]] bool bit(std::uint32_t event) const noexcept {
    return ((static_cast<const std::uint64_t*>(view.values)[event / 64] >> (event % 64)) & 1U) != 0;
  }
  // Whether the value of event `a` comes before that of `b`; text by bytes. Both have one.
  [[nodiscard]] bool less(std::uint32_t a, std::uint32_t b) const noexcept;
};

inline constexpr std::uint32_t kNoChosenEvent = 0xFFFFFFFF;

// Writes, for each contact, the value of property at the event chosen, NULL for kNoChosenEvent.
void write_chosen(const EventProperties& property, std::span<const std::uint32_t> chosen,
                  OperandBuffer& out);

// The property that is asked for. Precondition: there is one.
EventProperties property_of(const EventQuestion& question, const EventRows& events);

// How many units make 1 in a column of numbers.
Uint128 unit_of(const ExpressionColumn& column) noexcept;

// Evaluates operands of kind kEvents and kRegularly, one contact at a time.
Status evaluate_by_loops(const EventQuestion& question, const EventRows& events,
                         PickedEvents& picked, OperandBuffer& out);

}  // namespace quintile
