// The contacts for which an expression is true.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "quintile/row_set.hpp"

namespace quintile {

// When to give a question up. Both are polled once per block of 65,536 contacts; an operation that
// gives up ends with kCancelled.
struct SelectOptions {
  std::stop_token stop = {};
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

// The answer to a condition, in one generation.
struct Selection {
  RowSet members;             // where it is true
  std::uint64_t unknown = 0;  // contacts for which it is NULL: neither true nor false
};

}  // namespace quintile
