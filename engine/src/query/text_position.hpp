// Where in a text something stands, and whether the bytes are text at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quintile {

// Both count from 1; columns are bytes.
struct TextPosition {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// Return the position of the byte at `offset`, which may be text.size().
[[nodiscard]] TextPosition position_of(std::string_view text, std::size_t offset) noexcept;

struct BadText {
  std::size_t offset = 0;
  std::string message;
};

// Find the first byte that is not part of well-formed UTF-8 (overlong forms and surrogates are
// not), or a control byte other than tab, line feed and carriage return.
[[nodiscard]] std::optional<BadText> find_bad_text(std::string_view text);

}  // namespace quintile
