#include "quintile/segment.hpp"

#include <algorithm>

namespace quintile {

std::string_view segment_kind_name(SegmentKind kind) noexcept {
  switch (kind) {
    case SegmentKind::kDynamic:
      return "dynamic";
    case SegmentKind::kStatic:
      return "static";
    case SegmentKind::kClass:
      break;
  }
  return "class";
}

bool is_segment_name(std::string_view name) noexcept {
  const auto is_first = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kMaxSegmentNameBytes && is_first(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_first(c) || c == '_' || c == '.' || c == '-'; });
}

}  // namespace quintile
