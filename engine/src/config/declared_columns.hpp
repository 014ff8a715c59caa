// Attributes and properties as a configuration declares them.
#pragma once

#include <string_view>
#include <vector>

#include "models/yaml_tree.hpp"
#include "quintile/schema.hpp"
#include "quintile/status.hpp"
#include "quintile/store_config.hpp"

namespace quintile::config {

// Reads a map NAME: TYPE or NAME: {type: TYPE, ...}. A name whose column is called otherwise is
// added to `columns`, unless it is there already.
[[nodiscard]] Result<std::vector<Attribute>> read_attributes(std::string_view source,
                                                             const models::YamlNode& node,
                                                             NamePairs& columns);

// The same for what has one value: properties of events and of order lines.
[[nodiscard]] Result<std::vector<EventProperty>> read_properties(std::string_view source,
                                                                 const models::YamlNode& node,
                                                                 NamePairs& columns);

}  // namespace quintile::config
