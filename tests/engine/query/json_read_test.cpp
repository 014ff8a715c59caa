// The JSON form: what is read, and every way in which it can be wrong.
#include <string>

#include <gtest/gtest.h>

#include "quintile/expression.hpp"

namespace quintile {
namespace {

// The canonical text, or the message.
std::string text_of(std::string_view json) {
  const Result<Expression> read = Expression::from_json(json);
  return read.ok() ? read->to_string() : std::string(read.status().message());
}

TEST(JsonRead, TakesWhatPeopleWrite) {
  EXPECT_EQ(text_of(R"( { "=" : [ {"column":"a"}, 12345678901234567890 ] } )"),
            "a = 12345678901234567890");
  EXPECT_EQ(text_of(R"({"and":[{"and":[true,{"column":"b"}]},{"column":"c c"}]})"),
            "TRUE AND b AND \"c c\"");
  EXPECT_EQ(text_of(R"({"=":[{"negate":{"number":"007.50"}},{"-":[1,{"-":[2,3]}]}]})"),
            "-7.50 = 1 - (2 - 3)");
  EXPECT_EQ(text_of(R"({"escape":"!","like":[{"column":"a"},"50!%"]})"),
            "a LIKE '50!%' ESCAPE '!'");
  EXPECT_EQ(text_of(R"({"window":"07d","where":{"column":"b"},"count":"visit"})"),
            "count(visit WHERE b, 7d)");
  EXPECT_EQ(text_of(R"({"TAG":["\u017c"]})"), "tag('\xC5\xBC')");
}

TEST(JsonRead, ErrorsHaveAPointer) {
  EXPECT_EQ(text_of("[1]"), "/: expected an object or a literal, got a list");
  EXPECT_EQ(text_of("{}"), "/: expected an operator, got none");
  EXPECT_EQ(text_of(R"({"and":[true,{"in":[{"column":"a"},1,{"column":"b"}]}]})"),
            "/and/1/in/2: expected a literal, got column 'b'");
  EXPECT_EQ(text_of(R"({"nto":true})"), "/: unknown operator 'nto', did you mean 'not'?");
  EXPECT_EQ(text_of(R"({"cuont":"visit"})"), "/: unknown operator 'cuont', did you mean 'count'?");
  EXPECT_EQ(text_of(R"({"and":[true],"or":[true]})"),
            "/: expected one operator, got 'and' and 'or'");
  EXPECT_EQ(text_of(R"({"and":[true]})"), "/and: expected a list of at least 2, got 1");
  EXPECT_EQ(text_of(R"({"=":[1,2,3]})"), "/=: expected a list of 2, got 3");
  EXPECT_EQ(text_of(R"({"=":[1,9.99]})"),
            "/=/1: expected decimals as text, {\"number\": \"9.99\"}, so that they stay exact");
  EXPECT_EQ(text_of(R"({"=":[1,{"number":"1e5"}]})"),
            "/=/1/number: expected a number of at most 38 digits such as '9.99', got '1e5'");
  EXPECT_EQ(text_of(R"({"date":"2026-02-30"})"),
            "/date: expected a date such as '2026-01-31', got '2026-02-30'");
  EXPECT_EQ(text_of(R"({"column":1})"), "/column: expected text, got a number");
  EXPECT_EQ(text_of(R"({"column":"a\u0000"})"),
            "/column: expected UTF-8 text without control bytes, got byte 0x00");
  EXPECT_EQ(text_of(R"({"=":[1,2],"window":"7d"})"), "/=: expected no key 'window' beside '='");
  EXPECT_EQ(text_of(R"({"matches":[{"column":"a"},"b("]})"),
            "/matches/1: expected a pattern, got 'b(': missing ): b(");
  EXPECT_EQ(text_of(R"({"split":["s",0]})"),
            "/split: expected a percentage above 0, at most 100, with at most two decimals, got "
            "number 0");
  EXPECT_EQ(text_of(R"({"sequence":[{"event":"a"}]})"),
            "/sequence: expected a sequence of 2 to 8 events, got 1");
  EXPECT_EQ(text_of(R"({"sequence":[{"event":"a"},{"evnt":"b"}]})"),
            "/sequence/1: expected the key 'event', got 'evnt'");
  EXPECT_EQ(text_of(R"({"regularly":"a","at_least":5,"of":4,"unit":"weeks"})"),
            "/: expected periods such as 3 of 4 weeks, got 5 of 4 'weeks'");
  EXPECT_EQ(text_of(R"({"count":"a","window":"7x"})"),
            "/window: expected a duration from 1m to 65534d, such as 7d, 2w, 12h or 30m, got '7x'");
}

TEST(JsonRead, HasTheLimitsOfText) {
  std::string deep = "true";
  for (int i = 0; i < 64; ++i) {
    deep = "{\"not\":" + deep + "}";
  }
  EXPECT_TRUE(Expression::from_json(deep).ok());
  const Status status = Expression::from_json("{\"not\":" + deep + "}").status();
  EXPECT_EQ(status.code(), StatusCode::kOutOfRange);
  std::string many = "true";
  for (int i = 0; i < 4096; ++i) {
    many += ",true";
  }
  EXPECT_EQ(Expression::from_json("{\"or\":[" + many + "]}").status().code(),
            StatusCode::kOutOfRange);
  EXPECT_EQ(Expression::from_json(std::string(kMaxExpressionJsonBytes + 1, ' ')).status().code(),
            StatusCode::kOutOfRange);
  EXPECT_FALSE(Expression::from_json("").ok());
  EXPECT_FALSE(Expression::from_json("{\"a\":").ok());
  EXPECT_FALSE(Expression::from_json(std::string(60'000, '[')).ok());
}

}  // namespace
}  // namespace quintile
