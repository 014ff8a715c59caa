#include "storage/event_store.hpp"

#include <algorithm>
#include <cmath>

#include "storage/column_types.hpp"

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

Status check_times(const ArrowColumn& time, std::span<const std::uint32_t> picked,
                   const TimeZone& zone) {
  ZoneCursor cursor(zone);
  for (const std::int64_t row : picked) {
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

Status check_values(const ArrowColumn& source, std::span<const std::uint32_t> picked,
                    const LineColumn& property) {
  for (const std::int64_t row : picked) {
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
    column.decimals = property.decimals;
    if (property.type == DataType::kCategory) {
      column.dictionary = std::make_unique<IdTable>();
    }
  }
  delta_.values.resize(properties_.size());
}

Result<EventFields> EventStore::bind(const ArrowReader& reader) const {
  const std::optional<std::size_t> time = reader.find("time");
  if (!time || reader.fields()[*time].type != ArrowType::kTimestamp) {
    return refuse("column 'time' of type timestamp[us, UTC]",
                  time ? "format '" + reader.fields()[*time].format + "'" : "none");
  }
  EventFields fields{*time, {}};
  for (const LineColumn& property : properties_) {
    const std::optional<std::size_t> field = reader.find(property.name);
    if (field && !fits(property.type, reader.fields()[*field].type)) {
      return refuse("column '" + property.name + "' with the type of its property",
                    "format '" + reader.fields()[*field].format + "'");
    }
    fields.properties.push_back(field);
  }
  return fields;
}

Status EventStore::check(const ArrowReader& reader, const EventFields& fields,
                         std::span<const std::uint32_t> picked) const {
  if (Status status = check_times(reader.column(fields.time), picked, zone_); !status.ok()) {
    return status;
  }
  for (std::size_t i = 0; i < properties_.size(); ++i) {
    if (!fields.properties[i]) {
      continue;
    }
    const ArrowColumn source = reader.column(*fields.properties[i]);
    if (Status status = check_values(source, picked, properties_[i]); !status.ok()) {
      return status;
    }
  }
  return {};
}

void EventStore::append_values(const ArrowColumn& source, std::size_t property, std::size_t begin,
                               std::span<const std::uint32_t> picked) {
  const LineColumn& column = properties_[property];
  EventValues& values = delta_.values[property];
  for (std::size_t i = 0; i < picked.size(); ++i) {
    const std::int64_t row = picked[i];
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
                        std::span<const std::uint32_t> picked,
                        std::span<const std::uint32_t> contacts) {
  const std::size_t begin = delta_.size();
  if (picked.empty()) {
    return;
  }
  const ArrowColumn time = reader.column(fields.time);
  for (const std::uint32_t row : picked) {
    delta_.row.push_back(contacts[row]);
    delta_.time.push_back(time.integer(row));
  }
  for (std::size_t i = 0; i < properties_.size(); ++i) {
    delta_.values[i].resize(properties_[i].type, delta_.size());
    if (fields.properties[i]) {
      append_values(reader.column(*fields.properties[i]), i, begin, picked);
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
