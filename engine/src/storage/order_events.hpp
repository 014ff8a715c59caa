// The types of events that are made from orders rather than declared.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace quintile {

inline constexpr std::string_view kPurchaseEvents = "purchase";  // orders with an amount > 0
inline constexpr std::string_view kReturnEvents = "return";      // the other orders
inline constexpr std::string_view kOrderLineEvents = "order";    // lines of orders
inline constexpr std::array<std::string_view, 3> kOrderEventTypes = {kPurchaseEvents, kReturnEvents,
                                                                     kOrderLineEvents};

// Whether no type of events may be declared by this name.
constexpr bool is_order_event_type(std::string_view name) noexcept {
  return std::find(kOrderEventTypes.begin(), kOrderEventTypes.end(), name) !=
         kOrderEventTypes.end();
}

// The property that every type of events has, and so none may declare.
inline constexpr std::string_view kTimeProperty = "time";

}  // namespace quintile
