// One model for one as_of, step by step.
#include "exec/rfm_context.hpp"

namespace quintile {

namespace {

constexpr std::int64_t kMicrosecondsPerMinute = 60 * kMicrosecondsPerSecond;

std::unique_ptr<RfmData> make_data(const RfmContext& context) {
  auto data = std::make_unique<RfmData>();
  const std::uint32_t rows = context.rows();
  const std::size_t words = (std::size_t{rows} + 63) / 64;
  data->model = context.model.name;
  data->rows = rows;
  data->mean = context.model.monetary == MonetaryMeasure::kMean;
  data->member.resize(words);
  data->listed.resize(words);
  data->monetary_valid.resize(words);
  // Every value of these is written, on all threads; a new column is not touched before.
  data->recency.resize_for_overwrite(rows);
  data->first.resize_for_overwrite(rows);
  data->frequency.resize_for_overwrite(rows);
  data->monetary.resize_for_overwrite(rows);
  data->classes.resize_for_overwrite(rows);
  for (AlignedBuffer<std::uint8_t>& tiers : data->tiers) {
    tiers.resize_for_overwrite(rows);
  }
  return data;
}

// Says what the model can say about nobody, in general and with these cut points.
void report_reach(const RfmContext& context, RfmData& data) {
  RfmCuts cuts;
  bool any = false;
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    any = any || data.cuts[axis].population != 0;
    cuts[axis].cuts = data.cuts[axis].cuts;
    if (data.cuts[axis].population != 0) {
      cuts[axis].highest = data.cuts[axis].max;
    }
  }
  const RfmReachability always = rfm_reachability(context.model);
  const RfmReachability now = any ? rfm_reachability(context.model, cuts) : always;
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    if (context.model.tiers[axis].method == TierMethod::kQuantile) {
      data.cuts[axis].collapsed_tiers.assign(now.empty_tiers[axis].begin(),
                                             now.empty_tiers[axis].end());
    }
  }
  for (std::size_t code = 0; code < data.class_infos.size(); ++code) {
    data.class_infos[code].name = context.model.classes[code];
    data.class_infos[code].reachable = always.classes[code] == ClassReach::kReachable;
    data.class_infos[code].reachable_now = now.classes[code] == ClassReach::kReachable;
  }
  data.findings = now.describe(context.model);
}

}  // namespace

AxisWindow resolve_window(const std::optional<Window>& window, std::int64_t instant_us,
                          std::uint16_t local_day) noexcept {
  if (!window) {
    return {};
  }
  if (window->unit == WindowUnit::kDays) {
    const std::int64_t from = std::int64_t{local_day} - std::int64_t{window->count} + 1;
    return {true, static_cast<std::uint16_t>(std::max<std::int64_t>(from, kFirstDayNumber)), 0};
  }
  const std::int64_t unit =
      window->unit == WindowUnit::kHours ? 60 * kMicrosecondsPerMinute : kMicrosecondsPerMinute;
  return {false, 0, instant_us - std::int64_t{window->count} * unit};
}

Result<std::unique_ptr<RfmData>> run_rfm(RfmContext& context) {
  std::unique_ptr<RfmData> data = make_data(context);
  Status status = compute_totals(context, *data);
  if (status.ok()) {
    status = compute_cuts(context, *data);
  }
  if (status.ok()) {
    status = compute_codes(context, *data);
  }
  if (status.ok()) {
    status = compute_measures(context, *data);
  }
  if (status.ok() && context.series) {
    status = compute_series(context, *data);
  }
  if (!status.ok()) {
    return status;
  }
  report_reach(context, *data);
  return data;
}

}  // namespace quintile
