// What the classes of the presets mean, in one line each, for a reader who has never seen the
// model.
#pragma once

#include <string_view>

namespace quintile::cli::report {

// Empty for a class that is not of a preset.
[[nodiscard]] std::string_view class_meaning(std::string_view name);

// Tells whether a class of a preset holds customers who used to buy and are about to be lost.
[[nodiscard]] bool is_slipping_class(std::string_view name);

}  // namespace quintile::cli::report
