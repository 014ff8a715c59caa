#include "quintile/kernels/boolean.hpp"

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"

namespace quintile::kernels {

namespace {

bool bitmaps_fit(std::span<const BooleanTerm> terms, std::size_t words,
                 const TruthWords& out) noexcept {
  const auto fits = [words](std::size_t size) { return size == 0 || size >= words; };
  for (const BooleanTerm& term : terms) {
    if (term.is_true.size() < words || !fits(term.is_null.size())) return false;
  }
  return fits(out.is_true.size()) && fits(out.is_null.size());
}

}  // namespace

bool is_well_formed(std::span<const BooleanStep> program, std::size_t terms) noexcept {
  std::size_t depth = 0;
  for (const BooleanStep& step : program) {
    const bool has_term = step.term != kFromStack;
    if (has_term && step.term >= terms) return false;
    switch (step.op) {
      case BooleanOp::kPush:
        if (!has_term || ++depth > kBooleanStackMax) return false;
        break;
      case BooleanOp::kAnd:
      case BooleanOp::kOr:
      case BooleanOp::kAndNot:
      case BooleanOp::kXor:
        if (depth < (has_term ? 1U : 2U)) return false;
        if (!has_term) --depth;
        break;
      case BooleanOp::kNot:
      case BooleanOp::kIsNull:
        if (has_term || depth < 1) return false;
        break;
      default:
        return false;
    }
  }
  return depth == 1;
}

TruthCounts evaluate_boolean(std::span<const BooleanStep> program,
                             std::span<const BooleanTerm> terms, std::size_t rows,
                             const TruthWords& out) noexcept {
  QUINTILE_ASSERT(is_well_formed(program, terms.size()) && rows <= kBlockRows);
  QUINTILE_ASSERT(bitmaps_fit(terms, words_for(rows), out));
  return active_table().boolean->evaluate_boolean(program, terms, rows, out);
}

}  // namespace quintile::kernels
