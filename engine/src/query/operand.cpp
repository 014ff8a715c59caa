#include "query/operand.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "query/column_access.hpp"
#include "query/nearest_double.hpp"
#include "query/power_of_ten.hpp"

namespace quintile::query {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

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
    side.constant = nearest_double(operand.coefficient, operand.scale);
  }
  return side;
}

// Give every text of the leaves its rank in byte order; equal texts share one.
class TextRanking {
 public:
  std::size_t add(const TextLeaf& leaf) {
    starts_.push_back(texts_.size());
    if (!leaf.column) {
      texts_.emplace_back(leaf.text);
    } else {
      const std::uint32_t size = leaf.dictionary->size();
      for (std::uint32_t code = 0; code < size; ++code) {
        texts_.emplace_back(leaf.dictionary->text(code));
      }
    }
    return starts_.size() - 1;
  }
  void rank() {
    starts_.push_back(texts_.size());
    std::vector<std::size_t> order(texts_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [this](std::size_t a, std::size_t b) { return texts_[a] < texts_[b]; });
    ranks_.resize(texts_.size());
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      rank += i > 0 && texts_[order[i]] != texts_[order[i - 1]] ? 1 : 0;
      ranks_[order[i]] = rank;
    }
  }
  [[nodiscard]] std::vector<std::uint32_t> of(std::size_t leaf) const {
    return {ranks_.begin() + static_cast<std::ptrdiff_t>(starts_[leaf]),
            ranks_.begin() + static_cast<std::ptrdiff_t>(starts_[leaf + 1])};
  }

 private:
  std::vector<std::string> texts_;
  std::vector<std::size_t> starts_;
  std::vector<std::uint32_t> ranks_;
};

TermPointer compare_ranks(Comparison comparison, const Operand& left, const Operand& right) {
  const std::array<std::vector<TextLeaf>, 2> sides = {leaves_of(left), leaves_of(right)};
  TextRanking ranking;
  for (const auto& side : sides) {
    for (const TextLeaf& leaf : side) {
      (void)ranking.add(leaf);
    }
  }
  ranking.rank();
  if (left.is_column && right.is_column) {
    return make_rank_pair(comparison, left.column, ranking.of(0), right.column, ranking.of(1));
  }
  std::array<std::vector<TextRanks>, 2> ranks;
  std::size_t place = 0;
  for (std::size_t side = 0; side < 2; ++side) {
    for (const TextLeaf& leaf : sides[side]) {
      ranks[side].push_back({leaf.column, ranking.of(place)});
      ++place;
    }
  }
  return make_text_comparison(comparison, std::move(ranks[0]), std::move(ranks[1]));
}

TermPointer compare_texts(Comparison comparison, const Operand& left, const Operand& right) {
  const auto is_literal = [](const Operand& side) {
    return !side.is_column && side.leaves.empty();
  };
  if (is_literal(left)) {
    if (is_literal(right)) {
      return make_constant(holds_for(comparison, order_of(left.text, right.text)), false);
    }
    return compare_texts(mirrored(comparison), right, left);
  }
  if (!is_literal(right)) {
    return compare_ranks(comparison, left, right);
  }
  return texts_where(left, false, [&](std::string_view text) {
    return holds_for(comparison, order_of(text, right.text));
  });
}

TermPointer compare_computed(Comparison comparison, const Operand& left, const Operand& right) {
  if (left.is_double() || right.is_double()) {
    return make_comparison(comparison, reals_of(left), reals_of(right));
  }
  const int left_digits = std::max(0, right.scale - left.scale);
  const int right_digits = std::max(0, left.scale - right.scale);
  if (scaled_magnitude(magnitude_of(left), left_digits) &&
      scaled_magnitude(magnitude_of(right), right_digits)) {
    return make_comparison(comparison, make_scaled(numbers_of(left), power_of_ten(left_digits)),
                           make_scaled(numbers_of(right), power_of_ten(right_digits)));
  }
  return make_wide_comparison(comparison, numbers_of(left), left.scale, numbers_of(right),
                              right.scale);
}

}  // namespace

int order_of_scaled(Int128 left, int left_scale, Int128 right, int right_scale) noexcept {
  const Parts a = split(left, left_scale);
  const Parts b = split(right, right_scale);
  const int whole = order_of(a.whole, b.whole);
  return whole != 0 ? whole : order_of(a.rest, b.rest);
}

std::string_view family_name(Family family) noexcept {
  constexpr std::array<std::string_view, 7> kNames = {"NULL",   "a condition", "a number",  "text",
                                                      "a date", "a timestamp", "a duration"};
  return kNames[static_cast<std::size_t>(family)];
}

Numbers numbers_of(const Operand& operand) {
  return operand.numbers     ? operand.numbers
         : operand.is_column ? make_numbers(operand.column)
                             : make_numbers(operand.coefficient);
}

Uint128 magnitude_of(const Operand& operand) noexcept {
  if (operand.numbers) {
    return operand.most;
  }
  if (operand.is_column) {
    return Uint128{1} << 63;
  }
  const auto bits = static_cast<Uint128>(operand.coefficient);
  return operand.coefficient < 0 ? -bits : bits;
}

Reals reals_of(const Operand& operand) {
  if (operand.reals) {
    return operand.reals;
  }
  if (operand.is_double()) {
    return make_reals(operand.column);
  }
  return operand.is_number_literal()
             ? make_reals(nearest_double(operand.coefficient, operand.scale))
             : make_reals(numbers_of(operand), operand.scale);
}

std::vector<TextLeaf> leaves_of(const Operand& operand) {
  if (!operand.leaves.empty()) {
    return operand.leaves;
  }
  if (operand.is_column) {
    return {{operand.column, operand.dictionary, {}}};
  }
  return {{std::nullopt, nullptr, operand.text}};
}

std::optional<Uint128> scaled_magnitude(Uint128 magnitude, int digits) noexcept {
  const auto limit = static_cast<Uint128>(power_of_ten(kMostDigits));
  if (digits > kMostDigits ||
      magnitude > (limit - 1) / static_cast<Uint128>(power_of_ten(digits))) {
    return std::nullopt;
  }
  return magnitude * static_cast<Uint128>(power_of_ten(digits));
}

TermPointer compare_operands(Comparison comparison, const Operand& left, const Operand& right) {
  if (left.family == Family::kText) {
    return compare_texts(comparison, left, right);
  }
  if (left.is_computed() || right.is_computed()) {
    return compare_computed(comparison, left, right);
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
  return make_constant(holds_for(comparison, order_of_scaled(left.coefficient, left.scale,
                                                             right.coefficient, right.scale)),
                       false);
}

std::optional<Int128> exact_number(const Operand& literal, int scale) noexcept {
  if (literal.scale > scale) {
    const Int128 unit = power_of_ten(literal.scale - scale);
    return literal.coefficient % unit == 0 ? std::optional(literal.coefficient / unit)
                                           : std::nullopt;
  }
  if (!scaled_magnitude(magnitude_of(literal), scale - literal.scale)) {
    return std::nullopt;
  }
  return literal.coefficient * power_of_ten(scale - literal.scale);
}

std::optional<std::int64_t> exact_units(const Operand& literal, int scale) noexcept {
  const Floor floor = floor_units(literal, scale);
  if (!floor.exact || floor.units < kLowest || floor.units > kHighest) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(floor.units);
}

}  // namespace quintile::query
