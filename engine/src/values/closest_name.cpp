#include "quintile/closest_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace quintile {
namespace {

constexpr std::size_t kMaxWordBytes = 256;
using EditRow = std::array<std::size_t, kMaxWordBytes + 1>;

char folded(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// Edits between two words; a swap of neighbours is one (optimal string alignment).
std::size_t edits_between(std::string_view left, std::string_view right) {
  EditRow before_last{};
  EditRow last{};
  EditRow current{};
  for (std::size_t j = 0; j <= right.size(); ++j) {
    last[j] = j;
  }
  for (std::size_t i = 1; i <= left.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const char a = folded(left[i - 1]);
      const char b = folded(right[j - 1]);
      std::size_t edits = std::min(last[j], current[j - 1]) + 1;
      edits = std::min(edits, last[j - 1] + (a == b ? 0U : 1U));
      if (i > 1 && j > 1 && a == folded(right[j - 2]) && b == folded(left[i - 2])) {
        edits = std::min(edits, before_last[j - 2] + 1);
      }
      current[j] = edits;
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last[right.size()];
}

constexpr std::size_t kTooFar = kMaxWordBytes + 1;

// Whether `name` goes on where `word` ends.
bool is_cut_short(std::string_view word, std::string_view name) {
  constexpr std::size_t kLeastLetters = 3;
  return word.size() >= kLeastLetters && word.size() <= name.size() &&
         std::equal(word.begin(), word.end(), name.begin(),
                    [](char a, char b) { return folded(a) == folded(b); });
}

// The edits between a word and a name, or kTooFar.
std::size_t distance(std::string_view word, std::string_view name) {
  constexpr std::size_t kCutShort = 2;
  if (name.empty() || name.size() > kMaxWordBytes) {
    return kTooFar;
  }
  const std::size_t longer = std::max(word.size(), name.size());
  const std::size_t difference = longer - std::min(word.size(), name.size());
  if (is_cut_short(word, name)) {
    return std::min(difference, kCutShort);
  }
  const std::size_t allowed = (longer + 2) / 3;
  const std::size_t edits = difference > allowed ? kTooFar : edits_between(word, name);
  return edits <= allowed ? edits : kTooFar;
}

}  // namespace

std::string_view closest_name(std::string_view word, std::span<const std::string_view> known) {
  std::string_view best;
  std::size_t best_distance = kTooFar;
  if (word.empty() || word.size() > kMaxWordBytes) {
    return best;
  }
  for (const std::string_view name : known) {
    const std::size_t edits = distance(word, name);
    if (edits < best_distance) {
      best = name;
      best_distance = edits;
    }
  }
  return best;
}

}  // namespace quintile
