// Exact numbers as doubles, rounded once.
#pragma once

#include "quintile/int128.hpp"

namespace quintile::query {

// Return the double that is nearest to units / 10^scale, ties to even. Any value is allowed.
// Precondition: 0 <= scale <= 38. Cost: one division up to 2^53 units and 22 digits, which columns
// seldom leave; else about 100 steps.
[[nodiscard]] double nearest_double(Int128 units, int scale) noexcept;

// Return the double that is nearest to dividend / divisor, ties to even. Any dividend is
// allowed. Precondition: the divisor is at least 1 and below 2^127. Cost: as above.
[[nodiscard]] double nearest_quotient(Int128 dividend, Uint128 divisor) noexcept;

}  // namespace quintile::query
