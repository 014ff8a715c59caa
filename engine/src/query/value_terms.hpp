// Operands that are computed row by row: arithmetic and COALESCE. They are worked out 64 rows at a
// time, the span of one word of a bitmap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "query/term.hpp"
#include "query/tree.hpp"
#include "quintile/int128.hpp"

namespace quintile::query {

inline constexpr std::size_t kWordRows = 64;

template <class T>
class Values {
 public:
  virtual ~Values() = default;
  // Writes kWordRows values for rows 64 * word and on; returns which are not NULL. Values of the
  // others, and past the last row, mean nothing but are within the bounds of the operand.
  virtual std::uint64_t evaluate(const Chunk& chunk, std::size_t word, T* out) const noexcept = 0;
  virtual void write_key(TermKey& key) const = 0;
};

// Exact numbers of a scale that their user knows; also days, microseconds.
using Numbers = std::shared_ptr<const Values<Int128>>;
using Reals = std::shared_ptr<const Values<double>>;

[[nodiscard]] Numbers make_numbers(std::uint32_t column);
[[nodiscard]] Numbers make_numbers(Int128 constant);
[[nodiscard]] Numbers make_scaled(Numbers numbers, Int128 factor);
[[nodiscard]] Numbers make_arithmetic(Arithmetic arithmetic, Numbers left, Numbers right);
[[nodiscard]] Numbers make_first_known(std::vector<Numbers> items);

[[nodiscard]] Reals make_reals(std::uint32_t column);  // kDouble
[[nodiscard]] Reals make_reals(double constant);
[[nodiscard]] Reals make_reals(Numbers numbers, int scale);
// NULL where the result is no number.
[[nodiscard]] Reals make_arithmetic(Arithmetic arithmetic, Reals left, Reals right);
[[nodiscard]] Reals make_first_known(std::vector<Reals> items);

[[nodiscard]] TermPointer make_comparison(Comparison comparison, Numbers left, Numbers right);
// The same where bringing both sides to one scale could overflow.
[[nodiscard]] TermPointer make_wide_comparison(Comparison comparison, Numbers left, int left_scale,
                                               Numbers right, int right_scale);
[[nodiscard]] TermPointer make_comparison(Comparison comparison, Reals left, Reals right);
[[nodiscard]] TermPointer make_is_null(Numbers numbers);
[[nodiscard]] TermPointer make_is_null(Reals reals);
// In a set of sorted numbers of the same scale. With `has_null` what is not in it is NULL.
[[nodiscard]] TermPointer make_number_set(Numbers numbers, std::vector<Int128> values,
                                          bool has_null);

// COALESCE of texts: columns, the last perhaps a literal. A leaf without a column is the literal.
struct CodeTest {
  std::optional<std::uint32_t> column;
  std::vector<std::uint64_t> codes;  // those that pass
  bool passes = false;               // the literal passes
};
[[nodiscard]] TermPointer make_text_test(std::vector<CodeTest> leaves, bool has_null);
struct TextRanks {
  std::optional<std::uint32_t> column;
  std::vector<std::uint32_t> ranks;  // by code; one for the literal
};
[[nodiscard]] TermPointer make_text_comparison(Comparison comparison, std::vector<TextRanks> left,
                                               std::vector<TextRanks> right);

// COALESCE of conditions.
[[nodiscard]] TermPointer make_first_known(std::vector<TermPointer> items);

// Order of two numbers of different scales, exactly.
[[nodiscard]] int order_of_scaled(Int128 left, int left_scale, Int128 right,
                                  int right_scale) noexcept;

}  // namespace quintile::query
