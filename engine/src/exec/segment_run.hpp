// From the expressions of segments to their members, all of them in one pass over the contacts.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "exec/executor.hpp"
#include "exec/scope.hpp"
#include "quintile/catalogue.hpp"
#include "quintile/row_set.hpp"
#include "quintile/selection.hpp"
#include "quintile/status.hpp"

namespace quintile {

// Why segments cannot be computed, by name. Where it is for another segment's sake, `cause` names
// the one that is at fault itself.
struct BrokenSegment {
  std::string cause;
  std::string reason;
};
using BrokenSegments = std::map<std::string, BrokenSegment, std::less<>>;

struct SegmentRows {
  RowSet rows;
  std::uint64_t unknown = 0;
};

// Evaluates dynamic segments, each of which comes after those of them that it uses; the scope must
// know the names of all. Those that do not bind, and those that use one of `broken`, are added to
// `broken` and have no rows. Errors: kCancelled; what fails while evaluating.
Result<std::vector<SegmentRows>> run_segments(const Scope& scope,
                                              std::span<const CatalogueSegment* const> segments,
                                              BrokenSegments& broken, Arena::Executor& executor,
                                              const SelectOptions& options);

// What to say of a segment that is broken.
[[nodiscard]] std::string broken_text(const std::string& name, const BrokenSegment& broken);

}  // namespace quintile
