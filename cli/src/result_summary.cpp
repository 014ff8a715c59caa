#include "result_summary.hpp"

#include "number_text.hpp"

namespace quintile::cli {
namespace {

std::optional<Int128> mean(Int128 sum, int decimals, std::uint64_t count) {
  return count == 0 ? std::nullopt
                    : std::optional(mean_scaled(sum, decimals, count, kMeanDecimals));
}

ClassSummary summarise_group(std::string name, const GroupMeasures& measures, int decimals) {
  ClassSummary row;
  row.name = std::move(name);
  row.contacts = measures.contacts;
  row.revenue = measures.revenue;
  row.recency_days = mean(measures.recency_days_sum, 0, measures.recency_contacts);
  row.frequency = mean(measures.frequency_sum, 0, measures.contacts);
  row.monetary = mean(measures.monetary_sum, decimals, measures.monetary_contacts);
  return row;
}

}  // namespace

Summary summarise(const RfmResult& result, const RfmReachability& reachability,
                  int currency_decimals) {
  Summary summary;
  summary.currency_decimals = currency_decimals;
  const auto infos = result.class_infos();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    ClassSummary& row = summary.classes.emplace_back(
        summarise_group(infos[i].name, infos[i].measures, currency_decimals));
    // Prospect and lapsed, the last two, are states and no promise of the map.
    row.reachable = i + 2 >= infos.size() || i >= reachability.classes.size() ||
                    reachability.classes[i] == ClassReach::kReachable;
  }
  summary.total = summarise_group("total", result.total(), currency_decimals);
  return summary;
}

RfmReachability reachability_of(const RfmModel& model, const RfmResult& result) {
  RfmCuts cuts;
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    const AxisCuts& axis = result.cuts(static_cast<Axis>(i));
    cuts[i].cuts =
        model.tiers[i].method == TierMethod::kFixed ? model.tiers[i].fixed_cuts : axis.cuts;
    if (axis.population > 0) {
      cuts[i].highest = axis.max;
    }
  }
  return rfm_reachability(model, cuts);
}

std::vector<std::string> result_warnings(const RfmModel& model, const RfmResult& result) {
  std::vector<std::string> warnings;
  if (result.listed_count() == 0) {
    return warnings;  // without anybody every cut point is missing, and that is no news
  }
  warnings = reachability_of(model, result).describe(model);
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    const AxisCuts& cuts = result.cuts(static_cast<Axis>(i));
    if (cuts.beyond_worst_bound > 0) {
      warnings.push_back(std::string(axis_name(static_cast<Axis>(i))) + ": " +
                         counted(cuts.beyond_worst_bound, "contact lies", "contacts lie") +
                         " beyond the bound of the worst tier and counts as that tier");
    }
  }
  return warnings;
}

}  // namespace quintile::cli
