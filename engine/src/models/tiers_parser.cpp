#include "models/tiers_parser.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "query/name_hint.hpp"
#include "status/try.hpp"

namespace quintile::models {
namespace {

constexpr std::array<std::string_view, kAxisCount> kAxisKeys = {"recency", "frequency", "monetary"};
constexpr std::array<std::string_view, 4> kTierKeys = {"quantile", "ntile", "fixed", "names"};
constexpr std::array<std::string_view, 3> kMethods = {"quantile", "ntile", "fixed"};

// A bound as written, with the place to complain about.
struct Bound {
  const YamlNode* node;
  std::optional<std::int64_t> value;
};

Status read_names(std::string_view source, const YamlNode& node, RfmTiers& tiers) {
  const auto count = static_cast<std::size_t>(tiers.count);
  if (node.kind != YamlKind::kSequence || node.items.size() != count) {
    const std::string got = node.kind == YamlKind::kSequence
                                ? std::to_string(node.items.size()) + " names"
                                : describe_node(node);
    return yaml_error(
        source, node,
        "expected a list of " + std::to_string(count) + " names, best tier first, got " + got);
  }
  for (const YamlNode& item : node.items) {
    QUINTILE_ASSIGN_OR_RETURN(const std::string_view name, read_name(source, item, "a tier name"));
    if (std::find(tiers.names.begin(), tiers.names.end(), name) != tiers.names.end()) {
      return yaml_error(source, item, "tier name " + quoted_for_message(name) + " is given twice");
    }
    tiers.names.emplace_back(name);
  }
  return {};
}

// A list of bounds, worst to best, or a map from name to bound, best to worst. Gives worst to best.
Result<std::vector<Bound>> read_bounds(std::string_view source, const YamlNode& node, bool upper,
                                       const NumberFormat& format, RfmTiers& tiers) {
  std::vector<Bound> bounds;
  const auto take = [&](const YamlNode& item) -> Status {
    QUINTILE_ASSIGN_OR_RETURN(std::optional<std::int64_t> value,
                              read_bound(source, item, upper, format));
    bounds.push_back({&item, value});
    return {};
  };
  for (const YamlNode& item : node.items) {
    QUINTILE_TRY(take(item));
  }
  for (const auto& [key, value] : node.pairs) {
    QUINTILE_ASSIGN_OR_RETURN(const std::string_view name, read_name(source, key, "a tier name"));
    tiers.names.emplace_back(name);
    QUINTILE_TRY(take(value));
  }
  const bool is_list = node.kind == YamlKind::kSequence;
  if (bounds.size() < static_cast<std::size_t>(kMinTiers) ||
      bounds.size() > static_cast<std::size_t>(kMaxTiers)) {
    return yaml_error(
        source, node,
        std::string("expected 2 to 10 bounds, ") +
            (is_list ? "as a list from worst to best" : "as a map from best to worst") + ", got " +
            (is_list || node.kind == YamlKind::kMap ? std::to_string(bounds.size())
                                                    : describe_node(node)));
  }
  if (!is_list) {
    std::reverse(bounds.begin(), bounds.end());
  }
  return bounds;
}

// Bounds must get strictly better: falling days, growing counts and money.
Status check_order(std::string_view source, const std::vector<Bound>& bounds, bool upper,
                   bool is_list) {
  for (std::size_t i = 1; i < bounds.size(); ++i) {
    if (!bounds[i].value) {
      return yaml_error(source, *bounds[i].node, "only the worst tier may take any value");
    }
    const auto& worse = bounds[i - 1];
    if (!worse.value ||
        (upper ? *bounds[i].value < *worse.value : *bounds[i].value > *worse.value)) {
      continue;
    }
    // Complain at whichever of the two stands later in the file.
    const Bound& later = is_list ? bounds[i] : worse;
    const Bound& earlier = is_list ? worse : bounds[i];
    const bool must_fall = upper == is_list;
    return yaml_error(source, *later.node,
                      std::string("expected a bound ") + (must_fall ? "below " : "above ") +
                          quoted_for_message(earlier.node->text) + " before it, got " +
                          quoted_for_message(later.node->text));
  }
  return {};
}

Status read_fixed(std::string_view source, const YamlNode& node, Axis axis, int currency_decimals,
                  RfmTiers& tiers) {
  const bool upper = axis == Axis::kRecency;
  const NumberFormat format = axis_format(axis, currency_decimals);
  QUINTILE_ASSIGN_OR_RETURN(const std::vector<Bound> bounds,
                            read_bounds(source, node, upper, format, tiers));
  QUINTILE_TRY(check_order(source, bounds, upper, node.kind == YamlKind::kSequence));
  tiers.count = static_cast<int>(bounds.size());
  tiers.worst_bound = bounds.front().value;
  for (std::size_t i = 1; i < bounds.size(); ++i) {
    tiers.fixed_cuts.push_back(upper ? *bounds[i].value : *bounds[i].value - 1);
  }
  if (upper) {
    std::reverse(tiers.fixed_cuts.begin(), tiers.fixed_cuts.end());
  }
  return {};
}

Result<RfmTiers> read_axis(std::string_view source, const YamlNode& node, Axis axis,
                           int currency_decimals) {
  constexpr std::string_view kExpected =
      "one of {quantile: 5}, {ntile: 5} or {fixed: [...]}, with names if wanted";
  QUINTILE_TRY(check_keys(source, node, kExpected, kTierKeys));
  RfmTiers tiers;
  const YamlNode* value = nullptr;
  for (std::size_t i = 0; i < kMethods.size(); ++i) {
    if (const YamlNode* found = node.find(kMethods[i])) {
      if (value != nullptr) {
        return yaml_error(source, node, "expected only one of quantile, ntile and fixed, got two");
      }
      value = found;
      tiers.method = static_cast<TierMethod>(i);
    }
  }
  if (value == nullptr) {
    return yaml_expected(source, node, kExpected);
  }
  if (tiers.method == TierMethod::kFixed) {
    QUINTILE_TRY(read_fixed(source, *value, axis, currency_decimals, tiers));
  } else {
    QUINTILE_ASSIGN_OR_RETURN(const std::int64_t count,
                              read_integer(source, *value, kMinTiers, kMaxTiers));
    tiers.count = static_cast<int>(count);
  }
  if (const YamlNode* names = node.find("names")) {
    if (!tiers.names.empty()) {
      return yaml_error(source, *names, "the bounds have names already");
    }
    QUINTILE_TRY(read_names(source, *names, tiers));
  }
  return tiers;
}

Result<Window> read_window(std::string_view source, const YamlNode& node) {
  constexpr std::string_view kExpected = "a window such as 365d, 48h or 90m";
  const std::string_view text = node.text;
  if (node.kind != YamlKind::kScalar || text.size() < 2) {
    return yaml_expected(source, node, kExpected);
  }
  Window window;
  std::uint32_t per_day = 1;
  switch (text.back()) {
    case 'd':
      break;
    case 'h':
      window.unit = WindowUnit::kHours;
      per_day = 24;
      break;
    case 'm':
      window.unit = WindowUnit::kMinutes;
      per_day = 24 * 60;
      break;
    default:
      return yaml_expected(source, node, kExpected);
  }
  const char* end = text.data() + text.size() - 1;
  const auto [stop, error] = std::from_chars(text.data(), end, window.count);
  const std::uint32_t most = static_cast<std::uint32_t>(kMaxDays) * per_day;
  const bool digits = std::all_of(text.data(), end, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || stop != end || error != std::errc{} || window.count == 0 || window.count > most) {
    return yaml_expected(source, node, "a window from 1 to " + std::to_string(most) + text.back());
  }
  return window;
}

}  // namespace

NumberFormat axis_format(Axis axis, int currency_decimals) noexcept {
  // One below the limits of the column, so that a bound has a value beyond it.
  constexpr std::int64_t kMoney = std::numeric_limits<std::int64_t>::max() - 1;
  switch (axis) {
    case Axis::kRecency:
      return {"a number of days", 0, 0, kMaxDays};
    case Axis::kFrequency:
      return {"a number of purchases", 0, 0, std::numeric_limits<std::uint32_t>::max()};
    case Axis::kMonetary:
      break;
  }
  return {"an amount of money", currency_decimals, -kMoney, kMoney};
}

Result<AxisTiers> read_tiers(std::string_view source, const YamlNode& node, int currency_decimals) {
  constexpr std::string_view kExpected = "a map with recency, frequency and monetary";
  QUINTILE_TRY(check_keys(source, node, kExpected, kAxisKeys));
  AxisTiers all;
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    const YamlNode* value = node.find(kAxisKeys[i]);
    if (value == nullptr) {
      return yaml_error(
          source, node,
          "expected " + std::string(kExpected.substr(2)) + ", got no " + std::string(kAxisKeys[i]));
    }
    QUINTILE_ASSIGN_OR_RETURN(all[i],
                              read_axis(source, *value, static_cast<Axis>(i), currency_decimals));
  }
  return all;
}

Status read_windows(std::string_view source, const YamlNode& node, AxisTiers& tiers) {
  if (node.kind == YamlKind::kScalar) {
    QUINTILE_ASSIGN_OR_RETURN(const Window window, read_window(source, node));
    for (RfmTiers& axis : tiers) {
      axis.window = window;
    }
    return {};
  }
  QUINTILE_TRY(check_keys(source, node,
                          "a window such as 365d, or a map from recency, frequency and monetary to "
                          "windows",
                          kAxisKeys));
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    if (const YamlNode* value = node.find(kAxisKeys[i])) {
      QUINTILE_ASSIGN_OR_RETURN(tiers[i].window, read_window(source, *value));
    }
  }
  return {};
}

}  // namespace quintile::models
