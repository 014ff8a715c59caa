// Sequences of events: A, later B, no C so soon after.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "exec/event_functions.hpp"

namespace quintile {

// One event of a sequence, for one contact: when it happened, ascending.
struct SequenceStep {
  bool negated = false;
  std::optional<std::int64_t> within_us = {};
  std::vector<std::int64_t> times = {};
};

// Tells whether there are times t1 < t2 < ..., one of each step that is not negated, so that each
// lies at most its `within_us` after the one before; and none of a negated step lies after the time
// of the step before it and before that of the step behind it (if there is one), `within_us` after
// the former at most. Two negated steps are no neighbours, and the first is none.
// Cost: the number of times of all steps, times a logarithm where steps are negated.
bool has_sequence(std::span<const SequenceStep> steps);

// Evaluates operands of kind kSequence; `events` are those of the steps, with their times.
void evaluate_sequence(const EventQuestion& question, std::span<const StepColumns> events,
                       OperandBuffer& out);

}  // namespace quintile
