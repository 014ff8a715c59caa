// What evaluating event operands keeps from block to block.
#pragma once

#include <cstdint>
#include <vector>

#include "exec/event_rows.hpp"

namespace quintile {

struct EventScratch {
  std::vector<StepColumns> steps;
  std::vector<std::uint32_t> chosen;  // by contact: the event whose property is the value
};

}  // namespace quintile
