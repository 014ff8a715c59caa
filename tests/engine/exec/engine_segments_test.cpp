// Segments in generations, against select and against sets worked out by hand.
#include <random>
#include <stop_token>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arrow_batch.hpp"
#include "quintile/expression.hpp"
#include "small_engine.hpp"

namespace quintile {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TestColumn;

SegmentDefinition dynamic(std::string name, std::string where) {
  return {.name = std::move(name), .where = std::move(where)};
}

SegmentDefinition list(std::string name, std::vector<std::string> contacts) {
  return {.name = std::move(name),
          .kind = SegmentKind::kStatic,
          .contacts = std::make_shared<const std::vector<std::string>>(std::move(contacts))};
}

// A few contacts more than one block: c0, c1, ... with an age that is NULL for every fifth.
class EngineSegmentsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    engine_ = testing::make_engine(
        "UTC", 3,
        Schema::create({{"age", DataType::kInt64}, {"country", DataType::kCategory}}).value());
    add_contacts(0, kPeople);
    testing::ingest(*engine_,
                    {{.contact = "c3", .time = testing::instant("2026-01-05"), .amount = 1000}});
    ASSERT_TRUE(engine_->define(rfm_preset("classic5", 2).value()).ok());
  }

  void add_contacts(std::size_t from, std::size_t to) {
    std::vector<std::optional<std::string>> ids;
    TestColumn age = testing::integer_column("age", {});
    TestColumn country = testing::text_column("country", {});
    for (std::size_t i = from; i < to; ++i) {
      ids.emplace_back("c" + std::to_string(i));
      age.integers.push_back(i % 5 == 0 ? std::nullopt
                                        : std::optional(static_cast<std::int64_t>(i % 90)));
      country.texts.emplace_back(i % 3 == 0 ? "PL" : "DE");
    }
    ArrowArrayStream stream =
        testing::make_stream({testing::text_column("contact", ids), age, country});
    ASSERT_TRUE(engine_->ingest_contacts(&stream).ok());
  }

  void define(const std::vector<SegmentDefinition>& definitions) {
    const Status status = engine_->define_segments(definitions);
    ASSERT_TRUE(status.ok()) << status.message();
  }

  std::shared_ptr<const Generation> recompute() {
    Result<std::shared_ptr<const Generation>> next =
        engine_->recompute(testing::as_of("2026-01-31"));
    EXPECT_TRUE(next.ok()) << next.status().message();
    return std::move(next).value();
  }

  void expect_selected(const Generation& generation, const std::string& name,
                       const std::string& where) {
    const Result<Selection> selected =
        engine_->select(Expression::parse(where).value(), generation);
    ASSERT_TRUE(selected.ok()) << selected.status().message();
    ASSERT_NE(generation.segment(name), nullptr) << name;
    EXPECT_EQ(*generation.segment(name), selected->members) << name;
    EXPECT_EQ(generation.segment_info(name)->count, selected->members.count()) << name;
    EXPECT_EQ(generation.segment_info(name)->unknown, selected->unknown) << name;
  }

  static constexpr std::size_t kPeople = 70'001;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineSegmentsTest, AllKindsAreInTheGeneration) {
  define({dynamic("young", "age < 30"), list("picked", {"c1", "c69999", "nobody"}),
          dynamic("both", "segment('young') AND in_list('picked')"),
          dynamic("bought", "NOT segment('classic5.lost') AND classic5.frequency > 0")});
  const auto now = recompute();
  expect_selected(*now, "young", "age < 30");
  expect_selected(*now, "both", "age < 30 AND in_list('picked')");
  EXPECT_EQ(now->segment("picked")->to_vector(), (std::vector<RowId>{to_row(1), to_row(69'999)}));
  const SegmentInfo* picked = now->segment_info("picked");
  EXPECT_EQ(picked->kind, SegmentKind::kStatic);
  EXPECT_EQ(picked->count, 2U);
  EXPECT_EQ(picked->unknown, 1U);
  EXPECT_EQ(now->segment_info("both")->count, 1U);  // 69,999 % 90 is 69
  EXPECT_EQ(now->segment("bought")->to_vector(), std::vector<RowId>{to_row(3)});
  EXPECT_EQ(now->segment_info("classic5.champions")->kind, SegmentKind::kClass);
  EXPECT_EQ(now->segment_info("old"), nullptr);
  EXPECT_TRUE(now->broken_segment_names().empty());
}

// What it uses may come later in the list of definitions, and a chain is one pass.
TEST_F(EngineSegmentsTest, AChainGivesWhatItsExpressionsGive) {
  std::vector<SegmentDefinition> chain = {dynamic("s9", "age >= 9")};
  std::string where = "age >= 9";
  for (int i = 8; i >= 0; --i) {
    chain.insert(chain.begin(), dynamic("s" + std::to_string(i),
                                        "segment('s" + std::to_string(i + 1) + "') IS NOT TRUE" +
                                            " OR age < " + std::to_string(i * 5)));
    where = "((" + where + ") IS NOT TRUE OR age < " + std::to_string(i * 5) + ")";
  }
  define(chain);
  const auto now = recompute();
  EXPECT_EQ(*now->segment("s0"), engine_->select(Expression::parse(where).value(), *now)->members);
}

TEST_F(EngineSegmentsTest, IdsOfAListCountOnceTheContactAppears) {
  define({list("picked", {"c1", "c70001", "c70002", "never"})});
  EXPECT_EQ(recompute()->segment_info("picked")->unknown, 3U);
  add_contacts(70'001, 70'003);
  const auto now = recompute();
  EXPECT_EQ(now->segment_info("picked")->unknown, 1U);
  EXPECT_EQ(now->segment("picked")->to_vector(),
            (std::vector<RowId>{to_row(1), to_row(70'001), to_row(70'002)}));
  define({list("picked", {"c2"})});
  EXPECT_EQ(now->segment_info("picked")->count, 3U);  // a generation stays as it is
  EXPECT_EQ(recompute()->segment("picked")->to_vector(), std::vector<RowId>{to_row(2)});
}

TEST_F(EngineSegmentsTest, WhatDoesNotBindIsBrokenAndSoIsWhatDependsOnIt) {
  define({dynamic("fine", "age > 1"), dynamic("typed", "age = 'x'"), dynamic("gone", "income > 5"),
          dynamic("user", "segment('gone') OR age > 1"),
          dynamic("user-of-user", "NOT segment('user')"),
          dynamic("no-class", "segment('classic5.nobody')")});
  const auto now = recompute();
  EXPECT_THAT(now->broken_segment_names(),
              ElementsAre("gone", "no-class", "typed", "user", "user-of-user"));
  EXPECT_EQ(now->segment("gone"), nullptr);
  EXPECT_EQ(now->segment("user"), nullptr);
  EXPECT_NE(now->segment("fine"), nullptr);
  EXPECT_THAT(now->segment_info("gone")->broken, HasSubstr("1:1: "));
  EXPECT_THAT(now->segment_info("gone")->broken, HasSubstr("income"));
  EXPECT_THAT(now->segment_info("user-of-user")->broken,
              HasSubstr("it depends on segment 'gone', which is broken: 1:1: "));
  EXPECT_THAT(now->segment_info("no-class")->broken, HasSubstr("classic5.nobody"));
  const auto asked = engine_->select(Expression::parse("segment('user')").value(), *now);
  ASSERT_FALSE(asked.ok());
  EXPECT_THAT(std::string(asked.status().message()),
              HasSubstr("1:9: segment 'user' is broken: it depends on segment 'gone'"));
  const auto unknown = engine_->select(Expression::parse("segment('nobody')").value(), *now);
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(std::string(unknown.status().message()), HasSubstr("unknown segment 'nobody'"));
}

TEST_F(EngineSegmentsTest, DefinitionsThatCannotBeAreRefusedAndTheOldOnesStay) {
  define({dynamic("fine", "age > 1")});
  const auto refused = [this](const std::vector<SegmentDefinition>& definitions) {
    return engine_->define_segments(definitions);
  };
  EXPECT_THAT(
      std::string(refused({dynamic("a", "segment('b')"), dynamic("b", "segment('a')")}).message()),
      HasSubstr("a -> b -> a"));
  EXPECT_EQ(refused({dynamic("classic5.champions", "age > 1")}).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(refused({dynamic("A", "age > 1")}).code(), StatusCode::kInvalidArgument);
  define({dynamic("fine", "age > 1"), dynamic("tiers3.short-often-premium", "age > 1")});
  EXPECT_EQ(engine_->define(rfm_preset("tiers3", 2).value()).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(recompute()->segment_info("fine")->kind, SegmentKind::kDynamic);
}

TEST_F(EngineSegmentsTest, AStopEndsTheRecompute) {
  define({dynamic("fine", "age > 1")});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(
      engine_->recompute(testing::as_of("2026-01-31"), {.stop = stop.get_token()}).status().code(),
      StatusCode::kCancelled);
}

TEST_F(EngineSegmentsTest, PreviewTellsWhoEntersAndLeaves) {
  define({dynamic("young", "age < 30"), dynamic("polish", "country = 'PL'"),
          dynamic("young-polish", "segment('young') AND segment('polish')"),
          dynamic("rest", "NOT segment('young-polish')")});
  const auto now = recompute();
  const auto count = [&](const std::string& where) {
    return engine_->select(Expression::parse(where).value(), *now)->members.count();
  };
  const Result<SegmentPreview> preview =
      engine_->preview(dynamic("young", "age BETWEEN 10 AND 39"), *now,
                       {.overlap_with = {"polish", "classic5.lost"}});
  ASSERT_TRUE(preview.ok()) << preview.status().message();
  EXPECT_EQ(preview->change.before, count("age < 30"));
  EXPECT_EQ(preview->change.after, count("age BETWEEN 10 AND 39"));
  EXPECT_EQ(preview->change.entering, count("age BETWEEN 30 AND 39"));
  EXPECT_EQ(preview->change.leaving, count("age < 10"));
  EXPECT_EQ(preview->unknown, count("age IS NULL"));
  ASSERT_EQ(preview->overlaps.size(), 2U);
  EXPECT_EQ(preview->overlaps[0].count, count("country = 'PL'"));
  EXPECT_EQ(preview->overlaps[0].both, count("country = 'PL' AND age BETWEEN 10 AND 39"));
  ASSERT_EQ(preview->dependents.size(), 2U);
  EXPECT_EQ(preview->dependents[0].name, "young-polish");
  EXPECT_EQ(preview->dependents[0].before, count("country = 'PL' AND age < 30"));
  EXPECT_EQ(preview->dependents[0].entering, count("country = 'PL' AND age BETWEEN 30 AND 39"));
  EXPECT_EQ(preview->dependents[1].name, "rest");
  EXPECT_EQ(preview->dependents[1].leaving, preview->dependents[0].entering);
  EXPECT_EQ(now->segment_info("young")->count, count("age < 30"));  // nothing was saved
}

TEST_F(EngineSegmentsTest, PreviewOfAListAndOfANewSegment) {
  define({list("picked", {"c1", "c2"}), dynamic("others", "NOT in_list('picked')")});
  const auto now = recompute();
  const Result<SegmentPreview> changed =
      engine_->preview(list("picked", {"c2", "c3", "c4", "nobody"}), *now);
  ASSERT_TRUE(changed.ok()) << changed.status().message();
  EXPECT_EQ(changed->change.entering, 2U);
  EXPECT_EQ(changed->change.leaving, 1U);
  EXPECT_EQ(changed->unknown, 1U);
  ASSERT_EQ(changed->dependents.size(), 1U);
  EXPECT_EQ(changed->dependents[0].entering, 1U);
  EXPECT_EQ(changed->dependents[0].leaving, 2U);
  const Result<SegmentPreview> fresh = engine_->preview(dynamic("fresh", "age = 1"), *now);
  ASSERT_TRUE(fresh.ok()) << fresh.status().message();
  EXPECT_EQ(fresh->change.before, 0U);
  EXPECT_EQ(fresh->change.entering, fresh->change.after);
}

TEST_F(EngineSegmentsTest, PreviewRefusesWhatCouldNotBeSaved) {
  define({dynamic("a", "age > 1"), dynamic("b", "segment('a')"), dynamic("bad", "income > 1"),
          dynamic("worse", "segment('bad')")});
  const auto now = recompute();
  const auto message = [&](const SegmentDefinition& definition, const PreviewOptions& how = {}) {
    const Result<SegmentPreview> preview = engine_->preview(definition, *now, how);
    EXPECT_FALSE(preview.ok());
    return std::string(preview.status().message());
  };
  EXPECT_THAT(message(dynamic("a", "segment('b')")), HasSubstr("a -> b -> a"));
  EXPECT_THAT(message(dynamic("a", "agee > 1")), HasSubstr("did you mean 'age'?"));
  EXPECT_THAT(message(dynamic("a", "segment('worse')")), HasSubstr("income"));
  EXPECT_THAT(message(dynamic("classic5.lost", "age > 1")), HasSubstr("class of model"));
  EXPECT_THAT(message(dynamic("a", "age > 2"), {.overlap_with = {"bb"}}), HasSubstr("'bb'"));
  // A change may also repair.
  const Result<SegmentPreview> repaired = engine_->preview(dynamic("bad", "age > 1"), *now);
  ASSERT_TRUE(repaired.ok()) << repaired.status().message();
  EXPECT_EQ(repaired->dependents[0].after, repaired->change.after);
  EXPECT_TRUE(repaired->dependents[0].broken.empty());
  add_contacts(70'001, 70'002);
  EXPECT_EQ(engine_->preview(dynamic("a", "age > 2"), *now).status().code(),
            StatusCode::kUnavailable);
}

TEST_F(EngineSegmentsTest, AnEngineWithoutContactsHasEmptySegments) {
  auto empty = testing::make_engine("UTC", 1, Schema::create({{"age", DataType::kInt64}}).value());
  ASSERT_TRUE(empty->define_segments(std::vector{dynamic("a", "age > 1"), list("l", {"x"})}).ok());
  const auto now = empty->recompute(testing::as_of("2026-01-31")).value();
  EXPECT_EQ(now->segment_info("a")->count, 0U);
  EXPECT_EQ(now->segment_info("l")->unknown, 1U);
}

}  // namespace
}  // namespace quintile
