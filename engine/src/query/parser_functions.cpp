// Functions. Which there are and what they take is in functions.cpp.
#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "query/duration.hpp"
#include "query/name_hint.hpp"
#include "query/parser.hpp"
#include "status/try.hpp"

namespace quintile::query {

Result<Node> Parser::parse_function(const std::string& name, TextPosition position) {
  const Function* function = find_function(name);
  if (function == nullptr) {
    return expression_error(
        position, "unknown function " + quoted_for_message(name) + known_functions_hint(name));
  }
  QUINTILE_TRY(enter());
  QUINTILE_TRY(advance());
  Result<Node> node = Status(StatusCode::kInternal, "a function without a shape");
  switch (function->shape) {
    case FunctionShape::kCoalesce:
      node = parse_coalesce(position);
      break;
    case FunctionShape::kCall:
      node = parse_call(*function, position);
      break;
    case FunctionShape::kEvents:
      node = parse_aggregate(*function, position);
      break;
    case FunctionShape::kRegularly:
      node = parse_regularly(position);
      break;
    case FunctionShape::kSequence:
      node = parse_sequence(position);
      break;
  }
  if (!node.ok()) {
    return node;
  }
  --depth_;
  return finish(std::move(node).value());
}

Status Parser::close() { return is_symbol(")") ? advance() : unexpected("')'"); }

Result<Node> Parser::parse_coalesce(TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kCoalesce, position));
  for (;;) {
    QUINTILE_ASSIGN_OR_RETURN(Node item, parse(0));
    node.children.push_back(std::move(item));
    if (!is_symbol(",")) {
      break;
    }
    QUINTILE_TRY(advance());
  }
  if (node.children.size() < 2) {
    return unexpected("','");
  }
  if (!is_symbol(")")) {
    return unexpected("',' or ')'");
  }
  QUINTILE_TRY(advance());
  return node;
}

Result<Node> Parser::parse_call(const Function& function, TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kCall, position));
  node.text = function.name;
  while (!is_symbol(")")) {
    if (!node.children.empty()) {
      if (!is_symbol(",")) {
        return unexpected("',' or ')'");
      }
      QUINTILE_TRY(advance());
    }
    QUINTILE_ASSIGN_OR_RETURN(Node argument, parse(kSumStrength));
    node.children.push_back(std::move(argument));
  }
  QUINTILE_TRY(advance());
  if (const auto problem = find_argument_problem(function, node)) {
    const bool whole = problem->argument >= node.children.size();
    return expression_error(whole ? position : node.children[problem->argument].position,
                            problem->message);
  }
  return node;
}

Result<Node> Parser::parse_aggregate(const Function& function, TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kEvents, position));
  node.text = function.name;
  QUINTILE_ASSIGN_OR_RETURN(Node step, parse_step(false));
  node.children.push_back(std::move(step));
  QUINTILE_TRY(parse_window(node));
  return node;
}

Result<Node> Parser::parse_regularly(TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kRegularly, position));
  QUINTILE_ASSIGN_OR_RETURN(Node step, parse_step(false));
  node.children.push_back(std::move(step));
  QUINTILE_TRY(expect_symbol(","));
  const std::string expected =
      "periods such as 3 of 4 weeks, at most " + std::to_string(kMaxPeriods);
  QUINTILE_ASSIGN_OR_RETURN(const int required, parse_count(expected));
  if (!is_local_word("of")) {
    return unexpected("'of' as in 3 of 4 weeks");
  }
  QUINTILE_TRY(advance());
  const TextPosition periods_position = here();
  QUINTILE_ASSIGN_OR_RETURN(node.scale, parse_count(expected));
  if (required > node.scale) {
    return expression_error(periods_position, "expected at least " + std::to_string(required) +
                                                  " periods, got " + std::to_string(node.scale));
  }
  node.coefficient = required;
  const bool days = is_local_word("days") || is_local_word("day");
  if (!days && !is_local_word("weeks") && !is_local_word("week")) {
    return unexpected("days or weeks");
  }
  node.text = days ? "days" : "weeks";
  QUINTILE_TRY(advance());
  QUINTILE_TRY(close());
  return node;
}

Result<Node> Parser::parse_sequence(TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kSequence, position));
  for (;;) {
    const bool negated = is_word("NOT");
    if (negated) {
      QUINTILE_TRY(advance());
    }
    QUINTILE_ASSIGN_OR_RETURN(Node step, parse_step(negated));
    if (is_local_word("WITHIN")) {
      QUINTILE_TRY(advance());
      QUINTILE_ASSIGN_OR_RETURN(step.window, parse_duration(kDurationExpected));
    }
    node.children.push_back(std::move(step));
    if (!is_local_word("THEN")) {
      break;
    }
    QUINTILE_TRY(advance());
  }
  if (const auto problem = find_step_problem(node)) {
    const bool whole = problem->argument >= node.children.size();
    return expression_error(whole ? position : node.children[problem->argument].position,
                            problem->message);
  }
  QUINTILE_TRY(parse_window(node));
  return node;
}

// An event type or one of its properties, and which of the events.
Result<Node> Parser::parse_step(bool negated) {
  if (!is_name()) {
    return unexpected("an event type");
  }
  QUINTILE_ASSIGN_OR_RETURN(Node step, parse_text(NodeKind::kStep));
  step.flag = negated;
  if (is_local_word("WHERE")) {
    QUINTILE_TRY(advance());
    QUINTILE_ASSIGN_OR_RETURN(Node condition, parse(0));
    step.children.push_back(std::move(condition));
  }
  return finish(std::move(step));
}

Result<std::string> Parser::parse_duration(std::string_view expected) {
  if (token_.kind != TokenKind::kDuration || !read_duration(token_.text)) {
    return unexpected(token_.kind == TokenKind::kDuration ? kDurationExpected : expected);
  }
  std::string text = canonical_duration(token_.text);
  QUINTILE_TRY(advance());
  return text;
}

// A whole number from 1 to kMaxPeriods.
Result<int> Parser::parse_count(std::string_view expected) {
  int count = 0;
  const char* end = token_.text.data() + token_.text.size();
  const auto [stop, error] = std::from_chars(token_.text.data(), end, count);
  if (token_.kind != TokenKind::kNumber || error != std::errc() || stop != end || count < 1 ||
      count > kMaxPeriods) {
    return unexpected(expected);
  }
  QUINTILE_TRY(advance());
  return count;
}

// Nothing, or a window after a comma; then ')'.
Status Parser::parse_window(Node& node) {
  if (is_symbol(")")) {
    return advance();
  }
  if (!is_symbol(",")) {
    return unexpected(node.kind == NodeKind::kSequence ? "THEN, WITHIN, ',' or ')'"
                                                       : "WHERE, ',' or ')'");
  }
  QUINTILE_TRY(advance());
  QUINTILE_ASSIGN_OR_RETURN(node.window, parse_duration("a window such as 90d"));
  return close();
}

}  // namespace quintile::query
