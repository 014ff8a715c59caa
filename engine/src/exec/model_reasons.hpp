// Why a model gave a contact its tiers and its class, in words.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "exec/rfm_data.hpp"

namespace quintile {

// One line per axis (value, method, cut points, tier), then one for the class (the rule of the map
// that matched first, or why there was none to ask).
[[nodiscard]] std::vector<std::string> model_reasons(const RfmData& data, std::size_t row);

}  // namespace quintile
