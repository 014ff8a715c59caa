#include "quintile/generation.hpp"

#include <algorithm>

#include "exec/parallel_sort.hpp"
#include "exec/rfm_data.hpp"
#include "storage/contact_directory.hpp"

namespace quintile {

std::span<const RowId> IdOrder::rows() const {
  std::call_once(once_, [&] {
    std::vector<IdOrderKey> keys(ids_.size());
    constexpr std::size_t kKeysPerTask = 65536;
    Arena::Executor& executor = arena_->executor();
    executor.run((keys.size() + kKeysPerTask - 1) / kKeysPerTask, [&](std::size_t task, int) {
      const std::size_t end = std::min(keys.size(), (task + 1) * kKeysPerTask);
      for (std::size_t i = task * kKeysPerTask; i < end; ++i) {
        keys[i] = make_id_order_key(ids_, static_cast<std::uint32_t>(i));
      }
    });
    parallel_sort(
        keys, [&](const IdOrderKey& a, const IdOrderKey& b) { return id_order_less(ids_, a, b); },
        executor);
    rows_.reserve(keys.size());
    for (const IdOrderKey& key : keys) {
      rows_.push_back(to_row(key.row));
    }
  });
  return rows_;
}

RfmResult::RfmResult(std::unique_ptr<const RfmData> data) noexcept : data_(std::move(data)) {}
RfmResult::RfmResult(RfmResult&&) noexcept = default;
RfmResult& RfmResult::operator=(RfmResult&&) noexcept = default;
RfmResult::~RfmResult() = default;

const std::string& RfmResult::model() const noexcept { return data_->model; }
std::uint32_t RfmResult::row_count() const noexcept { return data_->rows; }
std::span<const std::uint64_t> RfmResult::listed() const noexcept { return data_->listed.span(); }
bool RfmResult::is_listed(RowId row) const noexcept {
  return ((data_->listed[to_index(row) / 64] >> (to_index(row) % 64)) & 1) != 0;
}
std::uint64_t RfmResult::listed_count() const noexcept { return data_->listed_count; }
std::span<const std::uint16_t> RfmResult::recency_days() const noexcept {
  return data_->recency.span();
}
std::span<const std::uint16_t> RfmResult::first_days() const noexcept {
  return data_->first.span();
}
std::span<const std::uint32_t> RfmResult::frequency() const noexcept {
  return data_->frequency.span();
}
std::span<const std::int64_t> RfmResult::monetary() const noexcept {
  return data_->monetary.span();
}
bool RfmResult::monetary_empty(RowId row) const noexcept {
  return data_->mean &&
         ((data_->monetary_valid[to_index(row) / 64] >> (to_index(row) % 64)) & 1) == 0;
}
std::span<const std::uint8_t> RfmResult::tiers(Axis axis) const noexcept {
  return data_->tiers[to_index(axis)].span();
}
std::span<const std::uint8_t> RfmResult::classes() const noexcept { return data_->classes.span(); }
const AxisCuts& RfmResult::cuts(Axis axis) const noexcept { return data_->cuts[to_index(axis)]; }
std::span<const ClassInfo> RfmResult::class_infos() const noexcept { return data_->class_infos; }
std::span<const std::string> RfmResult::findings() const noexcept { return data_->findings; }
std::span<const GroupMeasures> RfmResult::tier_measures(Axis axis) const noexcept {
  return data_->tier_measures[to_index(axis)];
}
std::span<const GroupMeasures> RfmResult::cell_measures() const noexcept {
  return data_->cell_measures;
}
const GroupMeasures& RfmResult::total() const noexcept { return data_->total; }
std::span<const CrossTab> RfmResult::cross_tabs() const noexcept { return data_->cross_tabs; }
const PeriodSeries& RfmResult::tier_series(Axis axis) const noexcept {
  return data_->tier_series[to_index(axis)];
}
const PeriodSeries& RfmResult::class_series() const noexcept { return data_->class_series; }

Result<RfmComparison> RfmResult::compare(const RfmResult& earlier) const {
  if (earlier.row_count() > row_count()) {
    return Status(StatusCode::kInvalidArgument,
                  "expected an earlier result with at most " + std::to_string(row_count()) +
                      " contacts, got one with " + std::to_string(earlier.row_count()));
  }
  return compare_results(*earlier.data_, *data_);
}

Generation::Generation(std::unique_ptr<const GenerationData> data) noexcept
    : data_(std::move(data)) {}
Generation::~Generation() = default;

std::uint64_t Generation::number() const noexcept { return data_->number; }
const AsOf& Generation::as_of() const noexcept { return data_->as_of; }
std::uint32_t Generation::contact_count() const noexcept { return data_->contacts->ids().size(); }

std::string Generation::contact_id(RowId row) const {
  std::string id;
  append_contact_id(row, id);
  return id;
}

void Generation::append_contact_id(RowId row, std::string& out) const {
  data_->contacts->ids().append(static_cast<std::uint32_t>(row), out);
}

std::span<const RowId> Generation::rows_in_id_order() const { return data_->contacts->rows(); }
std::span<const std::string> Generation::model_names() const noexcept { return data_->model_names; }

const RfmResult* Generation::rfm(std::string_view model) const noexcept {
  for (const RfmResult& result : data_->models) {
    if (result.model() == model) {
      return &result;
    }
  }
  return nullptr;
}

std::vector<std::string> Generation::segment_names() const {
  std::vector<std::string> names;
  for (const auto& [name, rows] : data_->segments) {
    names.push_back(name);
  }
  return names;
}

const RowSet* Generation::segment(std::string_view name) const noexcept {
  const auto found = data_->segments.find(name);
  return found == data_->segments.end() ? nullptr : &found->second;
}

const SegmentInfo* Generation::segment_info(std::string_view name) const noexcept {
  const auto found = data_->segment_infos.find(name);
  return found == data_->segment_infos.end() ? nullptr : &found->second;
}

std::vector<std::string> Generation::broken_segment_names() const {
  std::vector<std::string> names;
  for (const auto& [name, info] : data_->segment_infos) {
    if (!info.broken.empty()) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace quintile
