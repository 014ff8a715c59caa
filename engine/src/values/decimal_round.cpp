#include <array>
#include <cstdint>
#include <limits>

#include <boost/multiprecision/cpp_int.hpp>

#include "quintile/decimal.hpp"

namespace quintile {
namespace {

constexpr int kPowersOf128Bits = 39;  // 10^38 is the largest that fits

constexpr std::array<Uint128, kPowersOf128Bits> make_powers_of_ten() {
  std::array<Uint128, kPowersOf128Bits> powers{};
  Uint128 power = 1;
  for (int i = 0; i < kPowersOf128Bits; ++i) {
    powers[static_cast<std::size_t>(i)] = power;
    power = i + 1 < kPowersOf128Bits ? power * 10 : power;
  }
  return powers;
}

constexpr std::array<Uint128, kPowersOf128Bits> kPowersOfTen = make_powers_of_ten();
constexpr std::uint64_t kMaxInt64 =
    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
// Any whole number times ten to this power is past 64 bits.
constexpr int kOverflowPower = 19;

Uint128 power_of_ten(int exponent) noexcept {
  return kPowersOfTen[static_cast<std::size_t>(exponent)];
}

Uint128 magnitude_of(Int128 value) noexcept {
  return value < 0 ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
}

DecimalError with_sign(bool negative, Uint128 magnitude, std::int64_t& out) noexcept {
  if (magnitude > kMaxInt64 + (negative ? 1U : 0U)) {
    return DecimalError::kOverflow;
  }
  const std::uint64_t bits = static_cast<std::uint64_t>(magnitude);
  out = static_cast<std::int64_t>(negative ? 0 - bits : bits);
  return DecimalError::kNone;
}

// Quotient rounded half to even. `Word` is wide enough for twice the divisor.
template <class Word>
Word divide_half_even(Word dividend, Word divisor) {
  Word quotient = dividend / divisor;
  const Word rest = dividend - quotient * divisor;
  const Word twice = rest * 2;
  if (twice > divisor || (twice == divisor && (quotient & 1) != 0)) {
    ++quotient;
  }
  return quotient;
}

// magnitude * 10^power, rounded.
DecimalError scale(bool negative, Uint128 magnitude, std::int64_t power,
                   std::int64_t& out) noexcept {
  if (magnitude == 0) {
    out = 0;
    return DecimalError::kNone;
  }
  if (power >= 0) {
    if (power >= kOverflowPower || magnitude > kMaxInt64 + 1) {
      return DecimalError::kOverflow;
    }
    return with_sign(negative, magnitude * power_of_ten(static_cast<int>(power)), out);
  }
  if (-power >= kPowersOf128Bits) {  // below 0.35, since 2^128 < 3.5 * 10^38
    out = 0;
    return DecimalError::kNone;
  }
  const int digits = static_cast<int>(-power);
  if (magnitude <= kMaxInt64 && digits < kOverflowPower) {
    const std::uint64_t divisor = static_cast<std::uint64_t>(power_of_ten(digits));
    return with_sign(negative, divide_half_even(static_cast<std::uint64_t>(magnitude), divisor),
                     out);
  }
  return with_sign(negative, divide_half_even(magnitude, power_of_ten(digits)), out);
}

// Three coefficients have at most 114 digits (379 bits); the largest divisor and its double fit
// too.
using Wide = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    512, 512, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;
constexpr int kMaxWideDigits = 3 * (kMaxDecimalDigits + 1);

Wide to_wide(Uint128 value) {
  Wide wide = static_cast<std::uint64_t>(value >> 64U);
  wide <<= 64;
  wide |= static_cast<std::uint64_t>(value);
  return wide;
}

DecimalError scale_wide(bool negative, const Wide& magnitude, std::int64_t power,
                        std::int64_t& out) {
  if (power >= kOverflowPower) {
    return DecimalError::kOverflow;
  }
  if (-power > kMaxWideDigits) {
    out = 0;
    return DecimalError::kNone;
  }
  const Wide ten = 10;
  Wide rounded;
  if (power >= 0) {
    if (magnitude > kMaxInt64) {
      return DecimalError::kOverflow;
    }
    rounded = magnitude * boost::multiprecision::pow(ten, static_cast<unsigned>(power));
  } else {
    const Wide divisor = boost::multiprecision::pow(ten, static_cast<unsigned>(-power));
    rounded = divide_half_even<Wide>(magnitude, divisor);
  }
  if (rounded > Wide(kMaxInt64) + 1) {
    return DecimalError::kOverflow;
  }
  return with_sign(negative, static_cast<std::uint64_t>(rounded), out);
}

bool multiply(Uint128 left, Uint128 right, Uint128& product) noexcept {
  return !__builtin_mul_overflow(left, right, &product);
}

}  // namespace

DecimalError to_minor_units(const Decimal& value, int decimals,
                            std::int64_t& minor_units) noexcept {
  const std::int64_t power = static_cast<std::int64_t>(value.exponent) + decimals;
  const auto narrow = static_cast<std::int64_t>(value.coefficient);
  if (power >= 0 && power < kOverflowPower && narrow == value.coefficient) {
    const auto factor = static_cast<std::int64_t>(power_of_ten(static_cast<int>(power)));
    std::int64_t product = 0;
    if (__builtin_mul_overflow(narrow, factor, &product)) {
      return DecimalError::kOverflow;
    }
    minor_units = product;
    return DecimalError::kNone;
  }
  return scale(value.coefficient < 0, magnitude_of(value.coefficient), power, minor_units);
}

DecimalError multiply_to_minor_units(const Decimal& left, const Decimal& right, int decimals,
                                     std::int64_t& minor_units) noexcept {
  return multiply_to_minor_units(left, right, Decimal{1, 0}, decimals, minor_units);
}

DecimalError multiply_to_minor_units(const Decimal& first, const Decimal& second,
                                     const Decimal& third, int decimals,
                                     std::int64_t& minor_units) noexcept {
  const Uint128 a = magnitude_of(first.coefficient);
  const Uint128 b = magnitude_of(second.coefficient);
  const Uint128 c = magnitude_of(third.coefficient);
  const bool negative =
      ((first.coefficient < 0) != (second.coefficient < 0)) != (third.coefficient < 0);
  const std::int64_t power =
      static_cast<std::int64_t>(first.exponent) + second.exponent + third.exponent + decimals;
  if (a == 0 || b == 0 || c == 0) {
    minor_units = 0;
    return DecimalError::kNone;
  }
  Uint128 product = 0;
  if (multiply(a, b, product) && multiply(product, c, product)) {
    return scale(negative, product, power, minor_units);
  }
  return scale_wide(negative, to_wide(a) * to_wide(b) * to_wide(c), power, minor_units);
}

}  // namespace quintile
