#include "cut_words.hpp"

#include <algorithm>
#include <optional>

#include "number_text.hpp"

namespace quintile::cli {
namespace {

// How values of an axis are written.
struct ValueWords {
  Axis axis = Axis::kRecency;
  int decimals = 0;
  const char* one = "";
  const char* many = "";

  [[nodiscard]] std::string number(std::int64_t value) const { return grouped(value, decimals); }
  [[nodiscard]] std::string with_unit(std::int64_t value) const {
    return number(value) + (value == 1 ? one : many);
  }
};

ValueWords words_of(Axis axis, int currency_decimals) {
  switch (axis) {
    case Axis::kRecency:
      return {axis, 0, " day", " days"};
    case Axis::kFrequency:
      return {axis, 0, " purchase", " purchases"};
    case Axis::kMonetary:
      break;
  }
  return {axis, currency_decimals, "", ""};
}

const RfmTiers& tiers_of(const RfmModel& model, Axis axis) { return model.tiers[to_index(axis)]; }

const std::vector<std::int64_t>& cuts_of(const RfmModel& model, const RfmResult& result,
                                         Axis axis) {
  const RfmTiers& tiers = tiers_of(model, axis);
  return tiers.method == TierMethod::kFixed ? tiers.fixed_cuts : result.cuts(axis).cuts;
}

// The values above `low` up to and including `high`; none of both is an open end.
std::string range_words(const ValueWords& words, std::optional<std::int64_t> low,
                        std::optional<std::int64_t> high) {
  if (!low) {
    if (words.axis == Axis::kMonetary) {
      return "up to " + words.number(*high);
    }
    const std::int64_t first = words.axis == Axis::kFrequency ? 1 : 0;
    return first == *high ? words.with_unit(*high)
                          : words.number(first) + " to " + words.with_unit(*high);
  }
  if (!high) {
    return words.axis == Axis::kMonetary ? "more than " + words.number(*low)
                                         : words.with_unit(*low + 1) + " or more";
  }
  if (*low + 1 == *high) {
    return words.with_unit(*high);
  }
  return words.number(*low + 1) + " to " + words.with_unit(*high);
}

const char* method_name(TierMethod method) {
  switch (method) {
    case TierMethod::kQuantile:
      return "quantile";
    case TierMethod::kNtile:
      return "ntile";
    case TierMethod::kFixed:
      break;
  }
  return "fixed";
}

}  // namespace

std::vector<TierWords> tier_words(const RfmModel& model, const RfmResult& result, Axis axis,
                                  int currency_decimals) {
  const RfmTiers& tiers = tiers_of(model, axis);
  const std::vector<std::int64_t>& cuts = cuts_of(model, result, axis);
  const std::vector<int>& collapsed = result.cuts(axis).collapsed_tiers;
  const ValueWords words = words_of(axis, currency_decimals);
  std::vector<TierWords> all;
  for (int tier = 1; tier <= tiers.count; ++tier) {
    TierWords& row = all.emplace_back();
    row.name = tiers.tier_name(tier);
    row.collapsed = std::find(collapsed.begin(), collapsed.end(), tier) != collapsed.end();
    // How many cut points lie below the values of the tier: recency runs the other way.
    const int below = axis == Axis::kRecency ? tiers.count - tier : tier - 1;
    if (cuts.size() + 1 != static_cast<std::size_t>(tiers.count)) {
      row.range = "part " + std::to_string(tier) + " of " + std::to_string(tiers.count);
    } else if (result.cuts(axis).population == 0 && tiers.method != TierMethod::kFixed) {
      row.range = "no purchases";
    } else if (row.collapsed) {
      row.range = "no value falls here";
    } else {
      const auto position = static_cast<std::size_t>(below);
      row.range =
          range_words(words, below == 0 ? std::nullopt : std::optional(cuts[position - 1]),
                      position == cuts.size() ? std::nullopt : std::optional(cuts[position]));
    }
  }
  return all;
}

std::string cuts_line(const RfmModel& model, const RfmResult& result, Axis axis,
                      int currency_decimals) {
  const ValueWords words = words_of(axis, currency_decimals);
  const RfmTiers& tiers = tiers_of(model, axis);
  // Fixed tiers are shown by the bounds of the model: the least value of a tier, of recency the
  // most.
  const bool is_fixed = tiers.method == TierMethod::kFixed;
  const std::int64_t to_bound = is_fixed && axis != Axis::kRecency ? 1 : 0;
  std::string line(axis_name(axis));
  line += !is_fixed ? ": " : axis == Axis::kRecency ? ": up to " : ": from ";
  std::int64_t last = 0;
  const std::vector<std::int64_t>& cuts = cuts_of(model, result, axis);
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    last = cuts[i] + to_bound;
    line += (i == 0 ? "" : "  ") + words.number(last);
  }
  line += cuts.empty() ? "no cut points" : cuts.size() == 1 && last == 1 ? words.one : words.many;
  return line + " (" + method_name(tiers.method) + " " + std::to_string(tiers.count) + ")";
}

std::string method_words(const RfmTiers& tiers) {
  const std::string groups = std::to_string(tiers.count) + " groups";
  switch (tiers.method) {
    case TierMethod::kQuantile:
      return groups + " of about equal size; equal values stay together.";
    case TierMethod::kNtile:
      return groups + " of equal size.";
    case TierMethod::kFixed:
      break;
  }
  return groups + " with fixed bounds.";
}

std::string window_words(const Window& window) {
  switch (window.unit) {
    case WindowUnit::kDays:
      return counted(window.count, "day", "days");
    case WindowUnit::kHours:
      return counted(window.count, "hour", "hours");
    case WindowUnit::kMinutes:
      break;
  }
  return counted(window.count, "minute", "minutes");
}

std::string model_window_words(const RfmModel& model) {
  const std::optional<Window>& first = model.tiers[0].window;
  bool same = true;
  bool any = false;
  for (const RfmTiers& tiers : model.tiers) {
    same = same && tiers.window == first;
    any = any || tiers.window.has_value();
  }
  if (!any) {
    return {};
  }
  return same ? "the last " + window_words(*first) : "the window";
}

}  // namespace quintile::cli
