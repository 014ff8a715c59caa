// Trees as text.
#include <algorithm>
#include <array>

#include "query/name_hint.hpp"
#include "query/parser.hpp"
#include "query/tree.hpp"

namespace quintile::query {
namespace {

constexpr std::array<std::string_view, 6> kComparisons = {"=", "<>", "<", "<=", ">", ">="};

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out.append(c == quote ? 2 : 1, c);
  }
  return out.append(1, quote);
}

bool is_plain_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto is_word = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  if (name.empty() || !is_letter(name.front()) || !is_word(name.back())) {
    return false;
  }
  for (std::size_t i = 1; i < name.size(); ++i) {
    if (!is_word(name[i]) && !(name[i] == '.' && is_word(name[i - 1]) && is_word(name[i + 1]))) {
      return false;
    }
  }
  return true;
}

std::string name_text(const std::string& name) {
  // DATE and TIMESTAMP are words of literals only, yet read better quoted.
  const bool plain = is_plain_name(name) && !is_reserved_word(name) && !is_typed_literal_word(name);
  return plain ? name : quoted(name, '"');
}

std::string number_text(const Node& node) {
  const bool negative = node.coefficient < 0;
  std::string digits = to_text(negative ? -node.coefficient : node.coefficient);
  const auto scale = static_cast<std::size_t>(node.scale);
  if (scale > 0) {
    if (digits.size() <= scale) {
      digits.insert(0, scale - digits.size() + 1, '0');
    }
    digits.insert(digits.size() - scale, 1, '.');
  }
  return negative ? "-" + digits : digits;
}

// How tightly a kind binds; an operand that binds less tightly than its place needs parentheses.
int strength(const Node& node) {
  switch (node.kind) {
    case NodeKind::kOr:
      return kOrStrength;
    case NodeKind::kAnd:
      return kAndStrength;
    case NodeKind::kNot:
      return kNotStrength;
    case NodeKind::kCompare:
    case NodeKind::kBetween:
    case NodeKind::kIn:
    case NodeKind::kLike:
    case NodeKind::kMatches:
    case NodeKind::kIsNull:
    case NodeKind::kIsDistinct:
    case NodeKind::kIsTruth:
      return kPredicateStrength;
    case NodeKind::kArithmetic:
      return node.arithmetic == Arithmetic::kMultiply ? kProductStrength : kSumStrength;
    case NodeKind::kNegate:
      return kNegateStrength;
    default:
      return kAtomStrength;
  }
}

std::string operand(const Node& node, int at_least) {
  const std::string text = print_tree(node);
  return strength(node) >= at_least ? text : "(" + text + ")";
}

std::string joined(const Node& node, std::string_view word, int at_least) {
  std::string text;
  for (const Node& child : node.children) {
    text.append(text.empty() ? "" : word).append(operand(child, at_least));
  }
  return text;
}

std::string in_text(const Node& node) {
  std::string text = operand(node.children[0], kSumStrength) + (node.flag ? " NOT IN (" : " IN (");
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    text.append(i == 1 ? "" : ", ").append(print_tree(node.children[i]));
  }
  return text.append(")");
}

std::string like_text(const Node& node) {
  std::string text = operand(node.children[0], kSumStrength) + (node.flag ? " NOT " : " ");
  text.append(node.ignore_case ? "ILIKE " : "LIKE ").append(quoted(node.text, '\''));
  if (!node.escape.empty()) {
    text.append(" ESCAPE ").append(quoted(node.escape, '\''));
  }
  return text;
}

std::string is_text(const Node& node, std::string_view what) {
  return operand(node.children[0], kSumStrength) + (node.flag ? " IS NOT " : " IS ") +
         std::string(what);
}

std::string arithmetic_text(const Node& node) {
  constexpr std::array<std::string_view, 3> kSymbols = {" + ", " - ", " * "};
  return operand(node.children[0], strength(node)) +
         std::string(kSymbols[static_cast<std::size_t>(node.arithmetic)]) +
         operand(node.children[1], strength(node) + 1);
}

std::string list_text(const Node& node, std::string_view function) {
  std::string text(function);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    text.append(i == 0 ? "(" : ", ").append(print_tree(node.children[i]));
  }
  return text.append(node.children.empty() ? "()" : ")");
}

std::string step_text(const Node& step) {
  std::string text = (step.flag ? "NOT " : "") + name_text(step.text);
  if (!step.children.empty()) {
    text.append(" WHERE ").append(print_tree(step.children[0]));
  }
  return step.window.empty() ? text : text.append(" WITHIN ").append(step.window);
}

std::string events_text(const Node& node, std::string_view function) {
  std::string text(function);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    text.append(i == 0 ? "(" : " THEN ").append(step_text(node.children[i]));
  }
  return text.append(node.window.empty() ? "" : ", ").append(node.window).append(")");
}

std::string regularly_text(const Node& node) {
  return "regularly(" + step_text(node.children[0]) + ", " + to_text(node.coefficient) + " of " +
         std::to_string(node.scale) + " " + node.text + ")";
}

}  // namespace

std::string print_tree(const Node& node) {
  switch (node.kind) {
    case NodeKind::kName:
      return name_text(node.text);
    case NodeKind::kNull:
      return "NULL";
    case NodeKind::kBool:
      return node.flag ? "TRUE" : "FALSE";
    case NodeKind::kNumber:
      return number_text(node);
    case NodeKind::kText:
      return quoted(node.text, '\'');
    case NodeKind::kDate:
      return "DATE " + quoted(node.text, '\'');
    case NodeKind::kTimestamp:
      return "TIMESTAMP " + quoted(node.text, '\'');
    case NodeKind::kAnd:
      return joined(node, " AND ", kNotStrength);
    case NodeKind::kOr:
      return joined(node, " OR ", kAndStrength);
    case NodeKind::kNot:
      return "NOT " + operand(node.children[0], kNotStrength);
    case NodeKind::kCompare:
      return operand(node.children[0], kSumStrength) + " " +
             std::string(kComparisons[static_cast<std::size_t>(node.comparison)]) + " " +
             operand(node.children[1], kSumStrength);
    case NodeKind::kBetween:
      return operand(node.children[0], kSumStrength) + (node.flag ? " NOT BETWEEN " : " BETWEEN ") +
             operand(node.children[1], kSumStrength) + " AND " +
             operand(node.children[2], kSumStrength);
    case NodeKind::kIn:
      return in_text(node);
    case NodeKind::kLike:
      return like_text(node);
    case NodeKind::kMatches:
      return operand(node.children[0], kSumStrength) + " ~ " + quoted(node.text, '\'');
    case NodeKind::kIsNull:
      return is_text(node, "NULL");
    case NodeKind::kIsTruth:
      return is_text(node, node.truth ? "TRUE" : "FALSE");
    case NodeKind::kDuration:
      return node.text;
    case NodeKind::kNegate:
      return "-" + operand(node.children[0], kNegateStrength);
    case NodeKind::kArithmetic:
      return arithmetic_text(node);
    case NodeKind::kCoalesce:
      return list_text(node, "COALESCE");
    case NodeKind::kCall:
      return list_text(node, node.text);
    case NodeKind::kEvents:
      return events_text(node, node.text);
    case NodeKind::kRegularly:
      return regularly_text(node);
    case NodeKind::kSequence:
      return events_text(node, "sequence");
    case NodeKind::kStep:
      return step_text(node);
    case NodeKind::kIsDistinct:
      return operand(node.children[0], kSumStrength) +
             (node.flag ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ") +
             operand(node.children[1], kSumStrength);
  }
  return {};
}

std::string describe_tree(const Node& node) {
  switch (node.kind) {
    case NodeKind::kName:
      return "column " + quoted_for_message(node.text);
    case NodeKind::kText:
      return "text " + quoted_for_message(node.text);
    case NodeKind::kNumber:
      return "number " + number_text(node);
    case NodeKind::kNull:
    case NodeKind::kBool:
    case NodeKind::kDate:
    case NodeKind::kTimestamp:
    case NodeKind::kDuration:
      return print_tree(node);
    case NodeKind::kStep:
      return "event " + quoted_for_message(node.text);
    case NodeKind::kCoalesce:
      return "COALESCE()";
    case NodeKind::kCall:
    case NodeKind::kEvents:
      return node.text + "()";
    case NodeKind::kRegularly:
      return "regularly()";
    case NodeKind::kSequence:
      return "sequence()";
    case NodeKind::kNegate:
    case NodeKind::kArithmetic:
      return quoted_for_message(print_tree(node));
    default:
      return "a condition";
  }
}

}  // namespace quintile::query
