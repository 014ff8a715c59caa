#include "query/text_position.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace quintile {
namespace {

TEST(TextPosition, CountsLinesAndBytesFromOne) {
  const std::string text = "ab\ncd\n";
  const auto at = [&](std::size_t offset) {
    const TextPosition position = position_of(text, offset);
    return std::pair(position.line, position.column);
  };
  EXPECT_EQ(at(0), std::pair(1U, 1U));
  EXPECT_EQ(at(2), std::pair(1U, 3U));
  EXPECT_EQ(at(3), std::pair(2U, 1U));
  EXPECT_EQ(at(6), std::pair(3U, 1U));
  EXPECT_EQ(at(99), std::pair(3U, 1U));
}

TEST(TextPosition, FindsBytesThatAreNotText) {
  const auto bad_at = [](std::string_view text) {
    const auto bad = find_bad_text(text);
    return bad ? static_cast<int>(bad->offset) : -1;
  };
  EXPECT_EQ(bad_at("plain, \xC5\xBC\xC3\xB3\xC5\x82w, \xE2\x82\xAC, \xF0\x9F\x98\x80\t\r\n"), -1);
  EXPECT_EQ(bad_at("a\x01"), 1);
  EXPECT_EQ(bad_at("a\x7F"), 1);
  EXPECT_EQ(bad_at("a\x80"), 1);
  EXPECT_EQ(bad_at("\xC3"), 0);
  EXPECT_EQ(bad_at("\xC0\x80"), 0);          // overlong
  EXPECT_EQ(bad_at("\xE0\x80\x80"), 0);      // overlong
  EXPECT_EQ(bad_at("\xED\xA0\x80"), 0);      // a surrogate
  EXPECT_EQ(bad_at("\xF4\x90\x80\x80"), 0);  // past U+10FFFF
  EXPECT_EQ(bad_at("ok\xF0\x9F\x98"), 2);    // cut off
}

}  // namespace
}  // namespace quintile
