#include "storage/event_store.hpp"

#include <algorithm>
#include <cmath>

#include "storage/column_types.hpp"
#include "storage/order_store.hpp"

namespace quintile {

namespace {

// Events carry single values: tags and consents are of contacts.
bool fits(DataType type, ArrowType arrow) noexcept {
  return type != DataType::kTags && type != DataType::kConsent && can_come_as(type, arrow);
}

Status refuse(std::string_view expected, std::string_view found) {
  return {StatusCode::kInvalidArgument,
          "events: expected " + std::string(expected) + ", got " + std::string(found)};
}

Status refuse_row(StatusCode code, std::int64_t row, std::string_view what) {
  return {code, "events, row " + std::to_string(row) + " of the batch: " + std::string(what)};
}

Status check_times(const ArrowColumn& time, std::int64_t rows, const TimeZone& zone) {
  ZoneCursor cursor(zone);
  for (std::int64_t row = 0; row < rows; ++row) {
    if (time.is_null(row)) {
      return refuse_row(StatusCode::kInvalidArgument, row, "time is null");
    }
    if (cursor.day_number(time.integer(row)) == kNoDay) {
      return refuse_row(StatusCode::kOutOfRange, row,
                        "expected a local date from 1900-01-01 to 2079-06-04, got " +
                            std::to_string(time.integer(row)) + " microseconds");
    }
  }
  return {};
}

Status check_values(const ArrowColumn& source, std::int64_t rows, const LineColumn& property) {
  for (std::int64_t row = 0; row < rows; ++row) {
    if (source.is_null(row)) {
      continue;
    }
    if (property.type == DataType::kDouble && std::isnan(source.real(row))) {
      return refuse_row(StatusCode::kInvalidArgument, row,
                        "property '" + property.name + "' is NaN");
    }
    if (property.type == DataType::kCategory && source.text(row).size() > kMaxTextBytes) {
      return refuse_row(StatusCode::kInvalidArgument, row,
                        "property '" + property.name + "': expected at most 32768 bytes, got " +
                            std::to_string(source.text(row).size()));
    }
  }
  return {};
}

}  // namespace

EventStore::EventStore(TimeZone zone, std::span<const EventProperty> properties)
    : zone_(std::move(zone)) {
  for (const EventProperty& property : properties) {
    LineColumn& column = properties_.emplace_back();
    column.name = property.name;
    column.type = property.type;
    if (property.type == DataType::kCategory) {
      column.dictionary = std::make_unique<IdTable>();
    }
  }
  delta_.values.resize(properties_.size());
}

Result<EventFields> EventStore::bind(const ArrowReader& reader) const {
  const std::optional<std::size_t> contact = reader.find("contact");
  const std::optional<std::size_t> time = reader.find("time");
  if (!contact || !is_id(reader.fields()[*contact].type)) {
    return refuse("column 'contact' of type utf8 or int64",
                  contact ? "format '" + reader.fields()[*contact].format + "'" : "none");
  }
  if (!time || reader.fields()[*time].type != ArrowType::kTimestamp) {
    return refuse("column 'time' of type timestamp[us, UTC]",
                  time ? "format '" + reader.fields()[*time].format + "'" : "none");
  }
  EventFields fields{*contact, *time, {}};
  fields.properties.resize(properties_.size());
  for (std::size_t i = 0; i < reader.fields().size(); ++i) {
    const ArrowField& field = reader.fields()[i];
    if (reader.find(field.name) != i) {
      return refuse("column names that differ", "'" + field.name + "' twice");
    }
    if (i == *contact || i == *time) {
      continue;
    }
    const auto property =
        std::find_if(properties_.begin(), properties_.end(),
                     [&](const LineColumn& known) { return known.name == field.name; });
    if (property == properties_.end()) {
      return refuse("properties that the type of event declares", "column '" + field.name + "'");
    }
    if (!fits(property->type, field.type)) {
      return refuse("column '" + field.name + "' with the type of its property",
                    "format '" + field.format + "'");
    }
    fields.properties[static_cast<std::size_t>(property - properties_.begin())] = i;
  }
  return fields;
}

Status EventStore::check(const ArrowReader& reader, const EventFields& fields) const {
  const std::int64_t rows = reader.rows();
  if (Status status = check_ids(reader.column(fields.contact), rows, "contact", false);
      !status.ok()) {
    return status;
  }
  if (Status status = check_times(reader.column(fields.time), rows, zone_); !status.ok()) {
    return status;
  }
  for (std::size_t i = 0; i < properties_.size(); ++i) {
    if (!fields.properties[i]) {
      continue;
    }
    const ArrowColumn source = reader.column(*fields.properties[i]);
    if (Status status = check_values(source, rows, properties_[i]); !status.ok()) {
      return status;
    }
  }
  return {};
}

void EventStore::append_values(const ArrowColumn& source, std::size_t property, std::size_t begin,
                               std::size_t count) {
  const LineColumn& column = properties_[property];
  EventValues& values = delta_.values[property];
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<std::int64_t>(i);
    if (source.is_null(row)) {
      continue;
    }
    const std::size_t event = begin + i;
    set_bit(values.valid, event);
    switch (column.type) {
      case DataType::kCategory:
        values.codes[event] = column.dictionary->insert(make_id_key(source.text(row)));
        break;
      case DataType::kDouble:
        values.reals[event] = source.real(row);
        break;
      case DataType::kBool:
        if (source.boolean(row)) {
          set_bit(values.bits, event);
        }
        break;
      default:
        values.integers[event] = source.integer(row);
    }
  }
}

void EventStore::append(const ArrowReader& reader, const EventFields& fields,
                        std::span<const std::uint32_t> rows) {
  const std::size_t begin = delta_.size();
  if (rows.empty()) {
    return;
  }
  delta_.row.append(rows);
  delta_.time.append({reader.column(fields.time).integers(), rows.size()});
  for (std::size_t i = 0; i < properties_.size(); ++i) {
    delta_.values[i].resize(properties_[i].type, delta_.size());
    if (fields.properties[i]) {
      append_values(reader.column(*fields.properties[i]), i, begin, rows.size());
    }
  }
}

void EventStore::truncate_delta(std::size_t events) {
  if (delta_.row.size() > events) {
    delta_.row.resize(events);
  }
  if (delta_.time.size() > events) {
    delta_.time.resize(events);
  }
  for (std::size_t i = 0; i < properties_.size(); ++i) {
    delta_.values[i].resize(properties_[i].type, events);
  }
}

void EventStore::seal(std::uint32_t contacts, Arena::Executor& executor) {
  const std::size_t block_count = (std::size_t{contacts} + kRowsPerBlock - 1) / kRowsPerBlock;
  blocks_.resize(std::max(blocks_.size(), block_count));
  std::vector<std::vector<std::uint32_t>> fresh(block_count);
  for (std::size_t i = 0; i < delta_.size(); ++i) {
    fresh[delta_.row[i] / kRowsPerBlock].push_back(static_cast<std::uint32_t>(i));
  }
  executor.run(block_count, [&](std::size_t b, int) {
    const auto rows = static_cast<std::uint32_t>(
        std::min<std::size_t>(kRowsPerBlock, contacts - b * kRowsPerBlock));
    EventBlock& block = blocks_[b];
    if (fresh[b].empty() && block.contacts() != 0) {
      extend_contacts(block, rows);
    } else {
      block = merge_events(block, delta_, fresh[b], rows, properties_, zone_);
    }
  });
  delta_ = EventDelta();
  delta_.values.resize(properties_.size());
}

void EventStore::seal_if_worth_it(std::uint32_t contacts, Arena::Executor& executor) {
  constexpr std::uint64_t kBlockEventsPerDeltaEvent = 8;
  if (delta_.size() * kBlockEventsPerDeltaEvent >= event_count() - delta_.size()) {
    seal(contacts, executor);
  }
}

void EventStore::drop_before(std::int64_t instant_us, Arena::Executor& executor) {
  executor.run(blocks_.size(), [&](std::size_t b, int) {
    EventBlock& block = blocks_[b];
    if (block.events() != 0 && block.first_time < instant_us) {
      block = drop_events_before(block, instant_us, properties_);
    }
  });
}

std::uint64_t EventStore::event_count() const noexcept {
  std::uint64_t events = delta_.size();
  for (const EventBlock& block : blocks_) {
    events += block.events();
  }
  return events;
}

std::size_t EventStore::memory_bytes() const noexcept {
  std::size_t bytes = delta_.row.memory_bytes() + delta_.time.memory_bytes();
  for (const EventValues& values : delta_.values) {
    bytes += values.memory_bytes();
  }
  for (const EventBlock& block : blocks_) {
    bytes += block.memory_bytes();
  }
  for (const LineColumn& property : properties_) {
    bytes += property.dictionary ? property.dictionary->memory_bytes() : 0;
  }
  return bytes;
}

}  // namespace quintile
