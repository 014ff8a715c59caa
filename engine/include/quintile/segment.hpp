// What a segment is, before and after it is computed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/export.hpp"

namespace quintile {

inline constexpr std::size_t kMaxSegments = 4096;  // of one engine, classes of models not counted
inline constexpr std::size_t kMaxSegmentNameBytes = 64;
inline constexpr std::size_t kMaxListContacts = 1'000'000;           // of one static segment
inline constexpr std::size_t kMaxListBytes = std::size_t{1} << 27U;  // of the ids of all of them

enum class SegmentKind : std::uint8_t {
  kDynamic,  // those for whom an expression is true
  kStatic,   // an uploaded list of contacts; in_list() asks for these alone
  kClass,    // a class of a model, there by itself as `MODEL.CLASS`
};

// "dynamic", "static" or "class".
[[nodiscard]] QUINTILE_API std::string_view segment_kind_name(SegmentKind kind) noexcept;

// Tells whether `name` matches [a-z0-9][a-z0-9_.-]{0,63}.
[[nodiscard]] QUINTILE_API bool is_segment_name(std::string_view name) noexcept;

// Who is in a segment. `contacts` are external ids, in any order, repetitions allowed; ids that no
// contact has (yet) are kept and count from the recompute on that finds them. Copies share the ids.
struct SegmentDefinition {
  std::string name;
  SegmentKind kind = SegmentKind::kDynamic;                            // kDynamic or kStatic
  std::string where = {};                                              // kDynamic
  std::shared_ptr<const std::vector<std::string>> contacts = nullptr;  // kStatic; null: none
};

// What a segment came to in one generation.
struct SegmentInfo {
  SegmentKind kind = SegmentKind::kDynamic;
  std::uint64_t count = 0;  // members
  // kDynamic: contacts for whom the expression is unknown (NULL); kStatic: ids that no contact has.
  std::uint64_t unknown = 0;
  // Why it could not be computed: its expression does not bind to the columns, events and segments
  // that there are, or that of a segment it depends on. Empty: it was computed.
  std::string broken = {};
};

}  // namespace quintile
