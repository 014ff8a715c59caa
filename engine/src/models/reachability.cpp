// What a model can say about nobody.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "models/class_map.hpp"

namespace quintile {
namespace models {
namespace {

// For every class of the map: whether a rule of it could take some contact if it stood alone, and
// whether it takes one where it stands.
struct ClassUse {
  std::vector<bool> possible;
  std::vector<bool> taken;
  std::vector<const ClassRule*> pending;  // rules of classes that are not possible yet
};

void use_cell(const RfmModel& model, const CellWinners& winners, const ValueSpace& space,
              const std::array<unsigned, kAxisCount>& cell, ClassUse& use) {
  const unsigned r = cell[0];
  const unsigned f = cell[1];
  const unsigned m = cell[2];
  for (const std::uint64_t flags : feasible_flags(space, r, f, m)) {
    const std::uint16_t winner = winners.at(r, f, m, flags);
    if (winner != kNoRule) {
      use.taken[model.rules[winner].code] = true;
    } else if (model.otherwise) {
      use.taken[*model.otherwise] = true;
    }
    std::erase_if(use.pending, [&](const ClassRule* rule) {
      if (!use.possible[rule->code] && rule_matches(*rule, r, f, m, flags)) {
        use.possible[rule->code] = true;
      }
      return use.possible[rule->code];
    });
  }
}

ClassUse find_use(const RfmModel& model, const CellWinners& winners, const ValueSpace& space) {
  ClassUse use{
      std::vector<bool>(model.map_class_count()), std::vector<bool>(model.map_class_count()), {}};
  for (const ClassRule& rule : model.rules) {
    use.pending.push_back(&rule);
  }
  const auto count = [&](Axis axis) { return static_cast<unsigned>(model.axis(axis).count); };
  if (model.otherwise) {
    use.possible[*model.otherwise] = true;
  }
  for (unsigned r = 1; r <= count(Axis::kRecency); ++r) {
    for (unsigned f = 1; f <= count(Axis::kFrequency); ++f) {
      for (unsigned m = 1; m <= count(Axis::kMonetary); ++m) {
        use_cell(model, winners, space, {r, f, m}, use);
      }
    }
  }
  return use;
}

std::vector<CollapsedCuts> find_collapsed(const RfmModel& model, const RfmCuts& cuts) {
  std::vector<CollapsedCuts> found;
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    if (model.tiers[i].method != TierMethod::kQuantile) {
      continue;
    }
    const auto& values = cuts[i].cuts;
    for (std::size_t first = 0; first < values.size();) {
      std::size_t last = first;
      while (last + 1 < values.size() && values[last + 1] == values[first]) {
        ++last;
      }
      if (last > first) {
        found.push_back({static_cast<Axis>(i), static_cast<std::uint32_t>(first),
                         static_cast<std::uint32_t>(last - first + 1), values[first]});
      }
      first = last + 1;
    }
  }
  return found;
}

// Whether a rule of the class matches a cell without an empty tier.
bool has_inhabited_cell(const RfmModel& model, std::size_t code,
                        const std::array<std::vector<std::uint8_t>, kAxisCount>& empty_tiers) {
  const auto count = [&](Axis axis) { return static_cast<unsigned>(model.axis(axis).count); };
  const auto inhabited = [&](Axis axis, unsigned tier) {
    const auto& empty = empty_tiers[to_index(axis)];
    return std::find(empty.begin(), empty.end(), tier) == empty.end();
  };
  const auto matched = [&](unsigned r, unsigned f, unsigned m) {
    return std::any_of(model.rules.begin(), model.rules.end(), [&](const ClassRule& rule) {
      return rule.code == code && rule_matches(rule, r, f, m, rule.conditions);
    });
  };
  for (unsigned r = 1; r <= count(Axis::kRecency); ++r) {
    for (unsigned f = 1; f <= count(Axis::kFrequency); ++f) {
      for (unsigned m = 1; m <= count(Axis::kMonetary); ++m) {
        if (inhabited(Axis::kRecency, r) && inhabited(Axis::kFrequency, f) &&
            inhabited(Axis::kMonetary, m) && matched(r, f, m)) {
          return true;
        }
      }
    }
  }
  return false;
}

// Why a class that the model's text allows holds nobody with the cut points of `now`.
ClassReach lost_by_cuts(const RfmModel& model, std::size_t code, const ClassUse& now,
                        const RfmReachability& found) {
  if (now.possible[code]) {
    return ClassReach::kShadowedByCuts;
  }
  return has_inhabited_cell(model, code, found.empty_tiers) ? ClassReach::kImpossibleByCuts
                                                            : ClassReach::kCollapsed;
}

RfmReachability reach(const RfmModel& model, const RfmCuts* cuts) {
  const CellWinners winners(model);
  const ClassUse use = find_use(model, winners, make_value_space(model, nullptr));
  RfmReachability result;
  result.classes.assign(model.classes.size(), ClassReach::kReachable);
  for (std::size_t code = 0; code < model.map_class_count(); ++code) {
    if (!use.taken[code]) {
      result.classes[code] = use.possible[code] ? ClassReach::kShadowed : ClassReach::kImpossible;
    }
  }
  const bool windows = std::any_of(model.tiers.begin(), model.tiers.end(),
                                   [](const RfmTiers& tiers) { return tiers.window.has_value(); });
  if (!windows) {
    result.classes[model.lapsed_code()] = ClassReach::kImpossible;
  }
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    result.empty_tiers[i] = find_empty_tiers(model, static_cast<Axis>(i), cuts);
  }
  if (cuts != nullptr) {
    result.collapsed = find_collapsed(model, *cuts);
    const ClassUse now = find_use(model, winners, make_value_space(model, cuts));
    for (std::size_t code = 0; code < model.map_class_count(); ++code) {
      if (use.taken[code] && !now.taken[code]) {
        result.classes[code] = lost_by_cuts(model, code, now, result);
      }
    }
  }
  return result;
}

std::string class_finding(const RfmModel& model, std::size_t code, ClassReach reach) {
  std::string text = "class " + model.classes[code] + " can hold no contact: ";
  switch (reach) {
    case ClassReach::kImpossible:
      return text + "its ranges and conditions exclude each other";
    case ClassReach::kShadowed:
      return text + "classes before it take all it could match";
    case ClassReach::kCollapsed:
      return text + "it needs tiers that are empty at these cut points";
    case ClassReach::kImpossibleByCuts:
      return text + "at these cut points its ranges, conditions and windows exclude each other";
    case ClassReach::kShadowedByCuts:
      return text + "at these cut points classes before it take all it could match";
    case ClassReach::kReachable:
      break;
  }
  return {};
}

std::string collapsed_finding(const CollapsedCuts& cuts) {
  return std::string(axis_name(cuts.axis)) + ": cut points " + std::to_string(cuts.first_cut + 1) +
         " to " + std::to_string(cuts.first_cut + cuts.cut_count) +
         " are equal (many contacts share one value)";
}

std::string empty_tier_finding(const RfmModel& model, std::size_t axis, std::uint8_t tier) {
  const RfmTiers& tiers = model.tiers[axis];
  std::string text(axis_name(static_cast<Axis>(axis)));
  text.append(": tier ").append(std::to_string(tier));
  if (!tiers.names.empty()) {
    text.append(" (").append(tiers.tier_name(tier)).append(")");
  }
  return text.append(" can hold no contact");
}

}  // namespace
}  // namespace models

bool RfmReachability::everything_reachable() const noexcept {
  const auto is_empty = [](const auto& list) { return list.empty(); };
  // The last two are prospect and lapsed, which no class map can reach or miss.
  return collapsed.empty() && std::all_of(empty_tiers.begin(), empty_tiers.end(), is_empty) &&
         std::all_of(classes.begin(),
                     classes.end() - std::min<std::ptrdiff_t>(2, std::ssize(classes)),
                     [](ClassReach reach) { return reach == ClassReach::kReachable; });
}

std::vector<std::string> RfmReachability::describe(const RfmModel& model) const {
  std::vector<std::string> lines;
  for (const CollapsedCuts& cuts : collapsed) {
    lines.push_back(models::collapsed_finding(cuts));
  }
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    for (const std::uint8_t tier : empty_tiers[axis]) {
      lines.push_back(models::empty_tier_finding(model, axis, tier));
    }
  }
  for (std::size_t code = 0; code < std::min(classes.size(), model.map_class_count()); ++code) {
    if (classes[code] != ClassReach::kReachable) {
      lines.push_back(models::class_finding(model, code, classes[code]));
    }
  }
  return lines;
}

RfmReachability rfm_reachability(const RfmModel& model) { return models::reach(model, nullptr); }

RfmReachability rfm_reachability(const RfmModel& model, const RfmCuts& cuts) {
  return models::reach(model, &cuts);
}

}  // namespace quintile
