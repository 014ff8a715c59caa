// Random conditions over a fixed set of columns, and what they say of one row, worked out naively.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <rapidcheck.h>
#include <string>
#include <vector>

#include "query/duration.hpp"
#include "query/pattern.hpp"
#include "query/tree.hpp"
#include "quintile/date_time.hpp"
#include "quintile/expression.hpp"

namespace quintile::query {

// One row. Numbers are in billionths, so that all kinds compare as integers.
struct Row {
  std::optional<std::int64_t> whole;    // "whole": int64
  std::optional<std::int64_t> narrow;   // "narrow": int64 in 16 bits
  std::optional<std::int64_t> money;    // "money": decimal, hundredths
  std::optional<double> real;           // "real": double, quarters
  std::optional<std::string> word;      // "word": text
  std::optional<std::string> other;     // "other word": text with a dictionary of its own
  std::optional<bool> flag;             // "flag": bool
  std::optional<std::int32_t> day;      // "day": date
  std::optional<std::int64_t> instant;  // "instant": timestamp, seconds since 1970
};

enum class Kind : std::uint8_t { kNumber, kText, kDate, kTimestamp, kDuration };

// What today() and now() are.
inline constexpr std::int32_t kToday = 1;
inline constexpr std::int64_t kNow = 2;

inline const std::array<std::string, 6> kTexts = {"", "a", "ab", "b", "B", "\xC5\xBC"};

inline Node leaf(NodeKind kind) {
  Node node;
  node.kind = kind;
  return node;
}

inline Node name_node(std::string name) {
  Node node = leaf(NodeKind::kName);
  node.text = std::move(name);
  return node;
}

inline Node random_literal(Kind kind) {
  if (*rc::gen::weightedElement<bool>({{9, false}, {1, true}})) {
    return leaf(NodeKind::kNull);
  }
  Node node;
  switch (kind) {
    case Kind::kNumber:
      node.kind = NodeKind::kNumber;
      node.scale = *rc::gen::inRange(0, 4);
      node.coefficient = *rc::gen::inRange(-12, 13);
      if (node.scale == 3) {
        node.coefficient *= 250;
      }
      break;
    case Kind::kText:
      node.kind = NodeKind::kText;
      node.text = *rc::gen::elementOf(kTexts);
      break;
    case Kind::kDate:
      node.kind = NodeKind::kDate;
      node.text = format_date(*rc::gen::inRange(-3, 4));
      break;
    case Kind::kTimestamp:
      node.kind = NodeKind::kTimestamp;
      node.text = std::to_string(*rc::gen::inRange(-3, 4));
      break;
    case Kind::kDuration:
      node.kind = NodeKind::kDuration;
      node.text = *rc::gen::element<std::string>("1m", "2h", "1d", "2w");
      break;
  }
  return node;
}

inline Node node_of(NodeKind kind, std::vector<Node> children) {
  Node node = leaf(kind);
  node.children = std::move(children);
  return node;
}

inline Node call_node(std::string function) {
  Node node = leaf(NodeKind::kCall);
  node.text = std::move(function);
  return node;
}

// A number that a double holds exactly.
inline Node quarter_literal() {
  Node node = leaf(NodeKind::kNumber);
  node.scale = *rc::gen::element(0, 2);
  node.coefficient = *rc::gen::inRange(-6, 7) * (node.scale == 2 ? 25 : 1);
  return node;
}

Node random_operand(Kind kind, int depth);

inline Node random_arithmetic(Kind kind, int depth) {
  Node node = leaf(NodeKind::kArithmetic);
  node.arithmetic = *rc::gen::element(Arithmetic::kAdd, Arithmetic::kSubtract);
  const auto days = [] {
    Node duration = leaf(NodeKind::kDuration);
    duration.text = *rc::gen::element<std::string>("1d", "2d", "1w");
    return duration;
  };
  const int shape = *rc::gen::inRange(0, 3);
  switch (kind) {
    case Kind::kNumber:
      if (shape == 0) {
        node.arithmetic = Arithmetic::kMultiply;
        node.children = {random_operand(kind, depth - 1), quarter_literal()};
      } else if (shape == 1) {
        node.arithmetic = Arithmetic::kSubtract;
        node.children = {random_operand(Kind::kDate, depth - 1), name_node("day")};
      } else {
        node.children = {random_operand(kind, depth - 1), quarter_literal()};
      }
      break;
    case Kind::kDate:
      node.children = {random_operand(kind, depth - 1), days()};
      break;
    case Kind::kTimestamp:
      node.children = {random_operand(kind, depth - 1), random_operand(Kind::kDuration, depth - 1)};
      break;
    case Kind::kDuration:
      node.arithmetic = Arithmetic::kSubtract;
      node.children = {random_operand(Kind::kTimestamp, depth - 1), name_node("instant")};
      break;
    case Kind::kText:
      break;
  }
  return node;
}

inline Node random_simple(Kind kind) {
  switch (kind) {
    case Kind::kNumber:
      return name_node(*rc::gen::element<std::string>("whole", "narrow", "money", "real"));
    case Kind::kText:
      return name_node(*rc::gen::element<std::string>("word", "other word"));
    case Kind::kDate:
      return *rc::gen::arbitrary<bool>() ? name_node("day") : call_node("today");
    case Kind::kTimestamp:
      return *rc::gen::arbitrary<bool>() ? name_node("instant") : call_node("now");
    case Kind::kDuration:
      break;
  }
  return random_literal(kind);
}

// Literals inside of arithmetic would have to be exact as doubles, so these are quarters.
inline Node random_operand(Kind kind, int depth) {
  const int shape = *rc::gen::inRange(0, depth > 0 ? 8 : 5);
  if (shape < 2 && (kind != Kind::kNumber || depth > 1)) {
    return random_literal(kind);
  }
  if (shape < 2) {
    return quarter_literal();
  }
  if (shape < 5) {
    return random_simple(kind);
  }
  if (shape == 5) {
    return node_of(NodeKind::kCoalesce,
                   {random_operand(kind, depth - 1), random_simple(kind),
                    kind == Kind::kNumber ? quarter_literal() : random_literal(kind)});
  }
  if (kind == Kind::kText) {
    return random_simple(kind);
  }
  if (shape == 6 && (kind == Kind::kNumber || kind == Kind::kDuration)) {
    Node child = random_simple(kind);
    return child.kind == NodeKind::kNumber ? child : node_of(NodeKind::kNegate, {std::move(child)});
  }
  return random_arithmetic(kind, depth);
}

inline Node random_operand(Kind kind) { return random_operand(kind, 2); }

Node random_condition(int depth);

inline Node random_predicate(int depth) {
  const Kind kind = *rc::gen::element(Kind::kNumber, Kind::kNumber, Kind::kText, Kind::kDate,
                                      Kind::kTimestamp, Kind::kDuration);
  Node node;
  node.flag = *rc::gen::arbitrary<bool>();
  switch (*rc::gen::inRange(0, 9)) {
    case 0:
    case 1:
      node.kind = NodeKind::kCompare;
      node.flag = false;
      node.comparison = static_cast<Comparison>(*rc::gen::inRange(0, 6));
      node.children = {random_operand(kind), random_operand(kind)};
      break;
    case 2:
      node.kind = NodeKind::kBetween;
      node.children = {random_operand(kind), random_operand(kind), random_operand(kind)};
      break;
    case 3: {
      node.kind = NodeKind::kIn;
      node.children = {random_operand(kind)};
      const int count = *rc::gen::inRange(1, 4);
      for (int i = 0; i < count; ++i) {
        node.children.push_back(random_literal(kind));
      }
      break;
    }
    case 4:
      node.kind = NodeKind::kLike;
      node.ignore_case = *rc::gen::arbitrary<bool>();
      node.text = *rc::gen::element<std::string>("%", "a%", "_", "%b", "!%", "\xC5\xBB", "a!_");
      node.escape = *rc::gen::element<std::string>("", "!");
      node.children = {random_operand(Kind::kText)};
      break;
    case 5:
      node.kind = NodeKind::kMatches;
      node.flag = false;
      node.text = *rc::gen::element<std::string>("a", "^b", "", "[ab]$");
      node.children = {random_operand(Kind::kText)};
      break;
    case 6:
      node.kind = NodeKind::kIsNull;
      node.children = {*rc::gen::arbitrary<bool>() && depth > 0 ? random_condition(depth - 1)
                                                                : random_operand(kind)};
      break;
    case 7:
      node.kind = NodeKind::kIsTruth;
      node.truth = *rc::gen::arbitrary<bool>();
      node.children = {depth > 0 ? random_condition(depth - 1) : name_node("flag")};
      break;
    default:
      node.kind = NodeKind::kIsDistinct;
      node.children = {random_operand(kind), random_operand(kind)};
      if (*rc::gen::arbitrary<bool>() && depth > 0) {
        node.children = {random_condition(depth - 1), random_condition(depth - 1)};
      }
      break;
  }
  return node;
}

inline Node random_chain(NodeKind kind, int depth) {
  Node node = leaf(kind);
  const int count = *rc::gen::inRange(2, 4);
  for (int i = 0; i < count; ++i) {
    Node child = random_condition(depth - 1);
    if (child.kind == kind) {
      Node wrapped = leaf(NodeKind::kNot);
      wrapped.children.push_back(std::move(child));
      child = std::move(wrapped);
    }
    node.children.push_back(std::move(child));
  }
  return node;
}

// A tree as the parser makes it, with right types.
inline Node random_condition(int depth) {
  const int shape = *rc::gen::inRange(0, depth > 0 ? 12 : 6);
  if (shape == 10) {
    return node_of(NodeKind::kCoalesce, {random_condition(depth - 1), random_condition(depth - 1)});
  }
  if (shape == 11) {
    Node in = node_of(NodeKind::kIn, {random_condition(depth - 1), leaf(NodeKind::kBool)});
    in.flag = *rc::gen::arbitrary<bool>();
    in.children[1].flag = *rc::gen::arbitrary<bool>();
    return in;
  }
  if (shape <= 3) {
    return random_predicate(depth);
  }
  if (shape == 4) {
    return name_node("flag");
  }
  if (shape == 5) {
    Node node = leaf(*rc::gen::element(NodeKind::kBool, NodeKind::kBool, NodeKind::kNull));
    node.flag = node.kind == NodeKind::kBool && *rc::gen::arbitrary<bool>();
    return node;
  }
  if (shape == 6 || shape == 7) {
    return random_chain(shape == 6 ? NodeKind::kAnd : NodeKind::kOr, depth);
  }
  Node node = leaf(shape == 8 ? NodeKind::kNot : NodeKind::kCompare);
  node.children.push_back(random_condition(depth - 1));
  if (node.kind == NodeKind::kCompare) {
    node.comparison = *rc::gen::element(Comparison::kEqual, Comparison::kNotEqual);
    node.children.push_back(random_condition(depth - 1));
  }
  return node;
}

// What an operand is for a row: nothing, or a thing that compares.
struct Value {
  bool is_null = true;
  Int128 number = 0;  // billionths, days, microseconds; 0 and 1 for conditions
  std::string text;
  bool is_date = false;
};

std::optional<bool> naive_truth(const Node& node, const Row& row);

inline Value date_value(std::int32_t day) {
  Value value{false, day, {}};
  value.is_date = true;
  return value;
}

inline Value naive_column(const std::string& name, const Row& row) {
  constexpr std::int64_t kBillion = 1'000'000'000;
  const auto number = [](const auto& value, std::int64_t factor) {
    return value ? Value{false, Int128{static_cast<std::int64_t>(*value)} * factor, {}} : Value{};
  };
  const auto text = [](const std::optional<std::string>& value) {
    return value ? Value{false, 0, *value} : Value{};
  };
  if (name == "real") {
    return row.real
               ? Value{false, Int128{static_cast<std::int64_t>(*row.real * 4)} * 250'000'000, {}}
               : Value{};
  }
  return name == "whole"        ? number(row.whole, kBillion)
         : name == "narrow"     ? number(row.narrow, kBillion)
         : name == "money"      ? number(row.money, kBillion / 100)
         : name == "day"        ? (row.day ? date_value(*row.day) : Value{})
         : name == "instant"    ? number(row.instant, 1)
         : name == "word"       ? text(row.word)
         : name == "other word" ? text(row.other)
                                : number(row.flag, 1);
}

Value naive_value(const Node& node, const Row& row);

// Durations are in microseconds, dates in days.
inline Value naive_arithmetic(const Node& node, const Row& row) {
  constexpr std::int64_t kBillion = 1'000'000'000;
  const Value left = naive_value(node.children[0], row);
  Value right = naive_value(node.children[1], row);
  if (left.is_null || right.is_null) {
    return {};
  }
  if (node.arithmetic == Arithmetic::kMultiply) {
    return {false, left.number * right.number / kBillion, {}};
  }
  const bool is_day = node.children[1].kind == NodeKind::kName && node.children[1].text == "day";
  Int128 factor = is_day ? kBillion : 1;  // of the difference between two dates
  if (left.is_date && !is_day) {
    right.number /= 86'400'000'000;
  }
  const bool adds = node.arithmetic == Arithmetic::kAdd;
  Value value{false, (adds ? left.number + right.number : left.number - right.number) * factor, {}};
  value.is_date = left.is_date && !is_day;
  return value;
}

inline Value naive_value(const Node& node, const Row& row) {
  switch (node.kind) {
    case NodeKind::kNull:
      return {};
    case NodeKind::kName:
      return naive_column(node.text, row);
    case NodeKind::kNumber: {
      Int128 number = node.coefficient;
      for (int i = node.scale; i < 9; ++i) {
        number *= 10;
      }
      return {false, number, {}};
    }
    case NodeKind::kText:
      return {false, 0, node.text};
    case NodeKind::kDate:
      return date_value(*parse_date(node.text));
    case NodeKind::kTimestamp:
      return {false, std::stoi(node.text), {}};
    case NodeKind::kDuration:
      return {false, duration_us(*read_duration(node.text)), {}};
    case NodeKind::kCall:
      return node.text == "today" ? date_value(kToday) : Value{false, kNow, {}};
    case NodeKind::kNegate: {
      Value value = naive_value(node.children[0], row);
      value.number = -value.number;
      return value;
    }
    case NodeKind::kArithmetic:
      return naive_arithmetic(node, row);
    case NodeKind::kCoalesce:
      for (const Node& child : node.children) {
        if (Value value = naive_value(child, row); !value.is_null) {
          return value;
        }
      }
      return {};
    default: {
      const std::optional<bool> truth = naive_truth(node, row);
      return truth ? Value{false, *truth ? 1 : 0, {}} : Value{};
    }
  }
}

inline int naive_order(const Value& left, const Value& right) {
  if (left.number != right.number) {
    return left.number < right.number ? -1 : 1;
  }
  return left.text.compare(right.text);
}

inline std::optional<bool> naive_compare(Comparison comparison, const Value& left,
                                         const Value& right) {
  if (left.is_null || right.is_null) {
    return std::nullopt;
  }
  const int order = naive_order(left, right);
  const std::array<bool, 6> answers = {order == 0, order != 0, order<0, order <= 0, order> 0,
                                       order >= 0};
  return answers[static_cast<std::size_t>(comparison)];
}

inline std::optional<bool> naive_not(std::optional<bool> truth) {
  return truth ? std::optional<bool>(!*truth) : std::nullopt;
}

// SQL: false wins over unknown in AND, true in OR.
inline std::optional<bool> naive_chain(const std::vector<std::optional<bool>>& truths,
                                       bool winner) {
  bool unknown = false;
  for (const std::optional<bool>& truth : truths) {
    if (truth == winner) {
      return winner;
    }
    unknown = unknown || !truth;
  }
  return unknown ? std::nullopt : std::optional<bool>(!winner);
}

inline std::optional<bool> naive_pattern(const Node& node, const Row& row) {
  const Value value = naive_value(node.children[0], row);
  if (value.is_null) {
    return std::nullopt;
  }
  const auto pattern = node.kind == NodeKind::kMatches
                           ? make_regex(node.text)
                           : make_like(node.text, node.escape, node.ignore_case);
  return pattern->matches(value.text) != node.flag;
}

inline std::optional<bool> naive_truth(const Node& node, const Row& row) {
  const auto value = [&](std::size_t i) { return naive_value(node.children[i], row); };
  std::vector<std::optional<bool>> truths;
  switch (node.kind) {
    case NodeKind::kBool:
      return node.flag;
    case NodeKind::kAnd:
    case NodeKind::kOr:
      for (const Node& child : node.children) {
        truths.push_back(naive_truth(child, row));
      }
      return naive_chain(truths, node.kind == NodeKind::kOr);
    case NodeKind::kNot:
      return naive_not(naive_truth(node.children[0], row));
    case NodeKind::kCompare:
      return naive_compare(node.comparison, value(0), value(1));
    case NodeKind::kBetween: {
      truths = {naive_compare(Comparison::kGreaterEqual, value(0), value(1)),
                naive_compare(Comparison::kLessEqual, value(0), value(2))};
      const std::optional<bool> inside = naive_chain(truths, false);
      return node.flag ? naive_not(inside) : inside;
    }
    case NodeKind::kIn: {
      for (std::size_t i = 1; i < node.children.size(); ++i) {
        truths.push_back(naive_compare(Comparison::kEqual, value(0), value(i)));
      }
      const std::optional<bool> listed = naive_chain(truths, true);
      return node.flag ? naive_not(listed) : listed;
    }
    case NodeKind::kLike:
    case NodeKind::kMatches:
      return naive_pattern(node, row);
    case NodeKind::kIsNull:
      return value(0).is_null != node.flag;
    case NodeKind::kIsTruth: {
      const Value condition = value(0);
      return (!condition.is_null && (condition.number != 0) == node.truth) != node.flag;
    }
    case NodeKind::kIsDistinct: {
      const Value left = value(0);
      const Value right = value(1);
      const bool same = left.is_null || right.is_null ? left.is_null && right.is_null
                                                      : naive_order(left, right) == 0;
      return same == node.flag;
    }
    default: {
      const Value flag = naive_value(node, row);
      return flag.is_null ? std::nullopt : std::optional<bool>(flag.number != 0);
    }
  }
}

// Functions of events, segments and so on: for what only reads and writes trees.

inline Node random_step(int depth, bool with_property) {
  Node step = leaf(NodeKind::kStep);
  step.text = *rc::gen::element<std::string>("visit", "purchase", "page view", "not", "where");
  step.text += with_property ? ".amount" : "";
  if (depth > 0 && *rc::gen::arbitrary<bool>()) {
    step.children.push_back(random_condition(depth - 1));
  }
  return step;
}

inline std::string random_window() {
  return *rc::gen::element<std::string>("", "90d", "12h", "30m", "2w");
}

inline Node random_call() {
  const auto text = [] {
    Node node = leaf(NodeKind::kText);
    node.text = *rc::gen::element<std::string>("vip", "it's", "a \"b\"\n", "\xC5\xBC");
    return node;
  };
  Node call =
      call_node(*rc::gen::element<std::string>("tag", "consent", "split", "segment", "in_list"));
  call.children.push_back(text());
  if (call.text == "consent") {
    call.children.push_back(text());
  } else if (call.text == "split") {
    Node percent = leaf(NodeKind::kNumber);
    percent.coefficient = *rc::gen::inRange(1, 2001);
    percent.scale = 2;
    call.children.push_back(percent);
    if (*rc::gen::arbitrary<bool>()) {
      Node arm = leaf(NodeKind::kNumber);
      arm.coefficient = *rc::gen::inRange(0, 5);
      call.children.push_back(arm);
    }
  }
  return call;
}

inline Node random_events(int depth) {
  Node node = leaf(*rc::gen::element(NodeKind::kEvents, NodeKind::kRegularly, NodeKind::kSequence));
  if (node.kind == NodeKind::kRegularly) {
    node.children = {random_step(depth, false)};
    node.coefficient = *rc::gen::inRange(1, 4);
    node.scale = *rc::gen::inRange(4, 367);
    node.text = *rc::gen::element<std::string>("days", "weeks");
    return node;
  }
  node.window = random_window();
  if (node.kind == NodeKind::kSequence) {
    const int steps = *rc::gen::inRange(2, 5);
    for (int i = 0; i < steps; ++i) {
      Node step = random_step(depth, false);
      step.flag = i > 0 && !node.children.back().flag && *rc::gen::arbitrary<bool>();
      step.window = i > 0 ? random_window() : "";
      node.children.push_back(std::move(step));
    }
    return node;
  }
  node.text = *rc::gen::element<std::string>("count", "sum", "avg", "min", "max", "first", "last",
                                             "mode", "distinct", "days_since");
  node.children = {random_step(depth, node.text != "count" && node.text != "days_since")};
  return node;
}

// A tree as the parser makes it; names and types need not be right.
inline Node random_syntax(int depth) {
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return random_call();
    case 1:
      return random_events(depth);
    case 2: {
      Node node = leaf(NodeKind::kCompare);
      node.comparison = static_cast<Comparison>(*rc::gen::inRange(0, 6));
      Node left = random_events(depth);
      Node right = leaf(NodeKind::kArithmetic);
      right.arithmetic = static_cast<Arithmetic>(*rc::gen::inRange(0, 3));
      right.children = {random_events(0), random_operand(Kind::kNumber)};
      node.children = {std::move(left), std::move(right)};
      return node;
    }
    default:
      return random_condition(depth);
  }
}

}  // namespace quintile::query
