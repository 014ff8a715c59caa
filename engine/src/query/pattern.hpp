// Text patterns: LIKE, ILIKE and regular expressions.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace quintile::query {

// Regular expressions and patterns without regard to case have at most so many bytes: beyond that
// RE2 can take much time and memory to compile.
inline constexpr std::size_t kMaxPatternBytes = 4096;

// A compiled pattern; any number of threads may match with it. Texts and patterns are UTF-8.
class Pattern {
 public:
  virtual ~Pattern() = default;
  [[nodiscard]] virtual bool matches(std::string_view text) const = 0;
};

// LIKE: the whole text; % is any run of characters, _ is one; the character after `escape` (empty:
// none) stands for itself. Preconditions: like_pattern_is_complete(), and with `ignore_case` an
// empty ilike_problem().
[[nodiscard]] std::unique_ptr<Pattern> make_like(std::string_view pattern, std::string_view escape,
                                                 bool ignore_case);

// RE2, anywhere in the text. Precondition: regex_problem() is empty.
[[nodiscard]] std::unique_ptr<Pattern> make_regex(std::string_view pattern);

// Tell whether no escape character ends the pattern.
[[nodiscard]] bool like_pattern_is_complete(std::string_view pattern,
                                            std::string_view escape) noexcept;

// Return what is wrong with a regular expression; empty if nothing is.
[[nodiscard]] std::string regex_problem(std::string_view pattern);

// Return why a pattern cannot be matched without regard to case (it is too long); empty if it can.
[[nodiscard]] std::string ilike_problem(std::string_view pattern, std::string_view escape);

// Count characters (code points) of well-formed UTF-8.
[[nodiscard]] std::size_t character_count(std::string_view text) noexcept;

}  // namespace quintile::query
