#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quintile/decimal.hpp"

namespace quintile {
namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

Decimal decimal_of(std::string_view text) {
  Decimal value;
  EXPECT_EQ(parse_decimal(text, value), DecimalError::kNone) << text;
  return value;
}

std::string minor_units(std::string_view text, int decimals) {
  std::int64_t result = 0;
  const DecimalError error = to_minor_units(decimal_of(text), decimals, result);
  return error == DecimalError::kNone ? std::to_string(result) : std::string(describe(error));
}

TEST(ToMinorUnits, RoundsHalfToEven) {
  EXPECT_EQ(minor_units("1.234", 2), "123");
  EXPECT_EQ(minor_units("1.235", 2), "124");
  EXPECT_EQ(minor_units("1.245", 2), "124");
  EXPECT_EQ(minor_units("1.2450000000000000000000001", 2), "125");
  EXPECT_EQ(minor_units("-1.235", 2), "-124");
  EXPECT_EQ(minor_units("-1.245", 2), "-124");
  EXPECT_EQ(minor_units("0.005", 2), "0");
  EXPECT_EQ(minor_units("0.015", 2), "2");
  EXPECT_EQ(minor_units("2.5", 0), "2");
  EXPECT_EQ(minor_units("1e-400", 2), "0");
  EXPECT_EQ(minor_units("99999999999999999999999999999999999999e-38", 0), "1");
  EXPECT_EQ(minor_units("49999999999999999999999999999999999999e-38", 0), "0");
}

TEST(ToMinorUnits, ReachesBothEndsOf64Bits) {
  EXPECT_EQ(minor_units("92233720368547758.07", 2), std::to_string(kMax));
  EXPECT_EQ(minor_units("-92233720368547758.08", 2), std::to_string(kMin));
  const std::string overflow(describe(DecimalError::kOverflow));
  EXPECT_EQ(minor_units("92233720368547758.08", 2), overflow);
  EXPECT_EQ(minor_units("-92233720368547758.09", 2), overflow);
  EXPECT_EQ(minor_units("92233720368547758.075", 2), overflow);  // up to the even neighbour
  EXPECT_EQ(minor_units("92233720368547758.0749", 2), std::to_string(kMax));
  EXPECT_EQ(minor_units("1e400", 2), overflow);
  EXPECT_EQ(minor_units("1e19", 0), overflow);
  EXPECT_EQ(minor_units("9e18", 0), "9000000000000000000");
  EXPECT_EQ(minor_units("0e9999", 18), "0");
}

TEST(MultiplyToMinorUnits, RoundsOnceAtTheEnd) {
  std::int64_t result = 0;
  // Rounding the price first would give 300.
  ASSERT_EQ(multiply_to_minor_units(decimal_of("300"), decimal_of("0.00999"), 2, result),
            DecimalError::kNone);
  EXPECT_EQ(result, 300);
  ASSERT_EQ(multiply_to_minor_units(decimal_of("1000"), decimal_of("0.00499"), 2, result),
            DecimalError::kNone);
  EXPECT_EQ(result, 499);
  ASSERT_EQ(
      multiply_to_minor_units(decimal_of("-3"), decimal_of("0.335"), decimal_of("1"), 2, result),
      DecimalError::kNone);
  EXPECT_EQ(result, -100);
  ASSERT_EQ(multiply_to_minor_units(decimal_of("0"), decimal_of("1e9999"), 2, result),
            DecimalError::kNone);
  EXPECT_EQ(result, 0);
}

TEST(MultiplyToMinorUnits, PassesThroughMoreThan128Bits) {
  const Decimal huge = decimal_of("99999999999999999999999999999999999999");
  const Decimal tiny = decimal_of("0.00000000000000000000000000000000000001");
  std::int64_t result = 0;
  ASSERT_EQ(multiply_to_minor_units(huge, tiny, decimal_of("12345678901234567890e-18"), 2, result),
            DecimalError::kNone);
  EXPECT_EQ(result, 1235);
  EXPECT_EQ(multiply_to_minor_units(huge, huge, huge, 2, result), DecimalError::kOverflow);
  EXPECT_EQ(multiply_to_minor_units(huge, huge, decimal_of("-1e-76"), 0, result),
            DecimalError::kNone);
  EXPECT_EQ(result, -1);
}

// The oracle: rationals without a limit.
cpp_int to_cpp_int(Int128 value) {
  const bool negative = value < 0;
  const Uint128 bits = negative ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
  cpp_int wide = static_cast<std::uint64_t>(bits >> 64U);
  wide <<= 64;
  wide += static_cast<std::uint64_t>(bits);
  return negative ? -wide : wide;
}

cpp_rational to_rational(const Decimal& value) {
  const int exponent = value.exponent;
  const cpp_int power = boost::multiprecision::pow(
      cpp_int(10), static_cast<unsigned>(exponent < 0 ? -exponent : exponent));
  const cpp_rational coefficient = to_cpp_int(value.coefficient);
  return exponent < 0 ? cpp_rational(coefficient / power) : cpp_rational(coefficient * power);
}

// Rounded half to even; nothing if it does not fit in 64 bits.
std::optional<std::int64_t> rounded(const cpp_rational& value) {
  const cpp_rational magnitude = value < 0 ? cpp_rational(-value) : value;
  const cpp_int twice = 2 * numerator(magnitude);
  const cpp_int& whole = denominator(magnitude);
  cpp_int result = numerator(magnitude) / whole;
  const cpp_int rest = twice - 2 * result * whole;
  if (rest > whole || (rest == whole && result % 2 == 1)) {
    ++result;
  }
  if (value < 0) {
    result = -result;
  }
  if (result > kMax || result < kMin) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(result);
}

// Numbers of all sizes; fives and zeros at the end make ties frequent.
Decimal any_decimal(std::mt19937_64& random) {
  const auto pick = [&random](int low, int high) {
    return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  };
  std::string text = pick(0, 1) == 0 ? "-" : "";
  const int digits = pick(1, pick(1, kMaxDecimalDigits));
  for (int i = 0; i < digits; ++i) {
    text += static_cast<char>('0' + pick(0, 9));
  }
  if (pick(0, 1) == 0) {
    text.back() = '5';
  }
  Decimal value = decimal_of(text);
  value.exponent = pick(0, 3) == 0 ? pick(-45, 25) : pick(-digits - 2, 1);
  return value;
}

void check_against_oracle(const std::vector<Decimal>& factors, int decimals) {
  cpp_rational exact = boost::multiprecision::pow(cpp_int(10), static_cast<unsigned>(decimals));
  for (const Decimal& factor : factors) {
    exact *= to_rational(factor);
  }
  const std::optional<std::int64_t> expected = rounded(exact);
  std::int64_t result = 0;
  DecimalError error = DecimalError::kNone;
  if (factors.size() == 1) {
    error = to_minor_units(factors[0], decimals, result);
  } else if (factors.size() == 2) {
    error = multiply_to_minor_units(factors[0], factors[1], decimals, result);
  } else {
    error = multiply_to_minor_units(factors[0], factors[1], factors[2], decimals, result);
  }
  RC_ASSERT(error == (expected ? DecimalError::kNone : DecimalError::kOverflow));
  RC_ASSERT(!expected || result == *expected);
}

// Each seed of the property makes a few hundred numbers.
RC_GTEST_PROP(MultiplyToMinorUnits, EqualsRationalsWithoutLimit, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::vector<Decimal> factors(1 + random() % 3);
    for (Decimal& factor : factors) {
      factor = any_decimal(random);
    }
    check_against_oracle(factors, static_cast<int>(random() % (kMaxDecimals + 1)));
  }
}

RC_GTEST_PROP(MultiplyToMinorUnits, EqualsRationalsForPrices, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  const auto pick = [&random](std::int64_t range) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * range)) - range;
  };
  for (int round = 0; round < 300; ++round) {
    check_against_oracle({Decimal{pick(10'000), -static_cast<int>(random() % 3)},
                          Decimal{pick(1'000'000), -static_cast<int>(random() % 5)},
                          Decimal{1 + static_cast<int>(random() % 99'999), -4}},
                         2);
  }
}

}  // namespace
}  // namespace quintile
