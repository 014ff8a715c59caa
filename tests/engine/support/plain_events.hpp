// Functions of events by their definition, over plain structs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "event_world.hpp"

namespace quintile::testing {

using PlainValue = std::variant<std::int64_t, double, bool, std::string>;

// An event of any type, in the order of arrival among those of its type.
struct Happening {
  std::uint32_t contact = 0;
  std::int64_t time = 0;
  std::vector<std::optional<PlainValue>> values = {};
};

// What is asked.
struct PlainQuestion {
  std::string function;  // as in the language
  std::optional<std::size_t> property = {};
  double unit = 1;  // what one of the value is of its number, for averages
  std::optional<Window> window = {};
  std::uint32_t required = 0;  // regularly
  std::uint32_t periods = 0;
  int period_days = 0;
};

// Purchases or returns as they were at as_of: `amount`, `time`.
std::vector<Happening> plain_orders(const std::vector<PlainLine>& lines, std::int64_t as_of,
                                    bool purchases);

// The events among `all` that lie in the window and are seen.
std::vector<Happening> plain_window(const std::vector<Happening>& all,
                                    const std::optional<Window>& window, const AsOf& as_of,
                                    const TimeZone& zone);

// What EventWorld::values() must say about one contact, given its events in the window.
std::string plain_value(const PlainQuestion& question, std::vector<Happening> events,
                        const AsOf& as_of, const TimeZone& zone);

// A step of a sequence.
struct PlainStep {
  bool negated = false;
  std::optional<std::int64_t> within_us = {};
  std::vector<std::int64_t> times = {};
};

// Tries all choices of times.
bool plain_sequence(const std::vector<PlainStep>& steps);

}  // namespace quintile::testing
