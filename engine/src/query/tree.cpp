#include "query/tree.hpp"

#include <algorithm>

namespace quintile::query {

bool same_tree(const Node& left, const Node& right) noexcept {
  return left.kind == right.kind && left.flag == right.flag &&
         left.ignore_case == right.ignore_case && left.truth == right.truth &&
         left.comparison == right.comparison && left.arithmetic == right.arithmetic &&
         left.scale == right.scale && left.coefficient == right.coefficient &&
         left.text == right.text && left.escape == right.escape && left.window == right.window &&
         std::equal(left.children.begin(), left.children.end(), right.children.begin(),
                    right.children.end(), same_tree);
}

bool note_height(Node& node) noexcept {
  std::size_t height = 0;
  for (const Node& child : node.children) {
    height = std::max<std::size_t>(height, std::size_t{child.height} + 1);
  }
  node.height = static_cast<std::uint8_t>(height);
  return height <= kMaxExpressionDepth;
}

std::string too_deep_message() {
  return "nested deeper than " + std::to_string(kMaxExpressionDepth) + " levels";
}

bool is_literal(const Node& node) noexcept {
  switch (node.kind) {
    case NodeKind::kNull:
    case NodeKind::kBool:
    case NodeKind::kNumber:
    case NodeKind::kText:
    case NodeKind::kDate:
    case NodeKind::kTimestamp:
    case NodeKind::kDuration:
      return true;
    default:
      return false;
  }
}

bool read_decimal(std::string_view text, Node& node) noexcept {
  std::size_t digits = 0;
  bool after_point = false;
  for (const char c : text) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    digits += digits > 0 || c != '0' || after_point ? 1 : 0;
    if (digits > kMaxNumberDigits) {
      return false;
    }
    node.coefficient = node.coefficient * 10 + (c - '0');
    node.scale += after_point ? 1 : 0;
  }
  return true;
}

Status expression_error(const TextPosition& position, std::string_view message, StatusCode code) {
  std::string text = std::to_string(position.line) + ":" + std::to_string(position.column) + ": ";
  return Status(code, text.append(message));
}

}  // namespace quintile::query
