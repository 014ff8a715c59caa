// Trees as text, and comparison of trees.
#include <algorithm>
#include <array>

#include "query/name_hint.hpp"
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
      return 1;
    case NodeKind::kAnd:
      return 2;
    case NodeKind::kNot:
      return 3;
    case NodeKind::kName:
    case NodeKind::kNull:
    case NodeKind::kBool:
    case NodeKind::kNumber:
    case NodeKind::kText:
    case NodeKind::kDate:
    case NodeKind::kTimestamp:
      return 5;
    default:
      return 4;
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
  std::string text = operand(node.children[0], 5) + (node.flag ? " NOT IN (" : " IN (");
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    text.append(i == 1 ? "" : ", ").append(print_tree(node.children[i]));
  }
  return text.append(")");
}

std::string like_text(const Node& node) {
  std::string text = operand(node.children[0], 5) + (node.flag ? " NOT " : " ");
  text.append(node.ignore_case ? "ILIKE " : "LIKE ").append(quoted(node.text, '\''));
  if (!node.escape.empty()) {
    text.append(" ESCAPE ").append(quoted(node.escape, '\''));
  }
  return text;
}

}  // namespace

bool same_tree(const Node& left, const Node& right) noexcept {
  return left.kind == right.kind && left.flag == right.flag &&
         left.ignore_case == right.ignore_case && left.comparison == right.comparison &&
         left.scale == right.scale && left.coefficient == right.coefficient &&
         left.text == right.text && left.escape == right.escape &&
         std::equal(left.children.begin(), left.children.end(), right.children.begin(),
                    right.children.end(), same_tree);
}

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
      return joined(node, " AND ", 3);
    case NodeKind::kOr:
      return joined(node, " OR ", 2);
    case NodeKind::kNot:
      return "NOT " + operand(node.children[0], 3);
    case NodeKind::kCompare:
      return operand(node.children[0], 5) + " " +
             std::string(kComparisons[static_cast<std::size_t>(node.comparison)]) + " " +
             operand(node.children[1], 5);
    case NodeKind::kBetween:
      return operand(node.children[0], 5) + (node.flag ? " NOT BETWEEN " : " BETWEEN ") +
             operand(node.children[1], 5) + " AND " + operand(node.children[2], 5);
    case NodeKind::kIn:
      return in_text(node);
    case NodeKind::kLike:
      return like_text(node);
    case NodeKind::kMatches:
      return operand(node.children[0], 5) + " ~ " + quoted(node.text, '\'');
    case NodeKind::kIsNull:
      return operand(node.children[0], 5) + (node.flag ? " IS NOT NULL" : " IS NULL");
    case NodeKind::kIsDistinct:
      return operand(node.children[0], 5) +
             (node.flag ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ") +
             operand(node.children[1], 5);
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
      return print_tree(node);
    default:
      return "a condition";
  }
}

Status expression_error(const TextPosition& position, std::string_view message, StatusCode code) {
  std::string text = std::to_string(position.line) + ":" + std::to_string(position.column) + ": ";
  return Status(code, text.append(message));
}

}  // namespace quintile::query
