#include "query/operand.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "query/power_of_ten.hpp"

namespace quintile::query {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
constexpr int kMostDigits = 38;

Comparison mirrored(Comparison comparison) {
  switch (comparison) {
    case Comparison::kLess:
      return Comparison::kGreater;
    case Comparison::kLessEqual:
      return Comparison::kGreaterEqual;
    case Comparison::kGreater:
      return Comparison::kLess;
    case Comparison::kGreaterEqual:
      return Comparison::kLessEqual;
    case Comparison::kEqual:
    case Comparison::kNotEqual:
      break;
  }
  return comparison;
}

// Tell what `comparison` says of two things of which the order (negative, 0, positive) is known.
bool holds_for(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::kEqual:
      return order == 0;
    case Comparison::kNotEqual:
      return order != 0;
    case Comparison::kLess:
      return order < 0;
    case Comparison::kLessEqual:
      return order <= 0;
    case Comparison::kGreater:
      return order > 0;
    case Comparison::kGreaterEqual:
      return order >= 0;
  }
  return false;
}

template <class T>
int order_of(const T& left, const T& right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

// Whole units and the rest, both rounded down, so that 0 <= rest < 10^38.
struct Parts {
  Int128 whole;
  Int128 rest;
};

Parts split(Int128 coefficient, int scale) {
  const Int128 unit = power_of_ten(scale);
  Int128 whole = coefficient / unit;
  Int128 rest = coefficient % unit;
  if (rest < 0) {
    rest += unit;
    --whole;
  }
  return {whole, rest * power_of_ten(kMostDigits - scale)};
}

int order_of_numbers(const Operand& left, const Operand& right) {
  const Parts a = split(left.coefficient, left.scale);
  const Parts b = split(right.coefficient, right.scale);
  const int whole = order_of(a.whole, b.whole);
  return whole != 0 ? whole : order_of(a.rest, b.rest);
}

// The largest number of units of 10^-scale that is not above a literal, and whether it is the
// literal itself. Numbers far past 64 bits are brought nearer: beyond that all comparisons come out
// alike.
struct Floor {
  Int128 units;
  bool exact;
};

Floor floor_units(const Operand& literal, int scale) {
  const Int128 limit = Int128{1} << 65;
  if (literal.scale > scale) {
    const Int128 unit = power_of_ten(literal.scale - scale);
    const Parts parts = split(literal.coefficient, literal.scale - scale);
    return {std::clamp(parts.whole, -limit, limit), literal.coefficient % unit == 0};
  }
  Int128 units = literal.coefficient;
  for (int i = literal.scale; i < scale && units > -limit && units < limit; ++i) {
    units *= 10;
  }
  return {std::clamp(units, -limit, limit), true};
}

TermPointer interval_of(std::uint32_t column, Int128 low, Int128 high, bool negated) {
  low = std::max(low, Int128{kLowest});
  high = std::min(high, Int128{kHighest});
  if (low > high) {
    return make_interval(column, 1, 0, negated);
  }
  return make_interval(column, static_cast<std::int64_t>(low), static_cast<std::int64_t>(high),
                       negated);
}

// A column of whole numbers of 10^-scale against a literal.
TermPointer compare_column_to_number(Comparison comparison, const Operand& column,
                                     const Operand& literal) {
  const Int128 lowest = kLowest;
  const Int128 highest = kHighest;
  const auto [units, exact] = floor_units(literal, column.scale);
  const std::uint32_t index = column.column;
  switch (comparison) {
    case Comparison::kEqual:
    case Comparison::kNotEqual:
      return interval_of(index, units, exact ? units : units - 1,
                         comparison == Comparison::kNotEqual);
    case Comparison::kLess:
      return interval_of(index, lowest, exact ? units - 1 : units, false);
    case Comparison::kLessEqual:
      return interval_of(index, lowest, units, false);
    case Comparison::kGreater:
      return interval_of(index, units + 1, highest, false);
    case Comparison::kGreaterEqual:
      break;
  }
  return interval_of(index, exact ? units : units + 1, highest, false);
}

DoubleSide double_side(const Operand& operand) {
  DoubleSide side;
  side.is_column = operand.is_column;
  side.column = operand.column;
  side.type = operand.type;
  side.scale = operand.scale;
  if (!operand.is_column) {
    // Text to double rounds correctly once, which a division would not.
    const std::string text = to_text(operand.coefficient) + "e-" + std::to_string(operand.scale);
    (void)std::from_chars(text.data(), text.data() + text.size(), side.constant);
  }
  return side;
}

TermPointer compare_text(Comparison comparison, const Operand& column, std::string_view literal) {
  return make_code_set(column.column,
                       codes_where(*column.dictionary,
                                   [&](std::string_view text) {
                                     return holds_for(comparison, order_of(text, literal));
                                   }),
                       false);
}

// Give every text of both dictionaries its rank in byte order; equal texts share one.
std::array<std::vector<std::uint32_t>, 2> rank_texts(const ExpressionDictionary& left,
                                                     const ExpressionDictionary& right) {
  const std::size_t left_size = left.size();
  std::vector<std::string> texts;
  texts.reserve(left_size + right.size());
  for (std::uint32_t code = 0; code < left.size(); ++code) {
    texts.emplace_back(left.text(code));
  }
  for (std::uint32_t code = 0; code < right.size(); ++code) {
    texts.emplace_back(right.text(code));
  }
  std::vector<std::size_t> order(texts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return texts[a] < texts[b]; });
  std::array<std::vector<std::uint32_t>, 2> ranks = {std::vector<std::uint32_t>(left_size),
                                                     std::vector<std::uint32_t>(right.size())};
  std::uint32_t rank = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank += i > 0 && texts[order[i]] != texts[order[i - 1]] ? 1 : 0;
    const bool is_left = order[i] < left_size;
    ranks[is_left ? 0 : 1][is_left ? order[i] : order[i] - left_size] = rank;
  }
  return ranks;
}

TermPointer compare_texts(Comparison comparison, const Operand& left, const Operand& right) {
  if (left.is_column && right.is_column) {
    auto ranks = rank_texts(*left.dictionary, *right.dictionary);
    return make_rank_pair(comparison, left.column, std::move(ranks[0]), right.column,
                          std::move(ranks[1]));
  }
  if (left.is_column) {
    return compare_text(comparison, left, right.text);
  }
  if (right.is_column) {
    return compare_text(mirrored(comparison), right, left.text);
  }
  return make_constant(holds_for(comparison, order_of(left.text, right.text)), false);
}

}  // namespace

std::string_view family_name(Family family) noexcept {
  constexpr std::array<std::string_view, 6> kNames = {"NULL", "a condition", "a number",
                                                      "text", "a date",      "a timestamp"};
  return kNames[static_cast<std::size_t>(family)];
}

TermPointer compare_operands(Comparison comparison, const Operand& left, const Operand& right) {
  if (left.family == Family::kText) {
    return compare_texts(comparison, left, right);
  }
  if (left.is_double() || right.is_double()) {
    return make_double_pair(comparison, double_side(left), double_side(right));
  }
  if (left.is_column && right.is_column) {
    return make_number_pair(comparison, left.column, left.scale, right.column, right.scale);
  }
  if (left.is_column) {
    return compare_column_to_number(comparison, left, right);
  }
  if (right.is_column) {
    return compare_column_to_number(mirrored(comparison), right, left);
  }
  return make_constant(holds_for(comparison, order_of_numbers(left, right)), false);
}

std::optional<std::int64_t> exact_units(const Operand& literal, int scale) noexcept {
  const Floor floor = floor_units(literal, scale);
  if (!floor.exact || floor.units < kLowest || floor.units > kHighest) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(floor.units);
}

}  // namespace quintile::query
