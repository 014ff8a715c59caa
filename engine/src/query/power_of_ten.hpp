// Powers of ten in 128 bits.
#pragma once

#include "quintile/int128.hpp"

namespace quintile::query {

// Return 10^exponent. Precondition: 0 <= exponent <= 38.
constexpr Int128 power_of_ten(int exponent) noexcept {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) {
    power *= 10;
  }
  return power;
}

}  // namespace quintile::query
