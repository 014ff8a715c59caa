// Values by rank from histograms: bins first, then only the bins that hold a wanted rank again,
// finer, until a bin is one value. Exact for any column; one pass over it per wanted bin.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "quintile/kernels/order_statistics.hpp"
#include "quintile/status.hpp"
#include "quintile/types.hpp"
#include "storage/aligned_buffer.hpp"

namespace quintile {

inline constexpr unsigned kRefineBits = 12;  // 4,096 bins a pass: 64 KiB with their copies

// How the kernels count each column.
struct RecencyBins {
  using Value = std::uint16_t;
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

struct FrequencyBins {
  using Value = std::uint32_t;
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

struct MonetaryBins {
  using Value = std::int64_t;
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

// One thread's bins, made at first use.
template <class Column>
void count_into(AlignedBuffer<std::uint32_t>& bins, std::span<const typename Column::Value> values,
                std::span<const std::uint64_t> valid) {
  bins.resize(Column::kBins * kernels::kBinCopies);
  Column::count(values, valid, bins.span());
}

// The sum of all threads' bins.
inline std::vector<std::uint64_t> fold_bins(std::span<const AlignedBuffer<std::uint32_t>> bins,
                                            std::size_t bin_count) {
  std::vector<std::uint64_t> counts(bin_count);
  for (const AlignedBuffer<std::uint32_t>& own : bins) {
    if (!own.empty()) {
      kernels::fold_bins(own.span(), counts);
    }
  }
  return counts;
}

// Finds values by rank in a column of which the bins are counted. `Source` gives the column's
// parts, perhaps to several threads at once:
//   int workers() const
//   Status for_each(task(values, valid, worker)) const
template <class Column, class Source>
class RankFinder {
 public:
  RankFinder(const Source& source, std::vector<std::uint64_t> counts)
      : source_(source), counts_(std::move(counts)) {
    Column::drop_none(counts_);
    for (const std::uint64_t count : counts_) {
      population_ += count;
    }
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
      std::vector<AlignedBuffer<std::uint32_t>> bins(static_cast<std::size_t>(source_.workers()));
      Status status = source_.for_each([&](auto values, auto valid, int worker) -> Status {
        AlignedBuffer<std::uint32_t>& own = bins[static_cast<std::size_t>(worker)];
        own.resize(bin_count * kernels::kBinCopies);
        Column::refine(values, valid, wanted.base, finer, own.span());
        return {};
      });
      if (!status.ok()) {
        return status;
      }
      counts.push_back(fold_bins(bins, bin_count));
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

  const Source& source_;
  std::vector<std::uint64_t> counts_;
  std::uint64_t population_ = 0;
};

// Values that lie in a few arrays, read by one thread.
template <typename Value>
struct ArraySource {
  std::vector<std::span<const Value>> parts;
  static int workers() noexcept { return 1; }
  template <class Task>
  Status for_each(const Task& task) const {
    for (const std::span<const Value> part : parts) {
      if (Status status = task(part, std::span<const std::uint64_t>(), 0); !status.ok()) {
        return status;
      }
    }
    return {};
  }
};

// The values at `ranks` (from 1, ascending, at most the number of values) of values in memory.
template <class Column>
void find_in_arrays(const ArraySource<typename Column::Value>& source,
                    std::span<const std::uint64_t> ranks, std::span<std::int64_t> found) {
  std::vector<AlignedBuffer<std::uint32_t>> bins(1);
  for (const auto part : source.parts) {
    count_into<Column>(bins[0], part, {});
  }
  RankFinder<Column, ArraySource<typename Column::Value>> finder(source,
                                                                 fold_bins(bins, Column::kBins));
  const Status status = finder.find(ranks, found);
  (void)status.ok();  // arrays cannot fail
}

}  // namespace quintile
