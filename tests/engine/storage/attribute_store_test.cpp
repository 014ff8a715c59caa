#include "storage/attribute_store.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "arrow_batch.hpp"
#include "exec/scope.hpp"
#include "small_engine.hpp"

namespace quintile {
namespace {

using testing::TestColumn;

Schema every_type() {
  return Schema::create({{"vip", DataType::kBool},
                         {"age", DataType::kInt64},
                         {"spent", DataType::kDecimal, 2},
                         {"score", DataType::kDouble},
                         {"born", DataType::kDate},
                         {"seen", DataType::kTimestamp},
                         {"country", DataType::kCategory},
                         {"tags", DataType::kTags},
                         {"mail", DataType::kConsent, 0, "email", "news"}})
      .value();
}

// Takes one batch with contacts at rows 0, 1, ...
Status take(AttributeStore& store, std::vector<TestColumn> columns) {
  const std::size_t rows = columns.front().size();
  ArrowArrayStream stream = testing::make_stream(std::move(columns));
  ArrowReader reader(&stream);
  if (Status status = reader.open(); !status.ok()) return status;
  const auto fields = store.bind(reader);
  if (!fields.ok()) return fields.status();
  if (const Result<bool> more = reader.next(); !more.ok()) return more.status();
  if (Status status = store.check(reader, *fields); !status.ok()) return status;
  std::vector<std::uint32_t> at;
  for (std::uint32_t row = 0; row < rows; ++row)
    at.push_back(row);
  store.apply(reader, *fields, at, static_cast<std::uint32_t>(rows));
  return {};
}

// The contacts a, b, c for which a condition is true; read through a scope, as everything is.
std::uint64_t rows_where(const AttributeStore& store, const std::string& text) {
  const Result<Expression> expression = Expression::parse(text);
  EXPECT_TRUE(expression.ok()) << text;
  IdTable ids;
  for (const std::string_view id : {"a", "b", "c"}) {
    (void)ids.insert(make_id_key(id));
  }
  const TimeZone zone;
  const Scope scope({.attributes = store,
                     .zone = zone,
                     .ids = ids.texts(),
                     .as_of = testing::as_of("2026-01-31")});
  const Result<BoundExpression> bound = expression->bind(scope.binding());
  EXPECT_TRUE(bound.ok()) << text << ": " << bound.status().message();
  std::vector<std::uint64_t> words(1);
  EXPECT_TRUE(bound.ok() && evaluate_block(scope, *bound, 0, words).ok());
  return words[0];
}

TEST(AttributeStore, AnswersConditionsOnEveryComparableType) {
  AttributeStore store(every_type());
  const Status status =
      take(store, {testing::text_column("contact", {"a", "b", "c"}),
                   testing::boolean_column("vip", {true, false, std::nullopt}),
                   testing::integer_column("age", {30, std::nullopt, 50}),
                   testing::integer_column("spent", {1999, 2000, std::nullopt}),
                   {.name = "score", .format = "g", .reals = {0.5, 1.5, std::nullopt}},
                   {.name = "born", .format = "tdD", .integers = {0, 365, std::nullopt}},
                   testing::time_column("seen", {1, 2, 3}),
                   testing::text_column("country", {"PL", std::nullopt, "DE"}),
                   {.name = "tags",
                    .format = "+l",
                    .lists = {std::vector<std::string>{"x", "x"}, std::nullopt, std::nullopt}},
                   testing::boolean_column("mail", {true, std::nullopt, false})});
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(rows_where(store, "vip"), 0b001U);
  EXPECT_EQ(rows_where(store, "NOT vip"), 0b010U);
  EXPECT_EQ(rows_where(store, "age >= 40"), 0b100U);
  EXPECT_EQ(rows_where(store, "age IS NULL"), 0b010U);
  EXPECT_EQ(rows_where(store, "spent < 20.00"), 0b001U);
  EXPECT_EQ(rows_where(store, "score > 1"), 0b010U);
  EXPECT_EQ(rows_where(store, "born = DATE '1971-01-01'"), 0b010U);
  EXPECT_EQ(rows_where(store, "country <> 'PL'"), 0b100U);
  EXPECT_EQ(rows_where(store, "tag('x')"), 0b001U);
  EXPECT_EQ(rows_where(store, "NOT tag('y')"), 0b001U);
  EXPECT_EQ(rows_where(store, "tag('y') IS NULL"), 0b110U);
  EXPECT_EQ(rows_where(store, "tags IS NOT NULL"), 0b001U);
  EXPECT_EQ(rows_where(store, "consent('email', 'news')"), 0b001U);
  EXPECT_EQ(rows_where(store, "NOT consent('email', 'news')"), 0b100U);
  EXPECT_EQ(rows_where(store, "mail IS NULL"), 0b010U);
  // The buckets of a, b and c, out of 10,000, are 497, 8829 and 755 by Python's xxhash.
  EXPECT_EQ(rows_where(store, "split('spring-test', 100)"), 0b111U);
  EXPECT_EQ(rows_where(store, "split('spring-test', 4.97)"), 0b000U);
  EXPECT_EQ(rows_where(store, "split('spring-test', 4.98)"), 0b001U);
  EXPECT_EQ(rows_where(store, "split('spring-test', 7.55, 1)"), 0b100U);
  EXPECT_EQ(rows_where(store, "split('spring-test', 20, 4)"), 0b010U);
  EXPECT_EQ(store.introduced()[0], 0b111U);
}

TEST(AttributeStore, NullsLeaveWhatIsThere) {
  AttributeStore store(every_type());
  ASSERT_TRUE(take(store, {testing::text_column("contact", {"a", "b", "c"}),
                           testing::integer_column("age", {1, 2, 3})})
                  .ok());
  ASSERT_TRUE(take(store, {testing::text_column("contact", {"a", "b", "c"}),
                           testing::integer_column("age", {std::nullopt, 20, std::nullopt})})
                  .ok());
  EXPECT_EQ(rows_where(store, "age = 1 OR age = 20"), 0b011U);
  store.extend(200'000);  // more contacts have no attributes
  const ExpressionColumnView age = store.view(1, 131'072);
  const std::span words(age.valid, (200'000 - 131'072) / 64);
  EXPECT_EQ(std::count(words.begin(), words.end(), 0U), std::ssize(words));
}

TEST(AttributeStore, RefusesWhatTheSchemaDoesNotKnow) {
  const auto refusal = [](std::vector<TestColumn> columns) {
    AttributeStore store(every_type());
    return std::string(take(store, std::move(columns)).message());
  };
  const TestColumn contact = testing::text_column("contact", {"a"});
  EXPECT_NE(refusal({contact, testing::integer_column("height", {1})}).find("'height'"),
            std::string::npos);
  EXPECT_NE(refusal({contact, testing::text_column("age", {"1"})}).find("'age'"),
            std::string::npos);
  EXPECT_NE(
      refusal({contact, {.name = "score", .format = "g", .reals = {std::nan("")}}}).find("is NaN"),
      std::string::npos);
}

}  // namespace
}  // namespace quintile
