#include "query/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace quintile {
namespace {

constexpr std::size_t kMaxCompared = 64;
constexpr std::size_t kMaxShown = 40;
constexpr std::size_t kMaxListed = 20;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

using Row = std::array<std::size_t, kMaxCompared + 1>;

// Optimal string alignment, three rows at a time.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  Row before{};
  Row previous{};
  Row current{};
  for (std::size_t j = 0; j <= b.size(); ++j) {
    previous[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + !same});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before = previous;
    previous = current;
  }
  return previous[b.size()];
}

struct Nearest {
  std::string_view name;
  std::size_t distance = static_cast<std::size_t>(-1);
};

Nearest find_nearest(std::string_view word, std::span<const std::string_view> candidates) {
  Nearest nearest;
  word = word.substr(0, kMaxCompared);
  for (const std::string_view candidate : candidates) {
    std::size_t distance = edit_distance(word, candidate.substr(0, kMaxCompared));
    // A word cut short is as near as two edits.
    if (word.size() >= 3 && candidate.starts_with(word)) {
      distance = std::min<std::size_t>(distance, 2);
    }
    if (distance < nearest.distance) {
      nearest = {candidate, distance};
    }
  }
  return nearest;
}

}  // namespace

std::string_view nearest_name(std::string_view word, std::span<const std::string_view> candidates) {
  return find_nearest(word, candidates).name;
}

std::string nearest_name_hint(std::string_view word, std::span<const std::string_view> candidates) {
  const Nearest nearest = find_nearest(word, candidates);
  // Two thirds of the letters wrong is no misspelling.
  const std::size_t most = std::max(word.size(), nearest.name.size()) * 2 / 3;
  if (candidates.empty() || nearest.distance > most) {
    return {};
  }
  return ", did you mean '" + std::string(nearest.name) + "'?";
}

std::string known_names_hint(std::string_view word, std::span<const std::string_view> candidates) {
  std::string text = nearest_name_hint(word, candidates);
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
