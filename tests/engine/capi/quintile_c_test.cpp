#include <string>

#include <gtest/gtest.h>

#include "quintile/quintile.h"
#include "small_engine.hpp"
#include "storage/arrow_reader.hpp"

namespace {

using quintile::testing::integer_column;
using quintile::testing::text_column;
using quintile::testing::time_column;

struct EngineDelete {
  void operator()(quintile_engine* engine) const { quintile_engine_destroy(engine); }
};
using EngineHandle = std::unique_ptr<quintile_engine, EngineDelete>;

EngineHandle make(const quintile_options* options = nullptr) {
  quintile_engine* engine = nullptr;
  EXPECT_EQ(quintile_engine_create(options, &engine), QUINTILE_OK) << quintile_last_error();
  return EngineHandle(engine);
}

std::string export_text(const quintile_generation* generation, const char* model) {
  ArrowArrayStream stream{};
  EXPECT_EQ(quintile_export_rows(generation, model, &stream), QUINTILE_OK);
  quintile::ArrowReader reader(&stream);
  EXPECT_TRUE(reader.open().ok());
  std::string text;
  while (*reader.next()) {
    for (std::int64_t row = 0; row < reader.rows(); ++row) {
      for (std::size_t field = 0; field < reader.fields().size(); ++field) {
        const quintile::ArrowColumn column = reader.column(field);
        text += field == 0 ? "" : ",";
        if (!column.is_null(row)) {
          text += is_text(column.type()) ? std::string(column.text(row))
                                         : std::to_string(column.integer(row));
        }
      }
      text += "\n";
    }
  }
  return text;
}

TEST(CApi, FromOrdersToRows) {
  const EngineHandle engine = make();
  ArrowArrayStream stream = quintile::testing::make_stream(
      {text_column("contact", {"b", "a", "c", "d"}), time_column("time", {0, 0, 0, 86'400'000'000}),
       integer_column("amount", {100, 300, -5, 100})});
  quintile_ingest_counts counts{};
  ASSERT_EQ(quintile_ingest_orders(engine.get(), &stream, &counts), QUINTILE_OK);
  EXPECT_EQ(counts.rows, 4U);
  EXPECT_EQ(counts.new_contacts, 4U);
  const std::string yaml =
      "name: m\nmonetary: mean\ntiers:\n  recency: {quantile: 2}\n  frequency: {quantile: 2}\n"
      "  monetary: {quantile: 2}\nclasses:\n  - good: {m: 2}\notherwise: other\n";
  ASSERT_EQ(quintile_define_yaml(engine.get(), yaml.data(), yaml.size(), "m.yaml"), QUINTILE_OK)
      << quintile_last_error();
  quintile_generation* generation = nullptr;
  ASSERT_EQ(quintile_recompute(engine.get(), "1970-01-01", &generation), QUINTILE_OK);
  EXPECT_EQ(export_text(generation, "m"),
            "a,0,1,300,2,1,2,good\nb,0,1,100,2,1,1,other\nc,,0,,0,0,0,prospect\n");
  quintile_class info{};
  ASSERT_EQ(quintile_class_at(generation, "m", 0, &info), QUINTILE_OK);
  EXPECT_STREQ(info.name, "good");
  EXPECT_EQ(info.contacts, 1U);
  EXPECT_EQ(info.reachable, 1);
  std::uint64_t members = 0;
  ASSERT_EQ(quintile_segment_count(generation, "m.prospect", &members), QUINTILE_OK);
  EXPECT_EQ(members, 1U);
  quintile_generation* again = nullptr;
  ASSERT_EQ(quintile_current(engine.get(), &again), QUINTILE_OK);
  EXPECT_EQ(quintile_generation_number(again), 1U);
  quintile_generation_release(again);
  quintile_generation_release(generation);
}

TEST(CApi, OptionsReachTheEngine) {
  const quintile_attribute attributes[] = {{"country", QUINTILE_CATEGORY, 0, nullptr, nullptr},
                                           {"mail", QUINTILE_CONSENT, 0, "email", "news"}};
  const quintile_options options{"Europe/Warsaw", 0, 1, attributes, 2};
  const EngineHandle engine = make(&options);
  ArrowArrayStream stream = quintile::testing::make_stream(
      {text_column("contact", {"a"}), text_column("country", {"PL"})});
  ASSERT_EQ(quintile_ingest_contacts(engine.get(), &stream, nullptr), QUINTILE_OK)
      << quintile_last_error();
}

TEST(CApi, FailuresHaveCodesAndMessages) {
  quintile_engine* none = nullptr;
  EXPECT_EQ(quintile_engine_create(nullptr, nullptr), QUINTILE_INVALID_ARGUMENT);
  const quintile_options options{"Mars/Olympus", 2, 0, nullptr, 0};
  EXPECT_EQ(quintile_engine_create(&options, &none), QUINTILE_INVALID_ARGUMENT);
  EXPECT_EQ(none, nullptr);
  EXPECT_NE(std::string(quintile_last_error()).find("Mars/Olympus"), std::string::npos);

  ArrowArrayStream stream = quintile::testing::make_stream({text_column("contact", {"a"})});
  EXPECT_EQ(quintile_ingest_orders(nullptr, &stream, nullptr), QUINTILE_INVALID_ARGUMENT);
  EXPECT_EQ(stream.release, nullptr);

  const EngineHandle engine = make();
  EXPECT_EQ(quintile_define_preset(engine.get(), "retial"), QUINTILE_NOT_FOUND);
  EXPECT_NE(std::string(quintile_last_error()).find("retail"), std::string::npos);
  EXPECT_EQ(quintile_define_yaml(engine.get(), "name: [", 7, "bad.yaml"),
            QUINTILE_INVALID_ARGUMENT);
  EXPECT_NE(std::string(quintile_last_error()).find("bad.yaml:1"), std::string::npos);
  EXPECT_EQ(quintile_recompute(engine.get(), "yesterday", nullptr), QUINTILE_INVALID_ARGUMENT);
  quintile_generation* generation = nullptr;
  EXPECT_EQ(quintile_current(engine.get(), &generation), QUINTILE_NOT_FOUND);
  EXPECT_EQ(generation, nullptr);
  ASSERT_EQ(quintile_recompute(engine.get(), "2011-01-01", &generation), QUINTILE_OK);
  std::size_t count = 0;
  EXPECT_EQ(quintile_class_count(generation, "none", &count), QUINTILE_NOT_FOUND);
  quintile_generation_release(generation);
  EXPECT_STREQ(quintile_status_name(QUINTILE_NOT_FOUND), "not_found");
  quintile_engine_destroy(nullptr);
  quintile_generation_release(nullptr);
}

}  // namespace
