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

// The code of a contact with a zero among its tiers.
std::uint8_t code_without_purchase(const RfmModel& model, unsigned r, std::uint64_t flags) {
  if (!model.axis(Axis::kRecency).window) {
    return r == 0 ? model.prospect_code() : model.lapsed_code();
  }
  const ValueCondition ever{ValueColumn::kFirstDays, 0, kMaxDays};
  const auto found = std::find(model.conditions.begin(), model.conditions.end(), ever);
  const auto bit = static_cast<unsigned>(found - model.conditions.begin());
  return (flags >> bit & 1U) != 0 ? model.lapsed_code() : model.prospect_code();
}

}  // namespace

bool rule_matches(const ClassRule& rule, unsigned r, unsigned f, unsigned m,
                  std::uint64_t flags) noexcept {
  return within(r, rule.r) && within(f, rule.f) && within(m, rule.m) &&
         within((f + m + 1) / 2, rule.fm) && (flags & rule.conditions) == rule.conditions;
}

CellWinners::CellWinners(const RfmModel& model)
    : stride_r_(width(model, Axis::kMonetary) * width(model, Axis::kFrequency)),
      stride_f_(width(model, Axis::kMonetary)),
      candidates_(std::size_t{stride_r_} * width(model, Axis::kRecency)) {
  for (std::size_t cell = 0; cell < candidates_.size(); ++cell) {
    const auto r = static_cast<unsigned>(cell / stride_r_);
    const auto f = static_cast<unsigned>(cell % stride_r_ / stride_f_);
    const auto m = static_cast<unsigned>(cell % stride_f_);
    for (std::size_t i = 0; r != 0 && f != 0 && m != 0 && i < model.rules.size(); ++i) {
      const ClassRule& rule = model.rules[i];
      if (rule_matches(rule, r, f, m, rule.conditions)) {
        candidates_[cell].push_back({rule.conditions, static_cast<std::uint16_t>(i)});
      }
    }
  }
}

std::uint16_t CellWinners::at(unsigned r, unsigned f, unsigned m,
                              std::uint64_t flags) const noexcept {
  for (const Candidate& candidate : candidates_[r * stride_r_ + f * stride_f_ + m]) {
    if ((flags & candidate.conditions) == candidate.conditions) {
      return candidate.rule;
    }
  }
  return kNoRule;
}

ClassTable make_class_table(const RfmModel& model, const CellWinners& winners) {
  ClassTable table;
  table.condition_count = model.conditions.size();
  table.stride_r = winners.stride_r();
  table.stride_f = winners.stride_f();
  const unsigned combinations = 1U << table.condition_count;
  table.codes.reserve(winners.cells() << table.condition_count);
  for (unsigned cell = 0; cell < winners.cells(); ++cell) {
    const unsigned r = cell / table.stride_r;
    const unsigned f = cell % table.stride_r / table.stride_f;
    const unsigned m = cell % table.stride_f;
    const bool bought = r != 0 && f != 0 && m != 0;
    for (unsigned flags = 0; flags < combinations; ++flags) {
      const std::uint16_t rule = winners.at(r, f, m, flags);
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

namespace quintile {

std::uint64_t RfmModel::condition_flags(std::int64_t recency_days, std::int64_t first_days,
                                        std::int64_t frequency, std::int64_t money) const noexcept {
  const std::array<std::int64_t, kValueColumns> values = {recency_days, first_days, frequency,
                                                          money};
  std::uint64_t flags = 0;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const ValueCondition& condition = conditions[i];
    const std::int64_t value = values[static_cast<std::size_t>(condition.column)];
    const bool is_days = condition.column == ValueColumn::kRecencyDays ||
                         condition.column == ValueColumn::kFirstDays;
    const bool holds = value >= condition.low && value <= condition.high;
    flags |= std::uint64_t{holds && !(is_days && value > kMaxDays)} << i;
  }
  return flags;
}

std::uint8_t RfmModel::class_code(unsigned r, unsigned f, unsigned m,
                                  std::uint64_t flags) const noexcept {
  if (!table.codes.empty()) {
    return table.codes[table.index(r, f, m, static_cast<unsigned>(flags))];
  }
  if (r == 0 || f == 0 || m == 0) {
    return models::code_without_purchase(*this, r, flags);
  }
  for (const ClassRule& rule : rules) {
    if (models::rule_matches(rule, r, f, m, flags)) {
      return rule.code;
    }
  }
  return otherwise.value_or(kNoClass);
}

}  // namespace quintile
