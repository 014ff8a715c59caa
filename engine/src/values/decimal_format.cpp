#include <cstddef>

#include "quintile/decimal.hpp"

namespace quintile {
namespace {

// Digits of `magnitude` with a point before the last `decimals`, at least one digit before it.
template <class Word>
void append_magnitude(Word magnitude, int decimals, bool negative, std::string& out) {
  char text[64];
  char* const end = text + sizeof text;
  char* begin = end;
  int digits = 0;
  while (magnitude != 0 || digits <= decimals) {
    if (digits == decimals && decimals > 0) {
      *--begin = '.';
    }
    *--begin = static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
    ++digits;
  }
  if (negative) {
    *--begin = '-';
  }
  out.append(begin, static_cast<std::size_t>(end - begin));
}

}  // namespace

void append_minor_units(std::int64_t minor_units, int decimals, std::string& out) {
  const std::uint64_t bits = static_cast<std::uint64_t>(minor_units);
  append_magnitude(minor_units < 0 ? 0 - bits : bits, decimals, minor_units < 0, out);
}

std::string format_minor_units(std::int64_t minor_units, int decimals) {
  std::string text;
  append_minor_units(minor_units, decimals, text);
  return text;
}

std::string format_minor_units(Int128 minor_units, int decimals) {
  const Uint128 bits = static_cast<Uint128>(minor_units);
  std::string text;
  append_magnitude(minor_units < 0 ? 0 - bits : bits, decimals, minor_units < 0, text);
  return text;
}

}  // namespace quintile
