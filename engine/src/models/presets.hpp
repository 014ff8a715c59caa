// The YAML files of the presets, carried inside the library.
#pragma once

#include <array>
#include <string_view>

namespace quintile::models {

struct Preset {
  std::string_view name;
  std::string_view yaml;
};

// The default first.
extern const std::array<Preset, 4> kPresets;

}  // namespace quintile::models
