// Cut points and windows as a person would say them.
#pragma once

#include <string>
#include <vector>

#include <quintile/generation.hpp>
#include <quintile/model.hpp>

namespace quintile::cli {

// One tier of one axis.
struct TierWords {
  std::string name;        // as the model names it, else its number
  std::string range;       // "18 to 50 days"
  bool collapsed = false;  // no value can be in it
};

// The tiers of an axis from 1 (worst) to k (best).
[[nodiscard]] std::vector<TierWords> tier_words(const RfmModel& model, const RfmResult& result,
                                                Axis axis, int currency_decimals);

// "recency: 17, 50, 142, 262 days (quantile 5)"
[[nodiscard]] std::string cuts_line(const RfmModel& model, const RfmResult& result, Axis axis,
                                    int currency_decimals);

// "5 groups of about equal size; equal values stay together"
[[nodiscard]] std::string method_words(const RfmTiers& tiers);

// "365 days"
[[nodiscard]] std::string window_words(const Window& window);
// "the last 365 days" if all axes share that window, "their windows" if they differ, empty without.
[[nodiscard]] std::string model_window_words(const RfmModel& model);

}  // namespace quintile::cli
