// Text patterns: LIKE, ILIKE and regular expressions.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace quintile::query {

// A compiled pattern; any number of threads may match with it. Texts and patterns are UTF-8.
class Pattern {
 public:
  virtual ~Pattern() = default;
  [[nodiscard]] virtual bool matches(std::string_view text) const = 0;
};

// LIKE: the whole text; % is any run of characters, _ is one; the character after `escape` (empty:
// none) stands for itself. Precondition: like_pattern_is_complete().
[[nodiscard]] std::unique_ptr<Pattern> make_like(std::string_view pattern, std::string_view escape,
                                                 bool ignore_case);

// RE2, anywhere in the text. Precondition: regex_problem() is empty.
[[nodiscard]] std::unique_ptr<Pattern> make_regex(std::string_view pattern);

// Tell whether no escape character ends the pattern.
[[nodiscard]] bool like_pattern_is_complete(std::string_view pattern,
                                            std::string_view escape) noexcept;

// Return what is wrong with a regular expression; empty if nothing is.
[[nodiscard]] std::string regex_problem(std::string_view pattern);

// Count characters (code points) of well-formed UTF-8.
[[nodiscard]] std::size_t character_count(std::string_view text) noexcept;

}  // namespace quintile::query
