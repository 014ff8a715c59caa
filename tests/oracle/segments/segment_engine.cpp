// The engine as the differential test drives it: a few C functions for ctypes. Each returns 0, or 1
// and leaves a message for probe_error().
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quintile/arrow_abi.h"
#include "quintile/date_time.hpp"
#include "quintile/engine.hpp"
#include "quintile/expression.hpp"
#include "quintile/model.hpp"
#include "quintile/row_set.hpp"
#include "quintile/segment.hpp"

#define PROBE_API extern "C" __attribute__((visibility("default")))

namespace {

using namespace quintile;

struct Probe {
  EngineOptions options;
  std::vector<Attribute> attributes;
  std::vector<EventType> event_types;
  std::vector<SegmentDefinition> segments;
  std::unique_ptr<Engine> engine;
  std::shared_ptr<const Generation> generation;
  std::string error;

  int fail(std::string_view message) {
    error = message;
    return 1;
  }
  int done(const Status& status) { return status.ok() ? 0 : fail(status.message()); }
};

// Types are numbered as DataType is.
DataType type_of(int type) { return static_cast<DataType>(type); }

Status create_engine(Probe& probe) {
  Result<Schema> schema = Schema::create(probe.attributes);
  if (!schema.ok()) {
    return schema.status();
  }
  Result<EventSchema> events = EventSchema::create(probe.event_types);
  if (!events.ok()) {
    return events.status();
  }
  probe.options.schema = *std::move(schema);
  probe.options.events = *std::move(events);
  Result<std::unique_ptr<Engine>> engine = Engine::create(probe.options);
  if (engine.ok()) {
    probe.engine = *std::move(engine);
  }
  return engine.status();
}

// Parses, and checks on the way that both forms of an expression keep it.
Result<Expression> read_expression(std::string_view text) {
  Result<Expression> parsed = Expression::parse(text);
  if (!parsed.ok()) {
    return parsed;
  }
  const Result<Expression> printed = Expression::parse(parsed->to_string());
  if (!printed.ok() || !(*printed == *parsed)) {
    return Status(StatusCode::kInternal, "printed it is another: " + parsed->to_string());
  }
  Result<Expression> json = Expression::from_json(parsed->to_json());
  if (!json.ok() || !(*json == *parsed)) {
    return Status(StatusCode::kInternal, "as JSON it is another: " + parsed->to_json());
  }
  return json;
}

// Sets bit r of `words` for every row r that is in; a word per 64 contacts.
void write_members(const Probe& probe, const RowSet& members, std::uint64_t* words) {
  std::fill_n(words, (probe.engine->contact_count() + 63) / 64, std::uint64_t{0});
  for (const RowId row : members) {
    words[to_index(row) / 64] |= std::uint64_t{1} << (to_index(row) % 64);
  }
}

}  // namespace

PROBE_API Probe* probe_new(const char* zone, int currency_decimals, int threads) {
  auto probe = std::make_unique<Probe>();
  probe->options.time_zone = zone;
  probe->options.currency_decimals = currency_decimals;
  Result<std::shared_ptr<Arena>> arena = Arena::create(threads);
  if (arena.ok()) {
    probe->options.arena = *std::move(arena);
  }
  return probe.release();
}

PROBE_API void probe_free(Probe* probe) { delete probe; }

PROBE_API const char* probe_error(const Probe* probe) { return probe->error.c_str(); }

PROBE_API void probe_attribute(Probe* probe, const char* name, int type, int decimals,
                               const char* channel, const char* purpose) {
  probe->attributes.push_back({name, type_of(type), decimals, channel, purpose});
}

PROBE_API void probe_event_type(Probe* probe, const char* name) {
  probe->event_types.push_back({name});
}

// Of the event type added last.
PROBE_API void probe_property(Probe* probe, const char* name, int type, int decimals) {
  probe->event_types.back().properties.push_back({name, type_of(type), decimals});
}

PROBE_API int probe_create(Probe* probe) { return probe->done(create_engine(*probe)); }

PROBE_API int probe_contacts(Probe* probe, ArrowArrayStream* stream) {
  return probe->done(probe->engine->ingest_contacts(stream).status());
}

PROBE_API int probe_orders(Probe* probe, ArrowArrayStream* stream) {
  return probe->done(probe->engine->ingest_orders(stream).status());
}

PROBE_API int probe_events(Probe* probe, ArrowArrayStream* stream) {
  return probe->done(probe->engine->ingest_events(stream).status());
}

PROBE_API int probe_model(Probe* probe, const char* yaml) {
  Result<RfmModel> model = parse_rfm_model(yaml, "model.yaml", probe->options.currency_decimals);
  return probe->done(model.ok() ? probe->engine->define(*model) : model.status());
}

// A list of the contacts `ids`, a line each.
PROBE_API void probe_list(Probe* probe, const char* name, const char* ids) {
  std::vector<std::string> contacts;
  std::istringstream lines(ids);
  for (std::string id; std::getline(lines, id);) {
    contacts.push_back(id);
  }
  SegmentDefinition definition;
  definition.name = name;
  definition.kind = SegmentKind::kStatic;
  definition.contacts = std::make_shared<const std::vector<std::string>>(std::move(contacts));
  probe->segments.push_back(std::move(definition));
}

PROBE_API void probe_segment(Probe* probe, const char* name, const char* where) {
  SegmentDefinition definition;
  definition.name = name;
  definition.where = where;
  probe->segments.push_back(std::move(definition));
}

PROBE_API int probe_recompute(Probe* probe, const char* as_of) {
  std::string error;
  const std::optional<TimeZone> zone = TimeZone::find(probe->options.time_zone, error);
  const std::optional<AsOf> instant = zone ? AsOf::parse(as_of, *zone, error) : std::nullopt;
  if (!instant) {
    return probe->fail(error);
  }
  const Status defined = probe->engine->define_segments(probe->segments);
  if (!defined.ok()) {
    return probe->done(defined);
  }
  auto generation = probe->engine->recompute(*instant);
  if (generation.ok()) {
    probe->generation = *std::move(generation);
  }
  return probe->done(generation.status());
}

PROBE_API std::uint32_t probe_contact_count(const Probe* probe) {
  return probe->engine->contact_count();
}

// The external id of a row; valid until the next call.
PROBE_API const char* probe_contact_id(Probe* probe, std::uint32_t row) {
  probe->error = probe->engine->contact_id(to_row(row));
  return probe->error.c_str();
}

// The segment as the generation has it: the plan of all segments computed it.
PROBE_API int probe_members(Probe* probe, const char* name, std::uint64_t* words,
                            std::uint64_t* unknown) {
  const SegmentInfo* info = probe->generation->segment_info(name);
  const RowSet* members = probe->generation->segment(name);
  if (info == nullptr || members == nullptr) {
    return probe->fail(info == nullptr ? "there is no such segment" : info->broken);
  }
  write_members(*probe, *members, words);
  *unknown = info->unknown;
  return 0;
}

PROBE_API int probe_select(Probe* probe, const char* text, std::size_t bytes, std::uint64_t* words,
                           std::uint64_t* unknown) {
  const Result<Expression> expression = read_expression({text, bytes});
  if (!expression.ok()) {
    return probe->fail(expression.status().message());
  }
  const Result<Selection> selection = probe->engine->select(*expression, *probe->generation);
  if (!selection.ok()) {
    return probe->fail(selection.status().message());
  }
  write_members(*probe, selection->members, words);
  *unknown = selection->unknown;
  return 0;
}
