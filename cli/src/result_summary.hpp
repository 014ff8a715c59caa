// From the engine's sums to what is shown.
#pragma once

#include <string>
#include <vector>

#include "summary.hpp"
#include <quintile/generation.hpp>
#include <quintile/model.hpp>

namespace quintile::cli {

// The classes of a result with their means, exactly.
[[nodiscard]] Summary summarise(const RfmResult& result, const RfmReachability& reachability,
                                int currency_decimals);

// What nobody can reach at the cut points of this result.
[[nodiscard]] RfmReachability reachability_of(const RfmModel& model, const RfmResult& result);

// What a reader of the result must know, one sentence each: cut points that coincide, classes
// nobody can reach, values beyond the bound of the worst tier.
[[nodiscard]] std::vector<std::string> result_warnings(const RfmModel& model,
                                                       const RfmResult& result);

}  // namespace quintile::cli
