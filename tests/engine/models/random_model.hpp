// Random models over small numbers, so that all their contacts can be written out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <rapidcheck.h>
#include <vector>

#include "quintile/model.hpp"

namespace quintile {

inline constexpr std::int64_t kSmallest = -2;  // conditions and cuts lie in kSmallest .. kLargest
inline constexpr std::int64_t kLargest = 4;

inline RfmTiers random_fixed_tiers() {
  RfmTiers tiers;
  tiers.method = TierMethod::kFixed;
  std::vector<std::int64_t> cuts =
      *rc::gen::resize(4, rc::gen::unique<std::vector<std::int64_t>>(
                              rc::gen::inRange<std::int64_t>(kSmallest, kLargest + 1)));
  if (cuts.empty()) {
    cuts = {1};
  }
  std::sort(cuts.begin(), cuts.end());
  tiers.fixed_cuts = cuts;
  tiers.count = static_cast<int>(cuts.size()) + 1;
  if (*rc::gen::weightedElement<bool>({{3, false}, {1, true}})) {
    tiers.window = Window{*rc::gen::inRange<std::uint32_t>(1, 5), WindowUnit::kDays};
  }
  return tiers;
}

inline ValueCondition random_condition() {
  ValueCondition condition;
  condition.column = static_cast<ValueColumn>(*rc::gen::inRange(0, 4));
  const std::int64_t low = *rc::gen::inRange<std::int64_t>(kSmallest, kLargest + 1);
  const std::int64_t high = *rc::gen::inRange<std::int64_t>(low, kLargest + 1);
  const int shape = *rc::gen::inRange(0, 3);
  condition.low = shape == 0 ? std::numeric_limits<std::int64_t>::min() : low;
  condition.high = shape == 1 ? std::numeric_limits<std::int64_t>::max() : high;
  return condition;
}

inline TierRange random_range(int count) {
  const int low = *rc::gen::inRange(1, count + 1);
  const int high = *rc::gen::inRange(low, count + 1);
  return {static_cast<std::uint8_t>(low), static_cast<std::uint8_t>(high)};
}

inline ClassRule random_rule(const RfmModel& model) {
  ClassRule rule;
  const auto count = [&](Axis axis) { return model.axis(axis).count; };
  const auto often = [] { return *rc::gen::weightedElement<bool>({{2, true}, {1, false}}); };
  rule.code = static_cast<std::uint8_t>(*rc::gen::inRange<std::size_t>(0, model.map_class_count()));
  rule.r = often() ? random_range(count(Axis::kRecency)) : TierRange{};
  rule.f = often() ? random_range(count(Axis::kFrequency)) : TierRange{};
  rule.m = often() ? random_range(count(Axis::kMonetary)) : TierRange{};
  rule.fm = often() ? TierRange{} : random_range(4);
  for (std::size_t i = 0; i < model.conditions.size(); ++i) {
    if (!often()) {
      rule.conditions |= std::uint64_t{1} << i;
    }
  }
  return rule;
}

// A model that is complete but for its table, with up to `most_conditions` tries at a condition.
inline RfmModel random_model(int most_conditions = 5) {
  RfmModel model;
  model.name = "random";
  for (RfmTiers& tiers : model.tiers) {
    tiers = random_fixed_tiers();
  }
  model.monetary = static_cast<MonetaryMeasure>(*rc::gen::inRange(0, 3));
  model.zero_is_purchase = *rc::gen::arbitrary<bool>();
  model.classes = {"one", "two", "three", "prospect", "lapsed"};
  const int conditions = *rc::gen::inRange(0, most_conditions + 1);
  for (int i = 0; i < conditions; ++i) {
    const ValueCondition condition = random_condition();
    if (std::find(model.conditions.begin(), model.conditions.end(), condition) ==
        model.conditions.end()) {
      model.conditions.push_back(condition);
    }
  }
  if (model.axis(Axis::kRecency).window) {
    const ValueCondition ever{ValueColumn::kFirstDays, 0, kMaxDays};
    model.conditions.push_back(ever);
  }
  const int rules = *rc::gen::inRange(0, 7);
  for (int i = 0; i < rules; ++i) {
    model.rules.push_back(random_rule(model));
  }
  if (*rc::gen::arbitrary<bool>()) {
    model.otherwise = std::uint8_t{1};
  }
  return model;
}

// What one contact has.
struct Contact {
  std::int64_t recency_days = 0;
  std::int64_t first_days = 0;
  std::int64_t frequency = 1;
  std::int64_t monetary = 0;
};

inline std::uint64_t naive_flags(const RfmModel& model, const Contact& contact) {
  std::uint64_t flags = 0;
  for (std::size_t i = 0; i < model.conditions.size(); ++i) {
    const ValueCondition& condition = model.conditions[i];
    std::int64_t value = contact.monetary;
    if (condition.column == ValueColumn::kRecencyDays) {
      value = contact.recency_days;
    } else if (condition.column == ValueColumn::kFirstDays) {
      value = contact.first_days;
    } else if (condition.column == ValueColumn::kFrequency) {
      value = contact.frequency;
    }
    flags |= std::uint64_t{value >= condition.low && value <= condition.high} << i;
  }
  return flags;
}

inline unsigned naive_tier(const RfmModel& model, Axis axis, std::int64_t value) {
  const RfmTiers& tiers = model.axis(axis);
  unsigned below = 0;
  for (const std::int64_t cut : tiers.fixed_cuts) {
    below += cut < value ? 1 : 0;
  }
  return axis == Axis::kRecency ? static_cast<unsigned>(tiers.count) - below : 1 + below;
}

// The first rule that matches, or -1.
inline int naive_rule(const RfmModel& model, unsigned r, unsigned f, unsigned m,
                      std::uint64_t flags) {
  for (std::size_t i = 0; i < model.rules.size(); ++i) {
    const ClassRule& rule = model.rules[i];
    const unsigned fm = (f + m + 1) / 2;
    bool holds = r >= rule.r.low && r <= rule.r.high && f >= rule.f.low && f <= rule.f.high &&
                 m >= rule.m.low && m <= rule.m.high && fm >= rule.fm.low && fm <= rule.fm.high;
    for (unsigned bit = 0; bit < kMaxConditions; ++bit) {
      if ((rule.conditions >> bit & 1U) != 0 && (flags >> bit & 1U) == 0) {
        holds = false;
      }
    }
    if (holds) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

// Call visit(contact) for every contact with a purchase in all windows whose values are small;
// larger values behave as the largest do.
template <class Visit>
void for_each_contact(const RfmModel& model, const Visit& visit) {
  std::int64_t most_days = kLargest + 2;
  for (const RfmTiers& tiers : model.tiers) {
    if (tiers.window) {
      most_days = std::min<std::int64_t>(most_days, tiers.window->count - 1);
    }
  }
  const bool only_positive = model.monetary != MonetaryMeasure::kNet;
  const std::int64_t least = only_positive ? (model.zero_is_purchase ? 0 : 1) : kSmallest - 2;
  for (std::int64_t recency = 0; recency <= most_days; ++recency) {
    for (std::int64_t first = recency; first <= kLargest + 2; ++first) {
      for (std::int64_t frequency = 1; frequency <= kLargest + 2; ++frequency) {
        if (frequency == 1 && !model.axis(Axis::kFrequency).window && first != recency) {
          continue;
        }
        for (std::int64_t monetary = least; monetary <= kLargest + 2; ++monetary) {
          visit(Contact{recency, first, frequency, monetary});
        }
      }
    }
  }
}

}  // namespace quintile
