#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "quintile/decimal.hpp"
#include "text.hpp"

namespace quintile {
namespace {

constexpr int kMaxExponent = 9'999;
// Nineteen digits always fit in 64 bits, so that a short number needs no check per digit.
constexpr std::size_t kDigitsOf64Bits = 19;

// The digits of a number as they are read, zeros at the end held back until another digit follows.
struct Digits {
  Uint128 coefficient = 0;
  int significant = 0;
  std::int32_t held_zeros = 0;
  std::int32_t after_point = 0;

  // False if there are too many.
  bool take(char digit) noexcept {
    if (digit == '0') {
      held_zeros += significant > 0 ? 1 : 0;
      return true;
    }
    if (significant + held_zeros + 1 > kMaxDecimalDigits) {
      return false;
    }
    significant += held_zeros + 1;
    for (; held_zeros > 0; --held_zeros) {
      coefficient *= 10;
    }
    coefficient = coefficient * 10 + static_cast<unsigned>(digit - '0');
    return true;
  }
};

bool is_separator(std::string_view text, std::size_t i) noexcept {
  const char letter = text[i];
  // A no-break space is two bytes in UTF-8, a narrow one three; their first bytes are no letters.
  return letter == ',' || letter == ' ' || letter == '\'' || letter == '_' ||
         static_cast<unsigned char>(letter) == 0xC2 || static_cast<unsigned char>(letter) == 0xE2;
}

// Why text that is no number is none.
DecimalError reason_against(std::string_view text) noexcept {
  if (text.empty()) {
    return DecimalError::kEmpty;
  }
  const std::string_view bare =
      text[0] == '-' || text[0] == '+' ? text.substr(1) : text;  // without the sign
  if (equals_ignoring_case(bare, "nan") || equals_ignoring_case(bare, "inf") ||
      equals_ignoring_case(bare, "infinity")) {
    return DecimalError::kNotFinite;
  }
  if (bare.size() > 2 && bare[0] == '0' && (bare[1] == 'x' || bare[1] == 'X')) {
    return DecimalError::kHexadecimal;
  }
  if (bare.empty() || !is_digit(bare.front())) {
    return DecimalError::kNotANumber;
  }
  for (std::size_t i = 1; i < bare.size(); ++i) {
    if (is_separator(bare, i)) {
      return is_digit(bare.back()) ? DecimalError::kSeparator : DecimalError::kNotANumber;
    }
    if (!is_digit(bare[i]) && bare[i] != '.') {
      break;
    }
  }
  return DecimalError::kNotANumber;
}

// Reads `e[+-]digits` from `text`, which is what follows the digits.
DecimalError read_exponent(std::string_view text, bool is_zero, std::int32_t& exponent) noexcept {
  std::size_t i = 1;
  const bool negative = i < text.size() && text[i] == '-';
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) {
    ++i;
  }
  if (i == text.size()) {
    return DecimalError::kNotANumber;
  }
  std::int32_t number = 0;
  for (; i < text.size(); ++i) {
    if (!is_digit(text[i])) {
      return DecimalError::kNotANumber;
    }
    number = number > kMaxExponent ? number : number * 10 + (text[i] - '0');
  }
  if (number > kMaxExponent && !is_zero) {
    return DecimalError::kTooManyDigits;
  }
  exponent = is_zero ? 0 : (negative ? -number : number);
  return DecimalError::kNone;
}

// Plain digits with an optional point, short enough for 64 bits: nearly every number met.
bool read_short(std::string_view text, Decimal& value) noexcept {
  std::size_t i = text[0] == '-' || text[0] == '+' ? 1 : 0;
  if (text.size() - i > kDigitsOf64Bits || text.size() == i) {
    return false;
  }
  std::uint64_t coefficient = 0;
  std::size_t point = text.size();
  std::size_t digits = 0;
  for (; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      coefficient = coefficient * 10 + static_cast<unsigned>(text[i] - '0');
      ++digits;
    } else if (text[i] == '.' && point == text.size()) {
      point = i;
    } else {
      return false;
    }
  }
  if (digits == 0) {
    return false;
  }
  const Int128 magnitude = static_cast<Int128>(coefficient);
  value.coefficient = text[0] == '-' ? -magnitude : magnitude;
  value.exponent = point == text.size() ? 0 : -static_cast<std::int32_t>(text.size() - point - 1);
  return true;
}

// Plain digits with at most `decimals` of them after the point: nothing to round, and too few to
// overflow.
bool read_exact(std::string_view text, int decimals, std::int64_t& minor_units) noexcept {
  constexpr std::size_t kSafeDigits = 18;
  static constexpr std::array<std::int64_t, 7> kScales = {1,      10,      100,      1'000,
                                                          10'000, 100'000, 1'000'000};
  const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  std::int64_t number = 0;
  std::size_t i = sign;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    if (i - sign == kSafeDigits) {
      return false;
    }
    number = number * 10 + (text[i] - '0');
  }
  const std::size_t whole = i - sign;
  std::size_t after_point = 0;
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && is_digit(text[i]); ++i, ++after_point) {
      if (whole + after_point == kSafeDigits) {
        return false;
      }
      number = number * 10 + (text[i] - '0');
    }
  }
  const std::size_t missing = static_cast<std::size_t>(decimals) - after_point;
  if (i != text.size() || whole + after_point == 0 || missing >= kScales.size() ||
      whole + after_point + missing > kSafeDigits) {
    return false;
  }
  minor_units = (text[0] == '-' ? -number : number) * kScales[missing];
  return true;
}

// A float of few digits is a whole number divided by a power of ten. A decimal of at most `limit`
// digits survives the way to the float and back, so the quotient that is equal names the shortest.
template <class Float>
bool read_round(Float number, Float limit, Decimal& value) noexcept {
  struct Scale {
    Float factor;
    std::int32_t exponent;
  };
  static constexpr Scale kScales[] = {{1, 0}, {100, -2}, {10'000, -4}};
  for (const Scale& scale : kScales) {
    const Float scaled = number * scale.factor;
    if (!(scaled < limit && scaled > -limit)) {
      return false;
    }
    const Float whole = std::nearbyint(scaled);
    if (whole / scale.factor == number) {
      value.coefficient = static_cast<std::int64_t>(whole);
      value.exponent = scale.exponent;
      return true;
    }
  }
  return false;
}

template <class Float>
DecimalError from_float(Float number, Float limit, Decimal& value) noexcept {
  if (!std::isfinite(number)) {
    return DecimalError::kNotFinite;
  }
  if (read_round(number, limit, value)) {
    return DecimalError::kNone;
  }
  char text[64];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, number);
  return parse_decimal(std::string_view(text, static_cast<std::size_t>(end.ptr - text)), value);
}

}  // namespace

std::string_view describe(DecimalError error) noexcept {
  switch (error) {
    case DecimalError::kNone:
      return "is a number";
    case DecimalError::kEmpty:
      return "is empty";
    case DecimalError::kNotANumber:
      return "is not a decimal number";
    case DecimalError::kNotFinite:
      return "is not a finite number";
    case DecimalError::kHexadecimal:
      return "is hexadecimal, not decimal";
    case DecimalError::kSeparator:
      return "has a thousands separator or a decimal comma";
    case DecimalError::kTooManyDigits:
      return "has more than 38 significant digits or too large an exponent";
    case DecimalError::kOverflow:
      return "is too large for 64-bit minor units";
  }
  return "is not a decimal number";
}

DecimalError parse_decimal(std::string_view text, Decimal& value) noexcept {
  text = without_blanks(text);
  if (text.empty()) {
    return DecimalError::kEmpty;
  }
  if (read_short(text, value)) {
    return DecimalError::kNone;
  }
  Digits digits;
  bool seen_digit = false;
  bool seen_point = false;
  bool too_many = false;
  std::size_t i = text[0] == '-' || text[0] == '+' ? 1 : 0;
  for (; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      seen_digit = true;
      digits.after_point += seen_point ? 1 : 0;
      too_many = !digits.take(text[i]) || too_many;
    } else if (text[i] == '.' && !seen_point) {
      seen_point = true;
    } else {
      break;
    }
  }
  std::int32_t exponent = 0;
  if (i < text.size()) {
    if (!seen_digit || (text[i] != 'e' && text[i] != 'E')) {
      return reason_against(text);
    }
    const DecimalError error = read_exponent(text.substr(i), digits.significant == 0, exponent);
    if (error != DecimalError::kNone) {
      return error;
    }
  }
  if (!seen_digit) {
    return DecimalError::kNotANumber;
  }
  if (too_many) {
    return DecimalError::kTooManyDigits;
  }
  const Int128 magnitude = static_cast<Int128>(digits.coefficient);
  value.coefficient = text[0] == '-' ? -magnitude : magnitude;
  value.exponent = exponent - digits.after_point + digits.held_zeros;
  return DecimalError::kNone;
}

DecimalError parse_minor_units(std::string_view text, int decimals,
                               std::int64_t& minor_units) noexcept {
  if (read_exact(text, decimals, minor_units)) {
    return DecimalError::kNone;
  }
  Decimal value;
  const DecimalError error = parse_decimal(text, value);
  return error == DecimalError::kNone ? to_minor_units(value, decimals, minor_units) : error;
}

DecimalError to_decimal(double number, Decimal& value) noexcept {
  return from_float(number, 1e15, value);
}

DecimalError to_decimal(float number, Decimal& value) noexcept {
  return from_float(number, 1e6F, value);
}

}  // namespace quintile
