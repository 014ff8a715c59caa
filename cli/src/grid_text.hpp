// The recency by frequency grid for a terminal.
#pragma once

#include <string>

#include <quintile/generation.hpp>
#include <quintile/model.hpp>

namespace quintile::cli {

// A line per recency tier, best first; a column per frequency tier, worst first: how many contacts,
// and their share of all revenue. With `colours` the ground of a cell is the darker, the more
// contacts are in it.
[[nodiscard]] std::string grid_text(const RfmModel& model, const RfmResult& result, bool colours);

// Tells whether standard output shows colours: a terminal, TERM not dumb, NO_COLOR not set.
[[nodiscard]] bool output_shows_colours();

}  // namespace quintile::cli
