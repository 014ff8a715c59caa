#include "exec/event_rows.hpp"

#include <algorithm>

#include "status/try.hpp"

namespace quintile {

namespace {

ExpressionColumnView view_of(const EventValues& values, DataType type) noexcept {
  switch (type) {
    case DataType::kCategory:
      return {values.codes.data(), values.valid.data(), 4};
    case DataType::kDouble:
      return {values.reals.data(), values.valid.data(), 8};
    case DataType::kBool:
      return {values.bits.data(), values.valid.data(), 8};
    default:
      return {values.integers.data(), values.valid.data(), 8};
  }
}

void read_store(const EventScope& scope, const EventSource& type, std::uint32_t block,
                EventRows& rows) {
  if (block >= type.events->blocks().size()) {
    return;
  }
  const EventBlock& source = type.events->blocks()[block];
  rows.offsets = source.contact_events.span();
  rows.day = source.day.span();
  rows.time = source.time.span();
  rows.all_seen = source.last_time <= scope.instant_us() || source.events() == 0;
  const std::span<const LineColumn> properties = type.events->properties();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    rows.properties[i] = view_of(source.values[i], properties[i].type);
  }
  rows.properties[type.time] = {source.time.data(), nullptr, 8};
}

// A chunk of a column, from row `begin` on, a multiple of 64.
ExpressionColumnView part_of(const ExpressionColumnView& view, DataType type,
                             std::size_t begin) noexcept {
  const std::size_t bytes =
      type == DataType::kBool ? begin / 8 : begin * static_cast<std::size_t>(view.value_bytes);
  return {static_cast<const char*>(view.values) + bytes,
          view.valid == nullptr ? nullptr : view.valid + begin / 64, view.value_bytes};
}

// Leaves the events selected for which `where` is true.
Status apply_where(const BoundExpression& where, std::span<const ExpressionColumn> names,
                   StepColumns& columns) {
  EventRows& rows = columns.rows;
  const std::size_t words = (rows.events() + 63) / 64;
  columns.where.resize(words);
  std::vector<ExpressionColumnView> views(names.size());
  for (std::size_t begin = 0; begin < rows.events(); begin += kMaxExpressionChunkRows) {
    const std::size_t count = std::min(kMaxExpressionChunkRows, rows.events() - begin);
    for (const std::uint32_t i : where.used_columns()) {
      views[i] = part_of(rows.properties[i], names[i].type, begin);
    }
    QUINTILE_TRY(where.evaluate(views, count, columns.where.span().subspan(begin / 64)));
  }
  for (std::size_t w = 0; w < words && !rows.selected.empty(); ++w) {
    columns.where[w] &= rows.selected[w];
  }
  rows.selected = columns.where.span();
  return {};
}

}  // namespace

std::string contact_for_message(const EventScope& scope, std::uint32_t block, std::size_t contact) {
  std::string text = "contact '";
  const std::size_t row = std::size_t{block} * kRowsPerBlock + contact;
  if (row < scope.contacts().size()) {
    scope.contacts().append(static_cast<std::uint32_t>(row), text);
  }
  return text + '\'';
}

Status read_events(const EventScope& scope, const BoundStep& step, std::uint32_t block,
                   const EventNeeds& needs, StepColumns& columns) {
  const EventSource& type = scope.type(step.event);
  const std::span<const ExpressionColumn> names = scope.expression_events()[step.event].properties;
  std::vector<std::uint32_t> properties;
  if (step.where) {
    const auto used = step.where->used_columns();
    properties.assign(used.begin(), used.end());
  }
  if (needs.property) {
    properties.push_back(*needs.property);
  }
  columns.rows = {};
  columns.rows.properties.resize(names.size());
  switch (type.origin) {
    case EventOrigin::kStore:
      read_store(scope, type, block, columns.rows);
      break;
    case EventOrigin::kPurchases:
    case EventOrigin::kReturns:
      QUINTILE_TRY(read_orders(scope, type, block, needs, properties, columns));
      break;
    case EventOrigin::kOrderLines:
      read_order_lines(scope, type, block, needs, properties, columns);
  }
  return step.where ? apply_where(*step.where, names, columns) : Status();
}

}  // namespace quintile
