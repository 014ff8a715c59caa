// A Pratt parser: operands, then operators as long as they bind tightly enough. New operators are
// new rows in infix_strength() and cases in parse_infix(); functions have their rows in
// functions.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "query/functions.hpp"
#include "query/lexer.hpp"
#include "query/tree.hpp"

namespace quintile::query {

// How tightly operators bind.
inline constexpr int kOrStrength = 1;
inline constexpr int kAndStrength = 2;
inline constexpr int kNotStrength = 3;
inline constexpr int kPredicateStrength = 4;
inline constexpr int kSumStrength = 5;  // operands of predicates bind at least so tightly
inline constexpr int kProductStrength = 6;
inline constexpr int kNegateStrength = 7;
inline constexpr int kAtomStrength = 8;

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
  // Words that mean something in one place only, such as WITHIN: names anywhere else.
  bool is_local_word(std::string_view word) const {
    return token_.kind == TokenKind::kName && same_word(token_.text, word);
  }
  bool is_name() const {
    return token_.kind == TokenKind::kName || token_.kind == TokenKind::kQuotedName;
  }
  TextPosition here() { return lexer_.position(token_.offset); }
  Status unexpected(std::string_view expected);
  Status expect_word(std::string_view word);
  Status expect_symbol(std::string_view symbol);
  Result<Node> make(NodeKind kind, TextPosition position);
  // Notes how high the tree under a node is; refuses one that is too high.
  static Result<Node> finish(Node node);

  Result<Node> parse(int at_least);
  Status enter();
  Result<Node> parse_prefix(int at_least);
  Result<Node> parse_word(int at_least);
  Result<Node> parse_name();
  Result<Node> parse_typed_literal(bool is_date, TextPosition position);
  Result<Node> parse_number(bool negative, TextPosition position);
  Result<Node> parse_negation(TextPosition position);
  Result<Node> parse_text(NodeKind kind);
  Result<Node> parse_parentheses();
  Result<Node> parse_infix(Node left, int strength);
  Result<Node> parse_chain(Node left, NodeKind kind, std::string_view word, int strength);
  Result<Node> parse_arithmetic(Node left, int strength);
  int infix_strength() const;

  // parser_predicates.cpp
  Result<Node> parse_comparison(Node left);
  Result<Node> parse_predicate(Node left);
  Result<Node> parse_is(Node left, TextPosition position);
  Result<Node> parse_between(Node left, bool negated, TextPosition position);
  Result<Node> parse_in(Node left, bool negated, TextPosition position);
  Result<Node> parse_like(Node left, bool negated, TextPosition position);
  Result<Node> parse_matches(Node left, TextPosition position);

  // parser_functions.cpp; the current token is the one after '('.
  Result<Node> parse_function(const std::string& name, TextPosition position);
  Result<Node> parse_coalesce(TextPosition position);
  Result<Node> parse_call(const Function& function, TextPosition position);
  Result<Node> parse_aggregate(const Function& function, TextPosition position);
  Result<Node> parse_regularly(TextPosition position);
  Result<Node> parse_sequence(TextPosition position);
  Result<Node> parse_step(bool negated);
  Result<std::string> parse_duration(std::string_view expected);
  Result<int> parse_count(std::string_view expected);
  Status parse_window(Node& node);
  Status close();

  Lexer lexer_;
  Token token_;
  std::size_t depth_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace quintile::query
