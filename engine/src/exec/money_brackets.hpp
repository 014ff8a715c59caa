// Exact cut points of money in one pass: a sample says about where they lie, the pass counts what
// is below and keeps what is near.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "exec/executor.hpp"
#include "exec/rank_finder.hpp"
#include "quintile/kernels/order_statistics.hpp"

namespace quintile {

// Money of some rows of all of the table, for guessing.
using MoneySample = std::vector<std::int64_t>;

// Stretches of values, disjoint and ascending, that hold the wanted values if the sample tells the
// truth. Whether it did is known after the pass: a rank outside of its stretch is found out, and
// the caller then goes by bins. So the sample decides about speed only, never about results.
class MoneyBrackets {
 public:
  // Of one thread: counts by place, and what was kept.
  class Worker {
   public:
    void place(const MoneyBrackets& brackets, std::span<const std::int64_t> values,
               std::span<const std::uint64_t> valid);

   private:
    friend class MoneyBrackets;
    // Full rooms are put aside, so that nothing is ever copied.
    struct Room {
      std::unique_ptr<std::int64_t[]> memory;
      std::size_t used = 0;
    };
    std::vector<std::uint64_t> counts_;
    std::vector<kernels::KeptValues<std::int64_t>> kept_;
    std::vector<std::vector<Room>> rooms_;  // by place
    bool too_many_ = false;                 // and so nothing is kept any more

    void make_room(const MoneyBrackets& brackets, std::size_t rows);
    void check_share(const MoneyBrackets& brackets);
    [[nodiscard]] std::uint64_t count_at(std::size_t place) const noexcept {
      return counts_.empty() ? 0 : counts_[place];
    }
  };

  // Brackets for the smallest and largest value and, between them, for the cut points i / tiers
  // with 0 < i < tiers (none for tiers = 0). Without a sample nothing can be bracketed.
  MoneyBrackets(MoneySample sample, std::uint64_t tiers);

  [[nodiscard]] bool usable() const noexcept { return !brackets_.empty(); }

  // The number of values that were placed.
  [[nodiscard]] static std::uint64_t population(std::span<const Worker> workers) noexcept;

  // Finds the values at `ranks` (from 1, ascending). Tells whether all lay in brackets; if not,
  // nothing is found.
  bool find(std::span<const Worker> workers, std::span<const std::uint64_t> ranks,
            std::span<std::int64_t> found, Arena::Executor& executor) const;

 private:
  struct Bracket {
    std::int64_t low;  // both ends belong to it
    std::int64_t high;
    std::size_t place = 0;
    [[nodiscard]] bool is_one_value() const noexcept { return low == high; }
  };
  // The wanted ranks that lie in one bracket.
  struct RanksInside {
    std::size_t bracket = 0;
    std::uint64_t below = 0;  // values below the bracket
    std::size_t first = 0;    // of the ranks
    std::size_t count = 0;
  };

  void add(std::int64_t low, std::int64_t high);
  void add_extreme(std::int64_t extreme, std::int64_t near, std::int64_t end);
  void set_thresholds();
  [[nodiscard]] std::vector<RanksInside> ranks_inside(std::span<const Worker> workers,
                                                      std::span<const std::uint64_t> ranks) const;
  void find_inside(std::span<const Worker> workers, const RanksInside& inside,
                   std::span<const std::uint64_t> ranks, std::span<std::int64_t> found) const;

  std::vector<Bracket> brackets_;
  std::vector<std::int64_t> thresholds_;
};

}  // namespace quintile
