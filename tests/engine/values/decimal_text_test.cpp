#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quintile/decimal.hpp"

namespace quintile {
namespace {

// The number as text that names coefficient and exponent, or the error.
std::string parsed(std::string_view text) {
  Decimal value;
  const DecimalError error = parse_decimal(text, value);
  if (error != DecimalError::kNone) {
    return std::string(describe(error));
  }
  return format_minor_units(value.coefficient, 0) + "e" + std::to_string(value.exponent);
}

TEST(ParseDecimal, ReadsPlainDecimals) {
  EXPECT_EQ(parsed("0"), "0e0");
  EXPECT_EQ(parsed("12"), "12e0");
  EXPECT_EQ(parsed("-12.30"), "-1230e-2");
  EXPECT_EQ(parsed("+7.5"), "75e-1");
  EXPECT_EQ(parsed(".5"), "5e-1");
  EXPECT_EQ(parsed("5."), "5e0");
  EXPECT_EQ(parsed("-0.00"), "0e-2");
  EXPECT_EQ(parsed("  19.99\t"), "1999e-2");
  EXPECT_EQ(parsed("007"), "7e0");
}

TEST(ParseDecimal, ReadsExponents) {
  EXPECT_EQ(parsed("1e3"), "1e3");
  EXPECT_EQ(parsed("-1.25E-2"), "-125e-4");
  EXPECT_EQ(parsed("1e+05"), "1e5");
  EXPECT_EQ(parsed("0e99999999"), "0e0");
}

TEST(ParseDecimal, ReadsAsManyDigitsAsStated) {
  const std::string most(38, '9');
  EXPECT_EQ(parsed(most), most + "e0");
  EXPECT_EQ(parsed(most + "000.000"), most + "e3");
  EXPECT_EQ(parsed("0.000000000000000000000" + most), most + "e-59");
  EXPECT_EQ(parsed(most + "9"), describe(DecimalError::kTooManyDigits));
  EXPECT_EQ(parsed("1e10000"), describe(DecimalError::kTooManyDigits));
  // Nineteen digits are the most of the short path, twenty the fewest of the long one.
  EXPECT_EQ(parsed("9999999999999999999"), "9999999999999999999e0");
  EXPECT_EQ(parsed("18446744073709551616"), "18446744073709551616e0");
}

TEST(ParseDecimal, SaysWhyItIsNoNumber) {
  const std::string not_a_number(describe(DecimalError::kNotANumber));
  for (const char* text : {"abc", "-", "+", ".", "-.", "1.2.3", "1e", "1e+", "e5", "1-2", "--1",
                           "1x", "$5", "5 EUR", "1e5.5"}) {
    EXPECT_EQ(parsed(text), not_a_number) << text;
  }
  for (const char* text : {"nan", "NaN", "-inf", "Infinity", "+INF"}) {
    EXPECT_EQ(parsed(text), describe(DecimalError::kNotFinite)) << text;
  }
  for (const char* text : {"1,000", "1,000.50", "1 000", "12'500", "1_000", "12,50", "1.000,50",
                           "1\xC2\xA0"
                           "000"}) {
    EXPECT_EQ(parsed(text), describe(DecimalError::kSeparator)) << text;
  }
  EXPECT_EQ(parsed("0x1F"), describe(DecimalError::kHexadecimal));
  EXPECT_EQ(parsed("-0X1F"), describe(DecimalError::kHexadecimal));
  EXPECT_EQ(parsed(""), describe(DecimalError::kEmpty));
  EXPECT_EQ(parsed("  "), describe(DecimalError::kEmpty));
  EXPECT_EQ(parsed(std::string_view("1\0", 2)), not_a_number);
}

TEST(ParseDecimal, LeavesTheValueAloneOnFailure) {
  Decimal value{5, 1};
  EXPECT_EQ(parse_decimal("1,000", value), DecimalError::kSeparator);
  EXPECT_EQ(static_cast<int>(value.coefficient), 5);
}

RC_GTEST_PROP(ParseDecimal, ReadsBackWhatIsWritten, (std::int64_t number)) {
  const int decimals = *rc::gen::inRange(0, 19);
  const std::string text = format_minor_units(number, decimals);
  Decimal value;
  RC_ASSERT(parse_decimal(text, value) == DecimalError::kNone);
  std::int64_t back = 0;
  RC_ASSERT(to_minor_units(value, decimals, back) == DecimalError::kNone);
  RC_ASSERT(back == number);
}

TEST(ToDecimal, TakesTheShortestText) {
  Decimal value;
  std::int64_t minor_units = 0;
  ASSERT_EQ(to_decimal(0.1, value), DecimalError::kNone);
  ASSERT_EQ(to_minor_units(value, 18, minor_units), DecimalError::kNone);
  EXPECT_EQ(minor_units, 100'000'000'000'000'000);
  // 1.005 is a little less in binary: only the decimal text makes it a tie.
  ASSERT_EQ(to_decimal(1.005, value), DecimalError::kNone);
  ASSERT_EQ(to_minor_units(value, 2, minor_units), DecimalError::kNone);
  EXPECT_EQ(minor_units, 100);
  ASSERT_EQ(to_decimal(0.1F, value), DecimalError::kNone);
  ASSERT_EQ(to_minor_units(value, 18, minor_units), DecimalError::kNone);
  EXPECT_EQ(minor_units, 100'000'000'000'000'000);
  EXPECT_EQ(to_decimal(std::numeric_limits<double>::quiet_NaN(), value), DecimalError::kNotFinite);
  EXPECT_EQ(to_decimal(-std::numeric_limits<float>::infinity(), value), DecimalError::kNotFinite);
}

// The value of a decimal does not depend on zeros at its end.
void strip_zeros(Decimal& value) {
  while (value.coefficient != 0 && value.coefficient % 10 == 0) {
    value.coefficient /= 10;
    ++value.exponent;
  }
  value.exponent = value.coefficient == 0 ? 0 : value.exponent;
}

template <class Float>
void expect_shortest(Float number) {
  char text[64];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, number);
  Decimal expected;
  Decimal value;
  ASSERT_EQ(
      parse_decimal(std::string_view(text, static_cast<std::size_t>(end.ptr - text)), expected),
      DecimalError::kNone);
  ASSERT_EQ(to_decimal(number, value), DecimalError::kNone);
  strip_zeros(expected);
  strip_zeros(value);
  EXPECT_TRUE(value.coefficient == expected.coefficient && value.exponent == expected.exponent)
      << text;
}

RC_GTEST_PROP(ToDecimal, EqualsTheLibraryForPrices, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    const auto scaled = static_cast<std::int32_t>(random() >> (32 + random() % 20));
    const double divisor = std::pow(10, static_cast<double>(random() % 6));
    expect_shortest(scaled / divisor);
    expect_shortest(static_cast<float>(scaled) / static_cast<float>(divisor));
  }
}

RC_GTEST_PROP(ToDecimal, EqualsTheLibraryForAnyFloat, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    const double number = std::bit_cast<double>(static_cast<std::uint64_t>(random()));
    const float small = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (std::isfinite(number)) {
      expect_shortest(number);
    }
    if (std::isfinite(small)) {
      expect_shortest(small);
    }
  }
}

// parse_minor_units() is two steps in one: the same result, and the same error.
void expect_both_ways_agree(const std::string& text, int decimals) {
  Decimal value;
  std::int64_t expected = -77;
  DecimalError error = parse_decimal(text, value);
  if (error == DecimalError::kNone) {
    error = to_minor_units(value, decimals, expected);
  }
  std::int64_t minor_units = -77;
  ASSERT_EQ(parse_minor_units(text, decimals, minor_units), error) << text << " " << decimals;
  ASSERT_EQ(minor_units, expected) << text << " " << decimals;
}

TEST(ParseMinorUnits, IsParsingAndScaling) {
  for (const char* text : {"",
                           "-",
                           "+",
                           ".",
                           "-.",
                           "1.",
                           ".5",
                           "-0",
                           "12.30",
                           "-12.345",
                           "+7",
                           " 7",
                           "7 ",
                           "1e3",
                           "--1",
                           "1..2",
                           "nan",
                           "1,5",
                           "999999999999999999",
                           "9999999999999999999",
                           "-9999999999999999.99",
                           "9223372036854775807",
                           "9223372036854775808",
                           "-9223372036854775808",
                           "92233720368547758.07",
                           "92233720368547758.08",
                           "-92233720368547758.08",
                           "0.000000000000000001",
                           "000000000000000000000000001"}) {
    for (int decimals = 0; decimals <= kMaxDecimals; ++decimals) {
      expect_both_ways_agree(text, decimals);
    }
  }
}

TEST(ParseMinorUnits, AgreesOnAnyDigits) {
  std::mt19937 random(7);
  const std::string letters = "0123456789012345678901234567890123456789....-+e ";
  for (int round = 0; round < 200'000; ++round) {
    std::string text(random() % 24, ' ');
    for (char& letter : text) {
      letter = letters[random() % letters.size()];
    }
    expect_both_ways_agree(text, static_cast<int>(random() % 19));
  }
}

}  // namespace
}  // namespace quintile
