#include <bit>

#include "kernel_table.hpp"

// Reference loops: one word at a time, truth values as they are in the bitmaps.
namespace quintile::kernels::scalar {

namespace {

struct Truth {
  std::uint64_t is_true = 0;
  std::uint64_t is_null = 0;

  [[nodiscard]] std::uint64_t is_false() const noexcept { return ~(is_true | is_null); }
};

// Neither true nor false is unknown.
Truth from_true_and_false(std::uint64_t is_true, std::uint64_t is_false) noexcept {
  return {is_true, ~(is_true | is_false)};
}

Truth joined(BooleanOp op, const Truth& a, const Truth& b) noexcept {
  switch (op) {
    case BooleanOp::kAnd:
      return from_true_and_false(a.is_true & b.is_true, a.is_false() | b.is_false());
    case BooleanOp::kOr:
      return from_true_and_false(a.is_true | b.is_true, a.is_false() & b.is_false());
    case BooleanOp::kAndNot:
      return from_true_and_false(a.is_true & b.is_false(), a.is_false() | b.is_true);
    default:
      return from_true_and_false((a.is_true & b.is_false()) | (a.is_false() & b.is_true),
                                 (a.is_true & b.is_true) | (a.is_false() & b.is_false()));
  }
}

Truth word_of(const BooleanTerm& term, std::size_t word) noexcept {
  return {term.is_true[word], term.is_null.empty() ? 0 : term.is_null[word]};
}

Truth evaluate_word(std::span<const BooleanStep> program, std::span<const BooleanTerm> terms,
                    std::size_t word) noexcept {
  Truth stack[kBooleanStackMax];
  std::size_t depth = 0;
  for (const BooleanStep& step : program) {
    Truth& top = stack[depth == 0 ? 0 : depth - 1];
    switch (step.op) {
      case BooleanOp::kPush:
        stack[depth++] = word_of(terms[step.term], word);
        break;
      case BooleanOp::kNot:
        top = {top.is_false(), top.is_null};
        break;
      case BooleanOp::kIsNull:
        top = {top.is_null, 0};
        break;
      default:
        if (step.term != kFromStack) {
          top = joined(step.op, top, word_of(terms[step.term], word));
        } else {
          stack[depth - 2] = joined(step.op, stack[depth - 2], top);
          --depth;
        }
    }
  }
  return stack[0];
}

TruthCounts evaluate_boolean(std::span<const BooleanStep> program,
                             std::span<const BooleanTerm> terms, std::size_t rows,
                             const TruthWords& out) noexcept {
  TruthCounts counts;
  for (std::size_t w = 0; w < words_for(rows); ++w) {
    Truth result = evaluate_word(program, terms, w);
    if (rows - w * 64 < 64) {
      const std::uint64_t exists = (std::uint64_t{1} << (rows % 64)) - 1;
      result = {result.is_true & exists, result.is_null & exists};
    }
    counts.is_true += static_cast<std::uint64_t>(std::popcount(result.is_true));
    counts.is_null += static_cast<std::uint64_t>(std::popcount(result.is_null));
    if (!out.is_true.empty()) out.is_true[w] = result.is_true;
    if (!out.is_null.empty()) out.is_null[w] = result.is_null;
  }
  return counts;
}

}  // namespace

extern const BooleanKernels kBooleanKernels;
const BooleanKernels kBooleanKernels = {evaluate_boolean};

}  // namespace quintile::kernels::scalar
