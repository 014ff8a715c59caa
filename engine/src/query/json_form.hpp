// The JSON form of trees. docs/segment_language.md describes it.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "query/tree.hpp"
#include "quintile/status.hpp"

namespace quintile::query {

// Keys that stand for an operator with one value, and what they make.
struct JsonOperator {
  std::string_view key;
  NodeKind kind = NodeKind::kNull;
  bool flag = false;   // Node::flag
  bool other = false;  // Node::truth or Node::ignore_case
  int index = 0;       // Node::comparison or Node::arithmetic
};

inline constexpr std::array<JsonOperator, 30> kJsonOperators = {{
    {"and", NodeKind::kAnd},
    {"or", NodeKind::kOr},
    {"not", NodeKind::kNot},
    {"=", NodeKind::kCompare, false, false, 0},
    {"<>", NodeKind::kCompare, false, false, 1},
    {"<", NodeKind::kCompare, false, false, 2},
    {"<=", NodeKind::kCompare, false, false, 3},
    {">", NodeKind::kCompare, false, false, 4},
    {">=", NodeKind::kCompare, false, false, 5},
    {"between", NodeKind::kBetween},
    {"not_between", NodeKind::kBetween, true},
    {"in", NodeKind::kIn},
    {"not_in", NodeKind::kIn, true},
    {"like", NodeKind::kLike},
    {"not_like", NodeKind::kLike, true},
    {"ilike", NodeKind::kLike, false, true},
    {"not_ilike", NodeKind::kLike, true, true},
    {"matches", NodeKind::kMatches},
    {"is_null", NodeKind::kIsNull},
    {"is_not_null", NodeKind::kIsNull, true},
    {"is_distinct", NodeKind::kIsDistinct},
    {"is_not_distinct", NodeKind::kIsDistinct, true},
    {"is_true", NodeKind::kIsTruth, false, true},
    {"is_not_true", NodeKind::kIsTruth, true, true},
    {"is_false", NodeKind::kIsTruth},
    {"is_not_false", NodeKind::kIsTruth, true},
    {"negate", NodeKind::kNegate},
    {"+", NodeKind::kArithmetic, false, false, 0},
    {"-", NodeKind::kArithmetic, false, false, 1},
    {"*", NodeKind::kArithmetic, false, false, 2},
}};

[[nodiscard]] std::string json_of(const Node& node);

// Errors begin with a JSON pointer. Positions are those in the canonical text.
[[nodiscard]] Result<Node> tree_of_json(std::string_view json);

}  // namespace quintile::query
