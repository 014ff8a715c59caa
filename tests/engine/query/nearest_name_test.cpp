#include "query/nearest_name.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace quintile {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"country", "currency", "count", "recency_days"};

TEST(NearestName, CountsEdits) {
  EXPECT_EQ(nearest_name("contry", kNames), "country");
  EXPECT_EQ(nearest_name("COUNTRY", kNames), "country");
  EXPECT_EQ(nearest_name("coutn", kNames), "count");  // neighbours swapped: one edit
  EXPECT_EQ(nearest_name("curency", kNames), "currency");
  EXPECT_EQ(nearest_name("recency", kNames), "recency_days");  // cut short
  EXPECT_EQ(nearest_name("x", {}), "");
}

TEST(NearestName, TheFirstOfEqualsWins) {
  constexpr std::array<std::string_view, 2> kTwins = {"ab", "ac"};
  EXPECT_EQ(nearest_name("ad", kTwins), "ab");
}

TEST(NearestName, LongWordsAreCompared) {
  const std::string longer(5000, 'a');
  EXPECT_EQ(nearest_name(longer, kNames), nearest_name(longer.substr(0, 64), kNames));
}

TEST(NearestName, HintsOnlyAtWhatIsNear) {
  EXPECT_EQ(nearest_name_hint("contry", kNames), ", did you mean 'country'?");
  EXPECT_EQ(nearest_name_hint("zzzz", kNames), "");
  EXPECT_EQ(nearest_name_hint("zzzz", {}), "");
  EXPECT_EQ(known_names_hint("zzzz", kNames), ", known are country, currency, count, recency_days");
  EXPECT_EQ(known_names_hint("zzzz", {}), "");
}

TEST(NearestName, QuotesForMessages) {
  EXPECT_EQ(quoted_for_message("a b"), "'a b'");
  EXPECT_EQ(quoted_for_message(std::string_view("a\0\n", 3)), "'a\\x00\\x0a'");
  EXPECT_EQ(quoted_for_message(std::string(41, 'a')), "'" + std::string(40, 'a') + "...'");
  // Never half a character: the 40th byte is inside of one.
  EXPECT_EQ(quoted_for_message(std::string(39, 'a') + "\xC5\xBC\xC5\xBC"),
            "'" + std::string(39, 'a') + "...'");
}

}  // namespace
}  // namespace quintile
