// Columns, literals and COALESCE.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "query/binder.hpp"
#include "query/duration.hpp"
#include "query/name_hint.hpp"
#include "query/power_of_ten.hpp"
#include "quintile/date_time.hpp"
#include "status/try.hpp"

namespace quintile::query {

std::optional<std::uint32_t> Binder::find_column(std::string_view name) const {
  const auto& columns = binding_.columns;
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [name](const auto& column) { return column.name == name; });
  return found == columns.end()
             ? std::optional<std::uint32_t>{}
             : std::optional(static_cast<std::uint32_t>(found - columns.begin()));
}

Result<Operand> Binder::named_column(const Node& node) {
  const std::optional<std::uint32_t> place = find_column(node.text);
  if (!place) {
    std::vector<std::string_view> known;
    for (const ExpressionColumn& column : binding_.columns) {
      known.push_back(column.name);
    }
    return expression_error(node.position, "unknown column " + quoted_for_message(node.text) +
                                               known_names_hint(node.text, known));
  }
  names_.used[*place] = true;
  return column(node, binding_.columns[*place], *place);
}

// An operand that is read from view number `place`.
Result<Operand> Binder::column(const Node& node, const ExpressionColumn& column,
                               std::uint32_t place) {
  Operand operand;
  operand.node = &node;
  operand.is_column = true;
  operand.is_closed = column.closed;
  operand.column = place;
  operand.type = column.type;
  switch (column.type) {
    case DataType::kBool:
      operand.family = Family::kBool;
      operand.condition = make_bool_column(place);
      break;
    case DataType::kDecimal:
      operand.scale = column.decimals;
      operand.family = Family::kNumber;
      break;
    case DataType::kInt64:
    case DataType::kDouble:
      operand.family = Family::kNumber;
      break;
    case DataType::kDate:
      operand.family = Family::kDate;
      break;
    case DataType::kTimestamp:
      operand.family = Family::kTimestamp;
      break;
    case DataType::kCategory:
      if (column.dictionary == nullptr) {
        return Status(StatusCode::kInternal, "a text column was bound without its dictionary");
      }
      operand.dictionary = column.dictionary;
      operand.family = Family::kText;
      break;
    case DataType::kTags:
      return type_error(node, "tag('...') or IS NULL for tags", "");
    case DataType::kConsent:
      return type_error(node,
                        "consent('" + column.channel + "', '" + column.purpose + "') or IS NULL",
                        "a consent");
  }
  return operand;
}

Result<Operand> Binder::timestamp(const Node& node) {
  if (!binding_.timestamp_from_text) {
    return expression_error(node.position, "timestamps are not available here");
  }
  const Result<std::int64_t> instant = binding_.timestamp_from_text(node.text);
  if (!instant.ok()) {
    return expression_error(
        node.position,
        "expected a timestamp such as '2026-01-31 10:00:00', got " + quoted_for_message(node.text));
  }
  Operand operand;
  operand.node = &node;
  operand.family = Family::kTimestamp;
  operand.coefficient = *instant;
  return operand;
}

Result<Operand> Binder::literal(const Node& node) {
  Operand operand;
  operand.node = &node;
  switch (node.kind) {
    case NodeKind::kNull:
      operand.condition = make_constant(false, true);
      break;
    case NodeKind::kNumber:
      operand.family = Family::kNumber;
      operand.scale = node.scale;
      operand.coefficient = node.coefficient;
      break;
    case NodeKind::kText:
      operand.family = Family::kText;
      operand.text = node.text;
      break;
    case NodeKind::kDate:
      operand.family = Family::kDate;
      operand.coefficient = parse_date(node.text).value_or(0);
      break;
    case NodeKind::kDuration:
      operand.family = Family::kDuration;
      operand.coefficient = duration_us(read_duration(node.text).value_or(Window{}));
      break;
    default:
      operand.family = Family::kBool;
      operand.condition = make_constant(node.flag, false);
  }
  return operand;
}

Result<Operand> Binder::operand(const Node& node) {
  switch (node.kind) {
    case NodeKind::kName:
      return named_column(node);
    case NodeKind::kTimestamp:
      return timestamp(node);
    case NodeKind::kNegate:
      return negate(node);
    case NodeKind::kArithmetic:
      return arithmetic(node);
    case NodeKind::kCoalesce:
      return coalesce(node);
    case NodeKind::kCall:
      return call(node);
    case NodeKind::kEvents:
      return aggregate(node);
    case NodeKind::kRegularly:
      return regularly(node);
    case NodeKind::kSequence:
      return sequence(node);
    default:
      break;
  }
  if (is_literal(node)) {
    return literal(node);
  }
  Operand operand;
  operand.node = &node;
  operand.family = Family::kBool;
  QUINTILE_ASSIGN_OR_RETURN(operand.condition, condition(node));
  return operand;
}

Result<Operand> Binder::coalesce(const Node& node) {
  std::vector<Operand> items;
  for (const Node& child : node.children) {
    QUINTILE_ASSIGN_OR_RETURN(Operand item, operand(child));
    if (item.family == Family::kNull) {
      continue;
    }
    if (!items.empty() && item.family != items.front().family) {
      return type_error(child,
                        std::string(family_name(items.front().family)) + " beside " +
                            describe_tree(*items.front().node),
                        shown_family(item));
    }
    items.push_back(std::move(item));
  }
  if (items.empty()) {
    Operand unknown;
    unknown.condition = make_constant(false, true);
    items.push_back(std::move(unknown));
  }
  if (items.size() == 1) {
    items.front().node = &node;
    return std::move(items.front());
  }
  if (items.front().family == Family::kBool || items.front().family == Family::kText ||
      std::any_of(items.begin(), items.end(), [](const Operand& i) { return i.is_double(); })) {
    return coalesce_values(node, std::move(items));
  }
  Operand result;
  result.node = &node;
  result.family = items.front().family;
  for (const Operand& item : items) {
    result.scale = std::max(result.scale, item.scale);
  }
  std::vector<Numbers> numbers;
  for (const Operand& item : items) {
    const int digits = result.scale - item.scale;
    const std::optional<Uint128> most = scaled_magnitude(magnitude_of(item), digits);
    if (!most) {
      return expression_error(item.node->position,
                              "expected numbers that together need at most 38 digits");
    }
    result.most = std::max(result.most, *most);
    numbers.push_back(make_scaled(numbers_of(item), power_of_ten(digits)));
  }
  result.numbers = make_first_known(std::move(numbers));
  return result;
}

// Two or more conditions, texts or doubles.
Operand Binder::coalesce_values(const Node& node, std::vector<Operand> items) {
  Operand result;
  result.node = &node;
  result.family = items.front().family;
  std::vector<TermPointer> conditions;
  std::vector<Reals> reals;
  for (const Operand& item : items) {
    if (result.family == Family::kBool) {
      conditions.push_back(item.condition);
    } else if (result.family == Family::kText) {
      const std::vector<TextLeaf> leaves = leaves_of(item);
      result.leaves.insert(result.leaves.end(), leaves.begin(), leaves.end());
    } else {
      reals.push_back(reals_of(item));
    }
  }
  if (!conditions.empty()) {
    result.condition = make_first_known(std::move(conditions));
  }
  if (!reals.empty()) {
    result.reals = make_first_known(std::move(reals));
  }
  return result;
}

}  // namespace quintile::query
