// What a changed definition of a segment would do, before it is saved.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quintile/selection.hpp"

namespace quintile {

struct PreviewOptions {
  std::vector<std::string> overlap_with = {};  // names of segments of the generation
  SelectOptions select = {};                   // when to give up
};

// The members of one segment before and after the change.
struct SegmentChangeEffect {
  std::string name;
  std::uint64_t before = 0;  // 0 also of a segment that was not there, or broken
  std::uint64_t after = 0;
  std::uint64_t entering = 0;  // in it after, not before
  std::uint64_t leaving = 0;
  std::string broken = {};  // why it could not be computed after the change; empty: it could
};

struct SegmentOverlap {
  std::string name;
  std::uint64_t count = 0;  // members of that segment
  std::uint64_t both = 0;   // of them, members of the changed one too
};

struct SegmentPreview {
  SegmentChangeEffect change;                   // of the segment itself
  std::uint64_t unknown = 0;                    // as SegmentInfo::unknown
  std::vector<SegmentOverlap> overlaps;         // as asked for
  std::vector<SegmentChangeEffect> dependents;  // all that depend on it, in order of evaluation
};

}  // namespace quintile
