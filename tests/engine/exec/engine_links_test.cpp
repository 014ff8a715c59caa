#include <gtest/gtest.h>

#include "small_engine.hpp"

namespace quintile {
namespace {

using testing::integer_column;
using testing::make_stream;
using testing::TestColumn;
using testing::text_column;
using testing::time_column;

using Lists = std::vector<std::optional<std::vector<std::string>>>;

TestColumn identifier_column(Lists lists) {
  return {.name = "identifiers", .format = "+l", .lists = std::move(lists)};
}

Result<IngestCounts> link(Engine& engine, std::vector<TestColumn> columns) {
  ArrowArrayStream stream = make_stream(std::move(columns), 2);
  return engine.ingest_links(&stream);
}

TEST(EngineLinks, TheEarliestContactHasTheDevice) {
  const auto engine = testing::make_engine();
  const auto counts = link(*engine, {text_column("contact", {"a", "b", "c", "b"}),
                                     identifier_column({{{"anonymous:d1"}},
                                                        {{"anonymous:d1", "anonymous:d2"}},
                                                        {{"anonymous:d1"}},
                                                        {{"anonymous:d1"}}}),
                                     time_column("time", {3, 2, 1, 4})});
  ASSERT_TRUE(counts.ok()) << counts.status().message();
  EXPECT_EQ(counts->rows, 4U);
  EXPECT_EQ(counts->new_contacts, 3U);
  EXPECT_EQ(counts->conflicts, 3U);
  EXPECT_EQ(engine->find_contact("anonymous:d1"), engine->find_contact("id:c"));
  EXPECT_EQ(engine->find_contact("anonymous:d2"), engine->find_contact("id:b"));
}

TEST(EngineLinks, WithoutTimesTheFirstContactHasTheDevice) {
  const auto engine = testing::make_engine();
  const auto counts =
      link(*engine, {integer_column("contact", {1, 2, 1}),
                     identifier_column({{{"anonymous:d"}}, {{"anonymous:d"}}, {{"anonymous:d"}}})});
  ASSERT_TRUE(counts.ok()) << counts.status().message();
  EXPECT_EQ(counts->conflicts, 1U);
  EXPECT_EQ(engine->find_contact("anonymous:d"), engine->find_contact("id:1"));
}

TEST(EngineLinks, ContactsMayKeepTheFirstOwnerToo) {
  const auto engine = testing::make_engine();
  const auto contacts = [&](IdentifierConflict conflict) {
    ArrowArrayStream stream =
        make_stream({text_column("contact", {"a", "b"}),
                     identifier_column({{{"email:x@example.org"}}, {{"email:x@example.org"}}})});
    return engine->ingest_contacts(&stream, conflict);
  };
  EXPECT_EQ(contacts(IdentifierConflict::kRefuse).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(engine->contact_count(), 0U);
  const auto counts = contacts(IdentifierConflict::kKeepFirst);
  ASSERT_TRUE(counts.ok()) << counts.status().message();
  EXPECT_EQ(counts->conflicts, 1U);
  EXPECT_EQ(engine->contact_count(), 2U);
  EXPECT_EQ(engine->find_contact("email:x@example.org"), engine->find_contact("id:a"));
}

TEST(EngineLinks, WhatCannotBeTakenIsRefused) {
  const auto engine = testing::make_engine();
  const auto contact = text_column("contact", {"a"});
  const auto device = identifier_column({{{"anonymous:d"}}});
  const auto refusal = [&](std::vector<TestColumn> columns) {
    return std::string(link(*engine, std::move(columns)).status().message());
  };
  EXPECT_EQ(refusal({contact}),
            "links: expected the columns 'contact' and 'identifiers', got no 'identifiers'");
  EXPECT_EQ(refusal({device}),
            "links: expected the columns 'contact' and 'identifiers', got no 'contact'");
  EXPECT_EQ(refusal({contact, text_column("identifiers", {"anonymous:d"})}),
            "links: expected column 'identifiers' of type list<utf8>, got format 'u'");
  EXPECT_EQ(refusal({contact, device, time_column("time", {std::nullopt})}),
            "links, row 0 of the batch: time is null");
  EXPECT_EQ(refusal({contact, identifier_column({{{"d"}}})}),
            "expected an identifier namespace:value, got 'd'");
  EXPECT_EQ(testing::live_streams(), 0);
}

}  // namespace
}  // namespace quintile
