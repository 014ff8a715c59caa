#include "query/name_hint.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace quintile {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"country", "currency", "count", "recency_days"};

TEST(NameHint, HintsOnlyAtWhatIsClose) {
  EXPECT_EQ(closest_name_hint("contry", kNames), ", did you mean 'country'?");
  EXPECT_EQ(closest_name_hint("zzzz", kNames), "");
  EXPECT_EQ(closest_name_hint("zzzz", {}), "");
  EXPECT_EQ(known_names_hint("zzzz", kNames), ", known are country, currency, count, recency_days");
  EXPECT_EQ(known_names_hint("zzzz", {}), "");
}

TEST(NameHint, QuotesForMessages) {
  EXPECT_EQ(quoted_for_message("a b"), "'a b'");
  EXPECT_EQ(quoted_for_message(std::string_view("a\0\n", 3)), "'a\\x00\\x0a'");
  EXPECT_EQ(quoted_for_message(std::string(41, 'a')), "'" + std::string(40, 'a') + "...'");
  // Never half a character: the 40th byte is inside of one.
  EXPECT_EQ(quoted_for_message(std::string(39, 'a') + "\xC5\xBC\xC5\xBC"),
            "'" + std::string(39, 'a') + "...'");
}

}  // namespace
}  // namespace quintile
