#include <gtest/gtest.h>

#include "exec/engine_impl.hpp"
#include "small_engine.hpp"

namespace quintile {
namespace {

using testing::as_of;
using testing::integer_column;
using testing::make_stream;
using testing::TestColumn;
using testing::text_column;
using testing::time_column;

constexpr std::int64_t kDay = kMicrosecondsPerDay;
using Lists = std::vector<std::optional<std::vector<std::string>>>;

TestColumn identifier_column(Lists lists) {
  return {.name = "identifiers", .format = "+l", .lists = std::move(lists)};
}

std::unique_ptr<Engine> make_event_engine() {
  EngineOptions options;
  options.events = EventSchema::create({{"visit", {{"url", DataType::kCategory}}, 10},
                                        {"survey", {{"score", DataType::kInt64}}}})
                       .value();
  options.arena = Arena::create(2).value();
  return Engine::create(std::move(options)).value();
}

Result<IngestCounts> ingest(Engine& engine, std::vector<TestColumn> columns,
                            std::size_t batch_rows = SIZE_MAX) {
  ArrowArrayStream stream = make_stream(std::move(columns), batch_rows);
  return engine.ingest_events(&stream);
}

TEST(EngineEvents, AreKeptByTypeWithThePropertiesOfTheType) {
  const auto engine = make_event_engine();
  const auto counts = ingest(
      *engine,
      {text_column("contact", {"a", "b", "a"}), time_column("time", {3 * kDay, 2 * kDay, kDay}),
       text_column("type", {"visit", "survey", "visit"}),
       text_column("url", {"/x", "/not/looked/at", std::nullopt}),
       integer_column("score", {7, 9, std::nullopt})},
      2);
  ASSERT_TRUE(counts.ok()) << counts.status().message();
  EXPECT_EQ(counts->rows, 3U);
  EXPECT_EQ(counts->new_contacts, 2U);
  EXPECT_EQ(engine->event_count(), 3U);
  EXPECT_EQ(engine->event_count("visit"), 2U);
  EXPECT_EQ(engine->event_count("no such"), 0U);
  ASSERT_TRUE(engine->recompute(as_of("2026-01-31")).ok());
  const std::vector<EventStore>& stores = EngineInternals::of(*engine).events;
  const EventBlock& visits = stores[0].blocks()[0];
  EXPECT_EQ(visits.time[0], kDay);
  EXPECT_FALSE(visits.values[0].has(0));
  EXPECT_EQ(stores[0].properties()[0].dictionary->size(), 1U);
  EXPECT_EQ(stores[1].blocks()[0].values[0].integers[0], 9);
  EXPECT_EQ(testing::live_streams(), 0);
}

TEST(EngineEvents, WithoutAContactAreOfWhomTheirIdentifiersLeadTo) {
  const auto engine = make_event_engine();
  ArrowArrayStream contacts =
      make_stream({text_column("contact", {"a"}), identifier_column({{{"anonymous:d1"}}})});
  ASSERT_TRUE(engine->ingest_contacts(&contacts).ok());
  const auto counts = ingest(
      *engine,
      {text_column("contact", {std::nullopt, "", std::nullopt, "a"}),
       identifier_column({{{"anonymous:d1"}}, {{"anonymous:d2", "push:p2"}}, {{"push:p2"}}, {}}),
       time_column("time", {1, 2, 3, 4}),
       text_column("type", {"visit", "visit", "visit", "survey"})});
  ASSERT_TRUE(counts.ok()) << counts.status().message();
  EXPECT_EQ(counts->new_contacts, 1U);
  const std::optional<RowId> visitor = engine->find_contact("anonymous:d2");
  ASSERT_TRUE(visitor);
  EXPECT_EQ(engine->find_contact("push:p2"), visitor);
  EXPECT_EQ(engine->contact_id(*visitor), "anonymous:d2");
  ASSERT_TRUE(engine->recompute(as_of("2026-01-31")).ok());
  const EventBlock& visits = EngineInternals::of(*engine).events[0].blocks()[0];
  EXPECT_EQ(visits.contact_events[1], 1U);
  EXPECT_EQ(visits.contact_events[2], 3U);
}

TEST(EngineEvents, WhatCannotBeTakenIsRefusedAndLeavesNothing) {
  const auto engine = make_event_engine();
  const auto contact = text_column("contact", {"a"});
  const auto time = time_column("time", {0});
  const auto type = text_column("type", {"visit"});
  const auto refusal = [&](std::vector<TestColumn> columns) {
    return std::string(ingest(*engine, std::move(columns)).status().message());
  };
  EXPECT_EQ(refusal({time, type}),
            "events: expected a column 'contact' or 'identifiers', got none");
  EXPECT_EQ(refusal({time, contact}), "events: expected column 'type' of type utf8, got none");
  EXPECT_EQ(refusal({time, contact, type, integer_column("colour", {0})}),
            "events: expected properties that a type of events declares, got column 'colour'");
  EXPECT_EQ(refusal({time, contact, type, type}),
            "events: expected column names that differ, got 'type' twice");
  EXPECT_EQ(refusal({time, text_column("identifiers", {"a"}), type}),
            "events: expected column 'identifiers' of type list<utf8>, got format 'u'");
  EXPECT_EQ(refusal({time, contact, text_column("type", {"vist"})}),
            "events, row 0 of the batch: expected a type of events that is declared, got 'vist'");
  EXPECT_EQ(refusal({time, text_column("contact", {""}), type}),
            "events, row 0 of the batch: expected a contact or an identifier, got neither");
  EXPECT_EQ(refusal({time, identifier_column({{{"d1"}}}), type}),
            "events, row 0 of the batch: expected an identifier namespace:value of at most 256 "
            "bytes, got 'd1'");
  EXPECT_EQ(refusal({time_column("time", {std::nullopt}), contact, type}),
            "events, row 0 of the batch: time is null");
  EXPECT_EQ(engine->event_count(), 0U);
  EXPECT_EQ(engine->contact_count(), 0U);
  EXPECT_EQ(testing::live_streams(), 0);
  EXPECT_EQ(testing::live_arrays(), 0);
}

TEST(EngineEvents, AreForgottenAfterTheirRetention) {
  const auto engine = make_event_engine();
  ASSERT_TRUE(
      ingest(*engine, {text_column("contact", {"a", "a", "b"}), time_column("time", {0, kDay, 0}),
                       text_column("type", {"visit", "visit", "survey"})})
          .ok());
  EXPECT_EQ(engine->forget_old_events(10 * kDay).value(), 0U) << "exactly ten days old is kept";
  EXPECT_EQ(engine->forget_old_events(11 * kDay).value(), 1U);
  EXPECT_EQ(engine->event_count("visit"), 1U);
  EXPECT_EQ(engine->event_count("survey"), 1U) << "has no retention";
  EXPECT_EQ(engine->forget_old_events(std::numeric_limits<std::int64_t>::max()).status().code(),
            StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace quintile
