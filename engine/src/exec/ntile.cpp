// Tiers by rank: SQL's NTILE with ties by contact id.
#include <algorithm>

#include "exec/parallel_sort.hpp"
#include "exec/rfm_context.hpp"

namespace quintile {

namespace {

struct RankedRow {
  std::int64_t key;  // worst first
  std::uint32_t id_rank;
  std::uint32_t row;
};

std::vector<RankedRow> population_of(const RfmContext& context, const RfmData& data, Axis axis) {
  std::vector<RankedRow> rows;
  rows.reserve(data.cuts[to_index(axis)].population);
  const std::span<const RowId> in_id_order = context.contacts.rows();
  for (std::size_t rank = 0; rank < in_id_order.size(); ++rank) {
    const std::size_t row = to_index(in_id_order[rank]);
    std::int64_t key = 0;
    bool present = false;
    switch (axis) {
      case Axis::kRecency:
        present = data.recency[row] != kNoRecency;
        key = -std::int64_t{data.recency[row]};
        break;
      case Axis::kFrequency:
        present = data.frequency[row] != 0;
        key = data.frequency[row];
        break;
      case Axis::kMonetary:
        present = test_bit(data.monetary_valid.span(), row);
        key = data.monetary[row];
        break;
    }
    if (present) {
      rows.push_back({key, static_cast<std::uint32_t>(rank), static_cast<std::uint32_t>(row)});
    }
  }
  return rows;
}

}  // namespace

Status compute_ntile(const RfmContext& context, RfmData& data, Axis axis) {
  std::vector<RankedRow> rows = population_of(context, data, axis);
  parallel_sort(
      rows,
      [](const RankedRow& a, const RankedRow& b) {
        return a.key != b.key ? a.key < b.key : a.id_rank < b.id_rank;
      },
      context.executor);
  const auto k = static_cast<std::size_t>(context.model.tiers[to_index(axis)].count);
  const std::size_t size = rows.size() / k;
  const std::size_t larger = rows.size() % k;  // the first buckets hold one more
  std::size_t next = 0;
  std::ranges::fill(data.tiers[to_index(axis)], std::uint8_t{0});
  for (std::size_t tier = 1; tier <= k; ++tier) {
    const std::size_t end = next + size + (tier <= larger ? 1 : 0);
    for (; next < end; ++next) {
      data.tiers[to_index(axis)][rows[next].row] = static_cast<std::uint8_t>(tier);
    }
  }
  return {};
}

}  // namespace quintile
