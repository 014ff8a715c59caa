// Step 2: exact cut points. One pass over the three columns, block by block: recency and frequency
// are counted by value, money is counted around brackets that a sample suggests (or by bins, where
// it cannot be). What the pass leaves open is refined.
#include <array>
#include <limits>

#include "exec/money_brackets.hpp"
#include "exec/rank_finder.hpp"
#include "exec/rfm_context.hpp"
#include "quintile/kernels/bitmap.hpp"
#include "quintile/kernels/order_statistics.hpp"

namespace quintile {

namespace {

// Fewer blocks than this are counted by bins: a sample would be most of the rows.
constexpr std::size_t kBlocksToSample = 4;

// The sample: runs of eight rows, which is a cache line of money, evenly over the table. Neighbours
// may be alike, so many short runs say more than few long ones.
constexpr std::size_t kSampleRun = 8;
constexpr std::size_t kSampleShare = 32;
constexpr std::size_t kSampleMax = 65536;
// Every run is a wait for the memory, unless it is asked for so many runs before it is read.
constexpr std::size_t kSampleAhead = 32;

std::span<const std::uint64_t> monetary_valid(const RfmContext& context, const RfmData& data,
                                              std::size_t block) noexcept {
  return data.monetary_valid.empty() ? std::span<const std::uint64_t>()
                                     : context.words_of(data.monetary_valid, block);
}

MoneySample sample_money(const RfmContext& context, const RfmData& data) {
  MoneySample sample;
  if (context.blocks.size() < kBlocksToSample) {
    return sample;
  }
  const std::size_t rows = context.rows();
  const std::size_t runs = std::min(rows / kSampleShare, kSampleMax) / kSampleRun;
  const auto row_of = [&](std::size_t run) {
    return run * (rows - kSampleRun) / runs / kSampleRun * kSampleRun;
  };
  sample.reserve(runs * kSampleRun);
  for (std::size_t run = 0; run < runs; ++run) {
    const std::size_t coming = row_of(std::min(run + kSampleAhead, runs - 1));
    __builtin_prefetch(&data.monetary[coming]);
    __builtin_prefetch(&data.frequency[coming]);
    const std::size_t first = row_of(run);
    for (std::size_t row = first; row < first + kSampleRun; ++row) {
      const bool has_value = data.monetary_valid.empty()
                                 ? data.frequency[row] != 0
                                 : test_bit(data.monetary_valid.span(), row);
      if (has_value) {
        sample.push_back(data.monetary[row]);
      }
    }
  }
  return sample;
}

// What one thread counts.
struct ColumnCounts {
  AlignedBuffer<std::uint32_t> recency;
  AlignedBuffer<std::uint32_t> frequency;
  AlignedBuffer<std::uint32_t> monetary;
  std::vector<std::uint64_t> buyers;  // scratch: bits of a block
};

// One column of all blocks, for refining.
template <typename Value>
class BlockSource {
 public:
  BlockSource(const RfmContext& context, const RfmData& data, const AlignedBuffer<Value>& column)
      : context_(context), data_(data), column_(column) {}

  [[nodiscard]] int workers() const noexcept { return context_.executor.thread_count(); }

  template <class Task>
  Status for_each(const Task& task) const {
    return for_each_block(context_, [&](std::size_t block, int worker) -> Status {
      // Without a bitmap, money is where purchases are.
      std::array<std::uint64_t, kWordsPerBlock> buyers;
      std::span<const std::uint64_t> valid = monetary_valid(context_, data_, block);
      if (std::is_same_v<Value, std::int64_t> && valid.empty()) {
        kernels::mark_nonzero_u32(context_.block_of(data_.frequency, block), buyers);
        valid = buyers;
      }
      return task(context_.block_of(column_, block), valid, worker);
    });
  }

 private:
  const RfmContext& context_;
  const RfmData& data_;
  const AlignedBuffer<Value>& column_;
};

class CutFinder {
 public:
  CutFinder(const RfmContext& context, RfmData& data)
      : context_(context),
        data_(data),
        brackets_(sample_money(context, data), quantiles(Axis::kMonetary)),
        threads_(static_cast<std::size_t>(context.executor.thread_count())),
        placed_(threads_.size()) {}

  Status find() {
    Status status = for_each_block(context_, [&](std::size_t block, int worker) -> Status {
      count(block, static_cast<std::size_t>(worker));
      return {};
    });
    if (status.ok()) {
      status = find_by_bins<RecencyBins>(Axis::kRecency, &ColumnCounts::recency, data_.recency);
    }
    if (status.ok()) {
      status =
          find_by_bins<FrequencyBins>(Axis::kFrequency, &ColumnCounts::frequency, data_.frequency);
    }
    if (status.ok() && !(brackets_.usable() && find_by_brackets())) {
      status = find_money_by_bins();
    }
    return status;
  }

 private:
  // The number of tiers if they are quantiles, else 0.
  [[nodiscard]] std::uint64_t quantiles(Axis axis) const noexcept {
    const RfmTiers& tiers = context_.model.axis(axis);
    return tiers.method == TierMethod::kQuantile ? static_cast<std::uint64_t>(tiers.count) : 0;
  }

  void count(std::size_t block, std::size_t worker) {
    ColumnCounts& own = threads_[worker];
    const auto frequency = context_.block_of(std::as_const(data_.frequency), block);
    const auto monetary = context_.block_of(std::as_const(data_.monetary), block);
    count_into<RecencyBins>(own.recency, context_.block_of(std::as_const(data_.recency), block),
                            {});
    count_into<FrequencyBins>(own.frequency, frequency, {});
    std::span<const std::uint64_t> valid = monetary_valid(context_, data_, block);
    if (valid.empty()) {
      own.buyers.resize(kWordsPerBlock);
      kernels::mark_nonzero_u32(frequency, own.buyers);
      valid = own.buyers;
    }
    if (brackets_.usable()) {
      placed_[worker].place(brackets_, monetary, valid);
    } else {
      count_into<MonetaryBins>(own.monetary, monetary, valid);
    }
  }

  [[nodiscard]] std::vector<std::uint64_t> ranks_of(Axis axis, std::uint64_t population) const {
    const std::uint64_t k = quantiles(axis);
    std::vector<std::uint64_t> ranks{1};
    for (std::uint64_t i = 1; i < k; ++i) {
      ranks.push_back((i * population + k - 1) / k);
    }
    ranks.push_back(population);
    return ranks;
  }

  void set_cuts(Axis axis, std::uint64_t population, std::span<const std::int64_t> found) {
    AxisCuts& cuts = data_.cuts[to_index(axis)];
    cuts.population = population;
    if (population == 0) {
      return;
    }
    cuts.min = found.front();
    cuts.max = found.back();
    if (quantiles(axis) != 0) {
      cuts.cuts.assign(found.begin() + 1, found.end() - 1);
    }
  }

  template <class Column>
  Status find_by_bins(Axis axis, AlignedBuffer<std::uint32_t> ColumnCounts::*bins,
                      const AlignedBuffer<typename Column::Value>& column) {
    std::vector<std::uint64_t> counts(Column::kBins);
    for (const ColumnCounts& own : threads_) {
      if (!(own.*bins).empty()) {
        kernels::fold_bins((own.*bins).span(), counts);
      }
    }
    return find_in_column<Column>(axis, std::move(counts), column);
  }

  template <class Column>
  Status find_in_column(Axis axis, std::vector<std::uint64_t> counts,
                        const AlignedBuffer<typename Column::Value>& column) {
    const BlockSource<typename Column::Value> source(context_, data_, column);
    RankFinder<Column, BlockSource<typename Column::Value>> finder(source, std::move(counts));
    Status status;
    std::vector<std::int64_t> found;
    if (finder.population() != 0) {
      const std::vector<std::uint64_t> ranks = ranks_of(axis, finder.population());
      found.resize(ranks.size());
      status = finder.find(ranks, found);
    }
    set_cuts(axis, finder.population(), found);
    return status;
  }

  bool find_by_brackets() {
    const std::uint64_t population = MoneyBrackets::population(placed_);
    if (population == 0) {
      set_cuts(Axis::kMonetary, 0, {});
      return true;
    }
    const std::vector<std::uint64_t> ranks = ranks_of(Axis::kMonetary, population);
    std::vector<std::int64_t> found(ranks.size());
    if (!brackets_.find(placed_, ranks, found, context_.executor)) {
      return false;
    }
    set_cuts(Axis::kMonetary, population, found);
    return true;
  }

  // Either the pass has counted bins, or its brackets have failed and the column is read again.
  Status find_money_by_bins() {
    if (!brackets_.usable()) {
      return find_by_bins<MonetaryBins>(Axis::kMonetary, &ColumnCounts::monetary, data_.monetary);
    }
    placed_.clear();
    const BlockSource<std::int64_t> source(context_, data_, data_.monetary);
    std::vector<AlignedBuffer<std::uint32_t>> bins(threads_.size());
    Status status = source.for_each([&](auto values, auto valid, int worker) -> Status {
      count_into<MonetaryBins>(bins[static_cast<std::size_t>(worker)], values, valid);
      return {};
    });
    if (!status.ok()) {
      return status;
    }
    return find_in_column<MonetaryBins>(Axis::kMonetary, fold_bins(bins, MonetaryBins::kBins),
                                        data_.monetary);
  }

  const RfmContext& context_;
  RfmData& data_;
  MoneyBrackets brackets_;
  std::vector<ColumnCounts> threads_;
  std::vector<MoneyBrackets::Worker> placed_;
};

// What is known before anything is counted.
void describe_axis(const RfmContext& context, RfmData& data, std::size_t axis) {
  const RfmTiers& tiers = context.model.tiers[axis];
  AxisCuts& cuts = data.cuts[axis];
  cuts.tiers = tiers.count;
  cuts.names.assign(tiers.names.rbegin(), tiers.names.rend());
  if (tiers.method == TierMethod::kFixed) {
    cuts.cuts = tiers.fixed_cuts;
  }
}

// How many values lie on the far side of the bound of the worst tier.
std::uint64_t count_beyond(const RfmContext& context, const RfmData& data, Axis axis,
                           std::int64_t bound, std::size_t block) noexcept {
  std::uint64_t beyond = 0;
  if (axis == Axis::kRecency) {
    for (const std::uint16_t days : context.block_of(data.recency, block)) {
      beyond += days != kNoRecency && days > bound ? 1 : 0;
    }
  } else if (axis == Axis::kFrequency) {
    for (const std::uint32_t purchases : context.block_of(data.frequency, block)) {
      beyond += purchases != 0 && purchases < bound ? 1 : 0;
    }
  } else {
    const auto monetary = context.block_of(data.monetary, block);
    const auto frequency = context.block_of(data.frequency, block);
    const auto valid = monetary_valid(context, data, block);
    for (std::size_t i = 0; i < monetary.size(); ++i) {
      const bool has_value = valid.empty() ? frequency[i] != 0 : test_bit(valid, i);
      beyond += has_value && monetary[i] < bound ? 1 : 0;
    }
  }
  return beyond;
}

Status count_all_beyond(const RfmContext& context, RfmData& data, Axis axis) {
  const std::optional<std::int64_t> bound = context.model.axis(axis).worst_bound;
  if (!bound) {
    return {};
  }
  std::vector<std::uint64_t> beyond(context.blocks.size());
  Status status = for_each_block(context, [&](std::size_t block, int) -> Status {
    beyond[block] = count_beyond(context, data, axis, *bound, block);
    return {};
  });
  for (const std::uint64_t count : beyond) {
    data.cuts[to_index(axis)].beyond_worst_bound += count;
  }
  return status;
}

}  // namespace

Status compute_cuts(const RfmContext& context, RfmData& data) {
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    describe_axis(context, data, axis);
  }
  Status status = CutFinder(context, data).find();
  for (std::size_t axis = 0; axis < kAxisCount && status.ok(); ++axis) {
    if (context.model.tiers[axis].method == TierMethod::kFixed) {
      status = count_all_beyond(context, data, static_cast<Axis>(axis));
    }
  }
  return status;
}

}  // namespace quintile
