// Step 2: exact cut points from histograms of blocks.
#include <limits>

#include "exec/rfm_context.hpp"
#include "quintile/kernels/order_statistics.hpp"

namespace quintile {

namespace {

constexpr unsigned kRefineBits = 12;  // 4,096 bins a pass: 64 KiB with their copies

// What the columns have in common for finding values by rank.
struct RecencyColumn {
  using Value = std::uint16_t;
  std::span<const Value> values;
  static constexpr std::size_t kBins = 65536;
  static void count(std::span<const Value> values, std::span<const std::uint64_t>,
                    std::span<std::uint32_t> bins) noexcept {
    kernels::count_values_u16(values, {}, bins);
  }
  static kernels::BinRange<std::int64_t> range(std::uint32_t bin) noexcept { return {bin, 0}; }
  static void refine(std::span<const Value>, std::span<const std::uint64_t>, std::int64_t, unsigned,
                     std::span<std::uint32_t>) noexcept {}  // a bin per value: never asked for
  static void drop_none(std::span<std::uint64_t> counts) noexcept { counts[kNoRecency] = 0; }
};

struct FrequencyColumn {
  using Value = std::uint32_t;
  std::span<const Value> values;
  static constexpr std::size_t kBins = kernels::kMagnitudeBinsU32;
  static void count(std::span<const Value> values, std::span<const std::uint64_t>,
                    std::span<std::uint32_t> bins) noexcept {
    kernels::count_magnitudes_u32(values, {}, bins);
  }
  static kernels::BinRange<std::int64_t> range(std::uint32_t bin) noexcept {
    const kernels::BinRange<std::uint64_t> range = kernels::magnitude_range(bin);
    return {static_cast<std::int64_t>(range.base), range.shift};
  }
  static void refine(std::span<const Value> values, std::span<const std::uint64_t>,
                     std::int64_t base, unsigned shift, std::span<std::uint32_t> bins) noexcept {
    kernels::count_values_u32(values, {}, static_cast<std::uint32_t>(base), shift, bins);
  }
  static void drop_none(std::span<std::uint64_t> counts) noexcept { counts[0] = 0; }
};

struct MonetaryColumn {
  using Value = std::int64_t;
  std::span<const Value> values;
  static constexpr std::size_t kBins = kernels::kMagnitudeBinsI64;
  static void count(std::span<const Value> values, std::span<const std::uint64_t> valid,
                    std::span<std::uint32_t> bins) noexcept {
    kernels::count_magnitudes_i64(values, valid, bins);
  }
  static kernels::BinRange<std::int64_t> range(std::uint32_t bin) noexcept {
    return kernels::magnitude_range_i64(bin);
  }
  static void refine(std::span<const Value> values, std::span<const std::uint64_t> valid,
                     std::int64_t base, unsigned shift, std::span<std::uint32_t> bins) noexcept {
    kernels::count_values_i64(values, valid, base, shift, bins);
  }
  static void drop_none(std::span<std::uint64_t>) noexcept {}
};

// Finds values by rank in one column: a histogram first, then only the bins that hold a rank again,
// finer, until a bin is one value.
template <class Column>
class RankFinder {
 public:
  RankFinder(const RfmContext& context, const RfmData& data, Column column)
      : context_(context), data_(data), column_(column) {}

  // Counts the column. Afterwards population() is known.
  Status count() {
    std::vector<AlignedBuffer<std::uint32_t>> bins(workers());
    Status status = for_each_block(context_, [&](std::size_t block, int worker) -> Status {
      AlignedBuffer<std::uint32_t>& own = bins[static_cast<std::size_t>(worker)];
      own.resize(Column::kBins * kernels::kBinCopies);
      Column::count(values(block), valid(block), own.span());
      return {};
    });
    counts_ = fold(bins, Column::kBins);
    Column::drop_none(counts_);
    for (const std::uint64_t count : counts_) {
      population_ += count;
    }
    return status;
  }

  [[nodiscard]] std::uint64_t population() const noexcept { return population_; }

  // The values at `ranks` (from 1), which ascend and are at most population().
  Status find(std::span<const std::uint64_t> ranks, std::span<std::int64_t> found) {
    std::vector<Target> targets;
    std::uint64_t below = 0;
    std::uint32_t bin = 0;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      while (below + counts_[bin] < ranks[i]) {
        below += counts_[bin++];
      }
      const kernels::BinRange<std::int64_t> range = Column::range(bin);
      targets.push_back({range.base, range.shift, ranks[i] - below});
    }
    Status status;
    while (status.ok() && std::any_of(targets.begin(), targets.end(),
                                      [](const Target& target) { return target.shift > 0; })) {
      status = refine(targets);
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
      found[i] = targets[i].base;
    }
    return status;
  }

 private:
  // A wanted value: the one with `rank` among those in [base, base + 2^shift).
  struct Target {
    std::int64_t base;
    unsigned shift;
    std::uint64_t rank;
  };

  Status refine(std::vector<Target>& targets) {
    // Targets ascend, so those that share a bin are neighbours and share its count.
    std::vector<Target> bins_wanted;
    for (const Target& target : targets) {
      if (target.shift > 0 && (bins_wanted.empty() || bins_wanted.back().base != target.base)) {
        bins_wanted.push_back(target);
      }
    }
    std::vector<std::vector<std::uint64_t>> counts;
    for (const Target& wanted : bins_wanted) {
      const unsigned finer = wanted.shift > kRefineBits ? wanted.shift - kRefineBits : 0;
      const std::size_t bin_count = std::size_t{1} << (wanted.shift - finer);
      std::vector<AlignedBuffer<std::uint32_t>> bins(workers());
      Status status = for_each_block(context_, [&](std::size_t block, int worker) -> Status {
        AlignedBuffer<std::uint32_t>& own = bins[static_cast<std::size_t>(worker)];
        own.resize(bin_count * kernels::kBinCopies);
        Column::refine(values(block), valid(block), wanted.base, finer, own.span());
        return {};
      });
      if (!status.ok()) {
        return status;
      }
      counts.push_back(fold(bins, bin_count));
    }
    std::size_t at = 0;
    for (Target& target : targets) {
      if (target.shift == 0) {
        continue;
      }
      while (bins_wanted[at].base != target.base) {
        ++at;
      }
      narrow(target, counts[at]);
    }
    return {};
  }

  static void narrow(Target& target, std::span<const std::uint64_t> counts) noexcept {
    const unsigned finer = target.shift > kRefineBits ? target.shift - kRefineBits : 0;
    std::size_t bin = 0;
    while (counts[bin] < target.rank) {
      target.rank -= counts[bin++];
    }
    target.base += static_cast<std::int64_t>(bin << finer);
    target.shift = finer;
  }

  static std::vector<std::uint64_t> fold(std::span<const AlignedBuffer<std::uint32_t>> bins,
                                         std::size_t bin_count) {
    std::vector<std::uint64_t> counts(bin_count);
    for (const AlignedBuffer<std::uint32_t>& own : bins) {
      if (!own.empty()) {
        kernels::fold_bins(own.span(), counts);
      }
    }
    return counts;
  }

  [[nodiscard]] std::size_t workers() const noexcept {
    return static_cast<std::size_t>(context_.executor.thread_count());
  }
  [[nodiscard]] std::span<const typename Column::Value> values(std::size_t block) const noexcept {
    return column_.values.subspan(context_.block_begin(block), context_.block_rows(block));
  }
  [[nodiscard]] std::span<const std::uint64_t> valid(std::size_t block) const noexcept {
    return context_.words_of(data_.monetary_valid, block);
  }

  const RfmContext& context_;
  const RfmData& data_;
  Column column_;
  std::vector<std::uint64_t> counts_;
  std::uint64_t population_ = 0;
};

// The population of an axis, its extremes and, for quantiles, its cut points.
template <class Column>
Status measure_axis(const RfmContext& context, RfmData& data, Axis axis, Column column) {
  const RfmTiers& tiers = context.model.tiers[to_index(axis)];
  AxisCuts& cuts = data.cuts[to_index(axis)];
  cuts.tiers = tiers.count;
  cuts.names.assign(tiers.names.rbegin(), tiers.names.rend());
  if (tiers.method == TierMethod::kFixed) {
    cuts.cuts = tiers.fixed_cuts;
  }
  RankFinder<Column> finder(context, data, column);
  if (Status status = finder.count(); !status.ok()) {
    return status;
  }
  const std::uint64_t n = finder.population();
  cuts.population = n;
  if (n == 0) {
    return {};
  }
  std::vector<std::uint64_t> ranks{1};
  const auto k = static_cast<std::uint64_t>(tiers.count);
  for (std::uint64_t i = 1; i < k && tiers.method == TierMethod::kQuantile; ++i) {
    ranks.push_back((i * n + k - 1) / k);
  }
  ranks.push_back(n);
  std::vector<std::int64_t> found(ranks.size());
  Status status = finder.find(ranks, found);
  cuts.min = found.front();
  cuts.max = found.back();
  if (tiers.method == TierMethod::kQuantile) {
    cuts.cuts.assign(found.begin() + 1, found.end() - 1);
  }
  return status;
}

// How many values lie on the far side of the bound of the worst tier.
Status count_beyond(const RfmContext& context, RfmData& data, Axis axis) {
  const std::optional<std::int64_t> bound = context.model.tiers[to_index(axis)].worst_bound;
  if (!bound) {
    return {};
  }
  std::vector<std::uint64_t> beyond(context.blocks.size());
  Status status = for_each_block(context, [&](std::size_t b, int) -> Status {
    const std::span<const std::uint16_t> recency = context.block_of(std::as_const(data.recency), b);
    const auto frequency = context.block_of(std::as_const(data.frequency), b);
    const auto monetary = context.block_of(std::as_const(data.monetary), b);
    const auto valid = context.words_of(std::as_const(data.monetary_valid), b);
    for (std::size_t i = 0; i < recency.size(); ++i) {
      const bool is_beyond =
          axis == Axis::kRecency     ? recency[i] != kNoRecency && recency[i] > *bound
          : axis == Axis::kFrequency ? frequency[i] != 0 && frequency[i] < *bound
                                     : test_bit(valid, i) && monetary[i] < *bound;
      beyond[b] += is_beyond ? 1 : 0;
    }
    return {};
  });
  for (const std::uint64_t count : beyond) {
    data.cuts[to_index(axis)].beyond_worst_bound += count;
  }
  return status;
}

}  // namespace

Status compute_cuts(const RfmContext& context, RfmData& data) {
  Status status = measure_axis(context, data, Axis::kRecency,
                               RecencyColumn{std::as_const(data.recency).span()});
  if (status.ok()) {
    status = measure_axis(context, data, Axis::kFrequency,
                          FrequencyColumn{std::as_const(data.frequency).span()});
  }
  if (status.ok()) {
    status = measure_axis(context, data, Axis::kMonetary,
                          MonetaryColumn{std::as_const(data.monetary).span()});
  }
  for (std::size_t axis = 0; axis < kAxisCount && status.ok(); ++axis) {
    if (context.model.tiers[axis].method == TierMethod::kFixed) {
      status = count_beyond(context, data, static_cast<Axis>(axis));
    }
  }
  return status;
}

}  // namespace quintile
