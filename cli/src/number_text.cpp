#include "number_text.hpp"

#include <algorithm>

#include <quintile/decimal.hpp>

namespace quintile::cli {
namespace {

Int128 power_of_ten(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) {
    power *= 10;
  }
  return power;
}

}  // namespace

void append_number(Int128 unscaled, int decimals, std::string& out) {
  if (fits_int64(unscaled)) {
    append_minor_units(static_cast<std::int64_t>(unscaled), decimals, out);
  } else {
    out += format_minor_units(unscaled, decimals);
  }
}

std::string number_text(Int128 unscaled, int decimals) {
  std::string out;
  append_number(unscaled, decimals, out);
  return out;
}

Int128 divide_half_even(Int128 numerator, Int128 denominator) {
  Int128 quotient = numerator / denominator;
  const Int128 remainder = numerator % denominator;
  const Int128 distance = (remainder < 0 ? -remainder : remainder) * 2;
  if (distance > denominator || (distance == denominator && quotient % 2 != 0)) {
    quotient += numerator < 0 ? -1 : 1;
  }
  return quotient;
}

Int128 mean_scaled(Int128 sum, int sum_decimals, std::uint64_t count, int decimals) {
  if (decimals >= sum_decimals) {
    return divide_half_even(sum * power_of_ten(decimals - sum_decimals), count);
  }
  return divide_half_even(sum, static_cast<Int128>(count) * power_of_ten(sum_decimals - decimals));
}

Int128 rescale(Int128 unscaled, int from_decimals, int to_decimals) {
  return mean_scaled(unscaled, from_decimals, 1, to_decimals);
}

std::string grouped(Int128 unscaled, int decimals) {
  std::string plain = number_text(unscaled, decimals);
  const std::size_t first = plain.front() == '-' ? 1 : 0;
  std::size_t position = std::min(plain.find('.'), plain.size());
  while (position > first + 3) {
    position -= 3;
    plain.insert(position, 1, ',');
  }
  return plain;
}

std::string percent(Int128 part, Int128 whole) {
  if (whole <= 0 || part == 0) {
    return "0%";
  }
  const Int128 tenths = divide_half_even(part * 1000, whole);
  if (tenths == 0) {
    return part > 0 ? "<0.1%" : ">-0.1%";
  }
  return number_text(tenths, 1) + "%";
}

std::string short_amount(Int128 unscaled, int decimals) {
  const Int128 magnitude = unscaled < 0 ? -unscaled : unscaled;
  struct Unit {
    int exponent;
    const char* suffix;
  };
  for (const Unit unit : {Unit{9, " bn"}, Unit{6, " M"}, Unit{3, " k"}}) {
    if (magnitude >= 10 * power_of_ten(unit.exponent - 1 + decimals)) {
      return number_text(mean_scaled(unscaled, decimals + unit.exponent, 1, 1), 1) + unit.suffix;
    }
  }
  return number_text(unscaled, decimals);
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return grouped(count) + " " + (count == 1 ? one : many);
}

}  // namespace quintile::cli
