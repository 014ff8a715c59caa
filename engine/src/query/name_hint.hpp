// Names and texts in error messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace quintile {

// Return ", did you mean 'NAME'?" for the closest candidate (closest_name.hpp), nothing if
// none is close.
[[nodiscard]] std::string closest_name_hint(std::string_view word,
                                            std::span<const std::string_view> candidates);

// The same, but list the candidates, ", known are A, B", if none is close.
[[nodiscard]] std::string known_names_hint(std::string_view word,
                                           std::span<const std::string_view> candidates);

// Return `text` in single quotes for a message: cut after 40 bytes (never inside a character),
// control bytes shown as \xNN.
[[nodiscard]] std::string quoted_for_message(std::string_view text);

}  // namespace quintile
