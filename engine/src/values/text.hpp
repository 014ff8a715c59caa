// ASCII tests and cuts that the readers of numbers and times share.
#pragma once

#include <cstddef>
#include <string_view>

namespace quintile {

constexpr bool is_digit(char letter) noexcept { return letter >= '0' && letter <= '9'; }

constexpr bool is_blank(char letter) noexcept { return letter == ' ' || letter == '\t'; }

constexpr char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

constexpr bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) {
    return false;
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace quintile
