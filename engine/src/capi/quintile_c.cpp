#include <exception>
#include <memory>
#include <new>
#include <string>

#include "capi/result_stream.hpp"
#include "quintile/engine.hpp"
#include "quintile/model.hpp"
#include "quintile/quintile.h"

struct quintile_engine {
  std::unique_ptr<quintile::Engine> engine;
};

struct quintile_generation {
  std::shared_ptr<const quintile::Generation> generation;
};

namespace {

using quintile::Result;
using quintile::Status;
using quintile::StatusCode;

static_assert(QUINTILE_INTERNAL == static_cast<int>(StatusCode::kInternal));
static_assert(QUINTILE_CONSENT == static_cast<int>(quintile::DataType::kConsent));

thread_local std::string last_error;

quintile_status fail(StatusCode code, std::string_view message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    last_error.clear();
  }
  return static_cast<quintile_status>(code);
}

quintile_status to_c(const Status& status) noexcept {
  if (status.ok()) {
    return QUINTILE_OK;
  }
  return fail(status.code(), status.message());
}

quintile_status missing(const char* what) noexcept {
  return fail(StatusCode::kInvalidArgument, what);
}

// Runs the body of a call so that no exception leaves it.
template <class Body>
quintile_status call(const Body& body) noexcept {
  try {
    return to_c(body());
  } catch (const std::bad_alloc&) {
    return fail(StatusCode::kInternal, "out of memory");
  } catch (const std::exception& error) {
    return fail(StatusCode::kInternal, error.what());
  }
}

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

Result<quintile::EngineOptions> to_options(const quintile_options* given) {
  quintile::EngineOptions options;
  if (given == nullptr) {
    return options;
  }
  if (given->time_zone != nullptr) {
    options.time_zone = given->time_zone;
  }
  options.currency_decimals = given->currency_decimals;
  std::vector<quintile::Attribute> attributes;
  for (std::size_t i = 0; i < given->attribute_count; ++i) {
    const quintile_attribute& attribute = given->attributes[i];
    if (attribute.type < QUINTILE_BOOL || attribute.type > QUINTILE_CONSENT) {
      return Status(StatusCode::kInvalidArgument,
                    "expected a quintile_data_type, got " + std::to_string(attribute.type));
    }
    attributes.push_back({text_or_empty(attribute.name),
                          static_cast<quintile::DataType>(attribute.type), attribute.decimals,
                          text_or_empty(attribute.channel), text_or_empty(attribute.purpose)});
  }
  Result<quintile::Schema> schema = quintile::Schema::create(std::move(attributes));
  if (!schema.ok()) {
    return schema.status();
  }
  options.schema = std::move(schema).value();
  Result<std::shared_ptr<quintile::Arena>> arena = quintile::Arena::create(given->threads);
  if (!arena.ok()) {
    return arena.status();
  }
  options.arena = std::move(arena).value();
  return options;
}

Status take(const Result<quintile::IngestCounts>& result, quintile_ingest_counts* counts) {
  if (result.ok() && counts != nullptr) {
    counts->rows = result->rows;
    counts->new_contacts = result->new_contacts;
  }
  return result.status();
}

Result<const quintile::RfmResult*> find_model(const quintile_generation* generation,
                                              const char* model) {
  const quintile::RfmResult* result = generation->generation->rfm(model);
  if (result == nullptr) {
    return Status(StatusCode::kNotFound,
                  "expected a model of this generation, got '" + std::string(model) + "'");
  }
  return result;
}

// Releases a stream that no engine took over.
quintile_status refuse_stream(ArrowArrayStream* stream) noexcept {
  if (stream != nullptr && stream->release != nullptr) {
    stream->release(stream);
  }
  return missing("expected an engine, got null");
}

}  // namespace

const char* quintile_last_error(void) { return last_error.c_str(); }

const char* quintile_status_name(quintile_status status) {
  return quintile::status_code_name(static_cast<StatusCode>(status)).data();
}

quintile_status quintile_engine_create(const quintile_options* options, quintile_engine** out) {
  if (out == nullptr) {
    return missing("expected somewhere to put the engine, got null");
  }
  *out = nullptr;
  return call([&]() -> Status {
    Result<quintile::EngineOptions> checked = to_options(options);
    if (!checked.ok()) {
      return checked.status();
    }
    Result<std::unique_ptr<quintile::Engine>> engine =
        quintile::Engine::create(std::move(checked).value());
    if (!engine.ok()) {
      return engine.status();
    }
    *out = new quintile_engine{std::move(engine).value()};
    return {};
  });
}

void quintile_engine_destroy(quintile_engine* engine) { delete engine; }

quintile_status quintile_ingest_orders(quintile_engine* engine, struct ArrowArrayStream* stream,
                                       quintile_ingest_counts* counts) {
  if (engine == nullptr) {
    return refuse_stream(stream);
  }
  return call([&] { return take(engine->engine->ingest_orders(stream), counts); });
}

quintile_status quintile_ingest_contacts(quintile_engine* engine, struct ArrowArrayStream* stream,
                                         quintile_ingest_counts* counts) {
  if (engine == nullptr) {
    return refuse_stream(stream);
  }
  return call([&] { return take(engine->engine->ingest_contacts(stream), counts); });
}

quintile_status quintile_define_preset(quintile_engine* engine, const char* preset) {
  if (engine == nullptr || preset == nullptr) {
    return missing("expected an engine and the name of a preset, got null");
  }
  return call([&]() -> Status {
    Result<quintile::RfmModel> model =
        quintile::rfm_preset(preset, engine->engine->options().currency_decimals);
    return model.ok() ? engine->engine->define(*model) : model.status();
  });
}

quintile_status quintile_define_yaml(quintile_engine* engine, const char* yaml, size_t length,
                                     const char* source_name) {
  if (engine == nullptr || yaml == nullptr || source_name == nullptr) {
    return missing("expected an engine, a text and its name, got null");
  }
  return call([&]() -> Status {
    Result<quintile::RfmModel> model = quintile::parse_rfm_model(
        {yaml, length}, source_name, engine->engine->options().currency_decimals);
    return model.ok() ? engine->engine->define(*model) : model.status();
  });
}

quintile_status quintile_recompute(quintile_engine* engine, const char* as_of,
                                   quintile_generation** out) {
  if (engine == nullptr || as_of == nullptr) {
    return missing("expected an engine and a date or time, got null");
  }
  return call([&]() -> Status {
    std::string error;
    const auto zone = quintile::TimeZone::find(engine->engine->options().time_zone, error);
    const auto instant =
        zone ? quintile::AsOf::parse(as_of, *zone, error) : std::optional<quintile::AsOf>();
    if (!instant) {
      return {StatusCode::kInvalidArgument, error};
    }
    auto generation = engine->engine->recompute(*instant);
    if (!generation.ok()) {
      return generation.status();
    }
    if (out != nullptr) {
      *out = new quintile_generation{std::move(generation).value()};
    }
    return {};
  });
}

quintile_status quintile_current(quintile_engine* engine, quintile_generation** out) {
  if (engine == nullptr || out == nullptr) {
    return missing("expected an engine and somewhere to put the generation, got null");
  }
  *out = nullptr;
  return call([&]() -> Status {
    std::shared_ptr<const quintile::Generation> generation = engine->engine->current();
    if (!generation) {
      return {StatusCode::kNotFound, "expected a generation, none was computed so far"};
    }
    *out = new quintile_generation{std::move(generation)};
    return {};
  });
}

void quintile_generation_release(quintile_generation* generation) { delete generation; }

uint64_t quintile_generation_number(const quintile_generation* generation) {
  return generation == nullptr ? 0 : generation->generation->number();
}

quintile_status quintile_class_count(const quintile_generation* generation, const char* model,
                                     size_t* out) {
  if (generation == nullptr || model == nullptr || out == nullptr) {
    return missing("expected a generation, a model and somewhere to put the count, got null");
  }
  return call([&]() -> Status {
    const Result<const quintile::RfmResult*> result = find_model(generation, model);
    if (result.ok()) {
      *out = (*result)->class_infos().size();
    }
    return result.status();
  });
}

quintile_status quintile_class_at(const quintile_generation* generation, const char* model,
                                  size_t code, quintile_class* out) {
  if (generation == nullptr || model == nullptr || out == nullptr) {
    return missing("expected a generation, a model and somewhere to put the class, got null");
  }
  return call([&]() -> Status {
    const Result<const quintile::RfmResult*> result = find_model(generation, model);
    if (!result.ok()) {
      return result.status();
    }
    const std::span<const quintile::ClassInfo> infos = (*result)->class_infos();
    if (code >= infos.size()) {
      return {StatusCode::kOutOfRange, "expected a class code below " +
                                           std::to_string(infos.size()) + ", got " +
                                           std::to_string(code)};
    }
    *out = {infos[code].name.c_str(), infos[code].measures.contacts,
            infos[code].reachable_now ? 1 : 0};
    return {};
  });
}

quintile_status quintile_segment_count(const quintile_generation* generation, const char* segment,
                                       uint64_t* out) {
  if (generation == nullptr || segment == nullptr || out == nullptr) {
    return missing("expected a generation, a segment and somewhere to put the count, got null");
  }
  return call([&]() -> Status {
    const quintile::RowSet* rows = generation->generation->segment(segment);
    if (rows == nullptr) {
      return {StatusCode::kNotFound,
              "expected a segment of this generation, got '" + std::string(segment) + "'"};
    }
    *out = rows->count();
    return {};
  });
}

quintile_status quintile_export_rows(const quintile_generation* generation, const char* model,
                                     struct ArrowArrayStream* out) {
  if (generation == nullptr || model == nullptr || out == nullptr) {
    return missing("expected a generation, a model and a stream to fill, got null");
  }
  return call([&]() -> Status {
    const Result<const quintile::RfmResult*> result = find_model(generation, model);
    if (result.ok()) {
      quintile::make_result_stream(generation->generation, **result, *out);
    }
    return result.status();
  });
}
