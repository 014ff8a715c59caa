// The syntax tree of an expression.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/text_position.hpp"
#include "quintile/expression.hpp"
#include "quintile/int128.hpp"

namespace quintile::query {

enum class NodeKind : std::uint8_t {
  kName,        // text
  kNull,        //
  kBool,        // flag
  kNumber,      // coefficient / 10^scale
  kText,        // text
  kDate,        // text: YYYY-MM-DD
  kTimestamp,   // text as written
  kDuration,    // text: count and unit, such as 7d
  kAnd,         // two or more children, none of them kAnd
  kOr,          // two or more children, none of them kOr
  kNot,         // child
  kCompare,     // comparison; two children
  kBetween,     // flag = NOT; value, low, high
  kIn,          // flag = NOT; value, then one or more literals
  kLike,        // flag = NOT; ignore_case; value; text = pattern; escape
  kMatches,     // value; text = regular expression
  kIsNull,      // flag = NOT; value
  kIsDistinct,  // flag = NOT; two children
  kIsTruth,     // flag = NOT; truth; value
  kNegate,      // value, which is no kNumber
  kArithmetic,  // arithmetic; two children
  kCoalesce,    // two or more children
  kCall,        // text = function in small letters; literals
  kEvents,      // text = function in small letters; a kStep; window
  kRegularly,   // a kStep; coefficient of scale periods; text = days or weeks
  kSequence,    // kSteps; window
  kStep,        // text = event type, or type.property; flag = NOT; window = WITHIN; [condition]
};

enum class Comparison : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual
};

enum class Arithmetic : std::uint8_t { kAdd, kSubtract, kMultiply };

struct Node {
  NodeKind kind = NodeKind::kNull;
  bool flag = false;
  bool ignore_case = false;
  bool truth = false;
  Comparison comparison = Comparison::kEqual;
  Arithmetic arithmetic = Arithmetic::kAdd;
  std::uint8_t height = 0;  // of the tree under it; see note_height()
  int scale = 0;
  TextPosition position;  // of the first character, for an operator of the operator
  Int128 coefficient = 0;
  std::string text;
  std::string escape;  // kLike: one character, or empty
  std::string window;  // a duration, or empty
  std::vector<Node> children;
};

// Compare without regard to positions.
[[nodiscard]] bool same_tree(const Node& left, const Node& right) noexcept;

// Work out the height of a node from its children. Returns false if it is past
// kMaxExpressionDepth.
[[nodiscard]] bool note_height(Node& node) noexcept;

// Return "nested deeper than 64 levels".
[[nodiscard]] std::string too_deep_message();

// Tell whether a node is a single value as text: NULL, TRUE, 5, 'x', DATE '...', 7d, ...
[[nodiscard]] bool is_literal(const Node& node) noexcept;

// Read an unsigned decimal number of at most kMaxNumberDigits digits.
inline constexpr std::size_t kMaxNumberDigits = 38;
[[nodiscard]] bool read_decimal(std::string_view text, Node& node) noexcept;

// Return the canonical text of a tree.
[[nodiscard]] std::string print_tree(const Node& node);

// Return "name 'x'", "number 5", ... for messages.
[[nodiscard]] std::string describe_tree(const Node& node);

// Make "LINE:COLUMN: MESSAGE".
[[nodiscard]] Status expression_error(const TextPosition& position, std::string_view message,
                                      StatusCode code = StatusCode::kInvalidArgument);

// Tell whether `word` is `known`, which is in letters of one case, in any case.
[[nodiscard]] bool same_word(std::string_view word, std::string_view known) noexcept;

// Tell whether `word`, in any case, has a meaning of its own and must be quoted as a name.
[[nodiscard]] bool is_reserved_word(std::string_view word) noexcept;

// Tell whether `word`, in any case, starts a literal when text follows: DATE, TIMESTAMP.
[[nodiscard]] bool is_typed_literal_word(std::string_view word) noexcept;

[[nodiscard]] Result<Node> parse_tree(std::string_view text);

}  // namespace quintile::query

namespace quintile {

class Expression::Tree {
 public:
  explicit Tree(query::Node node) : root(std::move(node)) {}
  query::Node root;
};

}  // namespace quintile
