// The state of an engine and the locks over it.
#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "exec/contact_list.hpp"
#include "exec/rfm_context.hpp"
#include "exec/scope.hpp"
#include "quintile/catalogue.hpp"
#include "quintile/engine.hpp"
#include "quintile/model.hpp"
#include "storage/attribute_store.hpp"
#include "storage/contact_directory.hpp"
#include "storage/event_store.hpp"
#include "storage/order_store.hpp"

namespace quintile {

// Where the columns of a stream of events of several types are.
struct EventColumns {
  std::optional<std::size_t> contact;
  std::optional<std::size_t> identifiers;
  std::size_t type = 0;
  std::vector<EventFields> fields;  // by type
};

struct Engine::Impl {
  Impl(EngineOptions engine_options, TimeZone time_zone)
      : options(std::move(engine_options)),
        zone(std::move(time_zone)),
        orders(zone),
        attributes(options.schema) {
    for (const EventType& type : options.events.types()) {
      events.emplace_back(zone, type.properties);
    }
  }

  Result<std::shared_ptr<const Generation>> compute(const AsOf& as_of, const RecomputeOptions& how,
                                                    std::uint64_t generation);
  Status compute_model(const RfmModel& model, const AsOf& as_of, const RecomputeOptions& how,
                       GenerationData& data);
  Status compute_segments(const RecomputeOptions& how, GenerationData& data);
  Result<SegmentPreview> preview(const SegmentDefinition& definition, const GenerationData& data,
                                 const PreviewOptions& how) const;
  static Status check_class_names(const RfmModel& model, const Catalogue& catalogue);
  Result<BoundExpression> bind_where(const Expression& expression, const AsOf& as_of) const;
  Status take_contacts(const ArrowReader& reader,
                       std::span<const std::optional<std::size_t>> fields,
                       IdentifierConflict conflict, IngestCounts& counts);
  Status take_lines(const ArrowReader& reader, const OrderFields& fields);
  Status take_events(const ArrowReader& reader, const EventColumns& columns);
  void append_events(const ArrowReader& reader, const EventColumns& columns,
                     std::span<const std::vector<std::uint32_t>> picked,
                     std::span<const std::uint32_t> contacts);
  Status append_lines(const ArrowReader& reader, const OrderFields& fields, const LineIds& ids);
  Status resolve(const IdColumn& ids, std::vector<std::uint32_t>& rows);
  // Takes back the contacts from `before` on, if there are too many.
  Status check_contact_count(std::uint32_t before);
  // The contacts of now, and their order by id, shared by generations while none is added.
  std::shared_ptr<const IdOrder> contacts();

  EngineOptions options;
  TimeZone zone;

  // Of an expression: what it can see in a generation.
  [[nodiscard]] ScopeSource scope_source(const GenerationData& data) const;
  // Refuses generations of other engines and of other data. Hold `data_lock`.
  [[nodiscard]] Status check_generation(const GenerationData& data) const;

  // Over all that follows: exclusive in ingest, define and recompute, shared in questions.
  mutable std::shared_mutex data_lock;
  std::uint64_t data_version = 0;  // counts the ingests
  std::shared_ptr<const EngineIdentity> identity = std::make_shared<const EngineIdentity>();
  OrderStore orders;
  AttributeStore attributes;
  std::vector<EventStore> events;  // by type, as in options.events
  std::shared_ptr<const Catalogue> segments = std::make_shared<const Catalogue>();
  ContactLists contact_lists;  // those of the static ones
  std::vector<RfmModel> models;
  std::shared_ptr<const IdOrder> id_order;
  bool general_only = false;  // for tests: see RfmContext
  std::atomic<std::uint64_t> lines{0};

  mutable std::shared_mutex directory_lock;  // exclusive only while ids of one batch are resolved
  ContactDirectory directory;

  std::atomic<std::uint64_t> number{0};
  mutable std::mutex current_lock;
  std::shared_ptr<const Generation> current;
};

// Finds the rows of a scope for which `expression` is true.
Result<Selection> select_rows(const Scope& scope, const Expression& expression,
                              Arena::Executor& executor, const SelectOptions& options);

// Says which model, and which part of it, an error is about.
Status about_model(const RfmModel& model, std::string_view part, const Status& status);

struct EngineInternals {
  static Engine::Impl& of(Engine& engine) noexcept { return *engine.impl_; }
  static const Engine::Impl& of(const Engine& engine) noexcept { return *engine.impl_; }
  // Engine::open() of one file.
  static Result<std::unique_ptr<Engine>> open_snapshot(const std::string& path,
                                                       std::shared_ptr<Arena> arena);
};

// Hands each batch of an opened stream to `take`, and counts the rows that it took.
template <class Take>
Status take_batches(ArrowReader& reader, IngestCounts& counts, const Take& take) {
  while (true) {
    const Result<bool> more = reader.next();
    if (!more.ok() || !*more) {
      return more.status();
    }
    if (Status status = take(); !status.ok()) {
      return status;
    }
    counts.rows += static_cast<std::uint64_t>(reader.rows());
  }
}

// Runs an operation of the public API so that no exception leaves it.
template <class Operation>
auto guarded(const Operation& operation) noexcept -> decltype(operation()) {
  try {
    return operation();
  } catch (const std::bad_alloc&) {
    return Status(StatusCode::kInternal, "out of memory");
  } catch (const std::length_error& error) {
    return Status(StatusCode::kOutOfRange, error.what());
  } catch (const std::exception& error) {
    return Status(StatusCode::kInternal, error.what());
  }
}

}  // namespace quintile
