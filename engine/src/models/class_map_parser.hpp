// The `classes` and `otherwise` keys of a model.
#pragma once

#include <string_view>

#include "models/yaml_tree.hpp"
#include "quintile/model.hpp"

namespace quintile::models {

// Read the map into `model`, whose name, windows and tiers are there already: names, rules,
// otherwise, conditions, prospect and lapsed, and the table. `otherwise` may be null.
[[nodiscard]] Status read_class_map(std::string_view source, const YamlNode& classes,
                                    const YamlNode* otherwise, int currency_decimals,
                                    RfmModel& model);

}  // namespace quintile::models
