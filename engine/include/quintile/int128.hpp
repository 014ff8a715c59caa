// 128-bit integers, in the one place that names the compiler's type.
#pragma once

#include <string>

#include "quintile/export.hpp"

namespace quintile {

// A signed 128-bit integer: sums of 64-bit amounts cannot overflow it for any number of rows.
__extension__ typedef __int128 Int128;

// The unsigned twin, for magnitudes.
__extension__ typedef unsigned __int128 Uint128;

// Writes `value` in decimal, with a leading `-` if negative. Any value is allowed.
//
//     to_text(Int128{-12});  // "-12"
QUINTILE_API std::string to_text(Int128 value);

// Tells whether `value` fits in a signed 64-bit integer.
constexpr bool fits_int64(Int128 value) noexcept {
  return value == static_cast<Int128>(static_cast<long long>(value));
}

}  // namespace quintile
