#include "class_meanings.hpp"

#include <algorithm>
#include <array>

namespace quintile::cli::report {
namespace {

struct Meaning {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Meaning, 13> kMeanings = {{
    {"champions", "Bought lately, often and for much."},
    {"loyal", "Buy again and again and are still active."},
    {"potential_loyalist", "Bought lately and came back; may become loyal."},
    {"new", "First purchase only a short while ago."},
    {"promising", "Bought fairly lately, but little so far."},
    {"need_attention", "Middling in everything, cooling down."},
    {"about_to_sleep", "Not seen for a while, never bought much."},
    {"at_risk", "Bought several times or for much, but not lately."},
    {"cant_lose", "Among the best once; not seen for long."},
    {"hibernating", "Few purchases, long ago."},
    {"lost", "Bought little, very long ago."},
    {"prospect", "Known, but no purchase counts for them."},
    {"lapsed", "Bought before the window, not in it."},
}};

constexpr std::array<std::string_view, 2> kSlipping = {"at_risk", "cant_lose"};

}  // namespace

std::string_view class_meaning(std::string_view name) {
  const auto* found = std::find_if(kMeanings.begin(), kMeanings.end(),
                                   [name](const Meaning& each) { return each.name == name; });
  return found == kMeanings.end() ? std::string_view() : found->text;
}

bool is_slipping_class(std::string_view name) {
  return std::find(kSlipping.begin(), kSlipping.end(), name) != kSlipping.end();
}

}  // namespace quintile::cli::report
