#include "exec/event_operands.hpp"

#include <exception>
#include <utility>

#include "exec/event_functions.hpp"
#include "exec/event_kernels.hpp"
#include "exec/event_scratch.hpp"
#include "exec/event_sequence.hpp"
#include "status/try.hpp"

namespace quintile {

namespace {

// The window in which an operand looks for events.
std::optional<Window> window_of(const BoundOperand& operand) {
  return operand.kind == OperandKind::kRegularly
             ? Window{operand.periods * operand.period_days, WindowUnit::kDays}
             : operand.window;
}

EventNeeds needs_of(const BoundOperand& operand, const std::optional<Window>& window) {
  EventNeeds needs;
  const bool by_days = window && window->unit == WindowUnit::kDays;
  const bool is_aggregate = operand.kind == OperandKind::kEvents;
  needs.day = by_days || operand.kind == OperandKind::kRegularly ||
              (is_aggregate && operand.function == EventFunction::kDaysSince);
  needs.time = (window && !by_days) || operand.kind == OperandKind::kSequence;
  needs.property = operand.property;
  return needs;
}

// Marks the events that count, for what is done by loops.
PickedEvents pick(const kernels::EventFilter& filter, StepColumns& step) {
  step.picked.resize(kernels::words_for(step.rows.events()));
  mark_picked(filter, step.rows.events(), step.picked.span());
  return {step.rows, step.picked.span()};
}

Status evaluate(const BoundOperand& operand, const EventScope& scope, std::uint32_t block,
                std::size_t rows, OperandBuffer& out) {
  const EventQuestion question{operand, scope, block, rows};
  const std::optional<Window> window = window_of(operand);
  const EventNeeds needs = needs_of(operand, window);
  std::vector<StepColumns>& steps = out.scratch().steps;
  steps.resize(operand.steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    QUINTILE_TRY(read_events(scope, operand.steps[i], block, needs, steps[i]));
    const kernels::EventFilter filter = narrow(scope, window, steps[i].rows);
    if (operand.kind == OperandKind::kEvents &&
        evaluate_by_kernels(question, steps[i].rows, filter, out)) {
      return {};
    }
    PickedEvents picked = pick(filter, steps[i]);
    if (operand.kind != OperandKind::kSequence) {
      return evaluate_by_loops(question, steps[i].rows, picked, out);
    }
  }
  evaluate_sequence(question, steps, out);
  return {};
}

// Allocators are all that can throw here.
template <class Operation>
Status guarded_from_allocators(const Operation& operation) noexcept {
  try {
    return operation();
  } catch (const std::exception& error) {
    return {StatusCode::kInternal, error.what()};
  }
}

}  // namespace

EventScope::EventScope(TimeZone zone, const AsOf& as_of, const IdTexts& contacts)
    : zone_(std::move(zone)),
      instant_us_(as_of.instant_us),
      local_day_(zone_.day_number(as_of.instant_us)),
      contacts_(&contacts) {}

void EventScope::add_events(std::string name, const EventStore& store) {
  ExpressionEvent& names = names_.emplace_back();
  EventSource& type = types_.emplace_back();
  names.name = std::move(name);
  type.events = &store;
  for (const LineColumn& property : store.properties()) {
    ExpressionColumn& column = names.properties.emplace_back();
    column.name = property.name;
    column.type = property.type;
    column.decimals = property.decimals;
    type.texts.push_back(nullptr);
    if (property.dictionary) {
      column.dictionary = &dictionaries_.emplace_back(property.dictionary->texts());
      type.texts.back() = &property.dictionary->texts();
    }
  }
  type.time = static_cast<std::uint32_t>(names.properties.size());
  type.texts.push_back(nullptr);
  names.properties.push_back({std::string(kTimeProperty), DataType::kTimestamp});
}

void EventScope::add_orders(const OrderStore& store, int currency_decimals) {
  const auto add = [&](std::string_view name, EventOrigin origin,
                       std::vector<ExpressionColumn> properties) {
    EventSource& type = types_.emplace_back();
    type.origin = origin;
    type.orders = &store;
    for (std::size_t i = 0; i < properties.size(); ++i) {
      const auto* dictionary = static_cast<const IdTableDictionary*>(properties[i].dictionary);
      type.texts.push_back(dictionary == nullptr ? nullptr : &dictionary->texts());
      if (properties[i].name == kTimeProperty) {
        type.time = static_cast<std::uint32_t>(i);
      }
    }
    names_.push_back({std::string(name), std::move(properties)});
  };
  const std::vector<ExpressionColumn> order = {
      {"amount", DataType::kDecimal, currency_decimals},  // kOrderAmount
      {std::string(kTimeProperty), DataType::kTimestamp}  // kOrderTime
  };
  add(kPurchaseEvents, EventOrigin::kPurchases, order);
  add(kReturnEvents, EventOrigin::kReturns, order);
  add(kOrderLineEvents, EventOrigin::kOrderLines,
      store.expression_columns(currency_decimals, order_dictionaries_.emplace_back()));
}

Status evaluate_event_operand(const BoundOperand& operand, const EventScope& scope,
                              std::uint32_t block, std::size_t rows, OperandBuffer& out) noexcept {
  return guarded_from_allocators([&] { return evaluate(operand, scope, block, rows, out); });
}

}  // namespace quintile
