// Which rule of a class map takes which cell: tables, coverage, and what nothing can reach.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "quintile/model.hpp"

namespace quintile::models {

// No rule takes it.
inline constexpr std::uint16_t kNoRule = 0xFFFF;

// For every cell (zeros included) and every combination of condition flags, the first rule that
// matches; indexed as ClassTable::codes is. Cells with a zero hold kNoRule.
struct CellWinners {
  std::size_t condition_count = 0;
  std::uint32_t stride_r = 0;
  std::uint32_t stride_f = 0;
  std::vector<std::uint16_t> rules;

  [[nodiscard]] std::size_t index(unsigned r, unsigned f, unsigned m,
                                  unsigned flags) const noexcept {
    return ((r * stride_r + f * stride_f + m) << condition_count) | flags;
  }
};

[[nodiscard]] CellWinners find_winners(const RfmModel& model);

// Needs everything of the model but its table.
[[nodiscard]] ClassTable make_class_table(const RfmModel& model, const CellWinners& winners);

// Return the cells, and parts of cells that conditions leave out, which no rule takes; empty if
// there are none. Only what a contact could have counts.
[[nodiscard]] std::string describe_uncovered(const RfmModel& model, const CellWinners& winners);

// A stretch of values of one column over which every condition is either true or false.
struct ValuePiece {
  std::int64_t low = 0;
  std::int64_t high = 0;
  unsigned flags = 0;  // conditions on this column that hold
};
using Pieces = std::vector<ValuePiece>;

// What contacts with a purchase in every window can have: per axis and tier (index tier - 1) the
// pieces of its values, and the pieces of first_days. A tier that nobody can have has no pieces.
struct ValueSpace {
  std::array<std::vector<Pieces>, kAxisCount> tiers;
  Pieces first_days;
  bool single_purchase_is_first = false;  // frequency 1 means first_days = recency_days

  // Tell whether a contact can be in all of these at once.
  [[nodiscard]] bool feasible(const ValuePiece& recency, const ValuePiece& frequency,
                              const ValuePiece& first) const noexcept;
};

// The space by the model's text; with `cuts` also by the cut points of one generation.
[[nodiscard]] ValueSpace make_value_space(const RfmModel& model, const RfmCuts* cuts);

// The tiers 1 .. k of an axis that no value falls in, whatever the windows of the other axes.
[[nodiscard]] std::vector<std::uint8_t> find_empty_tiers(const RfmModel& model, Axis axis,
                                                         const RfmCuts* cuts);

// For one cell (tiers from 1), bit w of the result says that flags == w can occur.
class FlagSet {
 public:
  void add(unsigned flags) noexcept { words_[flags / 64] |= std::uint64_t{1} << (flags % 64); }
  [[nodiscard]] bool has(unsigned flags) const noexcept {
    return (words_[flags / 64] >> (flags % 64) & 1U) != 0;
  }

 private:
  std::array<std::uint64_t, 4> words_{};
};

[[nodiscard]] FlagSet feasible_flags(const ValueSpace& space, unsigned r, unsigned f, unsigned m);

}  // namespace quintile::models
