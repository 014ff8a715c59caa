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

[[nodiscard]] bool rule_matches(const ClassRule& rule, unsigned r, unsigned f, unsigned m,
                                std::uint64_t flags) noexcept;

// For every cell (zeros included) the rules whose ranges hold it, in their order; cells with a zero
// have none.
class CellWinners {
 public:
  explicit CellWinners(const RfmModel& model);

  // The first rule that matches.
  [[nodiscard]] std::uint16_t at(unsigned r, unsigned f, unsigned m,
                                 std::uint64_t flags) const noexcept;
  [[nodiscard]] std::uint32_t stride_r() const noexcept { return stride_r_; }
  [[nodiscard]] std::uint32_t stride_f() const noexcept { return stride_f_; }
  [[nodiscard]] std::size_t cells() const noexcept { return candidates_.size(); }

 private:
  struct Candidate {
    std::uint64_t conditions;
    std::uint16_t rule;
  };
  std::uint32_t stride_r_ = 0;
  std::uint32_t stride_f_ = 0;
  std::vector<std::vector<Candidate>> candidates_;
};

// Needs everything of the model but its table. Precondition: at most kMaxTableConditions
// conditions.
[[nodiscard]] ClassTable make_class_table(const RfmModel& model, const CellWinners& winners);

// Return the cells, and parts of cells that conditions leave out, which no rule takes; empty if
// there are none. Only what a contact could have counts.
[[nodiscard]] std::string describe_uncovered(const RfmModel& model, const CellWinners& winners);

// A stretch of values of one column over which every condition is either true or false.
struct ValuePiece {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::uint64_t flags = 0;  // conditions on this column that hold
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

// Into how many stretches the conditions cut the values of all columns together.
[[nodiscard]] std::size_t count_stretches(const RfmModel& model);

// For one cell (tiers from 1), the flags that can occur: ascending, each once.
[[nodiscard]] std::vector<std::uint64_t> feasible_flags(const ValueSpace& space, unsigned r,
                                                        unsigned f, unsigned m);

}  // namespace quintile::models
