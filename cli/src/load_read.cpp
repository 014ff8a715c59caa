#include <algorithm>
#include <deque>

#include "load_run.hpp"
#include "model_source.hpp"
#include "number_text.hpp"
#include <quintile/arrow_abi.h>

namespace quintile::cli {
namespace {

using Outcome = std::optional<Failure>;

void on_reject(void* context, const char* file, std::uint64_t record, const char* reason,
               const char* value) {
  static_cast<LoadRun*>(context)->rejects.add(file, record, reason, value);
}

void on_progress(void* context, std::uint64_t bytes, std::uint64_t total) {
  static_cast<LoadRun*>(context)->progress.advance(bytes, total);
}

// A request and the texts that it points to. Stays where it is.
class Reading {
 public:
  Reading(LoadRun& run, FileKind kind, const SourceConfig& source) : source_(source) {
    for (const std::string& file : run.files.at(kind)) {
      files_.push_back(file.c_str());
    }
    for (const auto& [name_space, column] : source.identifiers) {
      identifiers_.push_back({name_space.c_str(), column.c_str()});
    }
    request_.struct_bytes = sizeof(request_);
    request_.files = files_.data();
    request_.file_count = files_.size();
    request_.contact = column("contact");
    request_.time = column("time");
    request_.identifiers = column("identifiers");
    request_.identifier_columns = identifiers_.data();
    request_.identifier_column_count = identifiers_.size();
    request_.delimiter = source.delimiter;
    request_.date_format = source.date_format.empty() ? nullptr : source.date_format.c_str();
    request_.time_zone = run.config.time_zone.c_str();
    request_.base_currency = run.config.currency.empty() ? nullptr : run.config.currency.c_str();
    request_.currency_decimals = run.config.currency_decimals;
    request_.threads = static_cast<std::uint32_t>(run.options.threads);
    request_.integer_ids = 1;
    request_.on_reject = on_reject;
    request_.on_progress = on_progress;
    request_.context = &run;
    wanted_by_ = run.options.config;
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  // The column of a role, null if none is named.
  [[nodiscard]] const char* column(std::string_view role) const {
    return find(source_.columns, role);
  }
  void want(const std::string& name, DataType type, int decimals) {
    for (const quintile_extra_column& known : extra_) {
      if (name == known.name) {
        return;  // one property of several types of events
      }
    }
    const char* const named = find(source_.values, name);
    extra_.push_back({name.c_str(), named == nullptr ? column(name) : named, loader_type(type),
                      decimals, wanted_by_.c_str()});
  }
  void take_types(const EventSchema& schema) {
    for (const EventType& type : schema.types()) {
      types_.push_back(type.name.c_str());
      for (const EventProperty& property : type.properties) {
        want(property.name, property.type, property.decimals);
      }
    }
    request_.event_types = types_.data();
    request_.event_type_count = types_.size();
  }
  [[nodiscard]] quintile_load_request& request() {
    request_.extra_columns = extra_.data();
    request_.extra_column_count = extra_.size();
    return request_;
  }

 private:
  static const char* find(const NamePairs& pairs, std::string_view name) {
    const auto found = std::find_if(pairs.begin(), pairs.end(),
                                    [&](const auto& pair) { return pair.first == name; });
    return found == pairs.end() ? nullptr : found->second.c_str();
  }

  const SourceConfig& source_;
  std::vector<const char*> files_;
  std::vector<quintile_identifier_column> identifiers_;
  std::vector<const char*> types_;
  std::vector<quintile_extra_column> extra_;
  std::string wanted_by_;
  quintile_load_request request_{};
};

// After a stream has been read to its end, or has failed on the way.
Outcome finish_reading(LoadRun& run, const Result<IngestCounts>& ingested) {
  ReadFacts facts;
  facts.counts = run.loader.counts();
  facts.reasons = reasons_met(run.loader, facts.counts);
  if (!ingested.ok()) {
    return data_failure(ingested.status());
  }
  run.progress.finish(facts_text(facts));
  if (ingested->conflicts != 0) {
    run.progress.warn(counted(ingested->conflicts, "identifier was", "identifiers were") +
                      " given to a second contact and stayed with the first one");
  }
  if (run.reject_limit.exceeded(facts.counts.rejected, facts.counts.records)) {
    if (Outcome failure = run.rejects.commit()) {
      return failure;
    }
    return too_many_rejects(facts.counts, facts.reasons, run.reject_limit, run.rejects);
  }
  return std::nullopt;
}

Outcome read_contacts(LoadRun& run, ArrowArrayStream* stream) {
  Reading reading(run, FileKind::kContacts, run.config.contacts);
  for (const Attribute& attribute : run.config.attributes.attributes()) {
    reading.want(attribute.name, attribute.type, attribute.decimals);
  }
  if (Outcome failure = run.loader.open_contacts(reading.request(), stream)) {
    return failure;
  }
  return finish_reading(run, run.engine->ingest_contacts(stream, IdentifierConflict::kKeepFirst));
}

// To the loader links are contacts with a column more, if their time is asked for.
Outcome read_links(LoadRun& run, ArrowArrayStream* stream) {
  const std::string time = "time";
  Reading reading(run, FileKind::kLinks, run.config.links);
  if (reading.column(time) != nullptr) {
    reading.want(time, DataType::kTimestamp, 0);
  }
  if (Outcome failure = run.loader.open_contacts(reading.request(), stream)) {
    return failure;
  }
  return finish_reading(run, run.engine->ingest_links(stream));
}

Outcome read_orders(LoadRun& run, ArrowArrayStream* stream) {
  Reading reading(run, FileKind::kOrders, run.config.orders);
  for (const EventProperty& property : run.config.line_properties) {
    reading.want(property.name, property.type, property.decimals);
  }
  quintile_load_request& request = reading.request();
  request.order = reading.column("order");
  request.amount = reading.column("amount");
  request.quantity = reading.column("quantity");
  request.price = reading.column("price");
  request.product = reading.column("product");
  request.category = reading.column("category");
  request.currency = reading.column("currency");
  request.rates_file = run.config.rates_file.empty() ? nullptr : run.config.rates_file.c_str();
  if (Outcome failure = run.loader.open_orders(request, stream)) {
    return failure;
  }
  return finish_reading(run, run.engine->ingest_orders(stream));
}

Outcome read_events(LoadRun& run, ArrowArrayStream* stream) {
  Reading reading(run, FileKind::kEvents, run.config.events);
  reading.take_types(run.config.event_types);
  reading.request().type = reading.column("type");
  if (Outcome failure = run.loader.open_events(reading.request(), stream)) {
    return failure;
  }
  return finish_reading(run, run.engine->ingest_events(stream));
}

}  // namespace

std::optional<Failure> read_store_files(LoadRun& run) {
  if (Outcome failure = run.loader.load()) {
    return failure;
  }
  for (const auto& [kind, files] : run.files) {
    run.progress.start(step_name(kind_name(kind), files));
    ArrowArrayStream stream{};
    Outcome failure;
    switch (kind) {
      case FileKind::kContacts:
        failure = read_contacts(run, &stream);
        break;
      case FileKind::kLinks:
        failure = read_links(run, &stream);
        break;
      case FileKind::kOrders:
        failure = read_orders(run, &stream);
        break;
      case FileKind::kEvents:
        failure = read_events(run, &stream);
        break;
    }
    if (failure) {
      return failure;
    }
  }
  return std::nullopt;
}

}  // namespace quintile::cli
