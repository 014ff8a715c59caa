// Functions of events: what they are asked of is resolved here, and evaluated elsewhere.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "query/binder.hpp"
#include "query/duration.hpp"
#include "query/name_hint.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

constexpr std::array<std::string_view, 10> kFunctionNames = {
    "count", "sum", "avg", "min", "max", "first", "last", "mode", "distinct", "days_since"};

std::optional<Window> window_of(const std::string& text) {
  return text.empty() ? std::nullopt : read_duration(text);
}

bool is_number(DataType type) {
  return type == DataType::kInt64 || type == DataType::kDecimal || type == DataType::kDouble;
}

// What a function makes of a property; empty: of the events themselves.
Result<ExpressionColumn> result_column(const Node& node, EventFunction function,
                                       const ExpressionColumn* property) {
  ExpressionColumn column;
  switch (function) {
    case EventFunction::kCount:
    case EventFunction::kDaysSince:
    case EventFunction::kDistinct:
      return column;
    case EventFunction::kSum:
    case EventFunction::kAvg:
      if (!is_number(property->type)) {
        return expression_error(node.children[0].position, "expected a number to take the " +
                                                               node.text + " of, got property " +
                                                               quoted_for_message(property->name));
      }
      column.type = function == EventFunction::kAvg ? DataType::kDouble : property->type;
      column.decimals = property->decimals;
      return column;
    case EventFunction::kMin:
    case EventFunction::kMax:
      if (property->type == DataType::kBool) {
        return expression_error(node.children[0].position,
                                "expected a number, text or a time, got property " +
                                    quoted_for_message(property->name) + " (a condition)");
      }
      return *property;
    case EventFunction::kFirst:
    case EventFunction::kLast:
    case EventFunction::kMode:
      break;
  }
  return *property;
}

}  // namespace

// TYPE, or TYPE.PROPERTY if `property` is not null. The longest type that fits is meant.
Status Binder::find_event(const Node& node, BoundStep& step,
                          std::optional<std::uint32_t>* property) const {
  const std::span<const ExpressionEvent> events = *binding_.events;
  const std::string& name = node.text;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::string& type = events[i].name;
    const bool whole = name == type;
    const bool prefix =
        name.size() > type.size() + 1 && name.starts_with(type) && name[type.size()] == '.';
    if ((whole || prefix) && (!found || type.size() > events[*found].name.size())) {
      found = i;
    }
  }
  std::vector<std::string_view> known;
  if (!found) {
    for (const ExpressionEvent& event : events) {
      known.push_back(event.name);
    }
    const std::string_view type = property == nullptr
                                      ? std::string_view(name)
                                      : std::string_view(name).substr(0, name.find('.'));
    return expression_error(node.position, "unknown event type " + quoted_for_message(type) +
                                               known_names_hint(type, known));
  }
  step.event = static_cast<std::uint32_t>(*found);
  const ExpressionEvent& event = events[*found];
  const bool has_property = name.size() > event.name.size();
  const std::string type = quoted_for_message(event.name);
  if (property == nullptr) {
    return has_property ? expression_error(node.position, "expected an event type such as " + type +
                                                              ", got the property " +
                                                              quoted_for_message(name))
                        : Status();
  }
  for (const ExpressionColumn& column : event.properties) {
    known.push_back(column.name);
  }
  if (!has_property) {
    return expression_error(node.position, "expected a property such as " + event.name + "." +
                                               (known.empty() ? "time" : std::string(known[0])) +
                                               ", got the event type " + type);
  }
  const std::string_view wanted = std::string_view(name).substr(event.name.size() + 1);
  const auto place = std::find(known.begin(), known.end(), wanted);
  if (place == known.end()) {
    return expression_error(node.position, "unknown property " + quoted_for_message(wanted) +
                                               " of event type " + type +
                                               known_names_hint(wanted, known));
  }
  *property = static_cast<std::uint32_t>(place - known.begin());
  return {};
}

Result<BoundStep> Binder::step(const Node& node, std::optional<std::uint32_t>* property) {
  BoundStep step;
  QUINTILE_TRY(find_event(node, step, property));
  step.negated = node.flag;
  step.within = window_of(node.window);
  if (!node.children.empty()) {
    ExpressionBinding inner;
    inner.columns = (*binding_.events)[step.event].properties;
    inner.timestamp_from_text = binding_.timestamp_from_text;
    inner.today = binding_.today;
    inner.now_us = binding_.now_us;
    QUINTILE_ASSIGN_OR_RETURN(step.where, bind_expression(node.children[0], inner));
  }
  return step;
}

Result<Operand> Binder::aggregate(const Node& node) {
  if (!binding_.events) {
    return not_available(node);
  }
  const auto name = std::find(kFunctionNames.begin(), kFunctionNames.end(), node.text);
  BoundOperand bound;
  bound.kind = OperandKind::kEvents;
  bound.function = static_cast<EventFunction>(name - kFunctionNames.begin());
  const bool of_events =
      bound.function == EventFunction::kCount || bound.function == EventFunction::kDaysSince;
  QUINTILE_ASSIGN_OR_RETURN(BoundStep only,
                            step(node.children[0], of_events ? nullptr : &bound.property));
  const ExpressionColumn* property =
      bound.property ? &(*binding_.events)[only.event].properties[*bound.property] : nullptr;
  QUINTILE_ASSIGN_OR_RETURN(bound.column, result_column(node, bound.function, property));
  bound.column.name = print_tree(node);
  bound.steps.push_back(std::move(only));
  bound.window = window_of(node.window);
  return add_operand(node, std::move(bound));
}

Result<Operand> Binder::regularly(const Node& node) {
  if (!binding_.events) {
    return not_available(node);
  }
  BoundOperand bound;
  bound.kind = OperandKind::kRegularly;
  QUINTILE_ASSIGN_OR_RETURN(BoundStep only, step(node.children[0], nullptr));
  bound.column.name = print_tree(node);
  bound.column.type = DataType::kBool;
  bound.steps.push_back(std::move(only));
  bound.required = static_cast<std::uint32_t>(node.coefficient);
  bound.periods = static_cast<std::uint32_t>(node.scale);
  bound.period_days = node.text == "weeks" ? 7 : 1;
  return add_operand(node, std::move(bound));
}

Result<Operand> Binder::sequence(const Node& node) {
  if (!binding_.events) {
    return not_available(node);
  }
  BoundOperand bound;
  bound.kind = OperandKind::kSequence;
  bound.column.name = print_tree(node);
  bound.column.type = DataType::kBool;
  for (const Node& child : node.children) {
    QUINTILE_ASSIGN_OR_RETURN(BoundStep next, step(child, nullptr));
    bound.steps.push_back(std::move(next));
  }
  bound.window = window_of(node.window);
  return add_operand(node, std::move(bound));
}

}  // namespace quintile::query
