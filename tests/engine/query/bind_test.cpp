// Names and types, before anything runs.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "quintile/expression.hpp"

namespace quintile {
namespace {

class OneText final : public ExpressionDictionary {
 public:
  [[nodiscard]] std::uint32_t size() const noexcept override { return 1; }
  [[nodiscard]] std::string_view text(std::uint32_t /*code*/) const noexcept override {
    return "PL";
  }
};

std::string bind_error(std::string_view text, bool with_timestamps = true) {
  static const OneText kTexts;
  static const std::vector<ExpressionColumn> kColumns = {
      {"country", DataType::kCategory, 0, &kTexts}, {"age", DataType::kInt64, 0, nullptr},
      {"balance", DataType::kDecimal, 2, nullptr},  {"score", DataType::kDouble, 0, nullptr},
      {"vip", DataType::kBool, 0, nullptr},         {"born", DataType::kDate, 0, nullptr},
      {"seen", DataType::kTimestamp, 0, nullptr},   {"labels", DataType::kTags, 0, nullptr},
      {"email", DataType::kConsent, 0, nullptr}};
  ExpressionBinding binding{kColumns, {}};
  if (with_timestamps) {
    binding.timestamp_from_text = [](std::string_view instant) -> Result<std::int64_t> {
      if (instant != "2026-01-31 10:00") {
        return Status(StatusCode::kInvalidArgument, "no such time");
      }
      return std::int64_t{0};
    };
  }
  const Result<Expression> parsed = Expression::parse(text);
  EXPECT_TRUE(parsed.ok()) << parsed.status().message();
  const Status status = parsed->bind(binding).status();
  EXPECT_TRUE(status.ok() || status.code() == StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(Bind, UnknownColumnsAreRefusedWithTheNearest) {
  EXPECT_EQ(bind_error("contry = 'PL'"), "1:1: unknown column 'contry', did you mean 'country'?");
  EXPECT_EQ(bind_error("vip AND\n  agee > 1"), "2:3: unknown column 'agee', did you mean 'age'?");
  EXPECT_EQ(bind_error("Vip"), "1:1: unknown column 'Vip', did you mean 'vip'?");
  EXPECT_EQ(bind_error("qqqqqqq = 1"),
            "1:1: unknown column 'qqqqqqq', known are country, age, balance, score, vip, born, "
            "seen, labels, email");
}

TEST(Bind, TypesAreChecked) {
  EXPECT_EQ(bind_error("age = 'x'"),
            "1:7: expected a number to compare with column 'age', got text 'x'");
  EXPECT_EQ(bind_error("'x' = age"),
            "1:7: expected text to compare with text 'x', got column 'age' (a number)");
  EXPECT_EQ(bind_error("country = 1"),
            "1:11: expected text to compare with column 'country', got number 1");
  EXPECT_EQ(bind_error("born > TIMESTAMP '2026-01-31 10:00'"),
            "1:8: expected a date to compare with column 'born', got TIMESTAMP '2026-01-31 10:00'");
  EXPECT_EQ(bind_error("seen > born"),
            "1:8: expected a timestamp to compare with column 'seen', got column 'born' (a date)");
  EXPECT_EQ(bind_error("age BETWEEN 1 AND 'x'"),
            "1:19: expected a number to compare with column 'age', got text 'x'");
  EXPECT_EQ(bind_error("NULL BETWEEN 1 AND 'x'"),
            "1:20: expected a number to compare with number 1, got text 'x'");
  EXPECT_EQ(bind_error("age IN (1, 'x')"),
            "1:12: expected a number to compare with column 'age', got text 'x'");
  EXPECT_EQ(bind_error("NULL IN (1, 'x')"),
            "1:13: expected a number to compare with number 1, got text 'x'");
  EXPECT_EQ(bind_error("age LIKE 'x'"), "1:1: expected text, got column 'age' (a number)");
  EXPECT_EQ(bind_error("1 ~ 'x'"), "1:1: expected text, got number 1");
  EXPECT_EQ(bind_error("age IS DISTINCT FROM 'x'"),
            "1:22: expected a number to compare with column 'age', got text 'x'");
  EXPECT_EQ(bind_error("vip = 1"),
            "1:7: expected a condition to compare with column 'vip', got number 1");
  EXPECT_EQ(bind_error("vip < TRUE"), "1:5: conditions can only be compared with = and <>");
  EXPECT_EQ(bind_error("vip BETWEEN FALSE AND TRUE"),
            "1:1: expected a number, text, a date or a timestamp, got column 'vip' (a condition)");
  EXPECT_EQ(bind_error("vip IN (TRUE)"),
            "1:1: expected a number, text, a date or a timestamp, got column 'vip' (a condition)");
  EXPECT_EQ(bind_error("age IN (TRUE)"),
            "1:9: expected a number, text, a date or a timestamp, got TRUE");
}

TEST(Bind, ConditionsAreAskedForWhereTheyMustBe) {
  EXPECT_EQ(bind_error("age"), "1:1: expected a condition, got column 'age' (a number)");
  EXPECT_EQ(bind_error("vip AND 1"), "1:9: expected a condition, got number 1");
  EXPECT_EQ(bind_error("NOT 'x'"), "1:5: expected a condition, got text 'x'");
  EXPECT_EQ(bind_error("NULL"), "");
}

TEST(Bind, TagsAndConsentsCannotBeCompared) {
  EXPECT_EQ(bind_error("labels = 'x'"),
            "1:1: expected a column that can be compared, got column 'labels' (tags)");
  EXPECT_EQ(bind_error("email"),
            "1:1: expected a column that can be compared, got column 'email' (a consent)");
}

TEST(Bind, Timestamps) {
  EXPECT_EQ(bind_error("seen > TIMESTAMP '2026-01-31 10:00'"), "");
  EXPECT_EQ(bind_error("seen > TIMESTAMP 'soon'"),
            "1:8: expected a timestamp such as '2026-01-31 10:00:00', got 'soon'");
  EXPECT_EQ(bind_error("seen > TIMESTAMP '2026-01-31 10:00'", false),
            "1:8: timestamps are not available here");
}

TEST(Bind, WhatIsRightIsTaken) {
  for (const std::string_view text :
       {"country = 'PL' AND age >= 18", "balance > score",
        "born BETWEEN DATE '2000-01-01' AND "
        "DATE '2001-01-01'",
        "age = 1.5", "(age > 1) = vip", "country < 'Z'", "NULL = age", "NULL = vip",
        "vip IS DISTINCT FROM (age > 3)", "1 = 1", "DATE '2000-01-01' = born"}) {
    EXPECT_EQ(bind_error(text), "") << text;
  }
}

TEST(Bind, ATextColumnNeedsItsDictionary) {
  const std::vector<ExpressionColumn> columns = {{"a", DataType::kCategory, 0, nullptr}};
  const Status status = Expression::parse("a = 'x'")->bind({columns, {}}).status();
  EXPECT_EQ(status.code(), StatusCode::kInternal);
}

}  // namespace
}  // namespace quintile
