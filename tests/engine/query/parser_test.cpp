// Syntax: what is read, how it is printed back, and every way in which it can be wrong.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "quintile/expression.hpp"

namespace quintile {
namespace {

std::string canonical(std::string_view text) {
  const Result<Expression> parsed = Expression::parse(text);
  return parsed.ok() ? parsed->to_string() : std::string(parsed.status().message());
}

TEST(Parser, PrintsCanonically) {
  EXPECT_EQ(canonical("a=1"), "a = 1");
  EXPECT_EQ(canonical(" a\n!= -1.50 "), "a <> -1.50");
  EXPECT_EQ(canonical("a <= .5 and b >= 007"), "a <= 0.5 AND b >= 7");
  EXPECT_EQ(canonical("not a and not (b or c)"), "NOT a AND NOT (b OR c)");
  EXPECT_EQ(canonical("not not a"), "NOT NOT a");
  EXPECT_EQ(canonical("a or b and c"), "a OR b AND c");
  EXPECT_EQ(canonical("(a or b) and c"), "(a OR b) AND c");
  EXPECT_EQ(canonical("((a) and (b and (c and d)))"), "a AND b AND c AND d");
  EXPECT_EQ(canonical("a between 1 and 2 and b"), "a BETWEEN 1 AND 2 AND b");
  EXPECT_EQ(canonical("a not between -1 and 2"), "a NOT BETWEEN -1 AND 2");
  EXPECT_EQ(canonical("a in (1, 2.5,null)"), "a IN (1, 2.5, NULL)");
  EXPECT_EQ(canonical("a not in ('x')"), "a NOT IN ('x')");
  EXPECT_EQ(canonical("a like 'it''s%'"), "a LIKE 'it''s%'");
  EXPECT_EQ(canonical("a not ilike 'b!%' escape '!'"), "a NOT ILIKE 'b!%' ESCAPE '!'");
  EXPECT_EQ(canonical("a ~ '^b'"), "a ~ '^b'");
  EXPECT_EQ(canonical("a is null or b is not null"), "a IS NULL OR b IS NOT NULL");
  EXPECT_EQ(canonical("a is distinct from 1"), "a IS DISTINCT FROM 1");
  EXPECT_EQ(canonical("a is not distinct from null"), "a IS NOT DISTINCT FROM NULL");
  EXPECT_EQ(canonical("(a = 1) is null"), "(a = 1) IS NULL");
  EXPECT_EQ(canonical("(a > 1) = (b > 2)"), "(a > 1) = (b > 2)");
  EXPECT_EQ(canonical("d >= date '2026-01-31'"), "d >= DATE '2026-01-31'");
  EXPECT_EQ(canonical("t < timestamp '2026-01-31 10:00'"), "t < TIMESTAMP '2026-01-31 10:00'");
  EXPECT_EQ(canonical("TRUE"), "TRUE");
  EXPECT_EQ(canonical("x = '\xC5\xBC'"), "x = '\xC5\xBC'");
}

TEST(Parser, NamesAreQuotedWhereTheyMustBe) {
  EXPECT_EQ(canonical("\"a\" = 1"), "a = 1");
  EXPECT_EQ(canonical("\"and\" = 1"), "\"and\" = 1");
  EXPECT_EQ(canonical("\"Is\""), "\"Is\"");
  EXPECT_EQ(canonical("\"a-b\" = 1"), "\"a-b\" = 1");
  EXPECT_EQ(canonical("\"say \"\"hi\"\"\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(canonical("rfm.class = 'loyal'"), "rfm.class = 'loyal'");
  EXPECT_EQ(canonical("\"rfm.\""), "\"rfm.\"");
  EXPECT_EQ(canonical("date = 1"), "\"date\" = 1");
  EXPECT_EQ(canonical("\"date\" > date '2026-01-31'"), "\"date\" > DATE '2026-01-31'");
}

TEST(Parser, SyntaxErrorsSayWhereAndWhat) {
  EXPECT_EQ(canonical(""), "1:1: expected a condition, got the end");
  EXPECT_EQ(canonical("  \n "), "2:2: expected a condition, got the end");
  EXPECT_EQ(canonical("a ="), "1:4: expected a column, a literal or '(', got the end");
  EXPECT_EQ(canonical("a = = 1"), "1:5: expected a column, a literal or '(', got '='");
  EXPECT_EQ(canonical("a b"), "1:3: expected AND, OR or the end, got 'b'");
  EXPECT_EQ(canonical("a = 1\n  b = 2"), "2:3: expected AND, OR or the end, got 'b'");
  EXPECT_EQ(canonical("(a = 1"), "1:7: expected AND, OR or ')', got the end");
  EXPECT_EQ(canonical("a = 1)"), "1:6: expected AND, OR or the end, got ')'");
  EXPECT_EQ(canonical("a = 1 = 2"), "1:7: expected AND, OR or the end, got '='");
  EXPECT_EQ(canonical("a IS NULL IS NULL"), "1:11: expected AND, OR or the end, got IS");
  EXPECT_EQ(canonical("NOT a = 1 = 2"), "1:11: expected AND, OR or the end, got '='");
  EXPECT_EQ(canonical("a = NOT b"), "1:5: expected a column, a literal or '(', got NOT");
  EXPECT_EQ(canonical("a NOT = 1"), "1:7: expected IN, LIKE, ILIKE or BETWEEN, got '='");
  EXPECT_EQ(canonical("a IS 1"), "1:6: expected NULL, TRUE, FALSE, DISTINCT FROM or NOT, got '1'");
  EXPECT_EQ(canonical("a IS NOT 1"), "1:10: expected NULL, TRUE, FALSE or DISTINCT FROM, got '1'");
  EXPECT_EQ(canonical("a IS DISTINCT 1"), "1:15: expected FROM, got '1'");
  EXPECT_EQ(canonical("a BETWEEN 1 OR 2"), "1:13: expected AND, got OR");
  EXPECT_EQ(canonical("a IN 1"), "1:6: expected '(', got '1'");
  EXPECT_EQ(canonical("a IN ()"), "1:7: expected a column, a literal or '(', got ')'");
  EXPECT_EQ(canonical("a IN (1 2)"), "1:9: expected ',' or ')', got '2'");
  EXPECT_EQ(canonical("a IN (b)"), "1:7: expected a literal, got column 'b'");
  EXPECT_EQ(canonical("a LIKE b"), "1:8: expected a pattern such as 'a%', got 'b'");
  EXPECT_EQ(canonical("a LIKE 'b' ESCAPE 'xy'"),
            "1:19: expected one character as text, got text 'xy'");
  EXPECT_EQ(canonical("a LIKE 'b!' ESCAPE '!'"),
            "1:8: expected a character after the escape character, got the end of the pattern");
  EXPECT_EQ(canonical("a ~ 1"), "1:5: expected a regular expression as text, got '1'");
  EXPECT_EQ(canonical("a ~ 'b('"), "1:5: expected a regular expression, got 'b(': missing ): b(");
  EXPECT_EQ(canonical("a AND"), "1:6: expected a column, a literal or '(', got the end");
  EXPECT_EQ(canonical("- AND"), "1:3: expected a column, a literal or '(', got AND");
}

TEST(Parser, LexicalErrors) {
  EXPECT_EQ(canonical("a = 'b"), "1:5: expected a closing ', got the end");
  EXPECT_EQ(canonical("\"a = 1"), "1:1: expected a closing \", got the end");
  EXPECT_EQ(canonical("\"\" = 1"), "1:1: expected a name between the quotes");
  EXPECT_EQ(canonical("a == 1"),
            "1:3: expected a name, a literal or an operator, got '==', equality is written =");
  EXPECT_EQ(canonical("a & b"), "1:3: expected a name, a literal or an operator, got '&'");
  EXPECT_EQ(canonical("a = \xC5\xBC"),
            "1:5: expected a name, a literal or an operator, got '\xC5\xBC'");
  EXPECT_EQ(canonical("a = 1.2.3"), "1:5: expected a number, got '1.2.3'");
  EXPECT_EQ(canonical("a = 12abc"), "1:5: expected a number, got '12abc'");
  EXPECT_EQ(canonical("a = 1e5"), "1:5: expected a number, got '1e5'");
  EXPECT_EQ(canonical("a = " + std::string(39, '9')),
            "1:5: expected a number of at most 38 digits, got '" + std::string(39, '9') + "'");
  EXPECT_EQ(canonical("a = " + std::string(38, '9')), "a = " + std::string(38, '9'));
  EXPECT_EQ(canonical("a = DATE '2026-02-30'"),
            "1:10: expected a date such as '2026-01-31', got text '2026-02-30'");
  EXPECT_EQ(canonical("a = '\xC3'"),
            "1:6: expected UTF-8 text without control bytes, got byte 0xc3");
  EXPECT_EQ(canonical(std::string_view("a\0", 2)),
            "1:2: expected UTF-8 text without control bytes, got byte 0x00");
}

TEST(Parser, Arithmetic) {
  EXPECT_EQ(canonical("a+1>2"), "a + 1 > 2");
  EXPECT_EQ(canonical("a - (b - c) - d = 0"), "a - (b - c) - d = 0");
  EXPECT_EQ(canonical("(a - b) - c = 0"), "a - b - c = 0");
  EXPECT_EQ(canonical("(a + b) * c = a * (b * c)"), "(a + b) * c = a * (b * c)");
  EXPECT_EQ(canonical("a + b * c = 0"), "a + b * c = 0");
  EXPECT_EQ(canonical("-a = --5"), "-a = 5");
  EXPECT_EQ(canonical("-(a + b) = - -c"), "-(a + b) = --c");
  EXPECT_EQ(canonical("a -1 = -(1)"), "a - 1 = -1");
  EXPECT_EQ(canonical("a > today() - 007d"), "a > today() - 7d");
  EXPECT_EQ(canonical("a BETWEEN b + 1 AND b * 2 AND c"), "a BETWEEN b + 1 AND b * 2 AND c");
  EXPECT_EQ(canonical("NOT a + 1 > 2"), "NOT a + 1 > 2");
  EXPECT_EQ(canonical("(a > 1) + 2 = 3"), "(a > 1) + 2 = 3");
  EXPECT_EQ(canonical("coalesce(a, b > 1, 2) = 1"), "COALESCE(a, b > 1, 2) = 1");
  EXPECT_EQ(canonical("a is true and b is not false"), "a IS TRUE AND b IS NOT FALSE");
  EXPECT_EQ(canonical("a > 0d"),
            "1:5: expected a duration from 1m to 65534d, such as 7d, 2w, 12h or 30m, got duration "
            "'0d'");
}

TEST(Parser, Functions) {
  EXPECT_EQ(canonical("TAG('vip') and Consent('email','marketing')"),
            "tag('vip') AND consent('email', 'marketing')");
  EXPECT_EQ(canonical("split('s', 12.5) or split('s', 20, 4)"),
            "split('s', 12.5) OR split('s', 20, 4)");
  EXPECT_EQ(canonical("segment('a') and not in_list('b')"), "segment('a') AND NOT in_list('b')");
  EXPECT_EQ(canonical("count(purchase, 90d) >= 2"), "count(purchase, 90d) >= 2");
  EXPECT_EQ(canonical("count(visit where url like '/sale/%', 14d) > 0"),
            "count(visit WHERE url LIKE '/sale/%', 14d) > 0");
  EXPECT_EQ(canonical("sum(purchase.amount) > avg(\"page view.score\" where a or b)"),
            "sum(purchase.amount) > avg(\"page view.score\" WHERE a OR b)");
  EXPECT_EQ(canonical("regularly(visit, 3 OF 4 week)"), "regularly(visit, 3 of 4 weeks)");
  EXPECT_EQ(canonical("sequence(cart then not purchase within 2h, 7d)"),
            "sequence(cart THEN NOT purchase WITHIN 2h, 7d)");
  EXPECT_EQ(canonical("sequence(a where within = 1 then b where c then d)"),
            "sequence(a WHERE within = 1 THEN b WHERE c THEN d)");
  EXPECT_EQ(canonical("count = 1 AND \"count\" = today"), "count = 1 AND count = today");
}

TEST(Parser, FunctionErrors) {
  EXPECT_EQ(canonical("cuont(purchase) >= 2"),
            "1:1: unknown function 'cuont', did you mean 'count'?");
  EXPECT_EQ(canonical("a = 1 AND entered('x', 7d)"),
            "1:11: unknown function 'entered', known are coalesce, today, now, tag, consent, "
            "split, segment, in_list, count, sum, avg, min, max, first, last, mode, distinct, "
            "days_since, regularly, sequence");
  EXPECT_EQ(canonical("tag(vip)"),
            "1:5: expected a name as text, such as 'newsletter', got column 'vip'");
  EXPECT_EQ(canonical("tag()"), "1:1: expected tag() with 1 argument, got 0");
  EXPECT_EQ(canonical("split('s')"), "1:1: expected split() with 2 or 3 arguments, got 1");
  EXPECT_EQ(canonical("split('s', 0)"),
            "1:12: expected a percentage above 0, at most 100, with at most two decimals, got "
            "number 0");
  EXPECT_EQ(canonical("split('s', 20, 5)"), "1:16: expected an arm from 0 to 4, got number 5");
  EXPECT_EQ(canonical("split('s' 20)"), "1:11: expected ',' or ')', got '20'");
  EXPECT_EQ(canonical("coalesce(a) = 1"), "1:11: expected ',', got ')'");
  EXPECT_EQ(canonical("count(1)"), "1:7: expected an event type, got '1'");
  EXPECT_EQ(canonical("count(a b)"), "1:9: expected WHERE, ',' or ')', got 'b'");
  EXPECT_EQ(canonical("count(a, 7)"), "1:10: expected a window such as 90d, got '7'");
  EXPECT_EQ(canonical("count(a, 7d, 8d)"), "1:12: expected ')', got ','");
  EXPECT_EQ(canonical("regularly(a, 5 of 4 weeks)"), "1:19: expected at least 5 periods, got 4");
  EXPECT_EQ(canonical("regularly(a, 1 of 4 years)"), "1:21: expected days or weeks, got 'years'");
  EXPECT_EQ(canonical("sequence(a)"), "1:1: expected a sequence of 2 to 8 events, got 1");
  EXPECT_EQ(canonical("sequence(NOT a THEN b)"),
            "1:14: expected a sequence that begins with an event, got NOT");
  EXPECT_EQ(canonical("sequence(a THEN NOT b THEN NOT c)"),
            "1:32: expected an event after THEN NOT, got another NOT");
  EXPECT_EQ(canonical("sequence(a WITHIN 2h THEN b)"),
            "1:10: expected THEN before WITHIN, which counts from the event before");
}

TEST(Parser, Limits) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "a" + std::string(depth, ')');
  };
  EXPECT_EQ(canonical(nested(64)), "a");
  const Status deep = Expression::parse(nested(65)).status();
  EXPECT_EQ(deep.code(), StatusCode::kOutOfRange);
  EXPECT_EQ(deep.message(), "1:65: nested deeper than 64 levels");
  std::string nots;
  for (int i = 0; i < 65; ++i) {
    nots += "NOT ";
  }
  EXPECT_EQ(Expression::parse(nots + "a").status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(Expression::parse(std::string(60'000, '(')).status().code(), StatusCode::kOutOfRange);

  std::string sum = "a";  // each operator is a level
  for (int i = 0; i < 63; ++i) {
    sum += " + a";
  }
  EXPECT_EQ(canonical(sum + " > 1"), sum + " > 1");
  EXPECT_EQ(canonical(sum + " + a > 1"), "1:259: nested deeper than 64 levels");
  EXPECT_EQ(Expression::parse(std::string(60'000, '-') + "a").status().code(),
            StatusCode::kOutOfRange);

  std::string terms = "a";  // one name, and one for the OR
  for (int i = 0; i < 4094; ++i) {
    terms += " OR a";
  }
  EXPECT_TRUE(Expression::parse(terms).ok());
  const Status many = Expression::parse(terms + " OR a").status();
  EXPECT_EQ(many.code(), StatusCode::kOutOfRange);
  EXPECT_EQ(many.message(), "1:20476: expected at most 4096 names, literals and operators");

  const Status large = Expression::parse(std::string(65'537, ' ')).status();
  EXPECT_EQ(large.code(), StatusCode::kOutOfRange);
  EXPECT_EQ(large.message(), "1:1: expected at most 65536 bytes, got 65537");
}

TEST(Parser, NamesItMentions) {
  const Result<Expression> parsed = Expression::parse("b = 1 AND (a = 2 OR b = 3) AND c IS NULL");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->column_names(), (std::vector<std::string>{"b", "a", "c"}));
}

TEST(Parser, SaysWhichSegmentsAndListsAreUsed) {
  const Result<Expression> parsed = Expression::parse(
      "segment('b') AND NOT (in_list('l') OR SEGMENT('a') OR segment('b')) AND c = 'x'");
  ASSERT_TRUE(parsed.ok());
  const ExpressionReferences references = parsed->references();
  EXPECT_EQ(references.segments, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(references.lists, (std::vector<std::string>{"l"}));
  const Expression renamed = parsed->with_name_replaced("b", "x").with_name_replaced("l", "it's");
  EXPECT_EQ(renamed.to_string(),
            "segment('x') AND NOT (in_list('it''s') OR segment('a') OR segment('x')) AND c = 'x'");
  EXPECT_TRUE(Expression::parse("c = 1")->references().segments.empty());
}

TEST(Parser, EqualityIgnoresSpelling) {
  const auto parse = [](std::string_view text) { return Expression::parse(text).value(); };
  EXPECT_TRUE(parse("a=1 and b") == parse("( A IS NULL )") ? false : true);
  EXPECT_TRUE(parse("a=1 and b") == parse("(a = 01)  AND\n\"b\""));
  EXPECT_FALSE(parse("a = 1") == parse("a = 1.0"));
}

}  // namespace
}  // namespace quintile
