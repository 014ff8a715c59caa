#include <gtest/gtest.h>

#include "quintile/decimal.hpp"

namespace quintile {
namespace {

TEST(CurrencyDecimals, KnowsThoseThatAreNotTwo) {
  EXPECT_EQ(currency_decimals("PLN"), 2);
  EXPECT_EQ(currency_decimals("JPY"), 0);
  EXPECT_EQ(currency_decimals("BHD"), 3);
  EXPECT_EQ(currency_decimals("XPF"), 0);
  EXPECT_EQ(currency_decimals("CLF"), 4);
  for (const char* text : {"", "pln", "PL", "PLNX", "P1N", " PLN"}) {
    EXPECT_EQ(currency_decimals(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace quintile
