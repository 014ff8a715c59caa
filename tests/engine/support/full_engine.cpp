#include "full_engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sstream>
#include <vector>
#include <xxhash.h>

#include "arrow_batch.hpp"
#include "quintile/date_time.hpp"
#include "quintile/expression.hpp"
#include "quintile/model.hpp"
#include "storage/snapshot_header.hpp"

namespace quintile::testing {

namespace {

constexpr std::int64_t kDay = kMicrosecondsPerDay;
constexpr std::int64_t kStart = 20'000 * kDay;

void must(const Status& status) {
  if (!status.ok()) {
    std::abort();
  }
}

}  // namespace

EngineOptions full_options() {
  EngineOptions options;
  options.time_zone = "Europe/Warsaw";
  options.schema = Schema::create({{"country", DataType::kCategory},
                                   {"age", DataType::kInt64},
                                   {"spent", DataType::kDecimal, 2},
                                   {"share", DataType::kDouble},
                                   {"born", DataType::kDate},
                                   {"seen", DataType::kTimestamp},
                                   {"is_member", DataType::kBool},
                                   {"labels", DataType::kTags},
                                   {"mail", DataType::kConsent, 0, "email", "marketing"}})
                       .value();
  options.events = EventSchema::create({{"visit",
                                         {{"url", DataType::kCategory},
                                          {"depth", DataType::kDouble},
                                          {"is_mobile", DataType::kBool}},
                                         400},
                                        {"survey", {{"score", DataType::kInt64}}},
                                        {"never", {}}})
                       .value();
  options.arena = Arena::create(2).value();
  return options;
}

void ingest_contacts(Engine& engine, std::int64_t count) {
  std::vector<TestColumn> columns = {integer_column("contact", {}),
                                     text_column("country", {}),
                                     integer_column("age", {}),
                                     integer_column("spent", {}),
                                     {.name = "share", .format = "g"},
                                     {.name = "born", .format = "tdD"},
                                     time_column("seen", {}),
                                     boolean_column("is_member", {}),
                                     {.name = "labels", .format = "+l"},
                                     boolean_column("mail", {}),
                                     {.name = "identifiers", .format = "+l"}};
  for (std::int64_t i = 0; i < count; ++i) {
    const bool none = i % 5 == 0;
    columns[0].integers.emplace_back(i * 7);
    columns[1].texts.push_back(none ? std::nullopt : std::optional("c" + std::to_string(i % 11)));
    columns[2].integers.push_back(none ? std::nullopt : std::optional(i % 90));
    columns[3].integers.emplace_back(i * 100);
    columns[4].reals.emplace_back(static_cast<double>(i) / 3);
    columns[5].integers.emplace_back(i % 20'000);
    columns[6].integers.emplace_back(kStart + i);
    columns[7].booleans.push_back(none ? std::nullopt : std::optional(i % 2 == 0));
    columns[8].lists.push_back(i % 3 == 0
                                   ? std::vector<std::string>{"vip", "t" + std::to_string(i % 4)}
                                   : std::vector<std::string>{});
    columns[9].booleans.emplace_back(i % 4 == 0);
    columns[10].lists.push_back(std::vector<std::string>{
        "email:" + std::to_string(i) + "@example.org", "device:" + std::to_string(i)});
  }
  ArrowArrayStream stream = make_stream(std::move(columns), 10'000);
  must(engine.ingest_contacts(&stream).status());
}

void ingest_orders(Engine& engine, std::int64_t count, std::int64_t contacts) {
  std::vector<TestColumn> columns = {integer_column("contact", {}), time_column("time", {}),
                                     integer_column("amount", {}),  text_column("order", {}),
                                     text_column("product", {}),    integer_column("quantity", {}),
                                     integer_column("rank", {}),    boolean_column("is_gift", {})};
  for (std::int64_t i = 0; i < count; ++i) {
    columns[0].integers.emplace_back(i % contacts * 7);
    columns[1].integers.emplace_back(kStart - i % 300 * kDay);
    columns[2].integers.emplace_back(i % 9'000 - 100);
    columns[3].texts.push_back(i % 10 == 0 ? std::nullopt
                                           : std::optional("o-" + std::to_string(i / 2)));
    columns[4].texts.push_back(i % 6 == 0 ? std::nullopt
                                          : std::optional("p" + std::to_string(i % 40)));
    columns[5].integers.emplace_back(1000 + i % 3 * 1000);
    columns[6].integers.push_back(i % 4 == 0 ? std::nullopt : std::optional(i));
    columns[7].booleans.push_back(i % 7 == 0 ? std::nullopt : std::optional(i % 2 == 0));
  }
  ArrowArrayStream stream = make_stream(std::move(columns), 10'000);
  must(engine.ingest_orders(&stream).status());
}

void ingest_events(Engine& engine, std::int64_t count, std::int64_t contacts) {
  std::vector<TestColumn> columns = {
      integer_column("contact", {}),   {.name = "identifiers", .format = "+l"},
      time_column("time", {}),         text_column("type", {}),
      text_column("url", {}),          {.name = "depth", .format = "g"},
      boolean_column("is_mobile", {}), integer_column("score", {})};
  for (std::int64_t i = 0; i < count; ++i) {
    const bool named = i % 4 != 0;
    columns[0].integers.push_back(named ? std::optional(i % contacts * 7) : std::nullopt);
    columns[1].lists.push_back(
        std::vector<std::string>{"device:" + std::to_string(i % (contacts + 50))});
    columns[2].integers.emplace_back(kStart - i * 1'000'000);
    columns[3].texts.emplace_back(i % 3 == 0 ? "survey" : "visit");
    columns[4].texts.emplace_back("/page/" + std::to_string(i % 100));
    columns[5].reals.push_back(i % 5 == 0 ? std::nullopt
                                          : std::optional(0.25 * static_cast<double>(i)));
    columns[6].booleans.push_back(i % 2 == 0 ? std::nullopt : std::optional(i % 3 == 0));
    columns[7].integers.push_back(i % 2 == 0 ? std::nullopt : std::optional(i % 10));
  }
  ArrowArrayStream stream = make_stream(std::move(columns), 10'000);
  must(engine.ingest_events(&stream).status());
}

std::unique_ptr<Engine> make_full_engine(std::int64_t contacts) {
  std::unique_ptr<Engine> engine = Engine::create(full_options()).value();
  ingest_contacts(*engine, contacts);
  ingest_orders(*engine, contacts * 2, contacts);
  ingest_events(*engine, contacts, contacts);
  RfmModel model = rfm_preset("retail", 2).value();
  model.name = "rfm";
  must(engine->define(model));
  return engine;
}

std::string answers(Engine& engine) {
  std::ostringstream text;
  text << engine.contact_count() << ' ' << engine.line_count() << ' ' << engine.event_count()
       << '\n';
  std::string error;
  const auto generation = engine.recompute(AsOf::parse("2024-10-04", TimeZone(), error).value());
  if (!generation.ok()) {
    return std::string(generation.status().message());
  }
  for (const char* where :
       {"rfm.class = 'loyal'", "country IN ('c1', 'c7') AND age >= 30", "spent > 5000.00",
        "share < 100.0", "born < DATE '1980-01-01'", "is_member", "tag('vip') AND NOT tag('t3')",
        "consent('email', 'marketing')", "rfm.monetary > 50.00", "split('seed', 30)"}) {
    const auto found = engine.select(Expression::parse(where).value(), **generation);
    text << where << ": "
         << (found.ok() ? std::to_string(found->members.count())
                        : std::string(found.status().message()))
         << '\n';
  }
  const std::uint32_t contacts = engine.contact_count();
  for (std::uint32_t row = 0; row < contacts; row += std::max(1U, contacts / 3)) {
    for (const std::string& identifier : engine.identifiers(to_row(row))) {
      text << identifier << (engine.find_contact(identifier) == to_row(row) ? " " : " lost ");
    }
  }
  return text.str();
}

std::string with_checksums(std::string bytes) {
  SnapshotHeader header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  std::uint64_t offset = sizeof(header);
  for (std::uint64_t i = 0; i < header.sections; ++i) {
    char* const entry = bytes.data() + header.table_offset + i * 16;
    std::uint64_t size = 0;
    std::memcpy(&size, entry, sizeof(size));
    const std::uint64_t checksum = XXH3_64bits(bytes.data() + offset, size);
    std::memcpy(entry + 8, &checksum, sizeof(checksum));
    offset += padded_to_alignment(size);
  }
  header.table_checksum = XXH3_64bits(bytes.data() + header.table_offset, header.sections * 16);
  header.header_checksum = checksum_of(header);
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

}  // namespace quintile::testing
