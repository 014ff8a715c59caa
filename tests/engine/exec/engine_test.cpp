#include "quintile/engine.hpp"

#include <limits>
#include <thread>

#include <gtest/gtest.h>

#include "small_engine.hpp"

namespace quintile {
namespace {

using testing::as_of;
using testing::instant;
using testing::integer_column;
using testing::make_engine;
using testing::NaiveLine;
using testing::parse_model;
using testing::text_column;
using testing::time_column;
using testing::try_ingest;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

const char* const kModel =
    "name: m\ntiers:\n  recency: {quantile: 2}\n  frequency: {quantile: 2}\n"
    "  monetary: {quantile: 2}\nclasses:\n  - good: {f: 2}\notherwise: other\n";

std::vector<testing::TestColumn> one_line(std::int64_t time = 0) {
  return {text_column("contact", {"a"}), time_column("time", {time}),
          integer_column("amount", {100})};
}

TEST(Engine, RefusesOptionsWithoutMeaning) {
  EngineOptions options;
  options.time_zone = "Europe/Warsow";
  const auto zone = Engine::create(options);
  EXPECT_EQ(zone.status().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(zone.status().message().find("Europe/Warsaw"), std::string_view::npos);
  options = {};
  options.currency_decimals = 7;
  EXPECT_EQ(Engine::create(options).status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(Arena::create(-1).status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(Arena::create(1025).status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ((*Arena::create(3))->thread_count(), 3);
}

TEST(Engine, NamesTheColumnThatIsMissingOrWrong) {
  const auto engine = make_engine();
  const auto refusal = [&](std::vector<testing::TestColumn> columns) {
    const auto counts = try_ingest(*engine, std::move(columns));
    EXPECT_EQ(counts.status().code(), StatusCode::kInvalidArgument);
    return std::string(counts.status().message());
  };
  auto columns = one_line();
  columns.pop_back();
  EXPECT_NE(refusal(columns).find("'amount'"), std::string::npos);
  columns = one_line();
  columns[1] = text_column("time", {"2011"});
  EXPECT_NE(refusal(columns).find("'time'"), std::string::npos);
  columns = one_line();
  columns.push_back({.name = "weight", .format = "g", .reals = {1.0}});
  EXPECT_NE(refusal(columns).find("'weight'"), std::string::npos);
  columns = one_line();
  columns.push_back(text_column("contact", {"b"}));
  EXPECT_NE(refusal(columns).find("'contact' twice"), std::string::npos);
  EXPECT_EQ(engine->contact_count(), 0U);
  EXPECT_EQ(testing::live_streams(), 0);
  EXPECT_EQ(testing::live_arrays(), 0);
}

TEST(Engine, AFailingBatchLeavesNothingBehind) {
  const auto engine = make_engine();
  ASSERT_TRUE(try_ingest(*engine, one_line()).ok());
  for (const auto& bad :
       {std::optional<std::string>(""), std::optional<std::string>("\xFF"),
        std::optional<std::string>(std::string(257, 'x')), std::optional<std::string>()}) {
    const auto counts =
        try_ingest(*engine, {text_column("contact", {"new", "new2", bad}),
                             time_column("time", {1, 2, 3}), integer_column("amount", {1, 2, 3})});
    EXPECT_EQ(counts.status().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(counts.status().message().find("row 2"), std::string_view::npos);
  }
  EXPECT_EQ(try_ingest(*engine, one_line(-4'000'000'000'000'000)).status().code(),
            StatusCode::kOutOfRange);
  EXPECT_EQ(engine->contact_count(), 1U);
  EXPECT_EQ(engine->line_count(), 1U);
  EXPECT_EQ(engine->find_contact("id:new"), std::nullopt);
}

TEST(Engine, BatchesBeforeAFailingOneStay) {
  const auto engine = make_engine();
  const auto counts =
      try_ingest(*engine,
                 {text_column("contact", {"a", "b", ""}), time_column("time", {1, 2, 3}),
                  integer_column("amount", {1, 2, 3})},
                 2);
  EXPECT_FALSE(counts.ok());
  EXPECT_EQ(engine->line_count(), 2U);
  EXPECT_EQ(engine->contact_id(to_row(1)), "b");
}

TEST(Engine, IntegerAndTextIdsAreTheSameContacts) {
  const auto engine = make_engine();
  ASSERT_TRUE(try_ingest(*engine, {integer_column("contact", {13085, 7}),
                                   time_column("time", {0, 0}), integer_column("amount", {1, 1}),
                                   integer_column("order", {1, std::nullopt})})
                  .ok());
  const auto counts =
      try_ingest(*engine, {text_column("contact", {"7", "007"}), time_column("time", {0, 0}),
                           integer_column("amount", {1, 1})});
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts->new_contacts, 1U);
  EXPECT_EQ(engine->find_contact("id:13085"), to_row(0));
  EXPECT_EQ(engine->find_contact("id:007"), to_row(2));
}

TEST(Engine, KnowsContactsByEveryIdentifier) {
  const auto engine =
      make_engine("UTC", 1, Schema::create({{"country", DataType::kCategory}}).value());
  ArrowArrayStream stream = testing::make_stream(
      {text_column("contact", {"a", "b"}),
       text_column("country", {"PL", "DE"}),
       {.name = "identifiers",
        .format = "+l",
        .lists = {std::vector<std::string>{"email:a@x.org", "cookie:1"}, std::nullopt}}});
  const auto counts = engine->ingest_contacts(&stream);
  ASSERT_TRUE(counts.ok()) << counts.status().message();
  EXPECT_EQ(counts->new_contacts, 2U);
  EXPECT_EQ(engine->find_contact("cookie:1"), to_row(0));
  EXPECT_EQ(engine->identifiers(to_row(0)),
            (std::vector<std::string>{"id:a", "email:a@x.org", "cookie:1"}));
  ArrowArrayStream conflict = testing::make_stream(
      {text_column("contact", {"c"}),
       {.name = "identifiers", .format = "+l", .lists = {std::vector<std::string>{"cookie:1"}}}});
  EXPECT_EQ(engine->ingest_contacts(&conflict).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(engine->contact_count(), 2U);
}

// Contacts of a contacts file without an order are prospects; those of a later order are not known.
TEST(Engine, IntroducedContactsAreProspects) {
  const auto engine = make_engine();
  ArrowArrayStream stream = testing::make_stream({text_column("contact", {"p", "q"})});
  ASSERT_TRUE(engine->ingest_contacts(&stream).ok());
  ASSERT_NO_FATAL_FAILURE(testing::ingest(
      *engine, {{"q", instant("2011-01-05"), 100}, {"late", instant("2012-01-05"), 100}}));
  ASSERT_TRUE(engine->define(parse_model(kModel)).ok());
  const auto generation = engine->recompute(as_of("2011-12-31"));
  ASSERT_TRUE(generation.ok());
  const RfmResult& result = *(*generation)->rfm("m");
  EXPECT_EQ((*generation)->segment("m.prospect")->to_vector(), std::vector<RowId>{to_row(0)});
  EXPECT_EQ(result.classes()[2], kNoClass);
  EXPECT_EQ(result.listed_count(), 1U);
  EXPECT_EQ(result.total().contacts, 2U);
}

TEST(Engine, PublishesNumberedGenerationsThatStay) {
  auto engine = make_engine();
  EXPECT_EQ(engine->generation_number(), 0U);
  EXPECT_EQ(engine->current(), nullptr);
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, {{"a", instant("2011-01-05"), 100}}));
  ASSERT_TRUE(engine->define(parse_model(kModel)).ok());
  const auto first = engine->recompute(as_of("2011-12-31")).value();
  EXPECT_EQ(first->number(), 1U);
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, {{"b", instant("2011-01-06"), 200}}));
  EXPECT_EQ(engine->evaluate(as_of("2011-12-31")).value()->number(), 0U);
  EXPECT_EQ(engine->current(), first);
  const auto second = engine->recompute(as_of("2011-12-31")).value();
  EXPECT_EQ(second->number(), 2U);
  EXPECT_EQ(engine->generation_number(), 2U);
  EXPECT_EQ(engine->current(), second);
  engine.reset();  // a generation outlives its engine
  EXPECT_EQ(first->contact_count(), 1U);
  EXPECT_EQ(second->contact_id(second->rows_in_id_order()[1]), "b");
  EXPECT_EQ(second->rfm("none"), nullptr);
  EXPECT_EQ(second->segment("m.none"), nullptr);
  EXPECT_EQ(second->segment_names(),
            (std::vector<std::string>{"m.good", "m.lapsed", "m.other", "m.prospect"}));
}

TEST(Engine, AReaderNeverSeesHalfAGeneration) {
  const auto engine = make_engine("UTC", 2);
  ASSERT_TRUE(engine->define(parse_model(kModel)).ok());
  std::jthread reader([&](const std::stop_token& stop) {
    std::shared_ptr<const Generation> own;
    while (!stop.stop_requested()) {
      if (engine->generation_number() != (own ? own->number() : 0)) {
        own = engine->current();
        const RfmResult& result = *own->rfm("m");
        ASSERT_EQ(result.row_count(), own->contact_count());
        ASSERT_EQ(result.listed_count(), own->number());
        ASSERT_EQ(own->contact_id(to_row(own->contact_count() - 1)),
                  "contact" + std::to_string(own->number()));
        ASSERT_TRUE(engine->find_contact("id:contact1").has_value());
      }
    }
  });
  for (int i = 1; i <= 60; ++i) {
    ASSERT_NO_FATAL_FAILURE(testing::ingest(
        *engine, {{"contact" + std::to_string(i), instant("2011-01-05"), 100 * i}}));
    ASSERT_TRUE(engine->recompute(as_of("2011-12-31")).ok());
  }
}

TEST(Engine, AnOverflowNamesTheContact) {
  const std::vector<NaiveLine> fits{{"a", 0, kMax}, {"b", 0, kMax}, {"b", 1, -5}};
  const std::vector<NaiveLine> too_much{{"a", 0, kMax}, {"b", 0, 1}, {"a", 1, 1}};
  const auto engine = make_engine();
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, fits));
  ASSERT_TRUE(engine->define(parse_model(kModel)).ok());
  const auto generation = engine->recompute(as_of("2011-12-31"));
  ASSERT_TRUE(generation.ok()) << generation.status().message();
  EXPECT_EQ((*generation)->rfm("m")->monetary()[1], kMax - 5);
  EXPECT_EQ(to_text((*generation)->rfm("m")->total().revenue), "18446744073709551609");
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, too_much));
  const auto overflow = engine->recompute(as_of("2011-12-31"));
  EXPECT_EQ(overflow.status().code(), StatusCode::kOverflow);
  EXPECT_NE(overflow.status().message().find("'a'"), std::string_view::npos);
  EXPECT_NE(overflow.status().message().find("18446744073709551615"), std::string_view::npos);
  EXPECT_EQ(engine->generation_number(), 1U);
}

TEST(Engine, ModelsThatNameUnknownColumnsAreRefused) {
  const auto engine = make_engine();
  const std::string yaml = kModel;
  const Status population = engine->define(parse_model(yaml + "population: \"country = 'PL'\"\n"));
  EXPECT_EQ(population.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(population.message().substr(0, 26), "model 'm', population: 1:1");
  ASSERT_TRUE(engine->define(parse_model(yaml + "where: \"categori = 'x'\"\n")).ok());
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, {{"a", 0, 100, "", "x", std::nullopt}}));
  const auto where = engine->recompute(as_of("2011-12-31"));
  EXPECT_EQ(where.status().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(where.status().message().find("category"), std::string_view::npos);
  const Result<RfmModel> yen = parse_rfm_model(kModel, "yen.yaml", 0);
  EXPECT_EQ(engine->define(*yen).code(), StatusCode::kInvalidArgument);
}

TEST(Engine, PropertiesOfLinesServeConditions) {
  const auto engine = make_engine();
  ASSERT_TRUE(try_ingest(*engine, one_line()).ok());  // a line without any property
  ASSERT_TRUE(
      try_ingest(*engine, {text_column("contact", {"b", "c", "d"}), time_column("time", {0, 0, 0}),
                           integer_column("amount", {1, 2, 3}),
                           text_column("order", {"C1", "1", std::nullopt}),
                           text_column("shop", {"x", std::nullopt, "y"}),
                           integer_column("stars", {5, std::nullopt, 1}),
                           testing::boolean_column("gift", {true, false, std::nullopt})})
          .ok());
  ASSERT_TRUE(try_ingest(*engine, one_line(1)).ok());
  const auto buyers = [&](const std::string& where) {
    EXPECT_TRUE(engine->define(parse_model(kModel + ("where: \"" + where + "\"\n"))).ok());
    const auto generation = engine->recompute(as_of("2011-12-31"));
    EXPECT_TRUE(generation.ok()) << generation.status().message();
    std::string ids;
    for (std::uint32_t row = 0; row < (*generation)->contact_count(); ++row) {
      if ((*generation)->rfm("m")->frequency()[row] > 0) {
        ids += (*generation)->contact_id(to_row(row));
      }
    }
    return ids;
  };
  EXPECT_EQ(buyers("shop IS NULL"), "ac");
  EXPECT_EQ(buyers("shop LIKE 'x%'"), "b");
  EXPECT_EQ(buyers("stars <= 4"), "d");
  EXPECT_EQ(buyers("gift"), "b");
  EXPECT_EQ(buyers("NOT gift"), "c");
  EXPECT_EQ(buyers("NOT \\\"order\\\" LIKE 'C%'"), "c");
  EXPECT_EQ(buyers("amount >= 0.02"), "acd");
  EXPECT_EQ(buyers("time > TIMESTAMP '1970-01-01 00:00:00'"), "a");
}

TEST(Engine, AStopEndsTheComputation) {
  const auto engine = make_engine();
  ASSERT_TRUE(try_ingest(*engine, one_line()).ok());
  ASSERT_TRUE(engine->define(parse_model(kModel)).ok());
  std::stop_source source;
  source.request_stop();
  const auto generation = engine->recompute(as_of("2011-12-31"), {.stop = source.get_token()});
  EXPECT_EQ(generation.status().code(), StatusCode::kCancelled);
  EXPECT_EQ(engine->generation_number(), 0U);
}

TEST(Engine, EnginesShareAnArenaAndNothingElse) {
  const std::shared_ptr<Arena> arena = Arena::create(2).value();
  std::vector<std::unique_ptr<Engine>> engines;
  for (int i = 0; i < 4; ++i) {
    EngineOptions options;
    options.arena = arena;
    engines.push_back(Engine::create(options).value());
  }
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < engines.size(); ++i) {
    threads.emplace_back([&, i] {
      std::vector<NaiveLine> lines(i + 1, {"a", 0, 100});
      testing::ingest(*engines[i], lines);
      EXPECT_TRUE(engines[i]->define(parse_model(kModel)).ok());
      const auto generation = engines[i]->recompute(as_of("2011-12-31"));
      ASSERT_TRUE(generation.ok());
      EXPECT_EQ((*generation)->rfm("m")->frequency()[0], i + 1);
    });
  }
}

TEST(Engine, AnEmptyEngineHasEmptyResults) {
  const auto engine = make_engine();
  ASSERT_TRUE(engine->define(parse_model(kModel)).ok());
  const auto generation = engine->recompute(as_of("2011-12-31"));
  ASSERT_TRUE(generation.ok()) << generation.status().message();
  EXPECT_EQ((*generation)->rfm("m")->row_count(), 0U);
  EXPECT_EQ((*generation)->segment("m.good")->count(), 0U);
  EXPECT_TRUE((*generation)->rows_in_id_order().empty());
}

}  // namespace
}  // namespace quintile
