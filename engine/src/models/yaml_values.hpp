// Numbers, bounds and ranges as they are written in definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "models/yaml_tree.hpp"
#include "quintile/status.hpp"

namespace quintile::models {

// What a number counts: `decimals` digits of it are kept, exactly; low and high are its limits in
// units of the last digit.
struct NumberFormat {
  std::string_view noun;  // "a number of days"
  int decimals = 0;
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// low <= value <= high.
struct Interval {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// Read `node` as a whole number from low to high.
[[nodiscard]] Result<std::int64_t> read_integer(std::string_view source, const YamlNode& node,
                                                std::int64_t low, std::int64_t high);

// Read `text`, found at `node`, as a number of this format.
[[nodiscard]] Result<std::int64_t> read_number(std::string_view source, const YamlNode& node,
                                               std::string_view text, const NumberFormat& format);

// Read `5`, `[4, 5]`, `"<= 30"`, `">= 2"`, `"< 3"`, `"> 1"`, `any`. A range that no number of the
// format meets is an error.
[[nodiscard]] Result<Interval> read_interval(std::string_view source, const YamlNode& node,
                                             const NumberFormat& format);

// Read `30`, `"<= 30"` (upper) or `500`, `">= 500"` (lower); nothing for `any`.
[[nodiscard]] Result<std::optional<std::int64_t>> read_bound(std::string_view source,
                                                             const YamlNode& node, bool upper,
                                                             const NumberFormat& format);

// Check that `node` is a map whose keys are all known; the error has the nearest one.
[[nodiscard]] Status check_keys(std::string_view source, const YamlNode& node,
                                std::string_view what, std::span<const std::string_view> known);

// Check [a-z0-9][a-z0-9_-]{0,63}.
[[nodiscard]] bool is_definition_name(std::string_view name) noexcept;

// Read a scalar that matches is_definition_name().
[[nodiscard]] Result<std::string_view> read_name(std::string_view source, const YamlNode& node,
                                                 std::string_view what);

// Read one of `words`; return its index. The error has the nearest one.
[[nodiscard]] Result<std::size_t> read_choice(std::string_view source, const YamlNode& node,
                                              std::span<const std::string_view> words);

}  // namespace quintile::models
