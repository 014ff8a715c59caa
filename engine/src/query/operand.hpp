// What stands on a side of an operator: a column, a literal, something computed, or a condition.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/term.hpp"
#include "query/tree.hpp"
#include "query/value_terms.hpp"
#include "quintile/int128.hpp"

namespace quintile::query {

// What can be compared with what.
enum class Family : std::uint8_t { kNull, kBool, kNumber, kText, kDate, kTimestamp, kDuration };

// Return "a number", "text", ...
[[nodiscard]] std::string_view family_name(Family family) noexcept;

// One text that COALESCE chooses from: a column with a dictionary, or a literal.
struct TextLeaf {
  std::optional<std::uint32_t> column;
  const ExpressionDictionary* dictionary = nullptr;
  std::string_view text;  // in the node
};

// A column, a literal, or what is computed from them; conditions have a term as well.
struct Operand {
  const Node* node = nullptr;
  Family family = Family::kNull;
  bool is_column = false;
  bool is_closed = false;  // column: ExpressionColumn::closed
  std::uint32_t column = 0;
  DataType type = DataType::kInt64;                  // of a column
  const ExpressionDictionary* dictionary = nullptr;  // of a text column
  int scale = 0;                                     // numbers: digits after the point
  Int128 coefficient = 0;                            // literals: number, days, microseconds
  std::string_view text;                             // text literals; in the node
  TermPointer condition;                             // kBool, kNull
  Numbers numbers;                                   // computed, exact
  Uint128 most = 0;              // what the magnitude of `numbers` stays below or at
  Reals reals;                   // computed, double
  std::vector<TextLeaf> leaves;  // computed text

  [[nodiscard]] bool is_double() const noexcept {
    return (is_column && type == DataType::kDouble) || reals != nullptr;
  }
  [[nodiscard]] bool is_computed() const noexcept {
    return numbers != nullptr || reals != nullptr || !leaves.empty();
  }
  // A number, date, timestamp or duration that is known.
  [[nodiscard]] bool is_number_literal() const noexcept {
    return !is_column && !is_computed() && family != Family::kNull && family != Family::kBool &&
           family != Family::kText;
  }
};

// What is below this has at most 38 digits.
inline constexpr int kMostDigits = 38;

// Any operand of an exact family as computed numbers, and their largest magnitude; any number as
// double.
[[nodiscard]] Numbers numbers_of(const Operand& operand);
[[nodiscard]] Uint128 magnitude_of(const Operand& operand) noexcept;
[[nodiscard]] Reals reals_of(const Operand& operand);
// A text operand as the leaves of a COALESCE.
[[nodiscard]] std::vector<TextLeaf> leaves_of(const Operand& operand);

// Return 10^digits times `magnitude` if that has at most 38 digits.
[[nodiscard]] std::optional<Uint128> scaled_magnitude(Uint128 magnitude, int digits) noexcept;

// Compare two operands of one family that is not kBool or kNull.
[[nodiscard]] TermPointer compare_operands(Comparison comparison, const Operand& left,
                                           const Operand& right);

// Return a number literal as units of `scale` if it is one exactly; the second also asks that it
// fits 64 bits.
[[nodiscard]] std::optional<Int128> exact_number(const Operand& literal, int scale) noexcept;
[[nodiscard]] std::optional<std::int64_t> exact_units(const Operand& literal, int scale) noexcept;

// Return a bit per code of `dictionary` for which test(text) holds.
template <class Test>
[[nodiscard]] std::vector<std::uint64_t> codes_where(const ExpressionDictionary& dictionary,
                                                     const Test& test) {
  const std::uint32_t size = dictionary.size();
  std::vector<std::uint64_t> codes((std::size_t{size} + 63) / 64);
  for (std::uint32_t code = 0; code < size; ++code) {
    codes[code / 64] |= std::uint64_t{test(dictionary.text(code))} << (code % 64);
  }
  return codes;
}

// The rows where test(text) holds. With `has_null` the others are NULL.
template <class Test>
[[nodiscard]] TermPointer texts_where(const Operand& value, bool has_null, const Test& test) {
  if (value.is_column) {
    return make_code_set(value.column, codes_where(*value.dictionary, test), has_null);
  }
  if (value.leaves.empty()) {
    const bool passes = test(value.text);
    return make_constant(passes, !passes && has_null);
  }
  std::vector<CodeTest> tests;
  for (const TextLeaf& leaf : value.leaves) {
    if (leaf.column) {
      tests.push_back({leaf.column, codes_where(*leaf.dictionary, test), false});
    } else {
      tests.push_back({std::nullopt, {}, test(leaf.text)});
    }
  }
  return make_text_test(std::move(tests), has_null);
}

}  // namespace quintile::query
