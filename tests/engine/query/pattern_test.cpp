#include "query/pattern.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quintile::query {
namespace {

bool like(std::string_view text, std::string_view pattern, std::string_view escape = "") {
  return make_like(pattern, escape, false)->matches(text);
}

bool ilike(std::string_view text, std::string_view pattern, std::string_view escape = "") {
  return make_like(pattern, escape, true)->matches(text);
}

TEST(Pattern, LikeMatchesTheWholeText) {
  EXPECT_TRUE(like("abc", "abc"));
  EXPECT_FALSE(like("abcd", "abc"));
  EXPECT_FALSE(like("abc", "ABC"));
  EXPECT_TRUE(like("abc", "a%"));
  EXPECT_TRUE(like("abc", "%c"));
  EXPECT_TRUE(like("abc", "%b%"));
  EXPECT_TRUE(like("", "%"));
  EXPECT_TRUE(like("", ""));
  EXPECT_FALSE(like("a", ""));
  EXPECT_TRUE(like("abc", "_b_"));
  EXPECT_FALSE(like("abc", "__"));
  EXPECT_TRUE(like("a\nb", "a%b"));
  EXPECT_TRUE(like("a\nb", "a_b"));
  EXPECT_TRUE(like("aXbXc", "a%X%c"));
  EXPECT_TRUE(like("mississippi", "%iss%ip%"));
  EXPECT_FALSE(like("mississippi", "%iss%iss%iss%"));
}

TEST(Pattern, OneIsACharacterAndNotAByte) {
  EXPECT_TRUE(like("\xC5\xBC", "_"));
  EXPECT_FALSE(like("\xC5\xBC", "__"));
  EXPECT_TRUE(like("a\xF0\x9F\x98\x80z", "a_z"));
  EXPECT_TRUE(ilike("a\xF0\x9F\x98\x80z", "A_Z"));
  EXPECT_TRUE(like("\xC5\xBC\xC5\xBC", "%_\xC5\xBC"));
}

TEST(Pattern, Escape) {
  EXPECT_TRUE(like("50%", "50!%", "!"));
  EXPECT_FALSE(like("500", "50!%", "!"));
  EXPECT_TRUE(like("a_b", "a\\_b", "\\"));
  EXPECT_TRUE(like("a\\b", "a\\b"));  // no escape character unless given
  EXPECT_TRUE(like("!", "!!", "!"));
  EXPECT_TRUE(like("%", "\xC5\xBC%", "\xC5\xBC"));
  EXPECT_TRUE(like_pattern_is_complete("a!%", "!"));
  EXPECT_FALSE(like_pattern_is_complete("a!", "!"));
  EXPECT_TRUE(like_pattern_is_complete("a!!", "!"));
  EXPECT_TRUE(like_pattern_is_complete("a!", ""));
}

TEST(Pattern, IlikeIgnoresCaseBeyondAscii) {
  EXPECT_TRUE(ilike("HeLLo", "hell%"));
  EXPECT_TRUE(ilike("\xC5\xBB\xC3\x93\xC5\x81W", "\xC5\xBC\xC3\xB3\xC5\x82w"));
  EXPECT_TRUE(ilike("a.b", "A.B"));
  EXPECT_FALSE(ilike("axb", "A.B"));
  EXPECT_TRUE(ilike("a\nb", "A%B"));
}

TEST(Pattern, RegexMatchesAnywhere) {
  EXPECT_TRUE(make_regex("b+")->matches("abbc"));
  EXPECT_FALSE(make_regex("^b+")->matches("abbc"));
  EXPECT_TRUE(make_regex("(?i)B")->matches("abc"));
  EXPECT_EQ(regex_problem("a(b"), "missing ): a(b");
  EXPECT_EQ(regex_problem("a|b"), "");
  EXPECT_NE(regex_problem("(?=a)"), "");
  EXPECT_NE(regex_problem("((a{1000}){1000}){1000}"), "");
}

TEST(Pattern, LongPatternsAreRefused) {
  EXPECT_EQ(ilike_problem(std::string(kMaxPatternBytes, 'k'), ""), "");
  EXPECT_EQ(ilike_problem(std::string(kMaxPatternBytes, '_'), ""), "");
  EXPECT_EQ(ilike_problem(std::string(4097, 'k'), ""), "more than 4096 bytes (4097)");
  EXPECT_EQ(regex_problem(std::string(kMaxPatternBytes, 'k')), "");
  EXPECT_EQ(regex_problem(std::string(4097, 'k')), "more than 4096 bytes (4097)");
  // What matches case by case has no need of RE2 and no such limit.
  EXPECT_TRUE(like(std::string(9000, 'k'), std::string(9000, 'k')));
}

// By trying every way to match.
bool naive_like(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) {
    return text.empty();
  }
  if (pattern.front() == '%') {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (naive_like(text.substr(i), pattern.substr(1))) {
        return true;
      }
    }
    return false;
  }
  return !text.empty() && (pattern.front() == '_' || pattern.front() == text.front()) &&
         naive_like(text.substr(1), pattern.substr(1));
}

RC_GTEST_PROP(Pattern, LikeEqualsNaiveSearch, ()) {
  const auto text =
      *rc::gen::resize(12, rc::gen::container<std::string>(rc::gen::element('a', 'b')));
  const auto pattern =
      *rc::gen::resize(9, rc::gen::container<std::string>(rc::gen::element('a', 'b', '%', '_')));
  RC_ASSERT(like(text, pattern) == naive_like(text, pattern));
  RC_ASSERT(ilike(text, pattern) == naive_like(text, pattern));
}

}  // namespace
}  // namespace quintile::query
