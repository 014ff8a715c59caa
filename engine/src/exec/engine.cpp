#include "quintile/engine.hpp"

#include <array>
#include <functional>

#include "exec/engine_impl.hpp"

namespace quintile {

namespace {

constexpr int kMaxCurrencyDecimals = 6;
constexpr std::size_t kMaxModels = 256;

// A delta of this many lines is merged before more come in: it bounds memory, and positions in it
// fit 32 bits.
constexpr std::size_t kMaxDeltaLines = std::size_t{1} << 25;

}  // namespace

Engine::Engine(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::create(EngineOptions options) {
  return guarded([&]() -> Result<std::unique_ptr<Engine>> {
    if (Result<std::string> isa = active_instruction_set(); !isa.ok()) {
      return isa.status();
    }
    if (options.currency_decimals < 0 || options.currency_decimals > kMaxCurrencyDecimals) {
      return Status(StatusCode::kOutOfRange, "expected 0 to 6 decimals of the currency, got " +
                                                 std::to_string(options.currency_decimals));
    }
    std::string error;
    std::optional<TimeZone> zone = TimeZone::find(options.time_zone, error);
    if (!zone) {
      return Status(StatusCode::kInvalidArgument, error);
    }
    if (!options.arena) {
      Result<std::shared_ptr<Arena>> arena = Arena::create();
      if (!arena.ok()) {
        return arena.status();
      }
      options.arena = std::move(arena).value();
    }
    return std::unique_ptr<Engine>(
        new Engine(std::make_unique<Impl>(std::move(options), std::move(*zone))));
  });
}

Status Engine::Impl::check_contact_count(std::uint32_t before) {
  if (directory.size() > kMaxContacts) {
    directory.truncate(before);
    return {StatusCode::kOutOfRange, "expected at most 4294901760 contacts, got more"};
  }
  return {};
}

Status Engine::Impl::resolve(const IdColumn& ids, std::vector<std::uint32_t>& rows) {
  rows.resize(ids.keys().size());
  const std::unique_lock lock(directory_lock);
  const std::uint32_t before = directory.size();
  directory.resolve(ids.keys(), rows);
  return check_contact_count(before);
}

// The dictionaries of contacts and orders and the columns of values are three tasks: each is filled
// in the order of the lines, by one thread, whatever the number of threads.
Status Engine::Impl::append_lines(const ArrowReader& reader, const OrderFields& fields,
                                  const LineIds& ids) {
  const std::uint32_t contacts_before = directory.size();
  const std::size_t lines_before = orders.delta_size();
  const std::unique_lock lock(directory_lock);
  try {
    std::vector<std::uint32_t> rows(ids.contacts.keys().size());
    const std::array<std::function<void()>, 3> parts = {
        [&] { directory.resolve(ids.contacts.keys(), rows); },
        [&] { orders.append_order_codes(ids, rows.size()); },
        [&] { orders.append_columns(reader, fields); }};
    options.arena->executor().run(parts.size(), [&](std::size_t part, int) { parts[part](); });
    Status status = check_contact_count(contacts_before);
    if (status.ok()) {
      orders.append_rows(rows);
    } else {
      orders.truncate_delta(lines_before);
    }
    return status;
  } catch (...) {
    orders.truncate_delta(lines_before);
    directory.truncate(contacts_before);
    throw;
  }
}

Status Engine::Impl::take_lines(const ArrowReader& reader, const OrderFields& fields) {
  const Result<LineIds> ids = orders.check(reader, fields, options.arena->executor());
  if (!ids.ok()) {
    return ids.status();
  }
  if (Status status = append_lines(reader, fields, *ids); !status.ok()) {
    return status;
  }
  if (orders.delta_size() > kMaxDeltaLines) {
    orders.seal(directory.size(), options.arena->executor());
  }
  lines = orders.line_count();
  return {};
}

Result<IngestCounts> Engine::ingest_orders(ArrowArrayStream* stream) {
  return guarded([&]() -> Result<IngestCounts> {
    ArrowReader reader(stream);
    const std::unique_lock guard(impl_->data_lock);
    ++impl_->data_version;
    IngestCounts counts;
    const std::uint32_t before = impl_->directory.size();
    if (Status status = reader.open(); !status.ok()) {
      return status;
    }
    Result<OrderFields> fields = impl_->orders.bind(reader);
    if (!fields.ok()) {
      return fields.status();
    }
    const Status taken = take_batches(
        reader, counts, [&]() -> Status { return impl_->take_lines(reader, *fields); });
    if (!taken.ok()) {
      return taken;
    }
    impl_->orders.seal_if_worth_it(impl_->directory.size(), impl_->options.arena->executor());
    counts.new_contacts = impl_->directory.size() - before;
    return counts;
  });
}

Status Engine::Impl::take_contacts(const ArrowReader& reader,
                                   std::span<const std::optional<std::size_t>> fields,
                                   IdentifierConflict conflict, IngestCounts& counts) {
  const ArrowColumn contact = reader.column(*reader.find("contact"));
  const Result<IdColumn> ids =
      IdColumn::read(contact, reader.rows(), "contact", false, options.arena->executor());
  if (!ids.ok()) {
    return ids.status();
  }
  if (Status status = attributes.check(reader, fields); !status.ok()) {
    return status;
  }
  const std::uint32_t before = directory.size();
  std::vector<std::uint32_t> rows;
  if (Status status = resolve(*ids, rows); !status.ok()) {
    return status;
  }
  std::vector<ContactDirectory::NewLink> links;
  if (const std::optional<std::size_t> field = reader.find("identifiers")) {
    const ArrowColumn lists = reader.column(*field);
    const ArrowColumn items = lists.items();
    for (std::int64_t i = 0; i < reader.rows(); ++i) {
      for (std::int32_t item = lists.list_begin(i); !lists.is_null(i) && item < lists.list_end(i);
           ++item) {
        if (!items.is_null(item)) {
          links.push_back({rows[static_cast<std::size_t>(i)], items.text(item)});
        }
      }
    }
  }
  const std::unique_lock lock(directory_lock);
  const Result<std::uint64_t> conflicts = directory.link(links, conflict);
  if (!conflicts.ok()) {
    directory.truncate(before);
    return conflicts.status();
  }
  counts.conflicts += *conflicts;
  attributes.apply(reader, fields, rows, directory.size());
  return {};
}

Result<IngestCounts> Engine::ingest_contacts(ArrowArrayStream* stream,
                                             IdentifierConflict conflict) {
  return guarded([&]() -> Result<IngestCounts> {
    ArrowReader reader(stream);
    const std::unique_lock guard(impl_->data_lock);
    ++impl_->data_version;
    IngestCounts counts;
    const std::uint32_t before = impl_->directory.size();
    if (Status status = reader.open(); !status.ok()) {
      return status;
    }
    const std::optional<std::size_t> contact = reader.find("contact");
    if (!contact || !is_id(reader.fields()[*contact].type)) {
      return Status(StatusCode::kInvalidArgument,
                    "contacts: expected a column 'contact' of type utf8 or int64");
    }
    const std::optional<std::size_t> identifiers = reader.find("identifiers");
    if (identifiers && reader.fields()[*identifiers].type != ArrowType::kUtf8List) {
      return Status(StatusCode::kInvalidArgument,
                    "contacts: expected column 'identifiers' of type list<utf8>, got format '" +
                        reader.fields()[*identifiers].format + "'");
    }
    const auto fields = impl_->attributes.bind(reader);
    if (!fields.ok()) {
      return fields.status();
    }
    const Status taken = take_batches(reader, counts, [&]() -> Status {
      return impl_->take_contacts(reader, *fields, conflict, counts);
    });
    if (!taken.ok()) {
      return taken;
    }
    counts.new_contacts = impl_->directory.size() - before;
    return counts;
  });
}

Status Engine::define(const RfmModel& model) {
  return guarded([&]() -> Status {
    const std::unique_lock guard(impl_->data_lock);
    if (model.currency_decimals != impl_->options.currency_decimals) {
      return {StatusCode::kInvalidArgument,
              "model '" + model.name + "': expected bounds in a currency of " +
                  std::to_string(impl_->options.currency_decimals) + " decimals, got " +
                  std::to_string(model.currency_decimals)};
    }
    if (model.population) {
      const Scope people({.attributes = impl_->attributes,
                          .zone = impl_->zone,
                          .ids = impl_->directory.ids(),
                          .as_of = AsOf{}});
      if (Result<BoundExpression> bound = model.population->bind(people.binding()); !bound.ok()) {
        return about_model(model, "population", bound.status());
      }
    }
    if (Status status = Impl::check_class_names(model, *impl_->segments); !status.ok()) {
      return status;
    }
    for (RfmModel& known : impl_->models) {
      if (known.name == model.name) {
        known = model;
        return {};
      }
    }
    if (impl_->models.size() == kMaxModels) {
      return {StatusCode::kOutOfRange,
              "expected at most 256 models, got '" + model.name + "' beside them"};
    }
    impl_->models.push_back(model);
    return {};
  });
}

Result<std::shared_ptr<const Generation>> Engine::evaluate(const AsOf& as_of,
                                                           const RecomputeOptions& options) {
  return guarded([&]() -> Result<std::shared_ptr<const Generation>> {
    const std::unique_lock guard(impl_->data_lock);
    return impl_->compute(as_of, options, 0);
  });
}

Result<std::shared_ptr<const Generation>> Engine::recompute(const AsOf& as_of,
                                                            const RecomputeOptions& options) {
  return guarded([&]() -> Result<std::shared_ptr<const Generation>> {
    const std::unique_lock guard(impl_->data_lock);
    const std::uint64_t number = impl_->number.load(std::memory_order_relaxed) + 1;
    Result<std::shared_ptr<const Generation>> next = impl_->compute(as_of, options, number);
    if (next.ok()) {
      const std::lock_guard publish(impl_->current_lock);
      impl_->current = *next;
      impl_->number.store(number, std::memory_order_release);
    }
    return next;
  });
}

std::uint64_t Engine::generation_number() const noexcept {
  return impl_->number.load(std::memory_order_acquire);
}

std::shared_ptr<const Generation> Engine::current() const {
  const std::lock_guard guard(impl_->current_lock);
  return impl_->current;
}

const EngineOptions& Engine::options() const noexcept { return impl_->options; }

std::uint32_t Engine::contact_count() const noexcept {
  const std::shared_lock lock(impl_->directory_lock);
  return impl_->directory.size();
}

std::uint64_t Engine::line_count() const noexcept { return impl_->lines.load(); }

std::optional<RowId> Engine::find_contact(std::string_view identifier) const {
  const std::shared_lock lock(impl_->directory_lock);
  return impl_->directory.find(identifier);
}

std::string Engine::contact_id(RowId row) const {
  const std::shared_lock lock(impl_->directory_lock);
  std::string id;
  impl_->directory.ids().append(static_cast<std::uint32_t>(row), id);
  return id;
}

std::vector<std::string> Engine::identifiers(RowId row) const {
  const std::shared_lock lock(impl_->directory_lock);
  return impl_->directory.identifiers(row);
}

}  // namespace quintile
