// Spelling help for error messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace quintile {

// Return the candidate that takes the fewest edits (insert, delete, replace a byte, swap
// neighbours; letter case is free) to become `word`; the first of equals; empty if there are no
// candidates. Words longer than 64 bytes are compared by their first 64.
[[nodiscard]] std::string_view nearest_name(std::string_view word,
                                            std::span<const std::string_view> candidates);

// Return ", did you mean 'NAME'?" for the nearest candidate, nothing if none is near.
[[nodiscard]] std::string nearest_name_hint(std::string_view word,
                                            std::span<const std::string_view> candidates);

// The same, but list the candidates, ", known are A, B", if none is near.
[[nodiscard]] std::string known_names_hint(std::string_view word,
                                           std::span<const std::string_view> candidates);

// Return `text` in single quotes for a message: cut after 40 bytes (never inside a character),
// control bytes shown as \xNN.
[[nodiscard]] std::string quoted_for_message(std::string_view text);

}  // namespace quintile
