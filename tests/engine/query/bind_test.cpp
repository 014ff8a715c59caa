// Names and types, before anything runs.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "quintile/bound_operand.hpp"
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

class Classes final : public ExpressionDictionary {
 public:
  [[nodiscard]] std::uint32_t size() const noexcept override { return 2; }
  [[nodiscard]] std::string_view text(std::uint32_t code) const noexcept override {
    return code == 0 ? "champions" : "loyal";
  }
};

Result<BoundExpression> bind_text(std::string_view text, bool contacts,
                                  bool with_timestamps = true) {
  static const OneText kTexts;
  static const Classes kClasses;
  static const std::vector<ExpressionColumn> kColumns = {
      {"country", DataType::kCategory, 0, &kTexts},
      {"age", DataType::kInt64, 0, nullptr},
      {"balance", DataType::kDecimal, 2, nullptr},
      {"score", DataType::kDouble, 0, nullptr},
      {"vip", DataType::kBool, 0, nullptr},
      {"born", DataType::kDate, 0, nullptr},
      {"seen", DataType::kTimestamp, 0, nullptr},
      {"labels", DataType::kTags, 0, nullptr},
      {"email", DataType::kConsent, 0, nullptr, false, "email", "marketing"},
      {"rfm.class", DataType::kCategory, 0, &kClasses, true}};
  static const std::vector<ExpressionEvent> kEvents = {
      {"visit", {{"time", DataType::kTimestamp}, {"url", DataType::kCategory, 0, &kTexts}}},
      {"purchase", {{"time", DataType::kTimestamp}, {"amount", DataType::kDecimal, 2}}},
      {"purchase.online", {{"paid", DataType::kBool}}}};
  static const std::vector<std::string_view> kSegments = {"opted_out", "rfm.champions"};
  static const std::vector<std::string_view> kLists = {"imported"};
  ExpressionBinding binding{kColumns};
  if (contacts) {
    binding.rows_are_contacts = true;
    binding.events = kEvents;
    binding.segments = kSegments;
    binding.lists = kLists;
    binding.today = 20'000;
    binding.now_us = 20'000 * 86'400'000'000;
  }
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
  return parsed->bind(binding);
}

std::string bind_error(std::string_view text, bool with_timestamps = true) {
  const Status status = bind_text(text, false, with_timestamps).status();
  EXPECT_TRUE(status.ok() || status.code() == StatusCode::kInvalidArgument);
  return std::string(status.message());
}

// Where everything is available.
std::string contact_error(std::string_view text) {
  return std::string(bind_text(text, true).status().message());
}

TEST(Bind, UnknownColumnsAreRefusedWithTheNearest) {
  EXPECT_EQ(bind_error("contry = 'PL'"), "1:1: unknown column 'contry', did you mean 'country'?");
  EXPECT_EQ(bind_error("vip AND\n  agee > 1"), "2:3: unknown column 'agee', did you mean 'age'?");
  EXPECT_EQ(bind_error("Vip"), "1:1: unknown column 'Vip', did you mean 'vip'?");
  EXPECT_EQ(bind_error("qqqqqqq = 1"),
            "1:1: unknown column 'qqqqqqq', known are country, age, balance, score, vip, born, "
            "seen, labels, email, rfm.class");
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
  EXPECT_EQ(bind_error("age IN (TRUE)"),
            "1:9: expected a number to compare with column 'age', got TRUE");
}

TEST(Bind, ConditionsAreAskedForWhereTheyMustBe) {
  EXPECT_EQ(bind_error("age"), "1:1: expected a condition, got column 'age' (a number)");
  EXPECT_EQ(bind_error("vip AND 1"), "1:9: expected a condition, got number 1");
  EXPECT_EQ(bind_error("NOT 'x'"), "1:5: expected a condition, got text 'x'");
  EXPECT_EQ(bind_error("NULL"), "");
}

TEST(Bind, TagsAndConsentsCannotBeCompared) {
  EXPECT_EQ(bind_error("labels = 'x'"),
            "1:1: expected tag('...') or IS NULL for tags, got column 'labels'");
  EXPECT_EQ(bind_error("email"),
            "1:1: expected consent('email', 'marketing') or IS NULL, got column 'email' (a "
            "consent)");
  EXPECT_EQ(bind_error("labels IS NULL AND email IS NOT NULL"), "");
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

TEST(Bind, Arithmetic) {
  for (const std::string_view text :
       {"age + 1 > balance * 2", "-age < score - 0.5", "born + 7d > DATE '2000-01-01'",
        "seen - 12h < seen", "seen - seen > 2w", "born - born = 3", "7d + born = born",
        "age * balance > 0", "NULL + 1 = 2", "12h + 30m > 1d - 2h", "-(2h) < 1m",
        "COALESCE(age, balance, score, 0) > 1", "COALESCE(country, 'x') LIKE 'P%'",
        "COALESCE(vip, FALSE)", "vip IN (TRUE, NULL)", "seen - seen IN (7d)", "vip IS NOT TRUE"}) {
    EXPECT_EQ(bind_error(text), "") << text;
  }
  EXPECT_EQ(bind_error("age + 'x' > 1"),
            "1:7: expected a number, a date, a timestamp or a duration, got text 'x'");
  EXPECT_EQ(bind_error("vip + 1 > 1"),
            "1:1: expected a number, a date, a timestamp or a duration, got column 'vip' (a "
            "condition)");
  EXPECT_EQ(bind_error("age + 7d > 1"),
            "1:5: expected numbers, or a date or timestamp and a duration, got a number + a "
            "duration");
  EXPECT_EQ(bind_error("born * 2 = born"),
            "1:6: expected numbers, or a date or timestamp and a duration, got a date * a number");
  EXPECT_EQ(bind_error("born + 12h = born"),
            "1:8: expected days or weeks such as 7d beside a date, got 12h");
  EXPECT_EQ(bind_error("-born = born"),
            "1:2: expected a number or a duration, got column 'born' (a date)");
  EXPECT_EQ(bind_error("age * age * age > 1"),
            "1:11: expected a result of at most 38 digits, got 'age * age * age', which can need "
            "more");
  EXPECT_EQ(bind_error("age + 1"), "1:5: expected a condition, got 'age + 1' (a number)");
  EXPECT_EQ(bind_error("COALESCE(age, 'x') = 1"),
            "1:15: expected a number beside column 'age', got text 'x'");
  EXPECT_EQ(bind_error("age > 7d"), "1:7: expected a number to compare with column 'age', got 7d");
}

TEST(Bind, WhatIsNotAvailableSaysWhatIs) {
  constexpr std::string_view kUsable = " is not available here, what is: columns, COALESCE()";
  EXPECT_EQ(bind_error("age > 1 AND count(visit) > 2"), "1:13: count()" + std::string(kUsable));
  EXPECT_EQ(bind_error("tag('x')"), "1:1: tag()" + std::string(kUsable));
  EXPECT_EQ(bind_error("born < today()"), "1:8: today()" + std::string(kUsable));
  EXPECT_EQ(contact_error("count(visit WHERE tag('x')) > 0"),
            "1:19: tag()" + std::string(kUsable) + ", today(), now()");
}

TEST(Bind, ClassesOfModels) {
  EXPECT_EQ(bind_error("rfm.class IN ('champions', 'loyal')"), "");
  EXPECT_EQ(bind_error("rfm.class = 'champion'"),
            "1:13: unknown value 'champion' of column 'rfm.class', did you mean 'champions'?");
  EXPECT_EQ(bind_error("rfm.class < 'loyal'"),
            "1:11: expected =, <> or IN for column 'rfm.class', whose values have no order as "
            "text");
  EXPECT_EQ(bind_error("rfm.clas = 'loyal'"),
            "1:1: unknown column 'rfm.clas', did you mean 'rfm.class'?");
}

TEST(Bind, FunctionsOfContacts) {
  for (const std::string_view text :
       {"tag('vip') AND NOT consent('email', 'marketing')", "split('s', 20, 1)", "born < today()",
        "seen > now() - 7d", "segment('opted_out') OR in_list('imported')",
        "count(visit, 90d) >= 2 AND days_since(visit) BETWEEN 7 AND 30",
        "sum(purchase.amount, 365d) > 500.00 AND distinct(visit.url) > 3",
        "last(visit.url) = 'PL' AND mode(visit.url) IS NULL AND max(visit.time) > now() - 1d",
        "count(visit WHERE url LIKE '/sale/%' AND time > now() - 2h, 14d) > 0",
        "first(purchase.online.paid)", "count(purchase.online) = 0",
        "sequence(visit THEN NOT purchase WITHIN 2h, 7d)", "regularly(visit, 3 of 4 weeks)",
        "avg(purchase.amount) * 2 > sum(purchase.amount) - 1"}) {
    EXPECT_EQ(contact_error(text), "") << text;
  }
  EXPECT_EQ(contact_error("consent('emial', 'marketing')"),
            "1:9: unknown consent 'emial marketing', did you mean 'email marketing'?");
  EXPECT_EQ(contact_error("segment('opted')"),
            "1:9: unknown segment 'opted', did you mean 'opted_out'?");
  EXPECT_EQ(contact_error("in_list('import')"),
            "1:9: unknown list 'import', did you mean 'imported'?");
  EXPECT_EQ(contact_error("count(vist) > 0"),
            "1:7: unknown event type 'vist', did you mean 'visit'?");
  EXPECT_EQ(contact_error("sum(purchase.amuont) > 0"),
            "1:5: unknown property 'amuont' of event type 'purchase', did you mean 'amount'?");
  EXPECT_EQ(contact_error("sum(purchase) > 0"),
            "1:5: expected a property such as purchase.time, got the event type 'purchase'");
  EXPECT_EQ(contact_error("count(purchase.amount) > 0"),
            "1:7: expected an event type such as 'purchase', got the property 'purchase.amount'");
  EXPECT_EQ(contact_error("sum(visit.url) > 0"),
            "1:5: expected a number to take the sum of, got property 'url'");
  EXPECT_EQ(contact_error("max(purchase.online.paid)"),
            "1:5: expected a number, text or a time, got property 'paid' (a condition)");
  EXPECT_EQ(contact_error("count(visit WHERE ulr = 'x') > 0"),
            "1:19: unknown column 'ulr', did you mean 'url'?");
  EXPECT_EQ(contact_error("count(visit) > 'x'"),
            "1:16: expected a number to compare with count(), got text 'x'");
  EXPECT_EQ(contact_error("count(visit)"), "1:1: expected a condition, got count() (a number)");
}

TEST(Bind, OperandsAreResolvedOnce) {
  const Result<BoundExpression> bound = bind_text(
      "count(visit WHERE url = 'PL', 2w) > 1 AND split('s', 20, 1) AND segment('rfm.champions') "
      "AND count( visit where url='PL', 2w) < 9 AND sum(purchase.amount) > 5 AND tag('x') AND "
      "sequence(visit THEN NOT purchase WITHIN 2h, 12h) AND regularly(visit, 3 of 4 weeks)",
      true);
  ASSERT_TRUE(bound.ok()) << bound.status().message();
  const std::span<const BoundOperand> operands = bound->operands();
  ASSERT_EQ(operands.size(), 7U);
  EXPECT_EQ(operands[0].kind, OperandKind::kEvents);
  EXPECT_EQ(operands[0].column.name, "count(visit WHERE url = 'PL', 2w)");
  EXPECT_EQ(operands[0].column.type, DataType::kInt64);
  EXPECT_EQ(operands[0].window, (Window{14, WindowUnit::kDays}));
  ASSERT_TRUE(operands[0].steps.at(0).where.has_value());
  EXPECT_EQ(operands[0].steps[0].where->used_columns()[0], 1U);
  EXPECT_EQ(operands[1].kind, OperandKind::kSplit);
  EXPECT_EQ(operands[1].low, 2000);
  EXPECT_EQ(operands[1].high, 4000);
  EXPECT_EQ(operands[2].source, 1U);
  EXPECT_EQ(operands[3].function, EventFunction::kSum);
  EXPECT_EQ(operands[3].property, 1U);
  EXPECT_EQ(operands[3].column.type, DataType::kDecimal);
  EXPECT_EQ(operands[3].column.decimals, 2);
  EXPECT_EQ(operands[4].kind, OperandKind::kTag);
  EXPECT_EQ(operands[4].source, 7U);
  EXPECT_TRUE(operands[5].steps.at(1).negated);
  EXPECT_EQ(operands[5].steps[1].within, (Window{2, WindowUnit::kHours}));
  EXPECT_EQ(operands[5].window, (Window{12, WindowUnit::kHours}));
  EXPECT_EQ(operands[6].required, 3U);
  EXPECT_EQ(operands[6].periods, 4U);
  EXPECT_EQ(operands[6].period_days, 7U);
}

TEST(Bind, ATextColumnNeedsItsDictionary) {
  const std::vector<ExpressionColumn> columns = {{"a", DataType::kCategory, 0, nullptr}};
  const Status status = Expression::parse("a = 'x'")->bind({columns, {}}).status();
  EXPECT_EQ(status.code(), StatusCode::kInternal);
}

}  // namespace
}  // namespace quintile
