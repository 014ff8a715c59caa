// Expression text to tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "query/text_position.hpp"
#include "quintile/status.hpp"

namespace quintile::query {

enum class TokenKind : std::uint8_t {
  kEnd,
  kName,        // text: the name, unquoted
  kQuotedName,  // text: the name, without its quotes
  kWord,        // text: a reserved word in capitals
  kNumber,      // text: digits with an optional point
  kDuration,    // text: digits and a unit, such as 7d
  kText,        // text: without its quotes
  kSymbol,      // text: = <> < <= > >= ~ ( ) , + - *
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::size_t offset = 0;
  std::string text;
};

// Reads one token after the other. The text must live as long as the lexer.
class Lexer {
 public:
  explicit Lexer(std::string_view text) noexcept : text_(text) {}

  // The token at the current place, or what is wrong there.
  [[nodiscard]] Result<Token> next();

  [[nodiscard]] TextPosition position(std::size_t offset) noexcept;

 private:
  [[nodiscard]] Result<Token> read_quoted(char quote, TokenKind kind);
  [[nodiscard]] Result<Token> read_number();
  [[nodiscard]] Token read_word();
  [[nodiscard]] Result<Token> read_symbol();
  [[nodiscard]] char at(std::size_t offset) const noexcept {
    return offset < text_.size() ? text_[offset] : '\0';
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  std::size_t line_offset_ = 0;  // where the last line that was asked for begins
  std::uint32_t line_ = 1;
  std::size_t seen_ = 0;  // lines are counted up to here
};

}  // namespace quintile::query
