#include "query/lexer.hpp"

#include <algorithm>
#include <array>

#include "query/name_hint.hpp"
#include "query/tree.hpp"

namespace quintile::query {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr std::array<std::string_view, 14> kReserved = {
    "AND", "OR",   "NOT",  "IN",    "LIKE",     "ILIKE", "BETWEEN",
    "IS",  "NULL", "TRUE", "FALSE", "DISTINCT", "FROM",  "ESCAPE"};

std::string upper(std::string_view word) {
  std::string text(word);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool same_word(std::string_view word, std::string_view known) noexcept {
  return std::equal(word.begin(), word.end(), known.begin(), known.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

bool is_reserved_word(std::string_view word) noexcept {
  return std::any_of(kReserved.begin(), kReserved.end(),
                     [word](std::string_view reserved) { return same_word(word, reserved); });
}

bool is_typed_literal_word(std::string_view word) noexcept {
  return same_word(word, "DATE") || same_word(word, "TIMESTAMP");
}

TextPosition Lexer::position(std::size_t offset) noexcept {
  if (offset < seen_) {
    return position_of(text_, offset);
  }
  for (; seen_ < offset && seen_ < text_.size(); ++seen_) {
    if (text_[seen_] == '\n') {
      ++line_;
      line_offset_ = seen_ + 1;
    }
  }
  return {line_, static_cast<std::uint32_t>(offset - line_offset_ + 1)};
}

Result<Token> Lexer::next() {
  while (offset_ < text_.size() && is_space(text_[offset_])) {
    ++offset_;
  }
  if (offset_ == text_.size()) {
    return Token{TokenKind::kEnd, offset_, {}};
  }
  const char c = text_[offset_];
  if (c == '\'') {
    return read_quoted('\'', TokenKind::kText);
  }
  if (c == '"') {
    return read_quoted('"', TokenKind::kQuotedName);
  }
  if (is_digit(c) || (c == '.' && is_digit(at(offset_ + 1)))) {
    return read_number();
  }
  if (is_letter(c)) {
    return read_word();
  }
  return read_symbol();
}

// A doubled quote inside stands for one.
Result<Token> Lexer::read_quoted(char quote, TokenKind kind) {
  Token token{kind, offset_, {}};
  for (std::size_t i = offset_ + 1; i < text_.size(); ++i) {
    if (text_[i] != quote) {
      token.text.push_back(text_[i]);
    } else if (at(i + 1) == quote) {
      token.text.push_back(quote);
      ++i;
    } else {
      offset_ = i + 1;
      if (kind == TokenKind::kQuotedName && token.text.empty()) {
        return expression_error(position(token.offset), "expected a name between the quotes");
      }
      return token;
    }
  }
  return expression_error(position(token.offset),
                          std::string("expected a closing ") + quote + ", got the end");
}

Result<Token> Lexer::read_number() {
  Token token{TokenKind::kNumber, offset_, {}};
  std::size_t end = offset_;
  while (is_digit(at(end))) {
    ++end;
  }
  const bool has_point = at(end) == '.' && is_digit(at(end + 1));
  if (has_point) {
    ++end;
    while (is_digit(at(end))) {
      ++end;
    }
  }
  const std::size_t digits_end = end;
  while (is_letter(at(end)) || is_digit(at(end)) || at(end) == '.') {
    ++end;
  }
  token.text = text_.substr(offset_, end - offset_);
  if (end != digits_end) {
    constexpr std::string_view kUnits = "dhmw";
    const bool is_duration =
        !has_point && end == digits_end + 1 && kUnits.find(at(digits_end)) != kUnits.npos;
    if (!is_duration) {
      return expression_error(position(offset_),
                              "expected a number, got " + quoted_for_message(token.text));
    }
    token.kind = TokenKind::kDuration;
  }
  offset_ = end;
  return token;
}

// A name may have points inside: MODEL.class.
Token Lexer::read_word() {
  std::size_t end = offset_;
  while (is_letter(at(end)) || is_digit(at(end)) ||
         (at(end) == '.' && (is_letter(at(end + 1)) || is_digit(at(end + 1))))) {
    ++end;
  }
  const std::string_view word = text_.substr(offset_, end - offset_);
  Token token{TokenKind::kName, offset_, std::string(word)};
  if (is_reserved_word(word)) {
    token.kind = TokenKind::kWord;
    token.text = upper(word);
  }
  offset_ = end;
  return token;
}

Result<Token> Lexer::read_symbol() {
  constexpr std::array<std::string_view, 14> kSymbols = {"<>", "<=", ">=", "!=", "=", "<", ">",
                                                         "~",  "(",  ")",  ",",  "+", "-", "*"};
  const std::string_view rest = text_.substr(offset_);
  const auto found = std::find_if(kSymbols.begin(), kSymbols.end(),
                                  [rest](std::string_view s) { return rest.starts_with(s); });
  if (found == kSymbols.end() || rest.starts_with("==")) {
    std::size_t length = 1;
    while (length < rest.size() && (static_cast<unsigned char>(rest[length]) & 0xC0U) == 0x80U) {
      ++length;
    }
    const std::string_view hint = rest.starts_with("==") ? ", equality is written =" : "";
    return expression_error(position(offset_),
                            "expected a name, a literal or an operator, got " +
                                quoted_for_message(rest.substr(0, hint.empty() ? length : 2)) +
                                std::string(hint));
  }
  Token token{TokenKind::kSymbol, offset_, std::string(*found == "!=" ? "<>" : *found)};
  offset_ += found->size();
  return token;
}

}  // namespace quintile::query
