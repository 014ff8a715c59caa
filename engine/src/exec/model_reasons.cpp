#include "exec/model_reasons.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "exec/rfm_context.hpp"
#include "models/class_map.hpp"
#include "models/describe.hpp"
#include "quintile/decimal.hpp"
#include "quintile/model.hpp"

namespace quintile {

namespace {

std::string days_text(std::uint16_t days) {
  return days == kNoRecency ? "none" : std::to_string(days) + (days == 1 ? " day" : " days");
}

std::string axis_value(const RfmData& data, Axis axis, std::size_t row) {
  switch (axis) {
    case Axis::kRecency:
      return days_text(data.recency[row]);
    case Axis::kFrequency:
      return std::to_string(data.frequency[row]);
    case Axis::kMonetary:
      break;
  }
  if (data.mean && !test_bit(data.monetary_valid.span(), row)) {
    return "none";
  }
  return format_minor_units(data.monetary[row], data.definition->currency_decimals);
}

std::string cuts_text(const RfmModel& model, const AxisCuts& cuts, Axis axis) {
  const RfmTiers& tiers = model.axis(axis);
  if (tiers.method == TierMethod::kNtile) {
    return "ntile " + std::to_string(tiers.count) + ", by rank";
  }
  std::string text = (tiers.method == TierMethod::kFixed ? "fixed " : "quantile ") +
                     std::to_string(tiers.count) + ", cut points";
  for (std::size_t i = 0; i < cuts.cuts.size(); ++i) {
    text.append(i == 0 ? " " : ", ")
        .append(axis == Axis::kMonetary ? format_minor_units(cuts.cuts[i], model.currency_decimals)
                                        : std::to_string(cuts.cuts[i]));
  }
  return text;
}

std::string axis_reason(const RfmData& data, Axis axis, std::size_t row) {
  constexpr std::array<std::string_view, kAxisCount> kLetters = {"r", "f", "m"};
  const int tier = data.tiers[to_index(axis)][row];
  const RfmTiers& tiers = data.definition->axis(axis);
  std::string text = data.model + ": " + std::string(axis_name(axis)) + " " +
                     axis_value(data, axis, row) + " -> " + std::string(kLetters[to_index(axis)]) +
                     " " + std::to_string(tier);
  if (tier == 0) {
    return text + " (no purchase in the window)";
  }
  if (!tiers.names.empty()) {
    text.append(" '").append(tiers.tier_name(tier)).append("'");
  }
  return text + " (" + cuts_text(*data.definition, data.cuts[to_index(axis)], axis) + ")";
}

void append_range(std::string& text, std::string_view name, const TierRange& range, int most) {
  if (range.low <= 1 && range.high >= most) {
    return;
  }
  text.append(text.empty() ? "" : ", ").append(name).append(" ").append(std::to_string(range.low));
  if (range.high != range.low) {
    text.append(" to ").append(std::to_string(std::min<int>(range.high, most)));
  }
}

std::string rule_text(const RfmModel& model, const ClassRule& rule) {
  const int r = model.axis(Axis::kRecency).count;
  const int f = model.axis(Axis::kFrequency).count;
  const int m = model.axis(Axis::kMonetary).count;
  std::string text;
  append_range(text, "r", rule.r, r);
  append_range(text, "f", rule.f, f);
  append_range(text, "m", rule.m, m);
  append_range(text, "fm", rule.fm, std::max(f, m));
  for (std::size_t i = 0; i < model.conditions.size(); ++i) {
    if ((rule.conditions >> i & 1U) != 0) {
      text.append(text.empty() ? "" : ", ")
          .append(models::condition_text(model.conditions[i], model.currency_decimals));
    }
  }
  if (text.empty()) {
    text = "everything";
  }
  return rule.line == 0 ? text : text + " (line " + std::to_string(rule.line) + " of the model)";
}

std::string class_reason(const RfmData& data, std::size_t row) {
  const RfmModel& model = *data.definition;
  const std::uint8_t code = data.classes[row];
  const std::string start = data.model + ": class " + model.classes[code] + ", ";
  if (code == model.prospect_code()) {
    return start + "never purchased";
  }
  if (code == model.lapsed_code()) {
    return start + "purchased before the window only";
  }
  const unsigned r = data.tiers[to_index(Axis::kRecency)][row];
  const unsigned f = data.tiers[to_index(Axis::kFrequency)][row];
  const unsigned m = data.tiers[to_index(Axis::kMonetary)][row];
  const std::uint64_t flags = model.condition_flags(data.recency[row], data.first[row],
                                                    data.frequency[row], data.monetary[row]);
  for (const ClassRule& rule : model.rules) {
    if (models::rule_matches(rule, r, f, m, flags)) {
      return start + "the first rule that matches: " + rule_text(model, rule);
    }
  }
  return start + "otherwise: no rule matches";
}

}  // namespace

std::vector<std::string> model_reasons(const RfmData& data, std::size_t row) {
  if (!test_bit(data.member.span(), row)) {
    return {data.model +
            ": not for this contact (outside of the population, or not known at as_of)"};
  }
  std::vector<std::string> reasons;
  for (const Axis axis : {Axis::kRecency, Axis::kFrequency, Axis::kMonetary}) {
    reasons.push_back(axis_reason(data, axis, row));
  }
  reasons.push_back(class_reason(data, row));
  return reasons;
}

}  // namespace quintile
