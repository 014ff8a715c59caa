// Functions in the JSON form.
#include <string>
#include <utility>
#include <vector>

#include "query/duration.hpp"
#include "query/json_reader.hpp"
#include "query/name_hint.hpp"
#include "status/try.hpp"

namespace quintile::query {
Result<Node> JsonReader::read_function(const Fields& fields, const Function& function) {
  Node node = make(NodeKind::kCall);
  node.text = function.name;
  switch (function.shape) {
    case FunctionShape::kCall:
    case FunctionShape::kCoalesce: {
      QUINTILE_TRY(refuse_options(fields, {}));
      const Step step(pointer_, fields.key);
      QUINTILE_ASSIGN_OR_RETURN(node.children, read_list(fields.value));
      if (function.shape == FunctionShape::kCoalesce) {
        node.kind = NodeKind::kCoalesce;
        node.text.clear();
        return node.children.size() < 2 ? Result<Node>(error("expected a list of at least 2"))
                                        : Result<Node>(std::move(node));
      }
      if (const auto problem = find_argument_problem(function, node)) {
        return error(problem->message);
      }
      return node;
    }
    case FunctionShape::kSequence:
      QUINTILE_TRY(refuse_options(fields, {"window"}));
      return read_sequence(fields);
    case FunctionShape::kRegularly: {
      QUINTILE_TRY(refuse_options(fields, {"where", "at_least", "of", "unit"}));
      QUINTILE_ASSIGN_OR_RETURN(Node step, read_step(fields));
      return read_regularly(fields, std::move(step));
    }
    case FunctionShape::kEvents:
      break;
  }
  QUINTILE_TRY(refuse_options(fields, {"where", "window"}));
  node.kind = NodeKind::kEvents;
  QUINTILE_ASSIGN_OR_RETURN(Node step, read_step(fields));
  node.children.push_back(std::move(step));
  QUINTILE_TRY(take_duration(fields, "window", node.window));
  return node;
}

Result<Node> JsonReader::read_regularly(const Fields& fields, Node step) {
  Node node = make(NodeKind::kRegularly);
  node.children.push_back(std::move(step));
  const Element* at_least = option(fields, "at_least");
  const Element* of = option(fields, "of");
  const Element* unit = option(fields, "unit");
  if (at_least == nullptr || of == nullptr || unit == nullptr) {
    return error("expected the keys 'at_least', 'of' and 'unit' beside 'regularly'");
  }
  QUINTILE_ASSIGN_OR_RETURN(const int required, count(*at_least));
  QUINTILE_ASSIGN_OR_RETURN(node.scale, count(*of));
  QUINTILE_ASSIGN_OR_RETURN(node.text, text(*unit, "days or weeks"));
  node.coefficient = required;
  if (required > node.scale || (node.text != "days" && node.text != "weeks")) {
    return error("expected periods such as 3 of 4 weeks, got " + std::to_string(required) + " of " +
                 std::to_string(node.scale) + " " + quoted_for_message(node.text));
  }
  return node;
}

Result<Node> JsonReader::read_sequence(const Fields& fields) {
  Node node = make(NodeKind::kSequence);
  {
    const Step step(pointer_, fields.key);
    simdjson::dom::array items;
    if (fields.value.get(items) != simdjson::SUCCESS) {
      return unexpected("a list of events", fields.value);
    }
    for (const Element item : items) {
      const Step place(pointer_, std::to_string(node.children.size()));
      QUINTILE_ASSIGN_OR_RETURN(const Fields of_step, this->fields(item, "event"));
      QUINTILE_TRY(refuse_options(of_step, {"where", "within", "not"}));
      QUINTILE_ASSIGN_OR_RETURN(Node child, read_step(of_step));
      QUINTILE_TRY(take_duration(of_step, "within", child.window));
      if (const Element* negated = option(of_step, "not");
          negated != nullptr && negated->get(child.flag) != simdjson::SUCCESS) {
        return error("expected true or false as 'not'");
      }
      node.children.push_back(std::move(child));
    }
    if (const auto problem = find_step_problem(node)) {
      return error(problem->message);
    }
  }
  QUINTILE_TRY(take_duration(fields, "window", node.window));
  return node;
}

// The event that the key names, and its WHERE.
Result<Node> JsonReader::read_step(const Fields& fields) {
  Node step = make(NodeKind::kStep);
  {
    const Step place(pointer_, fields.key);
    QUINTILE_ASSIGN_OR_RETURN(step.text, text(fields.value, "an event type"));
    if (step.text.empty()) {
      return error("expected an event type, got no text");
    }
  }
  if (const Element* where = option(fields, "where")) {
    const Step place(pointer_, "where");
    QUINTILE_ASSIGN_OR_RETURN(Node condition, read(*where));
    step.children.push_back(std::move(condition));
  }
  return step;
}

}  // namespace quintile::query
