#include "storage/order_store.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "storage/column_types.hpp"

namespace quintile {

namespace {

constexpr std::size_t kMaxLineColumns = 256;
constexpr std::string_view kQuantity = "quantity";

Status expected_column(std::string_view name, std::string_view type, std::string_view found) {
  return {StatusCode::kInvalidArgument, "order lines: expected column '" + std::string(name) +
                                            "' of type " + std::string(type) + ", got " +
                                            std::string(found)};
}

Result<std::size_t> require(const ArrowReader& reader, std::string_view name, std::string_view type,
                            bool (*fits)(ArrowType)) {
  const std::optional<std::size_t> field = reader.find(name);
  if (!field) {
    return expected_column(name, type, "none");
  }
  if (!fits(reader.fields()[*field].type)) {
    return expected_column(name, type, "format '" + reader.fields()[*field].format + "'");
  }
  return *field;
}

std::optional<DataType> line_type(std::string_view name, ArrowType type) noexcept {
  if (name == kQuantity) {
    return type == ArrowType::kInt64 ? std::optional(DataType::kDecimal) : std::nullopt;
  }
  if (is_text(type)) {
    return DataType::kCategory;
  }
  if (name == "product" || name == "category") {
    return std::nullopt;
  }
  return type == ArrowType::kInt64  ? std::optional(DataType::kInt64)
         : type == ArrowType::kBool ? std::optional(DataType::kBool)
                                    : std::nullopt;
}

// Whether the local date of every instant is an accepted one in any zone: the usual case, told by
// one pass without a look at the zone.
bool are_far_from_limits(std::span<const std::int64_t> instants) noexcept {
  constexpr std::int64_t kMargin = 2 * kMicrosecondsPerDay;  // no offset is as large
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = std::numeric_limits<std::int64_t>::min();
  for (const std::int64_t instant : instants) {
    least = std::min(least, instant);
    most = std::max(most, instant);
  }
  return least > local_begin_of_day(kFirstDayNumber) + kMargin &&
         most < local_begin_of_day(kLastDayNumber) - kMargin;
}

std::string at_row(std::int64_t row, std::string_view what) {
  return "order lines, row " + std::to_string(row) + " of the batch: " + std::string(what);
}

}  // namespace

OrderStore::OrderStore(TimeZone zone) : zone_(std::move(zone)) {}

std::size_t OrderStore::add_column(std::string_view name, DataType type) {
  columns_.push_back({std::string(name), type, nullptr});
  if (type == DataType::kCategory) {
    columns_.back().dictionary = std::make_unique<IdTable>();
  }
  if (name == kQuantity) {
    quantity_ = static_cast<std::ptrdiff_t>(columns_.size()) - 1;
  }
  // Lines that are there already have no value in the new column.
  const auto fill = [&](LineValues& values, std::size_t lines) {
    if (type == DataType::kCategory || type == DataType::kBool) {
      values.codes.assign(lines, kNoCode);
    } else {
      values.integers.assign(lines, type == DataType::kDecimal ? kOneUnit : 0);
    }
    if (type == DataType::kInt64) {
      values.valid.assign(lines, 0);
    }
  };
  fill(delta_.values.emplace_back(), delta_.size());
  for (OrderBlock& block : blocks_) {
    fill(block.values.emplace_back(), block.lines());
  }
  return columns_.size() - 1;
}

Result<OrderFields> OrderStore::bind(const ArrowReader& reader) {
  OrderFields fields;
  const auto is_int64 = [](ArrowType type) { return type == ArrowType::kInt64; };
  const auto is_time = [](ArrowType type) { return type == ArrowType::kTimestamp; };
  const auto is_id_type = [](ArrowType type) { return is_id(type); };
  const Result<std::size_t> contact = require(reader, "contact", "utf8 or int64", is_id_type);
  if (!contact.ok()) return contact.status();
  const Result<std::size_t> time = require(reader, "time", "timestamp[us, UTC]", is_time);
  if (!time.ok()) return time.status();
  const Result<std::size_t> amount = require(reader, "amount", "int64", is_int64);
  if (!amount.ok()) return amount.status();
  fields.contact = *contact;
  fields.time = *time;
  fields.amount = *amount;
  for (std::size_t i = 0; i < reader.fields().size(); ++i) {
    const ArrowField& field = reader.fields()[i];
    if (reader.find(field.name) != i || field.name.empty()) {
      return Status(
          StatusCode::kInvalidArgument,
          "order lines: expected column names that differ, got '" + field.name + "' twice");
    }
    if (field.name == "contact" || field.name == "time" || field.name == "amount") {
      continue;
    }
    if (field.name == "order") {
      if (!is_id(field.type)) {
        return expected_column("order", "utf8 or int64", "format '" + field.format + "'");
      }
      fields.order = i;
      continue;
    }
    const std::optional<DataType> type = line_type(field.name, field.type);
    if (!type) {
      return expected_column(field.name, field.name == kQuantity ? "int64" : "utf8, int64 or bool",
                             "format '" + field.format + "'");
    }
    auto column = static_cast<std::size_t>(
        std::find_if(columns_.begin(), columns_.end(),
                     [&](const LineColumn& known) { return known.name == field.name; }) -
        columns_.begin());
    if (column == columns_.size()) {
      if (column == kMaxLineColumns) {
        return Status(
            StatusCode::kOutOfRange,
            "order lines: expected at most 256 properties, got '" + field.name + "' beside them");
      }
      column = add_column(field.name, *type);
    }
    if (columns_[column].type != *type) {
      return expected_column(field.name, "as in the lines before", "format '" + field.format + "'");
    }
    fields.columns.resize(std::max(fields.columns.size(), column + 1));
    fields.columns[column] = i;
  }
  return fields;
}

Result<LineIds> OrderStore::check(const ArrowReader& reader, const OrderFields& fields,
                                  Arena::Executor& executor) const {
  const std::int64_t rows = reader.rows();
  LineIds ids;
  Result<IdColumn> contacts =
      IdColumn::read(reader.column(fields.contact), rows, "contact", false, executor);
  if (!contacts.ok()) {
    return contacts.status();
  }
  ids.contacts = std::move(*contacts);
  if (fields.order) {
    Result<IdColumn> orders =
        IdColumn::read(reader.column(*fields.order), rows, "order", true, executor);
    if (!orders.ok()) {
      return orders.status();
    }
    ids.orders = std::move(*orders);
  }
  if (Status status = check_times(reader, fields); !status.ok()) {
    return status;
  }
  for (const std::optional<std::size_t>& field : fields.columns) {
    if (!field || !is_text(reader.fields()[*field].type)) {
      continue;
    }
    const ArrowColumn column = reader.column(*field);
    for (std::int64_t row = 0; row < rows; ++row) {
      if (!column.is_null(row) && column.text(row).size() > kMaxTextBytes) {
        return Status(StatusCode::kInvalidArgument,
                      at_row(row, "column '" + reader.fields()[*field].name +
                                      "': expected at most 32768 bytes, got " +
                                      std::to_string(column.text(row).size())));
      }
    }
  }
  return ids;
}

Status OrderStore::check_times(const ArrowReader& reader, const OrderFields& fields) const {
  const ArrowColumn time = reader.column(fields.time);
  const ArrowColumn amount = reader.column(fields.amount);
  if (!time.may_have_nulls() && !amount.may_have_nulls() &&
      are_far_from_limits({time.integers(), static_cast<std::size_t>(reader.rows())})) {
    return {};
  }
  ZoneCursor cursor(zone_);
  for (std::int64_t row = 0; row < reader.rows(); ++row) {
    if (time.is_null(row) || amount.is_null(row)) {
      return {StatusCode::kInvalidArgument,
              at_row(row, time.is_null(row) ? "time is null" : "amount is null")};
    }
    if (cursor.day_number(time.integer(row)) == kNoDay) {
      return {StatusCode::kOutOfRange,
              at_row(row, "expected a local date from 1900-01-01 to 2079-06-04, got " +
                              std::to_string(time.integer(row)) + " microseconds")};
    }
  }
  return {};
}

void OrderStore::append_values(const ArrowReader& reader, std::optional<std::size_t> field,
                               std::size_t column, std::size_t begin) {
  LineColumn& meta = columns_[column];
  LineValues& values = delta_.values[column];
  const auto count = static_cast<std::size_t>(reader.rows());
  const ArrowColumn source = field ? reader.column(*field) : ArrowColumn();
  const auto has = [&](std::size_t i) {
    return field && !source.is_null(static_cast<std::int64_t>(i));
  };
  if (meta.type == DataType::kCategory || meta.type == DataType::kBool) {
    values.codes.resize(begin + count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = static_cast<std::int64_t>(i);
      std::uint32_t code = kNoCode;
      if (has(i)) {
        code = meta.type == DataType::kBool
                   ? static_cast<std::uint32_t>(source.boolean(row))
                   : meta.dictionary->insert(make_id_key(source.text(row)));
      }
      values.codes[begin + i] = code;
    }
    return;
  }
  const std::int64_t missing = meta.type == DataType::kDecimal ? kOneUnit : 0;
  values.integers.resize(begin + count);
  if (meta.type == DataType::kInt64) {
    values.valid.resize(begin + count);
  }
  for (std::size_t i = 0; i < count; ++i) {
    values.integers[begin + i] = has(i) ? source.integer(static_cast<std::int64_t>(i)) : missing;
    if (meta.type == DataType::kInt64) {
      values.valid[begin + i] = has(i) ? 1 : 0;
    }
  }
}

void OrderStore::append_order_codes(const LineIds& ids, std::size_t count) {
  std::vector<std::uint32_t> codes(count, kNoCode);
  if (ids.orders) {
    ids.orders->insert_into(orders_, codes);
  }
  delta_.order.append(codes);
}

void OrderStore::append_columns(const ArrowReader& reader, const OrderFields& fields) {
  const std::size_t begin = delta_.time.size();
  const auto count = static_cast<std::size_t>(reader.rows());
  if (count != 0) {
    delta_.time.append({reader.column(fields.time).integers(), count});
    delta_.amount.append({reader.column(fields.amount).integers(), count});
  }
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    append_values(reader, column < fields.columns.size() ? fields.columns[column] : std::nullopt,
                  column, begin);
  }
}

void OrderStore::truncate_delta(std::size_t lines) {
  const auto cut = [&](auto& column) {
    if (column.size() > lines) {
      column.resize(lines);
    }
  };
  const auto cut_chunks = [&](auto& column) { column.truncate(std::min(column.size(), lines)); };
  cut_chunks(delta_.row);
  cut_chunks(delta_.time);
  cut_chunks(delta_.amount);
  cut_chunks(delta_.order);
  for (LineValues& values : delta_.values) {
    cut(values.codes);
    cut(values.integers);
    cut(values.valid);
  }
}

void OrderStore::seal(std::uint32_t contacts, Arena::Executor& executor) {
  const std::size_t block_count = (std::size_t{contacts} + kRowsPerBlock - 1) / kRowsPerBlock;
  blocks_.reserve(block_count);
  while (blocks_.size() < block_count) {
    blocks_.emplace_back().values.resize(columns_.size());
  }
  changed_rows_.resize(block_count * (kRowsPerBlock / 64));
  std::vector<std::size_t> ends(block_count + 1);
  for (std::size_t i = 0; i < delta_.size(); ++i) {
    ++ends[delta_.row[i] / kRowsPerBlock + 1];
  }
  for (std::size_t b = 1; b <= block_count; ++b) {
    ends[b] += ends[b - 1];
  }
  std::vector<std::uint32_t> lines(delta_.size());
  std::vector<std::size_t> next(ends.begin(), ends.end());
  for (std::size_t i = 0; i < delta_.size(); ++i) {
    const std::uint32_t row = delta_.row[i];
    lines[next[row / kRowsPerBlock]++] = static_cast<std::uint32_t>(i);
    changed_rows_[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  const BlockLayout layout{columns_, quantity_, &zone_};
  executor.run(block_count, [&](std::size_t b, int) {
    const auto rows = static_cast<std::uint32_t>(
        std::min<std::size_t>(kRowsPerBlock, contacts - b * kRowsPerBlock));
    const std::span<const std::uint32_t> fresh(lines.data() + ends[b], ends[b + 1] - ends[b]);
    if (fresh.empty()) {
      extend_contacts(blocks_[b], rows);
    } else {
      blocks_[b] = merge_block(blocks_[b], delta_, fresh, rows, layout);
    }
  });
  lines_ += delta_.size();
  delta_ = LineDelta();
  delta_.values.resize(columns_.size());
}

void OrderStore::forget_changed_rows() noexcept {
  std::fill(changed_rows_.begin(), changed_rows_.end(), 0);
}

void OrderStore::seal_if_worth_it(std::uint32_t contacts, Arena::Executor& executor) {
  constexpr std::uint64_t kBlockLinesPerDeltaLine = 8;
  if (delta_.size() * kBlockLinesPerDeltaLine >= lines_) {
    seal(contacts, executor);
  }
}

std::size_t OrderStore::memory_bytes() const noexcept {
  std::size_t bytes = orders_.memory_bytes() + delta_.row.memory_bytes() +
                      delta_.time.memory_bytes() + delta_.amount.memory_bytes() +
                      delta_.order.memory_bytes() + changed_rows_.memory_bytes();
  for (const OrderBlock& block : blocks_) {
    bytes += block.memory_bytes();
  }
  for (const LineColumn& column : columns_) {
    bytes += column.dictionary ? column.dictionary->memory_bytes() : 0;
  }
  return bytes;
}

std::vector<ExpressionColumn> OrderStore::expression_columns(
    int currency_decimals, std::vector<IdTableDictionary>& dictionaries) const {
  dictionaries.clear();
  dictionaries.reserve(columns_.size() + 1);  // columns keep their addresses
  std::vector<ExpressionColumn> all;
  all.push_back({"time", DataType::kTimestamp, 0, nullptr});
  all.push_back({"amount", DataType::kDecimal, currency_decimals, nullptr});
  dictionaries.emplace_back(orders_.texts());
  all.push_back({"order", DataType::kCategory, 0, &dictionaries.back()});
  for (const LineColumn& column : columns_) {
    ExpressionColumn entry{column.name, column.type, 0, nullptr};
    if (column.type == DataType::kDecimal) {
      entry.decimals = 3;
    }
    if (column.dictionary) {
      dictionaries.emplace_back(column.dictionary->texts());
      entry.dictionary = &dictionaries.back();
    }
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace quintile
