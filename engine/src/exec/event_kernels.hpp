// Functions of events by vector kernels, where there is one for them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "exec/event_functions.hpp"
#include "quintile/kernels/event_window.hpp"

namespace quintile {

// Makes the conditions of a window and as_of on the events of a block. What all of them fulfil is
// left out; if none can fulfil it, `rows` loses its events.
kernels::EventFilter narrow(const EventScope& scope, const std::optional<Window>& window,
                            EventRows& rows);

// Writes the bitmap of the events that fulfil `filter`; (events + 63) / 64 words.
void mark_picked(const kernels::EventFilter& filter, std::size_t events,
                 std::span<std::uint64_t> words);

// Evaluates an operand of kind kEvents, unless it needs loops: false then, and `out` means nothing.
bool evaluate_by_kernels(const EventQuestion& question, const EventRows& events,
                         const kernels::EventFilter& filter, OperandBuffer& out);

}  // namespace quintile
