// Which segment uses which, by position.
#pragma once

#include <cstdint>
#include <vector>

namespace quintile {

// Element i: the positions that i uses.
using SegmentUses = std::vector<std::vector<std::uint32_t>>;

// An order in which each comes after all that it uses, as close to that of the positions as can be;
// or why there is none: a path of uses that comes back to where it began, a, b, ..., a. Time is
// linear in the uses, but for a logarithm.
struct SegmentOrder {
  std::vector<std::uint32_t> order;
  std::vector<std::uint32_t> cycle;  // empty if there is an order
};
[[nodiscard]] SegmentOrder order_segments(const SegmentUses& uses);

// All that use `position`, directly or through others, in the order of `order`; without itself.
[[nodiscard]] std::vector<std::uint32_t> dependents_of(std::uint32_t position,
                                                       const SegmentUses& uses,
                                                       const std::vector<std::uint32_t>& order);

}  // namespace quintile
