#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "query/name_hint.hpp"
#include "query/parser.hpp"
#include "query/pattern.hpp"
#include "status/try.hpp"

namespace quintile::query {

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
  QUINTILE_ASSIGN_OR_RETURN(Node right, parse(kSumStrength));
  node.children.push_back(std::move(left));
  node.children.push_back(std::move(right));
  return finish(std::move(node));
}

Result<Node> Parser::parse_is(Node left, TextPosition position) {
  const bool negated = is_word("NOT");
  if (negated) {
    QUINTILE_TRY(advance());
  }
  const bool distinct = is_word("DISTINCT");
  const bool truth = is_word("TRUE") || is_word("FALSE");
  if (!distinct && !truth && !is_word("NULL")) {
    return unexpected(negated ? "NULL, TRUE, FALSE or DISTINCT FROM"
                              : "NULL, TRUE, FALSE, DISTINCT FROM or NOT");
  }
  const NodeKind kind = distinct ? NodeKind::kIsDistinct
                        : truth  ? NodeKind::kIsTruth
                                 : NodeKind::kIsNull;
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(kind, position));
  node.flag = negated;
  node.truth = is_word("TRUE");
  node.children.push_back(std::move(left));
  QUINTILE_TRY(advance());
  if (distinct) {
    QUINTILE_TRY(expect_word("FROM"));
    QUINTILE_ASSIGN_OR_RETURN(Node right, parse(kSumStrength));
    node.children.push_back(std::move(right));
  }
  return finish(std::move(node));
}

Result<Node> Parser::parse_between(Node left, bool negated, TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kBetween, position));
  node.flag = negated;
  QUINTILE_TRY(advance());
  QUINTILE_ASSIGN_OR_RETURN(Node low, parse(kSumStrength));
  QUINTILE_TRY(expect_word("AND"));
  QUINTILE_ASSIGN_OR_RETURN(Node high, parse(kSumStrength));
  node.children.push_back(std::move(left));
  node.children.push_back(std::move(low));
  node.children.push_back(std::move(high));
  return finish(std::move(node));
}

Result<Node> Parser::parse_in(Node left, bool negated, TextPosition position) {
  QUINTILE_ASSIGN_OR_RETURN(Node node, make(NodeKind::kIn, position));
  node.flag = negated;
  node.children.push_back(std::move(left));
  QUINTILE_TRY(advance());
  QUINTILE_TRY(expect_symbol("("));
  for (;;) {
    QUINTILE_ASSIGN_OR_RETURN(Node item, parse(kSumStrength));
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
  return finish(std::move(node));
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
  return finish(std::move(node));
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
  return finish(std::move(node));
}

}  // namespace quintile::query
