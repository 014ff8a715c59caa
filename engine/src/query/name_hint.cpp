#include "query/name_hint.hpp"

#include <algorithm>
#include <cstddef>

#include "quintile/closest_name.hpp"

namespace quintile {
namespace {

constexpr std::size_t kMaxShown = 40;
constexpr std::size_t kMaxListed = 20;

}  // namespace

std::string closest_name_hint(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view closest = closest_name(word, candidates);
  if (closest.empty()) {
    return {};
  }
  return ", did you mean '" + std::string(closest) + "'?";
}

std::string known_names_hint(std::string_view word, std::span<const std::string_view> candidates) {
  std::string text = closest_name_hint(word, candidates);
  if (!text.empty() || candidates.empty()) {
    return text;
  }
  text = ", known are ";
  const std::size_t shown = std::min(candidates.size(), kMaxListed);
  for (std::size_t i = 0; i < shown; ++i) {
    text.append(i == 0 ? "" : ", ").append(candidates[i]);
  }
  return text.append(shown < candidates.size() ? ", ..." : "");
}

std::string quoted_for_message(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  bool cut = false;
  if (text.size() > kMaxShown) {
    std::size_t end = kMaxShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
      --end;
    }
    text = text.substr(0, end);
    cut = true;
  }
  std::string out = "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15U]);
    } else {
      out.push_back(c);
    }
  }
  return out.append(cut ? "...'" : "'");
}

}  // namespace quintile
