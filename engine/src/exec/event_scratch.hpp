// What evaluating event operands keeps from block to block.
#pragma once

#include <cstdint>
#include <vector>

#include "exec/event_rows.hpp"

namespace quintile {

struct EventScratch {
  std::vector<StepColumns> steps;
  std::vector<std::uint32_t> chosen;       // by contact: the event whose property is the value
  AlignedBuffer<std::int64_t> integers;    // by contact
  AlignedBuffer<std::uint32_t> counts;     // by contact
  AlignedBuffer<std::uint64_t> selection;  // by event
};

}  // namespace quintile
