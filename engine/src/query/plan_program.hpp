// How a plan is carried out: which nodes of its graph are kept as bitmaps, the programs that
// compute them, and where in the scratch they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "query/plan_graph.hpp"
#include "quintile/bound_operand.hpp"
#include "quintile/expression.hpp"
#include "quintile/kernels/block.hpp"
#include "quintile/kernels/boolean.hpp"

namespace quintile::query {

inline constexpr std::uint32_t kNone = 0xFFFFFFFF;

// A bitmap of the scratch. They are not a power of two apart, so that words at one place of several
// of them do not meet in one set of the cache.
inline constexpr std::size_t kSlotWords = kernels::kBlockWords + 24;

// A program over the bitmaps of nodes.
struct PlanStage {
  std::vector<kernels::BooleanStep> steps;
  std::vector<NodeId> terms;
};

// How a node comes to its bitmap. An AND or OR has its expensive operands in stages of their own,
// which are left out when those before have decided all rows; each stage but the first begins with
// what the one before has made, as term 0.
struct PlanUnit {
  std::vector<PlanStage> stages;
  std::uint32_t is_true[2] = {kNone, kNone};  // slots, for stages in turn
  std::uint32_t is_null[2] = {kNone, kNone};
  bool only_counted = false;  // its words are read by nobody but take()
};

class PlanProgram {
 public:
  // What create() fills in.
  std::vector<BoundExpression> expressions;  // own the terms
  std::vector<BoundOperand> operands;
  std::vector<std::uint32_t> used_columns;
  std::size_t column_count = 0;
  std::vector<std::vector<std::uint32_t>> places;  // by expression and column: the view
  PlanGraph graph;
  std::vector<NodeId> roots;  // by expression

  // Derives the rest. Precondition: everything above is there.
  void compile();

  std::vector<std::uint32_t> unit_of;  // by node; kNone: a leaf or part of a unit
  std::vector<PlanUnit> units;
  std::vector<std::uint32_t> last_use;             // by node: the last expression that needs it
  std::vector<std::uint32_t> atom_slot;            // by node: where an atom is true
  std::vector<std::uint32_t> atom_null_slot;       // by node: where an opaque atom is NULL
  std::vector<std::vector<NodeId>> atoms_of_view;  // those over one view
  std::vector<std::uint32_t> null_slot_of_view;
  std::uint32_t result_slots[2] = {kNone, kNone};  // for roots that need a copy
  std::uint32_t slot_count = 0;
  std::size_t most_terms = 0;  // of one stage

  [[nodiscard]] std::size_t view_count() const noexcept { return column_count + operands.size(); }

 private:
  friend class PlanCompiler;
};

}  // namespace quintile::query
