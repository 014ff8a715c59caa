// Random conditions over a fixed set of columns, and what they say of one row, worked out naively.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <rapidcheck.h>
#include <string>
#include <vector>

#include "query/pattern.hpp"
#include "query/tree.hpp"
#include "quintile/date_time.hpp"
#include "quintile/expression.hpp"

namespace quintile::query {

// One row. Numbers are in millionths, so that all kinds compare as integers.
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

enum class Kind : std::uint8_t { kNumber, kText, kDate, kTimestamp };

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
  }
  return node;
}

inline Node random_operand(Kind kind) {
  if (*rc::gen::arbitrary<bool>()) {
    return random_literal(kind);
  }
  switch (kind) {
    case Kind::kNumber:
      return name_node(*rc::gen::element<std::string>("whole", "narrow", "money", "real"));
    case Kind::kText:
      return name_node(*rc::gen::element<std::string>("word", "other word"));
    case Kind::kDate:
      return name_node("day");
    case Kind::kTimestamp:
      break;
  }
  return name_node("instant");
}

Node random_condition(int depth);

inline Node random_predicate(int depth) {
  const Kind kind =
      *rc::gen::element(Kind::kNumber, Kind::kNumber, Kind::kText, Kind::kDate, Kind::kTimestamp);
  Node node;
  node.flag = *rc::gen::arbitrary<bool>();
  switch (*rc::gen::inRange(0, 8)) {
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
  const int shape = *rc::gen::inRange(0, depth > 0 ? 10 : 6);
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
  Int128 number = 0;  // millionths, days, seconds; 0 and 1 for conditions
  std::string text;
};

std::optional<bool> naive_truth(const Node& node, const Row& row);

inline Value naive_column(const std::string& name, const Row& row) {
  constexpr std::int64_t kMillion = 1'000'000;
  const auto number = [](const auto& value, std::int64_t factor) {
    return value ? Value{false, Int128{static_cast<std::int64_t>(*value)} * factor, {}} : Value{};
  };
  const auto text = [](const std::optional<std::string>& value) {
    return value ? Value{false, 0, *value} : Value{};
  };
  if (name == "real") {
    return row.real ? Value{false, Int128{static_cast<std::int64_t>(*row.real * 4)} * 250'000, {}}
                    : Value{};
  }
  return name == "whole"        ? number(row.whole, kMillion)
         : name == "narrow"     ? number(row.narrow, kMillion)
         : name == "money"      ? number(row.money, kMillion / 100)
         : name == "day"        ? number(row.day, 1)
         : name == "instant"    ? number(row.instant, 1)
         : name == "word"       ? text(row.word)
         : name == "other word" ? text(row.other)
                                : number(row.flag, 1);
}

inline Value naive_value(const Node& node, const Row& row) {
  switch (node.kind) {
    case NodeKind::kNull:
      return {};
    case NodeKind::kName:
      return naive_column(node.text, row);
    case NodeKind::kNumber: {
      Int128 number = node.coefficient;
      for (int i = node.scale; i < 6; ++i) {
        number *= 10;
      }
      return {false, number, {}};
    }
    case NodeKind::kText:
      return {false, 0, node.text};
    case NodeKind::kDate:
      return {false, *parse_date(node.text), {}};
    case NodeKind::kTimestamp:
      return {false, std::stoi(node.text), {}};
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

}  // namespace quintile::query
