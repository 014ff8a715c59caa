// Many expressions over the same rows, evaluated together: what they have in common is computed
// once, comparisons run as vector kernels, the rest of an expression as one program over bitmaps.
// BoundExpression::evaluate() answers the same, one expression and one term at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "quintile/bound_operand.hpp"
#include "quintile/expression.hpp"
#include "quintile/kernels/boolean.hpp"
#include "quintile/status.hpp"
#include "storage/aligned_buffer.hpp"

namespace quintile::query {

// "This segment is no expression of the plan": its rows come from an operand.
inline constexpr std::uint32_t kNoExpression = 0xFFFFFFFF;

// What an expression comes to for the rows of a block. The words stay in place until take()
// returns; bits past the last row are zero.
struct ExpressionTruth {
  std::span<const std::uint64_t> is_true;  // (rows + 63) / 64 words; empty with Answer::kCounts
  std::span<const std::uint64_t> is_null;  // the same; empty where nothing is unknown
  kernels::TruthCounts counts;
};

// The block in work, as Plan::evaluate() sees it.
class PlanBlock {
 public:
  virtual ~PlanBlock() = default;

  // The values of Plan::operands()[index]. They stay in place until evaluate() returns. Asked for
  // at most once a block, and not at all where cheaper terms decide. An error ends evaluate().
  virtual Result<ExpressionColumnView> operand(std::uint32_t index) = 0;

  // Takes what an expression comes to; called once for each, in ascending order.
  virtual Status take(std::uint32_t expression, const ExpressionTruth& truth) = 0;
};

enum class Answer : std::uint8_t { kWords, kCounts };

class PlanGraph;
class PlanProgram;
class PlanScratch;

// Immutable; any number of threads may evaluate it at once, each with a scratch of its own.
//
//     QUINTILE_ASSIGN_OR_RETURN(const Plan plan, Plan::create(expressions));
//     PlanScratch scratch(plan);  // one per worker
//     for each block: QUINTILE_TRY(plan.evaluate(columns, rows, Answer::kWords, block, scratch));
class Plan {
 public:
  // Plans expressions that were bound against one scope: the same columns and names. Where segment
  // s of ExpressionBinding::segments is itself an expression of the plan, segment_expressions[s]
  // says which, and segment(s) in a later expression is true where that one is; it is
  // kNoExpression, or past the end, for the others.
  // Errors: kInvalidArgument: a segment is used by an expression that does not come after it.
  // Cost: linear in the terms, a hash look-up each. Throws std::bad_alloc.
  [[nodiscard]] static Result<Plan> create(std::span<const BoundExpression> expressions,
                                           std::span<const std::uint32_t> segment_expressions = {});
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;
  ~Plan();

  // What is to be evaluated beside the columns, each once.
  [[nodiscard]] std::span<const BoundOperand> operands() const noexcept;

  // The columns that are read, ascending. Columns that only operands read (tags) are among them.
  [[nodiscard]] std::span<const std::uint32_t> used_columns() const noexcept;

  [[nodiscard]] std::size_t expression_count() const noexcept;

  // Evaluates all expressions for at most 65,536 rows. `columns` has a view per bound column; those
  // that are not in used_columns() may be empty. Exactly what BoundExpression::evaluate() answers.
  // Errors: those of `block`; kInvalidArgument: too many rows, too few views.
  // Cost: one pass over a column for each distinct comparison with it, one over bitmaps for each
  // expression. Allocates nothing.
  [[nodiscard]] Status evaluate(std::span<const ExpressionColumnView> columns, std::size_t rows,
                                Answer answer, PlanBlock& block, PlanScratch& scratch) const;

 private:
  friend class PlanScratch;
  Plan();
  std::unique_ptr<const PlanProgram> program_;
};

// Room for one block of one plan, to be used again for the next; of one thread.
class PlanScratch {
 public:
  // Throws std::bad_alloc.
  explicit PlanScratch(const Plan& plan);

 private:
  friend class PlanRun;
  std::uint32_t block_ = 0;  // counts calls of evaluate()
  AlignedBuffer<std::uint64_t> words_;
  std::vector<ExpressionColumnView> columns_;   // by view
  std::vector<std::uint32_t> fetched_;          // by view: the block that it is of
  std::vector<std::uint32_t> ready_;            // by node
  std::vector<kernels::BooleanTerm> terms_;     // by node
  std::vector<kernels::TruthCounts> counts_;    // by node
  std::vector<kernels::BooleanTerm> operands_;  // of the program in work
};

}  // namespace quintile::query
