// Exact numbers as doubles, rounded once.
#pragma once

#include "quintile/int128.hpp"

namespace quintile::query {

// Return the double that is nearest to units / 10^scale, ties to even. Any value is allowed.
// Precondition: 0 <= scale <= 38. Cost: one division up to 2^53 units and 22 digits, which columns
// seldom leave; else about 100 steps.
[[nodiscard]] double nearest_double(Int128 units, int scale) noexcept;

}  // namespace quintile::query
