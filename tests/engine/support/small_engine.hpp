// Engines for tests, and what is said to them, in few words.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "naive_rfm.hpp"
#include "quintile/engine.hpp"
#include "quintile/model.hpp"

namespace quintile::testing {

inline std::unique_ptr<Engine> make_engine(const std::string& zone = "UTC", int threads = 1,
                                           Schema schema = {}) {
  EngineOptions options;
  options.time_zone = zone;
  options.schema = std::move(schema);
  options.arena = Arena::create(threads).value();
  return Engine::create(std::move(options)).value();
}

inline TimeZone find_zone(const std::string& name) {
  std::string error;
  return *TimeZone::find(name, error);
}

inline AsOf as_of(const std::string& text, const TimeZone& zone = {}) {
  std::string error;
  return *AsOf::parse(text, zone, error);
}

inline std::int64_t instant(const std::string& text) {
  std::int64_t instant_us = 0;
  EXPECT_EQ(TimeReader(TimeZone()).read(text, instant_us), TimeError::kNone) << text;
  return instant_us;
}

inline Result<IngestCounts> try_ingest(Engine& engine, std::vector<TestColumn> columns,
                                       std::size_t batch_rows = SIZE_MAX) {
  ArrowArrayStream stream = make_stream(std::move(columns), batch_rows);
  return engine.ingest_orders(&stream);
}

inline void ingest(Engine& engine, const std::vector<NaiveLine>& lines,
                   std::size_t batch_rows = SIZE_MAX) {
  const Result<IngestCounts> counts = try_ingest(engine, to_columns(lines), batch_rows);
  ASSERT_TRUE(counts.ok()) << counts.status().message();
  ASSERT_EQ(counts->rows, lines.size());
}

inline RfmModel parse_model(const std::string& yaml) {
  Result<RfmModel> model = parse_rfm_model(yaml, "test.yaml", 2);
  EXPECT_TRUE(model.ok()) << model.status().message() << "\n" << yaml;
  return std::move(model).value();
}

}  // namespace quintile::testing
