#include "query/nearest_double.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "query/power_of_ten.hpp"

namespace quintile::query {
namespace {

// The powers of ten that are doubles: 10^22 is 5^22, of 52 bits, times a power of two.
constexpr std::array<double, 23> kExactPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

constexpr Int128 kExactUnits = Int128{1} << 53;

// 55 bits of the quotient or more, of which the last says whether anything is left over: so the
// conversion to 53 bits rounds once, and knows which side of a tie it is on.
double quotient_of_magnitudes(Uint128 dividend, Uint128 divisor) noexcept {
  Uint128 quotient = dividend / divisor;
  Uint128 rest = dividend % divisor;
  int exponent = 0;
  for (; rest != 0 && quotient < (Uint128{1} << 55); --exponent) {
    rest *= 2;  // below 2 * 10^38, which fits
    quotient = quotient * 2 + (rest >= divisor ? 1 : 0);
    rest -= rest >= divisor ? divisor : 0;
  }
  quotient |= rest != 0 ? 1 : 0;
  for (; quotient >= (Uint128{1} << 63); ++exponent) {
    quotient = quotient / 2 | (quotient & 1);
  }
  return std::ldexp(static_cast<double>(static_cast<std::int64_t>(quotient)), exponent);
}

}  // namespace

double nearest_double(Int128 units, int scale) noexcept {
  const auto place = static_cast<std::size_t>(scale);
  if (units >= -kExactUnits && units <= kExactUnits && place < kExactPowers.size()) {
    return static_cast<double>(units) / kExactPowers[place];
  }
  return nearest_quotient(units, static_cast<Uint128>(power_of_ten(scale)));
}

double nearest_quotient(Int128 dividend, Uint128 divisor) noexcept {
  if (dividend >= -kExactUnits && dividend <= kExactUnits &&
      divisor <= static_cast<Uint128>(kExactUnits)) {
    return static_cast<double>(dividend) / static_cast<double>(divisor);
  }
  const auto bits = static_cast<Uint128>(dividend);
  const double magnitude = quotient_of_magnitudes(dividend < 0 ? Uint128{0} - bits : bits, divisor);
  return dividend < 0 ? -magnitude : magnitude;
}

}  // namespace quintile::query
