#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "quintile/kernels/block.hpp"
#include "quintile/kernels/truth.hpp"

// A whole expression over bitmaps in one pass: a small program is run strip by strip, a strip being
// what registers hold, so that no intermediate bitmap is ever in memory.
namespace quintile::kernels {

/// What a step does to the stack of values. Values are SQL's: AND, OR and NOT are Kleene's, XOR
/// ("differs") is unknown where either side is.
enum class BooleanOp : std::uint8_t {
  kPush,    // push the term
  kAnd,     // the rest take two operands: the value on top and the term; or, with kFromStack, the
  kOr,      // value below the top and the top, which is popped
  kAndNot,  // first AND NOT second
  kXor,
  kNot,    // of the value on top
  kIsNull  // true where the value on top is unknown, else false
};

/// In place of a term: the operands are the two values on top of the stack. Also written for kNot
/// and kIsNull, which have no term.
inline constexpr std::uint16_t kFromStack = 0xFFFF;

struct BooleanStep {
  BooleanOp op = BooleanOp::kPush;
  std::uint16_t term = kFromStack;
};

/// A bitmap that steps name by its position. Where `is_null` is empty the term is nowhere unknown;
/// when that holds for all terms, evaluation takes half the work. No row has both bits set. Bits
/// past the last row mean nothing.
struct BooleanTerm {
  std::span<const std::uint64_t> is_true;
  std::span<const std::uint64_t> is_null;
};

struct TruthCounts {
  std::uint64_t is_true = 0;
  std::uint64_t is_null = 0;
};

/// Most values on the stack. An expression of n terms needs at most 1 + log2(n) when the side that
/// needs more is evaluated first.
inline constexpr std::size_t kBooleanStackMax = 16;

/// True when the program can run: it has steps, every one finds its operands on the stack and its
/// term among `terms`, the stack stays within kBooleanStackMax and has one value at the end.
bool is_well_formed(std::span<const BooleanStep> program, std::size_t terms) noexcept;

/// Evaluates the program over `rows` rows, returns how many are true and how many unknown, and
/// writes words_for(rows) words to out.is_true and out.is_null unless they are empty: with both
/// empty it only counts.
/// Preconditions: is_well_formed(program, terms.size()); rows <= kBlockRows; every bitmap has
/// words_for(rows) words; outputs overlap no term.
/// noexcept, nothing allocated, any number of threads over disjoint outputs.
/// Cost: one read of the bitmaps named, an instruction or two per step and register.
///
///   terms {0b0011, 0b0101}, program {push 0, and-not 1}, 4 rows -> 0b0010, counts {1, 0}
TruthCounts evaluate_boolean(std::span<const BooleanStep> program,
                             std::span<const BooleanTerm> terms, std::size_t rows,
                             const TruthWords& out) noexcept;

}  // namespace quintile::kernels
