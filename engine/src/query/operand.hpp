// What stands on a side of an operator: a column, a literal or a condition.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "query/term.hpp"
#include "query/tree.hpp"
#include "quintile/int128.hpp"

namespace quintile::query {

// What can be compared with what.
enum class Family : std::uint8_t { kNull, kBool, kNumber, kText, kDate, kTimestamp };

// Return "a number", "text", ...
[[nodiscard]] std::string_view family_name(Family family) noexcept;

// A column or a literal; conditions have a term as well.
struct Operand {
  const Node* node = nullptr;
  Family family = Family::kNull;
  bool is_column = false;
  std::uint32_t column = 0;
  DataType type = DataType::kInt64;                  // of a column
  const ExpressionDictionary* dictionary = nullptr;  // of a text column
  int scale = 0;                                     // numbers: digits after the point
  Int128 coefficient = 0;                            // number, date and timestamp literals
  std::string_view text;                             // text literals; in the node
  TermPointer condition;                             // kBool

  [[nodiscard]] bool is_double() const noexcept { return is_column && type == DataType::kDouble; }
};

// Compare two literals, or columns and literals, of one family that is not kBool or kNull.
[[nodiscard]] TermPointer compare_operands(Comparison comparison, const Operand& left,
                                           const Operand& right);

// Return a number literal as minor units of `scale` if it is one exactly and fits.
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

}  // namespace quintile::query
