#include "query/parser.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "query/name_hint.hpp"
#include "quintile/date_time.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

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

}  // namespace

Status Parser::advance() {
  QUINTILE_ASSIGN_OR_RETURN(token_, lexer_.next());
  return {};
}

Status Parser::unexpected(std::string_view expected) {
  return expression_error(here(),
                          "expected " + std::string(expected) + ", got " + describe_token(token_));
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

Result<Node> Parser::finish(Node node) {
  if (!note_height(node)) {
    return expression_error(node.position, too_deep_message(), StatusCode::kOutOfRange);
  }
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
  if (token_.kind != TokenKind::kSymbol) {
    return 0;
  }
  if (is_symbol("*")) {
    return kProductStrength;
  }
  if (is_symbol("+") || is_symbol("-")) {
    return kSumStrength;
  }
  const bool found = std::find(kSymbols.begin(), kSymbols.end(), token_.text) != kSymbols.end();
  return found ? kPredicateStrength : 0;
}

// Parse an operand and every operator after it that binds at least so tightly.
Result<Node> Parser::parse(int at_least) {
  // Predicates do not chain: after `a = b` and after `NOT a` come AND, OR or the end.
  int at_most = is_word("NOT") ? kAndStrength : kProductStrength;
  QUINTILE_ASSIGN_OR_RETURN(Node left, parse_prefix(at_least));
  for (int strength = infix_strength(); strength > 0 && strength >= at_least && strength <= at_most;
       strength = infix_strength()) {
    QUINTILE_ASSIGN_OR_RETURN(left, parse_infix(std::move(left), strength));
    at_most = strength > kPredicateStrength ? strength : std::min(strength, kAndStrength);
  }
  return left;
}

Status Parser::enter() {
  if (++depth_ > kMaxExpressionDepth) {
    return expression_error(here(), too_deep_message(), StatusCode::kOutOfRange);
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
    return parse_negation(position);
  }
  switch (token_.kind) {
    case TokenKind::kNumber:
      return parse_number(false, position);
    case TokenKind::kText:
      return parse_text(NodeKind::kText);
    case TokenKind::kDuration: {
      QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kDuration, position));
      QUINTILE_ASSIGN_OR_RETURN(node.text, parse_duration("a duration"));
      return node;
    }
    case TokenKind::kName:
    case TokenKind::kQuotedName:
      return parse_name();
    case TokenKind::kWord:
      return parse_word(at_least);
    case TokenKind::kEnd:
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
    return finish(std::move(node));
  }
  if (is_word("DISTINCT")) {
    const Token word = token_;
    QUINTILE_TRY(advance());
    return is_symbol("(") ? parse_function(word.text, position)
                          : expression_error(
                                position, "expected a column, a literal or '(', got " + word.text);
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

Result<Node> Parser::parse_text(NodeKind kind) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(kind, here()));
  node.text = token_.text;
  QUINTILE_TRY(advance());
  return node;
}

// Minus before a number is part of the literal.
Result<Node> Parser::parse_negation(TextPosition position) {
  QUINTILE_TRY(advance());
  if (token_.kind == TokenKind::kNumber) {
    return parse_number(true, position);
  }
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kNegate, position));
  QUINTILE_TRY(enter());
  QUINTILE_ASSIGN_OR_RETURN(Node child, parse_prefix(kNegateStrength));
  --depth_;
  if (child.kind == NodeKind::kNumber) {
    child.coefficient = -child.coefficient;
    return child;
  }
  node.children.push_back(std::move(child));
  return finish(std::move(node));
}

// A column, a function, or DATE '...' and TIMESTAMP '...'.
Result<Node> Parser::parse_name() {
  const TextPosition position = here();
  const Token name = token_;
  QUINTILE_TRY(advance());
  const bool unquoted = name.kind == TokenKind::kName;
  if (unquoted && is_symbol("(")) {
    return parse_function(name.text, position);
  }
  if (unquoted && is_typed_literal_word(name.text) && token_.kind == TokenKind::kText) {
    return parse_typed_literal(name.text.size() == 4, position);
  }
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kName, position));
  node.text = name.text;
  return node;
}

Result<Node> Parser::parse_typed_literal(bool is_date, TextPosition position) {
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
  if (!read_decimal(token_.text, node)) {
    return unexpected("a number of at most " + std::to_string(kMaxNumberDigits) + " digits");
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
  if (strength > kPredicateStrength) {
    return parse_arithmetic(std::move(left), strength);
  }
  return parse_predicate(std::move(left));
}

Result<Node> Parser::parse_arithmetic(Node left, int strength) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kArithmetic, here()));
  node.arithmetic = is_symbol("+")   ? Arithmetic::kAdd
                    : is_symbol("-") ? Arithmetic::kSubtract
                                     : Arithmetic::kMultiply;
  QUINTILE_TRY(advance());
  QUINTILE_ASSIGN_OR_RETURN(Node right, parse(strength + 1));
  node.children.push_back(std::move(left));
  node.children.push_back(std::move(right));
  return finish(std::move(node));
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
  return finish(std::move(node));
}

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
