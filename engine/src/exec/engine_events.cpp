// Events on their way into an engine.
#include <functional>
#include <string_view>
#include <unordered_map>

#include "exec/engine_impl.hpp"

namespace quintile {

namespace {

// Deltas of this many events in all are merged before more come in: it bounds memory.
constexpr std::size_t kMaxDeltaEvents = std::size_t{1} << 25;

Status refuse(std::string_view expected, std::string_view found) {
  return {StatusCode::kInvalidArgument,
          "events: expected " + std::string(expected) + ", got " + std::string(found)};
}

Status refuse_row(std::int64_t row, const std::string& what) {
  return {StatusCode::kInvalidArgument,
          "events, row " + std::to_string(row) + " of the batch: " + what};
}

std::string format_of(const ArrowReader& reader, std::optional<std::size_t> field) {
  return field ? "format '" + reader.fields()[*field].format + "'" : "none";
}

// Refuses columns that are there twice, or that no type of events declares.
Status check_names(const ArrowReader& reader, const EventSchema& schema) {
  for (std::size_t i = 0; i < reader.fields().size(); ++i) {
    const std::string& name = reader.fields()[i].name;
    if (reader.find(name) != i) {
      return refuse("column names that differ", "'" + name + "' twice");
    }
    bool known = name == "contact" || name == "identifiers" || name == "time" || name == "type";
    for (const EventType& type : schema.types()) {
      for (const EventProperty& property : type.properties) {
        known = known || property.name == name;
      }
    }
    if (!known) {
      return refuse("properties that a type of events declares", "column '" + name + "'");
    }
  }
  return {};
}

Result<EventColumns> bind_events(const ArrowReader& reader, const EventSchema& schema,
                                 std::span<const EventStore> stores) {
  if (Status status = check_names(reader, schema); !status.ok()) {
    return status;
  }
  EventColumns columns;
  columns.contact = reader.find("contact");
  if (columns.contact && !is_id(reader.fields()[*columns.contact].type)) {
    return refuse("column 'contact' of type utf8 or int64", format_of(reader, columns.contact));
  }
  columns.identifiers = reader.find("identifiers");
  if (columns.identifiers && reader.fields()[*columns.identifiers].type != ArrowType::kUtf8List) {
    return refuse("column 'identifiers' of type list<utf8>",
                  format_of(reader, columns.identifiers));
  }
  if (!columns.contact && !columns.identifiers) {
    return refuse("a column 'contact' or 'identifiers'", "none");
  }
  const std::optional<std::size_t> type = reader.find("type");
  if (!type || !is_text(reader.fields()[*type].type)) {
    return refuse("column 'type' of type utf8", format_of(reader, type));
  }
  columns.type = *type;
  for (const EventStore& store : stores) {
    Result<EventFields> fields = store.bind(reader);
    if (!fields.ok()) {
      return fields.status();
    }
    columns.fields.push_back(std::move(*fields));
  }
  return columns;
}

// The rows of a batch, by type.
Result<std::vector<std::vector<std::uint32_t>>> pick_by_type(const ArrowColumn& type,
                                                             std::int64_t rows,
                                                             const EventSchema& schema) {
  std::unordered_map<std::string_view, std::size_t> positions;
  for (std::size_t i = 0; i < schema.types().size(); ++i) {
    positions.emplace(schema.types()[i].name, i);
  }
  std::vector<std::vector<std::uint32_t>> picked(schema.types().size());
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::string_view name = type.is_null(row) ? std::string_view() : type.text(row);
    const auto found = positions.find(name);
    if (found == positions.end()) {
      return refuse_row(row, "expected a type of events that is declared, got '" +
                                 std::string(name.substr(0, 64)) + "'");
    }
    picked[found->second].push_back(static_cast<std::uint32_t>(row));
  }
  return picked;
}

// The identifiers of a row, in order.
std::vector<std::string_view> identifiers_of(const ArrowColumn& lists, std::int64_t row) {
  std::vector<std::string_view> all;
  if (lists && !lists.is_null(row)) {
    const ArrowColumn items = lists.items();
    for (std::int32_t item = lists.list_begin(row); item < lists.list_end(row); ++item) {
      if (!items.is_null(item)) {
        all.push_back(items.text(item));
      }
    }
  }
  return all;
}

// Refuses an event that is nobody's, and identifiers that are none.
Status check_identifiers(const ArrowColumn& lists, std::span<const IdKey> contacts,
                         std::int64_t rows) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::vector<std::string_view> all = identifiers_of(lists, row);
    for (const std::string_view identifier : all) {
      const std::optional<IdentifierParts> parts = split_identifier(identifier);
      if (!parts || parts->name_space == kCanonicalNamespace ||
          identifier.size() > kMaxIdentifierBytes) {
        return refuse_row(row,
                          "expected an identifier namespace:value of at most 256 bytes, got '" +
                              std::string(identifier.substr(0, kMaxIdentifierBytes)) + "'");
      }
    }
    const bool named = !contacts.empty() && contacts[static_cast<std::size_t>(row)] != kNoId;
    if (!named && all.empty()) {
      return refuse_row(row, "expected a contact or an identifier, got neither");
    }
  }
  return {};
}

}  // namespace

void Engine::Impl::append_events(const ArrowReader& reader, const EventColumns& columns,
                                 std::span<const std::vector<std::uint32_t>> picked,
                                 std::span<const std::uint32_t> contacts) {
  std::vector<std::size_t> before;
  for (const EventStore& store : events) {
    before.push_back(store.delta_size());
  }
  try {
    options.arena->executor().run(events.size(), [&](std::size_t type, int) {
      events[type].append(reader, columns.fields[type], picked[type], contacts);
    });
  } catch (...) {
    for (std::size_t type = 0; type < events.size(); ++type) {
      events[type].truncate_delta(before[type]);
    }
    throw;
  }
}

Status Engine::Impl::take_events(const ArrowReader& reader, const EventColumns& columns) {
  const std::int64_t rows = reader.rows();
  const auto picked = pick_by_type(reader.column(columns.type), rows, options.events);
  if (!picked.ok()) {
    return picked.status();
  }
  IdColumn ids;
  if (columns.contact) {
    Result<IdColumn> read = IdColumn::read(reader.column(*columns.contact), rows, "contact", true,
                                           options.arena->executor());
    if (!read.ok()) {
      return read.status();
    }
    ids = std::move(*read);
  }
  const ArrowColumn lists =
      columns.identifiers ? reader.column(*columns.identifiers) : ArrowColumn();
  if (Status status = check_identifiers(lists, ids.keys(), rows); !status.ok()) {
    return status;
  }
  for (std::size_t type = 0; type < events.size(); ++type) {
    if (Status status = events[type].check(reader, columns.fields[type], (*picked)[type]);
        !status.ok()) {
      return status;
    }
  }
  std::vector<std::uint32_t> contacts(static_cast<std::size_t>(rows), kNoCode);
  {
    const std::unique_lock lock(directory_lock);
    if (directory.size() + static_cast<std::uint64_t>(rows) > kMaxContacts) {
      return {StatusCode::kOutOfRange, "expected at most 4294901760 contacts, got more"};
    }
    directory.resolve_named(ids, contacts);
    for (std::int64_t row = 0; row < rows; ++row) {
      std::uint32_t& contact = contacts[static_cast<std::size_t>(row)];
      if (contact == kNoCode) {
        Result<std::uint32_t> found = directory.resolve_identifiers(identifiers_of(lists, row));
        if (!found.ok()) {
          return found.status();
        }
        contact = *found;
      }
    }
  }
  append_events(reader, columns, *picked, contacts);
  std::size_t waiting = 0;
  for (const EventStore& store : events) {
    waiting += store.delta_size();
  }
  for (EventStore& store : events) {
    if (waiting > kMaxDeltaEvents) {
      store.seal(directory.size(), options.arena->executor());
    }
  }
  return {};
}

Result<IngestCounts> Engine::ingest_events(ArrowArrayStream* stream) {
  return guarded([&]() -> Result<IngestCounts> {
    ArrowReader reader(stream);
    const std::unique_lock guard(impl_->data_lock);
    ++impl_->data_version;
    IngestCounts counts;
    const std::uint32_t before = impl_->directory.size();
    if (Status status = reader.open(); !status.ok()) {
      return status;
    }
    const Result<EventColumns> columns = bind_events(reader, impl_->options.events, impl_->events);
    if (!columns.ok()) {
      return columns.status();
    }
    const Status taken = take_batches(
        reader, counts, [&]() -> Status { return impl_->take_events(reader, *columns); });
    if (!taken.ok()) {
      return taken;
    }
    for (EventStore& store : impl_->events) {
      store.seal_if_worth_it(impl_->directory.size(), impl_->options.arena->executor());
    }
    counts.new_contacts = impl_->directory.size() - before;
    return counts;
  });
}

Result<std::uint64_t> Engine::forget_old_events(std::int64_t now_us) {
  return guarded([&]() -> Result<std::uint64_t> {
    const std::unique_lock guard(impl_->data_lock);
    ++impl_->data_version;
    const std::uint16_t today = impl_->zone.day_number(now_us);
    if (today == kNoDay) {
      return Status(StatusCode::kOutOfRange,
                    "expected a local date from 1900-01-01 to 2079-06-04, got " +
                        std::to_string(now_us) + " microseconds");
    }
    std::uint64_t forgotten = 0;
    ZoneCursor cursor(impl_->zone);
    for (std::size_t type = 0; type < impl_->events.size(); ++type) {
      const std::optional<std::uint32_t> days = impl_->options.events.types()[type].retention_days;
      if (!days || *days >= today) {
        continue;
      }
      EventStore& store = impl_->events[type];
      const std::uint64_t before = store.event_count();
      const auto first_kept = static_cast<std::uint16_t>(today - *days);
      store.seal(impl_->directory.size(), impl_->options.arena->executor());
      store.drop_before(cursor.to_instant(local_begin_of_day(first_kept)),
                        impl_->options.arena->executor());
      forgotten += before - store.event_count();
    }
    return forgotten;
  });
}

std::uint64_t Engine::event_count() const {
  const std::shared_lock guard(impl_->data_lock);
  std::uint64_t count = 0;
  for (const EventStore& store : impl_->events) {
    count += store.event_count();
  }
  return count;
}

std::uint64_t Engine::event_count(std::string_view type) const {
  const std::shared_lock guard(impl_->data_lock);
  const std::optional<std::size_t> position = impl_->options.events.find(type);
  return position ? impl_->events[*position].event_count() : 0;
}

}  // namespace quintile
