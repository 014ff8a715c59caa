// The `tiers` and `window` keys of a model.
#pragma once

#include <array>
#include <string_view>

#include "models/yaml_tree.hpp"
#include "models/yaml_values.hpp"
#include "quintile/model.hpp"

namespace quintile::models {

using AxisTiers = std::array<RfmTiers, kAxisCount>;

// The format of values of one axis: days, counts or money.
[[nodiscard]] NumberFormat axis_format(Axis axis, int currency_decimals) noexcept;

// Read {recency: ..., frequency: ..., monetary: ...}; all three are required.
[[nodiscard]] Result<AxisTiers> read_tiers(std::string_view source, const YamlNode& node,
                                           int currency_decimals);

// Read `365d` for all axes, or a map with one or more of them, into `tiers`.
[[nodiscard]] Status read_windows(std::string_view source, const YamlNode& node, AxisTiers& tiers);

}  // namespace quintile::models
