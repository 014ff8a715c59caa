// A Pratt parser: operands, then operators as long as they bind tightly enough. New operators are
// new rows in infix_strength() and cases in parse_infix(); functions belong into parse_name().
#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "query/lexer.hpp"
#include "query/name_hint.hpp"
#include "query/pattern.hpp"
#include "query/tree.hpp"
#include "quintile/date_time.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

constexpr int kOrStrength = 1;
constexpr int kAndStrength = 2;
constexpr int kNotStrength = 3;
constexpr int kPredicateStrength = 4;
constexpr int kOperandStrength = 5;
constexpr std::size_t kMaxNumberDigits = 38;

std::string describe_token(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return "the end";
    case TokenKind::kWord:
      return token.text;
    case TokenKind::kText:
      return "text " + quoted_for_message(token.text);
    case TokenKind::kDuration:
      return "duration " + quoted_for_message(token.text);
    case TokenKind::kName:
    case TokenKind::kQuotedName:
    case TokenKind::kNumber:
    case TokenKind::kSymbol:
      break;
  }
  return quoted_for_message(token.text);
}

bool is_literal(const Node& node) {
  switch (node.kind) {
    case NodeKind::kNull:
    case NodeKind::kBool:
    case NodeKind::kNumber:
    case NodeKind::kText:
    case NodeKind::kDate:
    case NodeKind::kTimestamp:
      return true;
    default:
      return false;
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  Result<Node> parse_all();

 private:
  Status advance();
  bool is_word(std::string_view word) const {
    return token_.kind == TokenKind::kWord && token_.text == word;
  }
  bool is_symbol(std::string_view symbol) const {
    return token_.kind == TokenKind::kSymbol && token_.text == symbol;
  }
  TextPosition here() { return lexer_.position(token_.offset); }
  Status unexpected(std::string_view expected) {
    return expression_error(
        here(), "expected " + std::string(expected) + ", got " + describe_token(token_));
  }
  Status expect_word(std::string_view word);
  Status expect_symbol(std::string_view symbol);
  Result<Node> make(NodeKind kind, TextPosition position);

  Result<Node> parse(int at_least);
  Status enter();
  Result<Node> parse_prefix(int at_least);
  Result<Node> parse_word(int at_least);
  Result<Node> parse_name();
  Result<Node> parse_number(bool negative, TextPosition position);
  Result<Node> parse_parentheses();
  Result<Node> parse_infix(Node left, int strength);
  Result<Node> parse_chain(Node left, NodeKind kind, std::string_view word, int strength);
  Result<Node> parse_comparison(Node left);
  Result<Node> parse_predicate(Node left);
  Result<Node> parse_is(Node left, TextPosition position);
  Result<Node> parse_between(Node left, bool negated, TextPosition position);
  Result<Node> parse_in(Node left, bool negated, TextPosition position);
  Result<Node> parse_like(Node left, bool negated, TextPosition position);
  Result<Node> parse_matches(Node left, TextPosition position);
  int infix_strength() const;

  Lexer lexer_;
  Token token_;
  std::size_t depth_ = 0;
  std::size_t nodes_ = 0;
};

Status Parser::advance() {
  QUINTILE_ASSIGN_OR_RETURN(token_, lexer_.next());
  return {};
}

Status Parser::expect_word(std::string_view word) {
  return is_word(word) ? advance() : unexpected(word);
}

Status Parser::expect_symbol(std::string_view symbol) {
  return is_symbol(symbol) ? advance() : unexpected("'" + std::string(symbol) + "'");
}

Result<Node> Parser::make(NodeKind kind, TextPosition position) {
  if (++nodes_ > kMaxExpressionNodes) {
    return expression_error(position,
                            "expected at most " + std::to_string(kMaxExpressionNodes) +
                                " names, literals and operators",
                            StatusCode::kOutOfRange);
  }
  Node node;
  node.kind = kind;
  node.position = position;
  return node;
}

Result<Node> Parser::parse_all() {
  QUINTILE_TRY(advance());
  if (token_.kind == TokenKind::kEnd) {
    return unexpected("a condition");
  }
  QUINTILE_ASSIGN_OR_RETURN(Node root, parse(0));
  if (token_.kind != TokenKind::kEnd) {
    return unexpected("AND, OR or the end");
  }
  return root;
}

int Parser::infix_strength() const {
  if (token_.kind == TokenKind::kWord) {
    if (token_.text == "OR") {
      return kOrStrength;
    }
    if (token_.text == "AND") {
      return kAndStrength;
    }
    constexpr std::array<std::string_view, 6> kPredicates = {"NOT",  "IN",    "BETWEEN",
                                                             "LIKE", "ILIKE", "IS"};
    const bool found =
        std::find(kPredicates.begin(), kPredicates.end(), token_.text) != kPredicates.end();
    return found ? kPredicateStrength : 0;
  }
  constexpr std::array<std::string_view, 7> kSymbols = {"=", "<>", "<", "<=", ">", ">=", "~"};
  const bool found = token_.kind == TokenKind::kSymbol &&
                     std::find(kSymbols.begin(), kSymbols.end(), token_.text) != kSymbols.end();
  return found ? kPredicateStrength : 0;
}

// Parse an operand and every operator after it that binds at least so tightly.
Result<Node> Parser::parse(int at_least) {
  // Predicates do not chain: after `a = b` and after `NOT a` come AND, OR or the end.
  int at_most = is_word("NOT") ? kAndStrength : kPredicateStrength;
  QUINTILE_ASSIGN_OR_RETURN(Node left, parse_prefix(at_least));
  for (int strength = infix_strength(); strength > 0 && strength >= at_least && strength <= at_most;
       strength = infix_strength()) {
    QUINTILE_ASSIGN_OR_RETURN(left, parse_infix(std::move(left), strength));
    at_most = std::min(strength, kAndStrength);
  }
  return left;
}

Status Parser::enter() {
  if (++depth_ > kMaxExpressionDepth) {
    return expression_error(here(),
                            "nested deeper than " + std::to_string(kMaxExpressionDepth) + " levels",
                            StatusCode::kOutOfRange);
  }
  return {};
}

Result<Node> Parser::parse_prefix(int at_least) {
  constexpr std::string_view kExpected = "a column, a literal or '('";
  const TextPosition position = here();
  if (is_symbol("(")) {
    return parse_parentheses();
  }
  if (is_symbol("-")) {
    QUINTILE_TRY(advance());
    return token_.kind == TokenKind::kNumber ? parse_number(true, position)
                                             : unexpected("a number");
  }
  switch (token_.kind) {
    case TokenKind::kNumber:
      return parse_number(false, position);
    case TokenKind::kText: {
      QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kText, position));
      node.text = token_.text;
      QUINTILE_TRY(advance());
      return node;
    }
    case TokenKind::kName:
    case TokenKind::kQuotedName:
      return parse_name();
    case TokenKind::kWord:
      return parse_word(at_least);
    case TokenKind::kEnd:
    case TokenKind::kDuration:
    case TokenKind::kSymbol:
      break;
  }
  return unexpected(kExpected);
}

Result<Node> Parser::parse_parentheses() {
  QUINTILE_TRY(enter());
  QUINTILE_TRY(advance());
  QUINTILE_ASSIGN_OR_RETURN(Node node, parse(0));
  if (!is_symbol(")")) {
    return unexpected("AND, OR or ')'");
  }
  --depth_;
  QUINTILE_TRY(advance());
  return node;
}

Result<Node> Parser::parse_word(int at_least) {
  const TextPosition position = here();
  if (is_word("NOT") && at_least <= kNotStrength) {
    QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kNot, position));
    QUINTILE_TRY(enter());
    QUINTILE_TRY(advance());
    QUINTILE_ASSIGN_OR_RETURN(Node child, parse(kNotStrength));
    --depth_;
    node.children.push_back(std::move(child));
    return node;
  }
  const bool is_bool = is_word("TRUE") || is_word("FALSE");
  if (!is_bool && !is_word("NULL")) {
    return unexpected("a column, a literal or '('");
  }
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(is_bool ? NodeKind::kBool : NodeKind::kNull, position));
  node.flag = is_word("TRUE");
  QUINTILE_TRY(advance());
  return node;
}

// A column, or DATE '...' and TIMESTAMP '...'.
Result<Node> Parser::parse_name() {
  const TextPosition position = here();
  const Token name = token_;
  QUINTILE_TRY(advance());
  const bool unquoted = name.kind == TokenKind::kName;
  if (unquoted && is_symbol("(")) {
    return expression_error(position, "unknown function " + quoted_for_message(name.text) +
                                          ", expected a column or a literal");
  }
  if (!unquoted || !is_typed_literal_word(name.text) || token_.kind != TokenKind::kText) {
    QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kName, position));
    node.text = name.text;
    return node;
  }
  const bool is_date = name.text.size() == 4;
  QUINTILE_ASSIGN_OR_RETURN(Node node,
                            make(is_date ? NodeKind::kDate : NodeKind::kTimestamp, position));
  node.text = token_.text;
  if (is_date) {
    const std::optional<std::int32_t> days = parse_date(token_.text);
    if (!days) {
      return unexpected("a date such as '2026-01-31'");
    }
    node.text = format_date(*days);
  }
  QUINTILE_TRY(advance());
  return node;
}

Result<Node> Parser::parse_number(bool negative, TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kNumber, position));
  std::size_t digits = 0;
  bool after_point = false;
  for (const char c : token_.text) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    digits += digits > 0 || c != '0' || after_point ? 1 : 0;
    if (digits > kMaxNumberDigits) {
      return unexpected("a number of at most " + std::to_string(kMaxNumberDigits) + " digits");
    }
    node.coefficient = node.coefficient * 10 + (c - '0');
    node.scale += after_point ? 1 : 0;
  }
  if (negative) {
    node.coefficient = -node.coefficient;
  }
  QUINTILE_TRY(advance());
  return node;
}

Result<Node> Parser::parse_infix(Node left, int strength) {
  if (strength == kOrStrength) {
    return parse_chain(std::move(left), NodeKind::kOr, "OR", strength);
  }
  if (strength == kAndStrength) {
    return parse_chain(std::move(left), NodeKind::kAnd, "AND", strength);
  }
  return parse_predicate(std::move(left));
}

// All operands of one AND or OR become children of one node, those in parentheses too: both are
// associative, in three-valued logic as well.
Result<Node> Parser::parse_chain(Node left, NodeKind kind, std::string_view word, int strength) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(kind, here()));
  const auto add = [&node, kind](Node operand) {
    if (operand.kind == kind) {
      std::move(operand.children.begin(), operand.children.end(),
                std::back_inserter(node.children));
    } else {
      node.children.push_back(std::move(operand));
    }
  };
  add(std::move(left));
  while (is_word(word)) {
    QUINTILE_TRY(advance());
    QUINTILE_ASSIGN_OR_RETURN(Node operand, parse(strength + 1));
    add(std::move(operand));
  }
  return node;
}

Result<Node> Parser::parse_predicate(Node left) {
  const TextPosition position = here();
  if (is_symbol("~")) {
    QUINTILE_TRY(advance());
    return parse_matches(std::move(left), position);
  }
  if (token_.kind == TokenKind::kSymbol) {
    return parse_comparison(std::move(left));
  }
  if (is_word("IS")) {
    QUINTILE_TRY(advance());
    return parse_is(std::move(left), position);
  }
  const bool negated = is_word("NOT");
  if (negated) {
    QUINTILE_TRY(advance());
  }
  if (is_word("BETWEEN")) {
    return parse_between(std::move(left), negated, position);
  }
  if (is_word("IN")) {
    return parse_in(std::move(left), negated, position);
  }
  if (is_word("LIKE") || is_word("ILIKE")) {
    return parse_like(std::move(left), negated, position);
  }
  return unexpected("IN, LIKE, ILIKE or BETWEEN");
}

Result<Node> Parser::parse_comparison(Node left) {
  constexpr std::array<std::string_view, 6> kSymbols = {"=", "<>", "<", "<=", ">", ">="};
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kCompare, here()));
  const auto found = std::find(kSymbols.begin(), kSymbols.end(), token_.text);
  node.comparison = static_cast<Comparison>(found - kSymbols.begin());
  QUINTILE_TRY(advance());
  QUINTILE_ASSIGN_OR_RETURN(Node right, parse(kOperandStrength));
  node.children.push_back(std::move(left));
  node.children.push_back(std::move(right));
  return node;
}

Result<Node> Parser::parse_is(Node left, TextPosition position) {
  const bool negated = is_word("NOT");
  if (negated) {
    QUINTILE_TRY(advance());
  }
  const bool distinct = is_word("DISTINCT");
  if (!distinct && !is_word("NULL")) {
    return unexpected(negated ? "NULL or DISTINCT FROM" : "NULL, NOT NULL or DISTINCT FROM");
  }
  QUINTILE_ASSIGN_OR_RETURN(Node node,
                            make(distinct ? NodeKind::kIsDistinct : NodeKind::kIsNull, position));
  node.flag = negated;
  node.children.push_back(std::move(left));
  QUINTILE_TRY(advance());
  if (distinct) {
    QUINTILE_TRY(expect_word("FROM"));
    QUINTILE_ASSIGN_OR_RETURN(Node right, parse(kOperandStrength));
    node.children.push_back(std::move(right));
  }
  return node;
}

Result<Node> Parser::parse_between(Node left, bool negated, TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kBetween, position));
  node.flag = negated;
  QUINTILE_TRY(advance());
  QUINTILE_ASSIGN_OR_RETURN(Node low, parse(kOperandStrength));
  QUINTILE_TRY(expect_word("AND"));
  QUINTILE_ASSIGN_OR_RETURN(Node high, parse(kOperandStrength));
  node.children.push_back(std::move(left));
  node.children.push_back(std::move(low));
  node.children.push_back(std::move(high));
  return node;
}

Result<Node> Parser::parse_in(Node left, bool negated, TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kIn, position));
  node.flag = negated;
  node.children.push_back(std::move(left));
  QUINTILE_TRY(advance());
  QUINTILE_TRY(expect_symbol("("));
  for (;;) {
    QUINTILE_ASSIGN_OR_RETURN(Node item, parse(kOperandStrength));
    if (!is_literal(item)) {
      return expression_error(item.position, "expected a literal, got " + describe_tree(item));
    }
    node.children.push_back(std::move(item));
    if (!is_symbol(",")) {
      break;
    }
    QUINTILE_TRY(advance());
  }
  if (!is_symbol(")")) {
    return unexpected("',' or ')'");
  }
  QUINTILE_TRY(advance());
  return node;
}

Result<Node> Parser::parse_like(Node left, bool negated, TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kLike, position));
  node.flag = negated;
  node.ignore_case = is_word("ILIKE");
  node.children.push_back(std::move(left));
  QUINTILE_TRY(advance());
  if (token_.kind != TokenKind::kText) {
    return unexpected("a pattern such as 'a%'");
  }
  node.text = token_.text;
  const TextPosition pattern_position = here();
  QUINTILE_TRY(advance());
  if (is_word("ESCAPE")) {
    QUINTILE_TRY(advance());
    if (token_.kind != TokenKind::kText || character_count(token_.text) != 1) {
      return unexpected("one character as text");
    }
    node.escape = token_.text;
    QUINTILE_TRY(advance());
  }
  if (!like_pattern_is_complete(node.text, node.escape)) {
    return expression_error(pattern_position,
                            "expected a character after the escape character, got the end of the "
                            "pattern");
  }
  const std::string problem =
      node.ignore_case ? ilike_problem(node.text, node.escape) : std::string{};
  if (!problem.empty()) {
    return expression_error(pattern_position, "expected a pattern, got " +
                                                  quoted_for_message(node.text) + ": " + problem);
  }
  return node;
}

Result<Node> Parser::parse_matches(Node left, TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kMatches, position));
  node.children.push_back(std::move(left));
  if (token_.kind != TokenKind::kText) {
    return unexpected("a regular expression as text");
  }
  if (const std::string problem = regex_problem(token_.text); !problem.empty()) {
    return expression_error(here(), "expected a regular expression, got " +
                                        quoted_for_message(token_.text) + ": " + problem);
  }
  node.text = token_.text;
  QUINTILE_TRY(advance());
  return node;
}

}  // namespace

Result<Node> parse_tree(std::string_view text) {
  if (text.size() > kMaxExpressionBytes) {
    return expression_error({},
                            "expected at most " + std::to_string(kMaxExpressionBytes) +
                                " bytes, got " + std::to_string(text.size()),
                            StatusCode::kOutOfRange);
  }
  if (const auto bad = find_bad_text(text)) {
    return expression_error(position_of(text, bad->offset), bad->message);
  }
  return Parser(text).parse_all();
}

}  // namespace quintile::query
