#include "storage/event_store.hpp"

#include <array>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "arrow_batch.hpp"

namespace quintile {
namespace {

using testing::boolean_column;
using testing::integer_column;
using testing::make_stream;
using testing::TestColumn;
using testing::text_column;
using testing::time_column;

constexpr std::int64_t kDay = kMicrosecondsPerDay;

EventStore make_store(const TimeZone& zone = TimeZone()) {
  const std::array<EventProperty, 4> properties = {
      EventProperty{"url", DataType::kCategory}, EventProperty{"value", DataType::kDecimal},
      EventProperty{"score", DataType::kDouble}, EventProperty{"paid", DataType::kBool}};
  return {zone, properties};
}

TestColumn real_column(std::string name, std::vector<std::optional<double>> values) {
  TestColumn column;
  column.name = std::move(name);
  column.format = "g";
  column.reals = std::move(values);
  return column;
}

// Binds, checks and appends every batch; contacts are the row numbers themselves.
Status ingest(EventStore& store, std::vector<TestColumn> columns,
              std::size_t batch_rows = SIZE_MAX) {
  ArrowArrayStream stream = make_stream(std::move(columns), batch_rows);
  ArrowReader reader(&stream);
  if (Status status = reader.open(); !status.ok()) return status;
  const Result<EventFields> fields = store.bind(reader);
  if (!fields.ok()) return fields.status();
  for (Result<bool> more = reader.next(); more.ok() && *more; more = reader.next()) {
    std::vector<std::uint32_t> picked(static_cast<std::size_t>(reader.rows()));
    std::iota(picked.begin(), picked.end(), 0U);
    if (Status status = store.check(reader, *fields, picked); !status.ok()) return status;
    std::vector<std::uint32_t> contacts;
    for (const std::uint32_t row : picked)
      contacts.push_back(
          static_cast<std::uint32_t>(reader.column(*reader.find("contact")).integer(row)));
    store.append(reader, *fields, picked, contacts);
  }
  return {};
}

std::string message(const Status& status) { return std::string(status.message()); }

TEST(EventStore, KeepsEventsWithTheirPropertiesByContactAndTime) {
  const auto executor = make_jthread_executor(2);
  EventStore store = make_store();
  ASSERT_TRUE(ingest(store,
                     {integer_column("contact", {70000, 1, 70000}),
                      time_column("time", {2 * kDay, kDay, kDay}),
                      text_column("url", {"/sale", std::nullopt, "/home"}),
                      integer_column("value", {std::nullopt, 250, 100}),
                      real_column("score", {0.5, std::nullopt, -1.5}),
                      boolean_column("paid", {true, false, std::nullopt})},
                     2)
                  .ok());
  EXPECT_EQ(store.delta_size(), 3U);
  store.seal(70001, *executor);
  EXPECT_EQ(store.delta_size(), 0U);
  EXPECT_EQ(store.event_count(), 3U);
  ASSERT_EQ(store.blocks().size(), 2U);
  const EventBlock& block = store.blocks()[1];
  ASSERT_EQ(block.events(), 2U);
  EXPECT_EQ(block.contact_events[70000 - 65536], 0U);
  EXPECT_EQ(block.contact_events[70001 - 65536], 2U);
  EXPECT_EQ(block.time[0], kDay);
  EXPECT_EQ(block.day[1], kDayNumberOfEpoch + 2);
  EXPECT_EQ(block.values[0].codes[0], 1U) << "/home came second";
  EXPECT_EQ(block.values[1].integers[0], 100);
  EXPECT_FALSE(block.values[1].has(1));
  EXPECT_EQ(block.values[2].reals[1], 0.5);
  EXPECT_FALSE(block.values[3].has(0));
  EXPECT_EQ(block.values[3].bits[0], 0b10U);
  EXPECT_EQ(store.blocks()[0].values[3].valid[0], 0b1U);
}

TEST(EventStore, TakesOnlyTheRowsOfItsType) {
  const auto executor = make_jthread_executor(1);
  EventStore store = make_store();
  ArrowArrayStream stream =
      make_stream({time_column("time", {0, std::nullopt, kDay}),
                   text_column("url", {"/a", "/b", "/c"}), integer_column("of_others", {1, 2, 3})});
  ArrowReader reader(&stream);
  ASSERT_TRUE(reader.open().ok());
  const Result<EventFields> fields = store.bind(reader);
  ASSERT_TRUE(fields.ok());
  ASSERT_TRUE(reader.next().ok());
  const std::array<std::uint32_t, 2> picked = {0, 2};
  const std::array<std::uint32_t, 3> contacts = {4, 9, 3};
  ASSERT_TRUE(store.check(reader, *fields, picked).ok());
  store.append(reader, *fields, picked, contacts);
  store.seal(10, *executor);
  ASSERT_EQ(store.event_count(), 2U);
  EXPECT_EQ(store.blocks()[0].contact_events[4], 1U);
  EXPECT_EQ(store.properties()[0].dictionary->size(), 2U);
  EXPECT_EQ(store.blocks()[0].values[0].codes[0], 1U) << "of contact 3, at its own time";
}

TEST(EventStore, DaysAreThoseOfTheTimeZone) {
  std::string error;
  const auto executor = make_jthread_executor(1);
  EventStore store = make_store(*TimeZone::find("Europe/Warsaw", error));
  ASSERT_TRUE(
      ingest(store, {integer_column("contact", {0}), time_column("time", {kDay - 1})}).ok());
  store.seal(1, *executor);
  EXPECT_EQ(store.blocks()[0].day[0], kDayNumberOfEpoch + 1);
}

TEST(EventStore, ASmallDeltaWaitsAndAFailedAppendIsForgotten) {
  const auto executor = make_jthread_executor(1);
  EventStore store = make_store();
  const auto add = [&](std::size_t count) {
    const std::vector<std::optional<std::int64_t>> zeros(count, 0);
    ASSERT_TRUE(ingest(store, {integer_column("contact", zeros), time_column("time", zeros),
                               integer_column("value", zeros)})
                    .ok());
  };
  add(16);
  store.seal_if_worth_it(1, *executor);
  EXPECT_EQ(store.delta_size(), 0U);
  add(1);
  store.seal_if_worth_it(1, *executor);
  EXPECT_EQ(store.delta_size(), 1U);
  store.truncate_delta(0);
  EXPECT_EQ(store.event_count(), 16U);
  add(2);
  store.seal_if_worth_it(1, *executor);
  EXPECT_EQ(store.delta_size(), 0U);
  EXPECT_EQ(store.event_count(), 18U);
  EXPECT_EQ(store.blocks()[0].values[1].valid[0], (1U << 18) - 1);
}

TEST(EventStore, RetentionForgetsWhatIsOlder) {
  const auto executor = make_jthread_executor(1);
  EventStore store = make_store();
  ASSERT_TRUE(
      ingest(store, {integer_column("contact", {0, 1, 0}), time_column("time", {0, kDay, 2 * kDay}),
                     integer_column("value", {1, 2, 3})})
          .ok());
  store.seal(2, *executor);
  store.drop_before(kDay, *executor);
  const EventBlock& block = store.blocks()[0];
  EXPECT_EQ(store.event_count(), 2U);
  EXPECT_EQ(block.contacts(), 2U);
  EXPECT_EQ(block.first_time, kDay);
  EXPECT_EQ(block.values[1].integers[0], 3);
  EXPECT_EQ(block.values[1].integers[1], 2);
  store.drop_before(3 * kDay, *executor);
  EXPECT_EQ(store.event_count(), 0U);
  EXPECT_EQ(store.blocks()[0].contacts(), 2U);
}

TEST(EventStore, WhatDoesNotFitIsRefusedWithItsReason) {
  EventStore store = make_store();
  const auto refusal = [&](std::vector<TestColumn> columns) {
    return message(ingest(store, std::move(columns)));
  };
  const auto contact = integer_column("contact", {0});
  const auto time = time_column("time", {0});
  EXPECT_EQ(refusal({contact}),
            "events: expected column 'time' of type timestamp[us, UTC], got none");
  EXPECT_EQ(refusal({contact, integer_column("time", {0})}),
            "events: expected column 'time' of type timestamp[us, UTC], got format 'l'");
  EXPECT_EQ(refusal({contact, time, integer_column("url", {0})}),
            "events: expected column 'url' with the type of its property, got format 'l'");
  EXPECT_EQ(refusal({contact, time_column("time", {std::nullopt})}),
            "events, row 0 of the batch: time is null");
  EXPECT_EQ(refusal({contact, time_column("time", {std::numeric_limits<std::int64_t>::max()})}),
            "events, row 0 of the batch: expected a local date from 1900-01-01 to 2079-06-04, got "
            "9223372036854775807 microseconds");
  EXPECT_EQ(
      refusal({contact, time, real_column("score", {std::numeric_limits<double>::quiet_NaN()})}),
      "events, row 0 of the batch: property 'score' is NaN");
  EXPECT_EQ(refusal({contact, time, text_column("url", {std::string(32769, 'x')})}),
            "events, row 0 of the batch: property 'url': expected at most 32768 bytes, got 32769");
  EXPECT_EQ(store.event_count(), 0U);
}

}  // namespace
}  // namespace quintile
