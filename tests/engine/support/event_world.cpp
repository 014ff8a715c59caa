#include "event_world.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <stdexcept>

#include "arrow_batch.hpp"

namespace quintile::testing {
namespace {

EventStore make_store(const TimeZone& zone) {
  const std::array<EventProperty, 5> properties = {
      EventProperty{"url", DataType::kCategory}, EventProperty{"value", DataType::kDecimal, 2},
      EventProperty{"score", DataType::kDouble}, EventProperty{"paid", DataType::kBool},
      EventProperty{"day", DataType::kDate}};
  return {zone, properties};
}

template <class Record, class Get>
auto column_of(const std::vector<Record>& records, const Get& get) {
  std::vector<std::optional<std::decay_t<decltype(*get(records[0]))>>> values;
  for (const Record& record : records) {
    values.push_back(get(record));
  }
  return values;
}

template <class Record>
std::vector<std::uint32_t> rows_of(const std::vector<Record>& records) {
  std::vector<std::uint32_t> rows;
  for (const Record& record : records) {
    rows.push_back(record.contact);
  }
  return rows;
}

TestColumn column(std::string name, std::string format) {
  TestColumn made;
  made.name = std::move(name);
  made.format = std::move(format);
  return made;
}

// contact and time, which all streams have.
template <class Record>
std::vector<TestColumn> first_columns(const std::vector<Record>& records) {
  return {integer_column("contact", column_of(records,
                                              [](const Record& r) {
                                                return std::optional<std::int64_t>(r.contact);
                                              })),
          time_column("time", column_of(records, [](const Record& r) {
                        return std::optional<std::int64_t>(r.time);
                      }))};
}

std::string value_text(const ExpressionColumnView& view, const ExpressionColumn& column,
                       std::size_t row) {
  const auto bit = [row](const void* words) {
    return ((static_cast<const std::uint64_t*>(words)[row / 64] >> (row % 64)) & 1U) != 0;
  };
  if (view.valid != nullptr && !bit(view.valid)) {
    return "NULL";
  }
  switch (column.type) {
    case DataType::kBool:
      return bit(view.values) ? "true" : "false";
    case DataType::kDouble: {
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "%.17g",
                    static_cast<const double*>(view.values)[row]);
      return text.data();
    }
    case DataType::kCategory:
      return std::string(
          column.dictionary->text(static_cast<const std::uint32_t*>(view.values)[row]));
    default:
      break;
  }
  switch (view.value_bytes) {
    case 1:
      return std::to_string(static_cast<const std::uint8_t*>(view.values)[row]);
    case 2:
      return std::to_string(static_cast<const std::uint16_t*>(view.values)[row]);
    case 4:
      return std::to_string(static_cast<const std::int32_t*>(view.values)[row]);
    default:
      return std::to_string(static_cast<const std::int64_t*>(view.values)[row]);
  }
}

}  // namespace

std::int64_t at(std::string_view text) {
  TimeReader reader{TimeZone()};
  std::int64_t instant = 0;
  if (reader.read(text, instant) != TimeError::kNone) {
    throw std::invalid_argument(std::string(text));
  }
  return instant;
}

void require(const Status& status) {
  if (!status.ok()) {
    throw std::runtime_error(status.to_string());
  }
}

EventWorld::EventWorld(std::uint32_t contacts, const TimeZone& zone)
    : contacts_(contacts),
      zone_(zone),
      executor_(make_jthread_executor(1)),
      visits_(make_store(zone)),
      carts_(make_store(zone)),
      orders_(zone) {
  for (std::uint32_t c = 0; c < contacts; ++c) {
    const std::string id = "c" + std::to_string(c);
    ids_.insert(make_id_key(id));
  }
  set_as_of("2026-03-31");
}

void EventWorld::add(EventStore& store, const std::vector<PlainEvent>& events) const {
  std::vector<TestColumn> columns = first_columns(events);
  if (!events.empty()) {
    columns.push_back(text_column("url", column_of(events, [](const auto& e) { return e.url; })));
    columns.push_back(
        integer_column("value", column_of(events, [](const auto& e) { return e.value; })));
    columns.push_back(column("score", "g"));
    columns.back().reals = column_of(events, [](const auto& e) { return e.score; });
    columns.push_back(
        boolean_column("paid", column_of(events, [](const auto& e) { return e.paid; })));
    columns.push_back(column("day", "tdD"));
    columns.back().integers = column_of(events, [](const auto& e) { return e.day; });
  }
  ArrowArrayStream stream = make_stream(std::move(columns));
  ArrowReader reader(&stream);
  require(reader.open());
  const Result<EventFields> fields = store.bind(reader);
  require(fields.status());
  while (reader.next().value()) {
    std::vector<std::uint32_t> picked(events.size());
    std::iota(picked.begin(), picked.end(), 0U);
    require(store.check(reader, *fields, picked));
    store.append(reader, *fields, picked, rows_of(events));
  }
  store.seal(contacts_, *executor_);
}

void EventWorld::add_lines(const std::vector<PlainLine>& lines) {
  std::vector<TestColumn> columns = first_columns(lines);
  columns.push_back(integer_column("amount", column_of(lines, [](const PlainLine& line) {
                                     return std::optional<std::int64_t>(line.amount);
                                   })));
  columns.push_back(text_column("order", column_of(lines, [](const auto& l) { return l.order; })));
  columns.push_back(
      text_column("category", column_of(lines, [](const auto& l) { return l.category; })));
  columns.push_back(
      integer_column("pieces", column_of(lines, [](const auto& l) { return l.pieces; })));
  columns.push_back(boolean_column("gift", column_of(lines, [](const auto& l) { return l.gift; })));
  ArrowArrayStream stream = make_stream(std::move(columns));
  ArrowReader reader(&stream);
  require(reader.open());
  const Result<OrderFields> fields = orders_.bind(reader);
  require(fields.status());
  while (reader.next().value()) {
    const Result<LineIds> ids = orders_.check(reader, *fields, *executor_);
    require(ids.status());
    orders_.append_rows(rows_of(lines));
    orders_.append_order_codes(*ids, lines.size());
    orders_.append_columns(reader, *fields);
  }
  orders_.seal(contacts_, *executor_);
}

void EventWorld::set_as_of(std::string_view text) {
  std::string error;
  const std::optional<AsOf> as_of = AsOf::parse(text, zone_, error);
  if (!as_of) {
    throw std::invalid_argument(error);
  }
  as_of_ = *as_of;
}

EventScope EventWorld::scope() const {
  EventScope scope(zone_, as_of_, ids_.texts());
  scope.add_events("visit", visits_);
  scope.add_events("cart", carts_);
  scope.add_orders(orders_, 2);
  return scope;
}

Result<BoundOperand> EventWorld::bind(const std::string& text, const EventScope& scope) const {
  const Result<Expression> parsed = Expression::parse("(" + text + ") IS NULL");
  require(parsed.status());
  ExpressionBinding binding;
  binding.events = scope.expression_events();
  binding.now_us = as_of_.instant_us;
  binding.timestamp_from_text = [](std::string_view time) -> Result<std::int64_t> {
    return at(time);
  };
  Result<BoundExpression> bound = parsed->bind(binding);
  if (!bound.ok()) {
    return bound.status();
  }
  return bound->operands()[0];
}

std::vector<std::string> EventWorld::values(const std::string& text,
                                            EvaluateOperand evaluate) const {
  const EventScope scope = this->scope();
  const Result<BoundOperand> operand = bind(text, scope);
  if (!operand.ok()) {
    return {operand.status().to_string()};
  }
  std::vector<std::string> values;
  OperandBuffer buffer;
  for (std::uint32_t begin = 0; begin < contacts_; begin += kRowsPerBlock) {
    const std::size_t rows = std::min(kRowsPerBlock, contacts_ - begin);
    const Status status = evaluate(*operand, scope, begin / kRowsPerBlock, rows, buffer);
    if (!status.ok()) {
      return {status.to_string()};
    }
    for (std::size_t row = 0; row < rows; ++row) {
      values.push_back(value_text(buffer.view(), operand->column, row));
    }
  }
  return values;
}

}  // namespace quintile::testing
