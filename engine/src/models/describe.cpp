#include "models/describe.hpp"

#include <array>

#include "quintile/decimal.hpp"

namespace quintile {

std::string_view axis_name(Axis axis) noexcept {
  constexpr std::array<std::string_view, kAxisCount> kNames = {"recency", "frequency", "monetary"};
  return kNames[to_index(axis)];
}

std::string_view value_column_name(ValueColumn column) noexcept {
  constexpr std::array<std::string_view, kValueColumns> kNames = {"recency_days", "first_days",
                                                                  "frequency", "monetary"};
  return kNames[static_cast<std::size_t>(column)];
}

std::string_view class_reach_name(ClassReach reach) noexcept {
  constexpr std::array<std::string_view, 6> kNames = {
      "reachable", "impossible", "shadowed", "collapsed", "impossible_by_cuts", "shadowed_by_cuts"};
  return kNames[static_cast<std::size_t>(reach)];
}

std::string RfmTiers::tier_name(int tier) const {
  if (names.empty()) {
    return std::to_string(tier);
  }
  return names[static_cast<std::size_t>(count - tier)];
}

namespace models {

std::string condition_text(const ValueCondition& condition, int currency_decimals) {
  const bool money = condition.column == ValueColumn::kMonetary;
  const auto number = [&](std::int64_t value) {
    return format_minor_units(value, money ? currency_decimals : 0);
  };
  const std::int64_t bottom = money ? std::numeric_limits<std::int64_t>::min() : 0;
  const std::int64_t top = money ? std::numeric_limits<std::int64_t>::max()
                           : condition.column == ValueColumn::kFrequency
                               ? std::int64_t{std::numeric_limits<std::uint32_t>::max()}
                               : kMaxDays;
  std::string text(value_column_name(condition.column));
  if (condition.low == condition.high) {
    return text.append(" = ").append(number(condition.low));
  }
  if (condition.low <= bottom) {
    return text.append(" <= ").append(number(condition.high));
  }
  if (condition.high >= top) {
    return text.append(" >= ").append(number(condition.low));
  }
  return text.append(" ")
      .append(number(condition.low))
      .append(" to ")
      .append(number(condition.high));
}

}  // namespace models
}  // namespace quintile
