// Engine::select against plain loops over what went in.
#include <chrono>
#include <random>

#include <gtest/gtest.h>

#include "arrow_batch.hpp"
#include "quintile/expression.hpp"
#include "small_engine.hpp"
#include "test_seed.hpp"

namespace quintile {
namespace {

using testing::TestColumn;

struct Person {
  std::optional<std::int64_t> age;
  std::optional<std::string> country;
};

// More than one block of people, some of them with orders.
class EngineSelectTest : public ::testing::Test {
 protected:
  void SetUp() override {
    engine_ = testing::make_engine(
        "UTC", 3,
        Schema::create({{"age", DataType::kInt64}, {"country", DataType::kCategory}}).value());
    std::mt19937_64 random(7);
    std::vector<std::optional<std::string>> ids;
    TestColumn age = testing::integer_column("age", {});
    TestColumn country = testing::text_column("country", {});
    for (std::size_t i = 0; i < kPeople; ++i) {
      Person person;
      if (random() % 4 != 0) person.age = static_cast<std::int64_t>(random() % 90);
      if (random() % 5 != 0) person.country = random() % 3 == 0 ? "PL" : "DE";
      ids.emplace_back("c" + std::to_string(i));
      age.integers.push_back(person.age);
      country.texts.push_back(person.country);
      people_.push_back(person);
    }
    ArrowArrayStream stream =
        testing::make_stream({testing::text_column("contact", ids), age, country});
    ASSERT_TRUE(engine_->ingest_contacts(&stream).ok());
    std::vector<testing::NaiveLine> lines;
    for (std::size_t i = 0; i < kPeople; i += 3) {
      lines.push_back({.contact = "c" + std::to_string(i),
                       .time = testing::instant("2026-01-0" + std::to_string(1 + i % 9)),
                       .amount = static_cast<std::int64_t>(100 * (i % 1000))});
    }
    testing::ingest(*engine_, lines);
    ASSERT_TRUE(engine_->define(rfm_preset("retail", 2).value()).ok());
    Result<std::shared_ptr<const Generation>> now =
        engine_->recompute(testing::as_of("2026-01-31"));
    ASSERT_TRUE(now.ok()) << now.status().message();
    now_ = *now;
  }

  Result<Selection> select(const std::string& text, const SelectOptions& options = {}) {
    Result<Expression> expression = Expression::parse(text);
    if (!expression.ok()) {
      return expression.status();
    }
    return engine_->select(*expression, *now_, options);
  }

  static constexpr std::size_t kPeople = 70'001;
  std::vector<Person> people_;
  std::unique_ptr<Engine> engine_;
  std::shared_ptr<const Generation> now_;
};

TEST_F(EngineSelectTest, CountsTrueAndUnknown) {
  const Result<Selection> got = select("age >= 30 AND country = 'PL'");
  ASSERT_TRUE(got.ok()) << got.status().message();
  std::vector<RowId> members;
  std::uint64_t unknown = 0;
  for (std::size_t i = 0; i < kPeople; ++i) {
    const Person& person = people_[i];
    const bool is_false =
        (person.age && *person.age < 30) || (person.country && *person.country != "PL");
    const bool is_null = !is_false && (!person.age || !person.country);
    unknown += is_null ? 1 : 0;
    if (!is_false && !is_null) {
      members.push_back(to_row(i));
    }
  }
  EXPECT_EQ(got->members.to_vector(), members);
  EXPECT_EQ(got->unknown, unknown);
}

TEST_F(EngineSelectTest, ColumnsOfModelsSayWhatTheResultSays) {
  const RfmResult& rfm = *now_->rfm("retail");
  for (const ClassInfo& info : rfm.class_infos()) {
    const Result<Selection> got = select("retail.class = '" + info.name + "'");
    ASSERT_TRUE(got.ok()) << got.status().message();
    EXPECT_EQ(got->members, *now_->segment("retail." + info.name)) << info.name;
    EXPECT_EQ(got->members, select("segment('retail." + info.name + "')")->members);
  }
  const Selection got = select("retail.recency_days <= 25 AND retail.monetary > 500.00").value();
  std::vector<RowId> members;
  for (std::size_t i = 0; i < kPeople; ++i) {
    if (rfm.recency_days()[i] <= 25 && rfm.monetary()[i] > 50'000) {
      members.push_back(to_row(i));
    }
  }
  EXPECT_EQ(got.members.to_vector(), members);
}

TEST_F(EngineSelectTest, AnswersAreOfOneGeneration) {
  ASSERT_TRUE(select("age = 1").ok());
  testing::ingest(*engine_, {{.contact = "new", .time = testing::instant("2026-01-02")}});
  const Status status = select("age = 1").status();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable) << status.message();
  now_ = engine_->recompute(testing::as_of("2026-01-31")).value();
  EXPECT_TRUE(select("age = 1").ok());
  const std::unique_ptr<Engine> other = testing::make_engine();
  EXPECT_EQ(other->select(*Expression::parse("TRUE"), *now_).status().code(),
            StatusCode::kInvalidArgument);
}

TEST_F(EngineSelectTest, GivesUpWhenAsked) {
  std::stop_source stop;
  EXPECT_TRUE(select("age = 1", {.stop = stop.get_token()}).ok());
  stop.request_stop();
  EXPECT_EQ(select("age = 1", {.stop = stop.get_token()}).status().code(), StatusCode::kCancelled);
  const auto now = std::chrono::steady_clock::now();
  EXPECT_EQ(select("age = 1", {.deadline = now}).status().code(), StatusCode::kCancelled);
  EXPECT_TRUE(select("age = 1", {.deadline = now + std::chrono::hours(1)}).ok());
}

TEST_F(EngineSelectTest, NamesTheNearestColumn) {
  const Status status = select("retail.clas = 'loyal'").status();
  EXPECT_NE(status.message().find("did you mean 'retail.class'"), std::string::npos)
      << status.message();
}

}  // namespace
}  // namespace quintile
