// What a bound expression needs evaluated beside columns: tags, splits, other segments, events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "quintile/expression.hpp"
#include "quintile/types.hpp"

namespace quintile {

enum class OperandKind : std::uint8_t {
  kTag,        // source, text
  kSplit,      // text, low, high
  kSegment,    // source, text
  kList,       // source, text
  kEvents,     // function, steps[0], property, window
  kRegularly,  // steps[0], required, periods, period_days
  kSequence    // steps, window
};

enum class EventFunction : std::uint8_t {
  kCount,
  kSum,
  kAvg,
  kMin,
  kMax,
  kFirst,
  kLast,
  kMode,
  kDistinct,
  kDaysSince
};

// Events of one type, those for which `where` is true.
struct BoundStep {
  std::uint32_t event = 0;               // in ExpressionBinding::events
  bool negated = false;                  // kSequence: no such event
  std::optional<Window> within = {};     // kSequence: so soon after the event of the step before
  std::optional<BoundExpression> where;  // its columns are the properties of the event type
};

// An operand by its meaning, resolved. View number columns.size() + i of evaluate() holds operand
// i: a column of the type, decimals and dictionary of `column`. Without any event count and
// distinct are 0, and so is sum; other functions are NULL.
struct BoundOperand {
  OperandKind kind = OperandKind::kTag;
  ExpressionColumn column;   // name: the canonical text; operands with one text are the same
  std::uint32_t source = 0;  // kTag: the column of tags; kSegment, kList: in the names bound to
  std::string text;          // the tag; the seed; the name of the segment or list
  int low = 0;               // kSplit: hundredths of a percent, low <= split_bucket() < high
  int high = 0;
  EventFunction function = EventFunction::kCount;
  std::optional<std::uint32_t> property = {};  // of the event type
  std::vector<BoundStep> steps;
  std::optional<Window> window = {};  // none: all events up to as_of
  std::uint32_t required = 0;         // of the last `periods` spans of `period_days` local dates,
  std::uint32_t periods = 0;          // the last of which ends with that of as_of, so many have an
  std::uint32_t period_days = 0;      // event
};

}  // namespace quintile
