#include <algorithm>
#include <array>
#include <cstring>

#include "number_text.hpp"
#include "rfm_run.hpp"
#include <quintile/arrow_abi.h>

namespace quintile::cli {
namespace {

// The names that a loader request points to; must outlive the opening call.
struct RequestParts {
  std::vector<const char*> files;
  std::vector<std::string> names;
  std::vector<quintile_extra_column> extra;
  std::string wanted_by;  // who names the extra columns
};

void on_reject(void* context, const char* file, std::uint64_t record, const char* reason,
               const char* value) {
  static_cast<RfmRun*>(context)->rejects.add(file, record, reason, value);
}

void on_progress(void* context, std::uint64_t bytes, std::uint64_t total) {
  static_cast<RfmRun*>(context)->progress.advance(bytes, total);
}

const char* column_or_null(const ColumnMap& columns, const char* name) {
  const auto found = columns.find(name);
  return found == columns.end() ? nullptr : found->second.c_str();
}

quintile_load_request common_request(RfmRun& run, const std::vector<std::string>& files,
                                     RequestParts& parts) {
  for (const std::string& file : files) {
    parts.files.push_back(file.c_str());
  }
  const RfmOptions& options = run.options;
  quintile_load_request request{};
  request.struct_bytes = sizeof(request);
  request.files = parts.files.data();
  request.file_count = parts.files.size();
  request.delimiter = run.request.delimiter;
  request.date_format = options.date_format.empty() ? nullptr : options.date_format.c_str();
  request.time_zone = options.time_zone.c_str();
  request.base_currency = options.currency.empty() ? nullptr : options.currency.c_str();
  request.currency_decimals = run.request.decimals;
  request.threads = static_cast<std::uint32_t>(options.threads);
  request.integer_ids = 1;
  request.on_reject = on_reject;
  request.on_progress = on_progress;
  request.context = &run;
  return request;
}

bool is_order_column(const std::string& name) {
  for (const char* known :
       {"contact", "time", "order", "amount", "quantity", "product", "category"}) {
    if (name == known) {
      return true;
    }
  }
  return false;
}

// The column of a role that has no default: as mapped, or by its own name if the model's `where`
// asks for it, or none.
const char* column_if_wanted(const RfmRun& run, const char* name) {
  const char* mapped = column_or_null(run.columns, name);
  if (mapped != nullptr || !run.model->where) {
    return mapped;
  }
  const auto names = run.model->where->column_names();
  return std::find(names.begin(), names.end(), name) == names.end() ? nullptr : name;
}

// Whatever the model's `where` names beyond the columns that every order has.
void add_where_columns(const RfmRun& run, RequestParts& parts) {
  parts.wanted_by = "the where of model '" + run.model->name + "'";
  if (run.model->where) {
    for (const std::string& name : run.model->where->column_names()) {
      if (!is_order_column(name)) {
        parts.names.push_back(name);
      }
    }
  }
  for (const std::string& name : parts.names) {
    parts.extra.push_back({name.c_str(), column_or_null(run.columns, name.c_str()),
                           QUINTILE_COLUMN_AUTO, 0, parts.wanted_by.c_str()});
  }
}

void add_attribute_columns(const RfmRun& run, RequestParts& parts) {
  parts.wanted_by = "--attributes";
  for (const Attribute& attribute : run.request.attributes) {
    parts.extra.push_back(
        {attribute.name.c_str(), column_or_null(run.contact_columns, attribute.name.c_str()),
         loader_type(attribute.type), attribute.decimals, parts.wanted_by.c_str()});
  }
}

// After a stream has been read to its end, or has failed on the way.
Outcome finish_reading(RfmRun& run, const Result<IngestCounts>& ingested, ReadFacts& facts) {
  facts.counts = run.loader.counts();
  facts.reasons = reasons_met(run.loader, facts.counts);
  if (!ingested.ok()) {
    return data_failure(ingested.status());
  }
  run.progress.finish(facts_text(facts));
  if (run.request.reject_limit.exceeded(facts.counts.rejected, facts.counts.records)) {
    if (Outcome failure = run.rejects.commit()) {
      return failure;
    }
    return too_many_rejects(facts.counts, facts.reasons, run.request.reject_limit, run.rejects);
  }
  return std::nullopt;
}

Outcome read_contacts(RfmRun& run) {
  RequestParts parts;
  quintile_load_request request = common_request(run, run.options.contacts, parts);
  add_attribute_columns(run, parts);
  request.contact = column_or_null(run.contact_columns, "contact");
  request.identifiers = column_or_null(run.contact_columns, "identifiers");
  request.extra_columns = parts.extra.data();
  request.extra_column_count = parts.extra.size();
  run.progress.start(step_name("contacts", run.options.contacts));
  ArrowArrayStream stream{};
  if (Outcome failure = run.loader.open_contacts(request, &stream)) {
    return failure;
  }
  return finish_reading(run, run.engine->ingest_contacts(&stream), run.contacts_read);
}

Outcome read_orders(RfmRun& run) {
  RequestParts parts;
  quintile_load_request request = common_request(run, run.options.orders, parts);
  add_where_columns(run, parts);
  request.contact = column_or_null(run.columns, "contact");
  request.time = column_or_null(run.columns, "time");
  request.order = column_or_null(run.columns, "order");
  request.amount = column_or_null(run.columns, "amount");
  request.quantity = column_if_wanted(run, "quantity");
  request.price = column_or_null(run.columns, "price");
  request.product = column_if_wanted(run, "product");
  request.category = column_if_wanted(run, "category");
  request.currency = column_or_null(run.columns, "currency");
  request.rates_file = run.options.rates.empty() ? nullptr : run.options.rates.c_str();
  request.extra_columns = parts.extra.data();
  request.extra_column_count = parts.extra.size();
  run.progress.start(step_name("orders", run.options.orders));
  ArrowArrayStream stream{};
  if (Outcome failure = run.loader.open_orders(request, &stream)) {
    return failure;
  }
  return finish_reading(run, run.engine->ingest_orders(&stream), run.orders_read);
}

Outcome create_engine(RfmRun& run) {
  Result<std::shared_ptr<Arena>> arena = Arena::create(run.options.threads);
  if (!arena.ok()) {
    return data_failure(arena.status());
  }
  Result<Schema> schema = Schema::create(run.request.attributes);
  if (!schema.ok()) {
    return Failure{ExitCode::kUsage, "--attributes: " + std::string(schema.status().message())};
  }
  EngineOptions options;
  options.time_zone = run.options.time_zone;
  options.currency_decimals = run.request.decimals;
  options.schema = std::move(*schema);
  options.arena = std::move(*arena);
  Result<std::unique_ptr<Engine>> engine = Engine::create(std::move(options));
  if (!engine.ok()) {
    return data_failure(engine.status());
  }
  run.engine = std::move(*engine);
  return std::nullopt;
}

}  // namespace

Outcome read_files(RfmRun& run) {
  if (Outcome failure = create_engine(run)) {
    return failure;
  }
  // A population that cannot be bound is found before a large file is read.
  if (const Status status = run.engine->define(*run.model); !status.ok()) {
    return data_failure(status);
  }
  if (Outcome failure = run.loader.load()) {
    return failure;
  }
  if (!run.options.rejects.empty()) {
    if (Outcome failure = run.rejects.open(run.options.rejects)) {
      return failure;
    }
  }
  if (!run.options.contacts.empty()) {
    if (Outcome failure = read_contacts(run)) {
      return failure;
    }
  }
  return read_orders(run);
}

}  // namespace quintile::cli
