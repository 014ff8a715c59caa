#include "query/text_position.hpp"

#include <algorithm>

namespace quintile {
namespace {

unsigned byte_at(std::string_view text, std::size_t index) {
  return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
}

// The length of the well-formed character that starts at `index`, 0 if there is none.
std::size_t character_length(std::string_view text, std::size_t index) {
  const unsigned first = byte_at(text, index);
  if (first < 0x80) {
    return 1;
  }
  const auto continues = [&](std::size_t offset) {
    return (byte_at(text, index + offset) & 0xC0U) == 0x80U;
  };
  if (first >= 0xC2 && first <= 0xDF) {
    return continues(1) ? 2 : 0;
  }
  const unsigned second = byte_at(text, index + 1);
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second > 0x9F;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool too_large = first == 0xF4 && second > 0x8F;
    return continues(1) && continues(2) && continues(3) && !overlong && !too_large ? 4 : 0;
  }
  return 0;
}

bool is_refused_control(unsigned byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

}  // namespace

TextPosition position_of(std::string_view text, std::size_t offset) noexcept {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t last = before.rfind('\n');
  const std::size_t start = last == std::string_view::npos ? 0 : last + 1;
  return {static_cast<std::uint32_t>(lines + 1),
          static_cast<std::uint32_t>(before.size() - start + 1)};
}

std::optional<BadText> find_bad_text(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::size_t index = 0; index < text.size();) {
    const unsigned byte = byte_at(text, index);
    const std::size_t length = character_length(text, index);
    if (length == 0 || is_refused_control(byte)) {
      std::string shown = "0x";
      shown.append(1, kHex[byte >> 4]).append(1, kHex[byte & 15U]);
      return BadText{index, "expected UTF-8 text without control bytes, got byte " + shown};
    }
    index += length;
  }
  return std::nullopt;
}

}  // namespace quintile
