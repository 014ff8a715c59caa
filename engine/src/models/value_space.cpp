// What values contacts can have, cut where conditions change.
#include <algorithm>
#include <limits>
#include <optional>

#include "models/class_map.hpp"

namespace quintile::models {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

struct Range {
  std::int64_t low;
  std::int64_t high;
};

// The most local days that can lie between a purchase in the window and as_of.
std::int64_t window_days(const Window& window) {
  constexpr std::uint32_t kMinutesPerDay = 24 * 60;
  switch (window.unit) {
    case WindowUnit::kDays:
      return std::int64_t{window.count} - 1;
    case WindowUnit::kHours:
      // One day more where the window crosses midnight, one for a change of the clocks.
      return std::int64_t{window.count} / 24 + 2;
    case WindowUnit::kMinutes:
      break;
  }
  return std::int64_t{window.count} / kMinutesPerDay + 2;
}

enum class Windows : std::uint8_t { kOwn, kAll };

// What a contact can have with a purchase in the window of the axis, or in those of all axes.
Range domain(const RfmModel& model, Axis axis, Windows windows) {
  if (axis == Axis::kFrequency) {
    return {1, std::numeric_limits<std::uint32_t>::max()};
  }
  if (axis == Axis::kMonetary) {
    return {model.monetary == MonetaryMeasure::kNet ? kLowest
            : model.zero_is_purchase                ? 0
                                                    : 1,
            kHighest};
  }
  std::int64_t days = kMaxDays;
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    const RfmTiers& tiers = model.tiers[i];
    if (tiers.window && (windows == Windows::kAll || static_cast<Axis>(i) == axis)) {
      days = std::min(days, window_days(*tiers.window));
    }
  }
  return {0, days};
}

// The values of a tier, by cut points that read as those of all methods do.
Range tier_range(const std::vector<std::int64_t>& cuts, std::size_t below, Range all) {
  if (below > 0) {
    const std::int64_t cut = cuts[below - 1];
    if (cut == kHighest) {
      return {1, 0};
    }
    all.low = std::max(all.low, cut + 1);
  }
  if (below < cuts.size()) {
    all.high = std::min(all.high, cuts[below]);
  }
  return all;
}

std::uint64_t flags_at(const RfmModel& model, ValueColumn column, std::int64_t value) {
  std::uint64_t flags = 0;
  for (std::size_t i = 0; i < model.conditions.size(); ++i) {
    const ValueCondition& condition = model.conditions[i];
    if (condition.column == column && condition.low <= value && value <= condition.high) {
      flags |= std::uint64_t{1} << i;
    }
  }
  return flags;
}

Pieces cut_range(const RfmModel& model, ValueColumn column, Range range) {
  Pieces pieces;
  if (range.low > range.high) {
    return pieces;
  }
  // The first value of every piece.
  std::vector<std::int64_t> starts = {range.low};
  for (const ValueCondition& condition : model.conditions) {
    if (condition.column != column) {
      continue;
    }
    if (condition.low > range.low && condition.low <= range.high) {
      starts.push_back(condition.low);
    }
    if (condition.high >= range.low && condition.high < range.high) {
      starts.push_back(condition.high + 1);
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::int64_t high = i + 1 < starts.size() ? starts[i + 1] - 1 : range.high;
    pieces.push_back({starts[i], high, flags_at(model, column, starts[i])});
  }
  return pieces;
}

// The cut points to reason with; nothing where tiers do not follow from values that are known.
std::optional<std::vector<std::int64_t>> known_cuts(const RfmModel& model, Axis axis,
                                                    const RfmCuts* cuts) {
  const RfmTiers& tiers = model.axis(axis);
  if (tiers.method == TierMethod::kFixed) {
    return tiers.fixed_cuts;
  }
  if (tiers.method == TierMethod::kNtile || cuts == nullptr) {
    return std::nullopt;
  }
  const auto& values = (*cuts)[to_index(axis)].cuts;
  if (values.size() + 1 != static_cast<std::size_t>(tiers.count)) {
    return std::nullopt;
  }
  return values;
}

// The values of every tier (index tier - 1), out of `all`; empty ranges for tiers that hold none.
std::vector<Range> tier_ranges(const RfmModel& model, Axis axis, const RfmCuts* cuts, Range all) {
  const RfmTiers& tiers = model.axis(axis);
  const auto count = static_cast<std::size_t>(tiers.count);
  const auto known = known_cuts(model, axis, cuts);
  const bool by_population = known && tiers.method == TierMethod::kQuantile && cuts != nullptr;
  std::vector<Range> result(count, all);
  for (std::size_t below = 0; known && below < count; ++below) {
    const std::size_t tier = axis == Axis::kRecency ? count - below : below + 1;
    result[tier - 1] = tier_range(*known, below, all);
    if (by_population && below + 1 == count) {
      const auto& highest = (*cuts)[to_index(axis)].highest;
      if (highest && *highest <= known->back()) {
        result[tier - 1] = {1, 0};
      }
    }
  }
  return result;
}

std::vector<Pieces> tier_pieces(const RfmModel& model, Axis axis, const RfmCuts* cuts) {
  constexpr std::array<ValueColumn, kAxisCount> kColumns = {
      ValueColumn::kRecencyDays, ValueColumn::kFrequency, ValueColumn::kMonetary};
  std::vector<Pieces> result;
  for (const Range& range : tier_ranges(model, axis, cuts, domain(model, axis, Windows::kAll))) {
    result.push_back(cut_range(model, kColumns[to_index(axis)], range));
  }
  return result;
}

}  // namespace

bool ValueSpace::feasible(const ValuePiece& recency, const ValuePiece& frequency,
                          const ValuePiece& first) const noexcept {
  if (single_purchase_is_first && frequency.high == 1) {
    return std::max(recency.low, first.low) <= std::min(recency.high, first.high);
  }
  return first.high >= recency.low;
}

ValueSpace make_value_space(const RfmModel& model, const RfmCuts* cuts) {
  ValueSpace space;
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    space.tiers[i] = tier_pieces(model, static_cast<Axis>(i), cuts);
  }
  space.first_days = cut_range(model, ValueColumn::kFirstDays, {0, kMaxDays});
  space.single_purchase_is_first = !model.axis(Axis::kFrequency).window;
  return space;
}

std::vector<std::uint8_t> find_empty_tiers(const RfmModel& model, Axis axis, const RfmCuts* cuts) {
  std::vector<std::uint8_t> empty;
  std::uint8_t tier = 0;
  for (const Range& range : tier_ranges(model, axis, cuts, domain(model, axis, Windows::kOwn))) {
    ++tier;
    if (range.low > range.high) {
      empty.push_back(tier);
    }
  }
  return empty;
}

std::size_t count_stretches(const RfmModel& model) {
  constexpr Range kDays{0, kMaxDays};
  constexpr Range kPurchases{0, std::numeric_limits<std::uint32_t>::max()};
  return cut_range(model, ValueColumn::kRecencyDays, kDays).size() *
         cut_range(model, ValueColumn::kFirstDays, kDays).size() *
         cut_range(model, ValueColumn::kFrequency, kPurchases).size() *
         cut_range(model, ValueColumn::kMonetary, {kLowest, kHighest}).size();
}

std::vector<std::uint64_t> feasible_flags(const ValueSpace& space, unsigned r, unsigned f,
                                          unsigned m) {
  std::vector<std::uint64_t> found;
  for (const ValuePiece& recency : space.tiers[to_index(Axis::kRecency)][r - 1]) {
    for (const ValuePiece& frequency : space.tiers[to_index(Axis::kFrequency)][f - 1]) {
      for (const ValuePiece& first : space.first_days) {
        if (!space.feasible(recency, frequency, first)) {
          continue;
        }
        for (const ValuePiece& monetary : space.tiers[to_index(Axis::kMonetary)][m - 1]) {
          found.push_back(recency.flags | frequency.flags | first.flags | monetary.flags);
        }
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace quintile::models
