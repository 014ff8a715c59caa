// What a misspelt name was probably meant to be.
#pragma once

#include <span>
#include <string_view>

#include "quintile/export.hpp"

namespace quintile {

/// Returns the member of `known` with the fewest edits to `word` (a letter put in, left out or
/// replaced, two neighbours swapped; ASCII case is free), the first of several, and empty text if
/// even that is too far: more edits than a third of the longer name, rounded up. A name that `word`
/// (three letters or more) begins is at most two edits away. The view is into `known`. Time is the
/// product of the lengths; words past 256 bytes match nothing.
///
///     const std::string_view names[] = {"retail", "classic5"};
///     closest_name("reatil", names);  // "retail"
[[nodiscard]] QUINTILE_API std::string_view closest_name(std::string_view word,
                                                         std::span<const std::string_view> known);

}  // namespace quintile
