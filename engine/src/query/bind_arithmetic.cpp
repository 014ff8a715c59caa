// + - * and unary minus. That a result fits 38 digits is shown from the ranges of columns before
// anything runs, so nothing overflows later.
#include <algorithm>
#include <string>
#include <utility>

#include "query/binder.hpp"
#include "query/duration.hpp"
#include "query/power_of_ten.hpp"
#include "quintile/date_time.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

Status too_many_digits(const Node& node) {
  return expression_error(node.position, "expected a result of at most 38 digits, got " +
                                             describe_tree(node) + ", which can need more");
}

Operand null_operand(const Node& node) {
  Operand operand;
  operand.node = &node;
  operand.condition = make_constant(false, true);
  return operand;
}

bool can_be_computed(Family family) {
  return family == Family::kNull || family == Family::kNumber || family == Family::kDate ||
         family == Family::kTimestamp || family == Family::kDuration;
}

// What comes of two families; kNull if nothing does.
Family result_family(Arithmetic arithmetic, Family left, Family right) {
  if (left == Family::kNumber && right == Family::kNumber) {
    return Family::kNumber;
  }
  if (arithmetic == Arithmetic::kMultiply) {
    return Family::kNull;
  }
  const bool is_time = left == Family::kDate || left == Family::kTimestamp;
  if (right == Family::kDuration && (is_time || left == Family::kDuration)) {
    return left;
  }
  if (arithmetic == Arithmetic::kAdd && left == Family::kDuration &&
      (right == Family::kDate || right == Family::kTimestamp)) {
    return right;
  }
  if (arithmetic == Arithmetic::kSubtract && left == right && is_time) {
    return left == Family::kDate ? Family::kNumber : Family::kDuration;
  }
  return Family::kNull;
}

std::string_view operator_text(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::kAdd ? "+" : arithmetic == Arithmetic::kSubtract ? "-" : "*";
}

// A duration beside a date is a number of days.
Status turn_into_days(Operand& duration) {
  const Int128 day = kMicrosecondsPerDay;
  if (!duration.is_number_literal() || duration.coefficient % day != 0) {
    return type_error(*duration.node, "days or weeks such as 7d beside a date",
                      shown_family(duration));
  }
  duration.coefficient /= day;
  return {};
}

Result<Operand> compute(const Node& node, Arithmetic arithmetic, Family family, const Operand& left,
                        const Operand& right) {
  Operand result;
  result.node = &node;
  result.family = family;
  if (left.is_double() || right.is_double()) {
    result.reals = make_arithmetic(arithmetic, reals_of(left), reals_of(right));
    return result;
  }
  const bool is_product = arithmetic == Arithmetic::kMultiply;
  result.scale = is_product ? left.scale + right.scale : std::max(left.scale, right.scale);
  const int left_digits = is_product ? 0 : result.scale - left.scale;
  const int right_digits = is_product ? 0 : result.scale - right.scale;
  const auto left_most = scaled_magnitude(magnitude_of(left), left_digits);
  const auto right_most = scaled_magnitude(magnitude_of(right), right_digits);
  if (!left_most || !right_most || result.scale > kMostDigits) {
    return too_many_digits(node);
  }
  const auto limit = static_cast<Uint128>(power_of_ten(kMostDigits)) - 1;
  if (is_product ? *right_most != 0 && *left_most > limit / *right_most
                 : *left_most > limit - *right_most) {
    return too_many_digits(node);
  }
  if (left.is_number_literal() && right.is_number_literal()) {
    const Int128 a = left.coefficient * power_of_ten(left_digits);
    const Int128 b = right.coefficient * power_of_ten(right_digits);
    result.coefficient = is_product ? a * b : arithmetic == Arithmetic::kAdd ? a + b : a - b;
    return result;
  }
  result.most = is_product ? *left_most * *right_most : *left_most + *right_most;
  result.numbers =
      make_arithmetic(arithmetic, make_scaled(numbers_of(left), power_of_ten(left_digits)),
                      make_scaled(numbers_of(right), power_of_ten(right_digits)));
  return result;
}

}  // namespace

Result<Operand> Binder::negate(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(Operand value, operand(node.children[0]));
  if (value.family == Family::kNull) {
    return null_operand(node);
  }
  if (value.family != Family::kNumber && value.family != Family::kDuration) {
    return type_error(node.children[0], "a number or a duration", shown_family(value));
  }
  Operand minus_one;
  minus_one.node = &node;
  minus_one.family = Family::kNumber;
  minus_one.coefficient = -1;
  return compute(node, Arithmetic::kMultiply, value.family, value, minus_one);
}

Result<Operand> Binder::arithmetic(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(Operand left, operand(node.children[0]));
  QUINTILE_ASSIGN_OR_RETURN(Operand right, operand(node.children[1]));
  for (const Operand* side : {&left, &right}) {
    if (!can_be_computed(side->family)) {
      return type_error(*side->node, "a number, a date, a timestamp or a duration",
                        shown_family(*side));
    }
  }
  if (left.family == Family::kNull || right.family == Family::kNull) {
    return null_operand(node);
  }
  const Family family = result_family(node.arithmetic, left.family, right.family);
  if (family == Family::kNull) {
    return expression_error(node.position,
                            "expected numbers, or a date or timestamp and a duration, got " +
                                std::string(family_name(left.family)) + " " +
                                std::string(operator_text(node.arithmetic)) + " " +
                                std::string(family_name(right.family)));
  }
  if (family == Family::kDate) {
    QUINTILE_TRY(turn_into_days(left.family == Family::kDuration ? left : right));
  }
  return compute(node, node.arithmetic, family, left, right);
}

}  // namespace quintile::query
