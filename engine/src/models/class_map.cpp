#include "models/class_map.hpp"

#include <algorithm>

namespace quintile::models {
namespace {

// The tiers of one axis, from 0.
unsigned width(const RfmModel& model, Axis axis) {
  return static_cast<unsigned>(model.axis(axis).count) + 1;
}

bool within(unsigned value, const TierRange& range) {
  return value >= range.low && value <= range.high;
}

// Write `rule` for every combination of flags at one cell that has all its conditions.
void paint_cell(const ClassRule& rule, std::uint16_t index, std::size_t combinations,
                std::uint16_t* cell) {
  for (std::size_t flags = 0; flags < combinations; ++flags) {
    if ((flags & rule.conditions) == rule.conditions) {
      cell[flags] = index;
    }
  }
}

void paint_rule(const RfmModel& model, std::uint16_t index, CellWinners& winners) {
  const ClassRule& rule = model.rules[index];
  const std::size_t combinations = std::size_t{1} << winners.condition_count;
  const unsigned last_r = std::min<unsigned>(rule.r.high, width(model, Axis::kRecency) - 1);
  const unsigned last_f = std::min<unsigned>(rule.f.high, width(model, Axis::kFrequency) - 1);
  const unsigned last_m = std::min<unsigned>(rule.m.high, width(model, Axis::kMonetary) - 1);
  for (unsigned r = rule.r.low; r <= last_r; ++r) {
    for (unsigned f = rule.f.low; f <= last_f; ++f) {
      for (unsigned m = rule.m.low; m <= last_m; ++m) {
        if (within((f + m + 1) / 2, rule.fm)) {
          paint_cell(rule, index, combinations, &winners.rules[winners.index(r, f, m, 0)]);
        }
      }
    }
  }
}

// The code of a contact with a zero among its tiers.
std::uint8_t code_without_purchase(const RfmModel& model, unsigned r, unsigned flags) {
  if (!model.axis(Axis::kRecency).window) {
    return r == 0 ? model.prospect_code() : model.lapsed_code();
  }
  const ValueCondition ever{ValueColumn::kFirstDays, 0, kMaxDays};
  const auto found = std::find(model.conditions.begin(), model.conditions.end(), ever);
  const auto bit = static_cast<unsigned>(found - model.conditions.begin());
  return (flags >> bit & 1U) != 0 ? model.lapsed_code() : model.prospect_code();
}

}  // namespace

CellWinners find_winners(const RfmModel& model) {
  CellWinners winners;
  winners.condition_count = model.conditions.size();
  winners.stride_f = width(model, Axis::kMonetary);
  winners.stride_r = winners.stride_f * width(model, Axis::kFrequency);
  const std::size_t cells = std::size_t{winners.stride_r} * width(model, Axis::kRecency);
  winners.rules.assign(cells << winners.condition_count, kNoRule);
  // Last rule first, so that the first match is what stays.
  for (std::size_t index = model.rules.size(); index-- > 0;) {
    paint_rule(model, static_cast<std::uint16_t>(index), winners);
  }
  return winners;
}

ClassTable make_class_table(const RfmModel& model, const CellWinners& winners) {
  ClassTable table;
  table.condition_count = winners.condition_count;
  table.stride_r = winners.stride_r;
  table.stride_f = winners.stride_f;
  table.codes.reserve(winners.rules.size());
  const unsigned combinations = 1U << winners.condition_count;
  const auto cells = static_cast<unsigned>(winners.rules.size() >> winners.condition_count);
  for (unsigned cell = 0; cell < cells; ++cell) {
    const unsigned r = cell / winners.stride_r;
    const unsigned f = cell % winners.stride_r / winners.stride_f;
    const unsigned m = cell % winners.stride_f;
    const bool bought = r != 0 && f != 0 && m != 0;
    for (unsigned flags = 0; flags < combinations; ++flags) {
      const std::uint16_t rule = winners.rules[winners.index(r, f, m, flags)];
      if (!bought) {
        table.codes.push_back(code_without_purchase(model, r, flags));
      } else if (rule != kNoRule) {
        table.codes.push_back(model.rules[rule].code);
      } else {
        table.codes.push_back(model.otherwise.value_or(kNoClass));
      }
    }
  }
  return table;
}

}  // namespace quintile::models
