// From a tree to terms: names resolved, types checked, patterns run over dictionaries.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "query/name_hint.hpp"
#include "query/operand.hpp"
#include "query/pattern.hpp"
#include "query/term.hpp"
#include "quintile/date_time.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

class Binder {
 public:
  Binder(const ExpressionBinding& binding, std::vector<bool>& used)
      : binding_(binding), used_(used) {}

  Result<TermPointer> condition(const Node& node);

 private:
  Result<Operand> operand(const Node& node);
  Result<Operand> column(const Node& node);
  Result<Operand> timestamp(const Node& node);
  Result<TermPointer> chain(const Node& node);
  Result<TermPointer> compare(const Node& node);
  Result<TermPointer> compare_bool(const Node& node, Operand left, Operand right);
  Result<TermPointer> between(const Node& node);
  Result<TermPointer> in(const Node& node);
  static Status refuse_condition(const Operand& operand);
  static TermPointer in_list(const Operand& value, const std::vector<Operand>& items,
                             bool has_null);
  Result<TermPointer> pattern(const Node& node);
  Result<TermPointer> is_distinct(const Node& node);
  static TermPointer null_test(Operand operand);
  static Status check_families(const Operand& left, const Operand& right);
  static TermPointer negate(bool negated, TermPointer term) {
    return negated ? make_not(std::move(term)) : std::move(term);
  }

  const ExpressionBinding& binding_;
  std::vector<bool>& used_;
};

Status type_error(const Node& node, std::string_view expected, std::string_view got) {
  return expression_error(node.position, "expected " + std::string(expected) + ", got " +
                                             describe_tree(node) +
                                             (got.empty() ? "" : " (" + std::string(got) + ")"));
}

// What a message adds about an operand whose description does not show its type.
std::string_view shown_family(const Operand& operand) {
  return operand.is_column ? family_name(operand.family) : std::string_view{};
}

Status Binder::check_families(const Operand& left, const Operand& right) {
  if (left.family == right.family || left.family == Family::kNull ||
      right.family == Family::kNull) {
    return {};
  }
  return type_error(
      *right.node,
      std::string(family_name(left.family)) + " to compare with " + describe_tree(*left.node),
      shown_family(right));
}

Result<Operand> Binder::column(const Node& node) {
  const auto& columns = binding_.columns;
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const auto& column) { return column.name == node.text; });
  if (found == columns.end()) {
    const std::vector<std::string_view> known = [&columns] {
      std::vector<std::string_view> names;
      for (const ExpressionColumn& column : columns) {
        names.push_back(column.name);
      }
      return names;
    }();
    return expression_error(node.position, "unknown column " + quoted_for_message(node.text) +
                                               known_names_hint(node.text, known));
  }
  Operand operand;
  operand.node = &node;
  operand.is_column = true;
  operand.column = static_cast<std::uint32_t>(found - columns.begin());
  operand.type = found->type;
  switch (found->type) {
    case DataType::kBool:
      operand.family = Family::kBool;
      operand.condition = make_bool_column(operand.column);
      break;
    case DataType::kDecimal:
      operand.scale = found->decimals;
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
      if (found->dictionary == nullptr) {
        return Status(StatusCode::kInternal, "a text column was bound without its dictionary");
      }
      operand.dictionary = found->dictionary;
      operand.family = Family::kText;
      break;
    case DataType::kTags:
    case DataType::kConsent:
      return type_error(node, "a column that can be compared",
                        found->type == DataType::kTags ? "tags" : "a consent");
  }
  used_[operand.column] = true;
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

Result<Operand> Binder::operand(const Node& node) {
  Operand operand;
  operand.node = &node;
  switch (node.kind) {
    case NodeKind::kName:
      return column(node);
    case NodeKind::kNull:
      operand.condition = make_constant(false, true);
      return operand;
    case NodeKind::kNumber:
      operand.family = Family::kNumber;
      operand.scale = node.scale;
      operand.coefficient = node.coefficient;
      return operand;
    case NodeKind::kText:
      operand.family = Family::kText;
      operand.text = node.text;
      return operand;
    case NodeKind::kDate:
      operand.family = Family::kDate;
      operand.coefficient = parse_date(node.text).value_or(0);
      return operand;
    case NodeKind::kTimestamp:
      return timestamp(node);
    default:
      break;
  }
  operand.family = Family::kBool;
  QUINTILE_ASSIGN_OR_RETURN(operand.condition, condition(node));
  return operand;
}

Result<TermPointer> Binder::condition(const Node& node) {
  switch (node.kind) {
    case NodeKind::kBool:
      return make_constant(node.flag, false);
    case NodeKind::kAnd:
    case NodeKind::kOr:
      return chain(node);
    case NodeKind::kNot: {
      QUINTILE_ASSIGN_OR_RETURN(TermPointer term, condition(node.children[0]));
      return make_not(std::move(term));
    }
    case NodeKind::kCompare:
      return compare(node);
    case NodeKind::kBetween:
      return between(node);
    case NodeKind::kIn:
      return in(node);
    case NodeKind::kLike:
    case NodeKind::kMatches:
      return pattern(node);
    case NodeKind::kIsNull: {
      QUINTILE_ASSIGN_OR_RETURN(Operand value, operand(node.children[0]));
      return negate(node.flag, null_test(std::move(value)));
    }
    case NodeKind::kIsDistinct:
      return is_distinct(node);
    default:
      break;
  }
  QUINTILE_ASSIGN_OR_RETURN(Operand value, operand(node));
  if (value.condition == nullptr) {
    return type_error(node, "a condition", shown_family(value));
  }
  return std::move(value.condition);
}

Result<TermPointer> Binder::chain(const Node& node) {
  std::vector<TermPointer> terms;
  for (const Node& child : node.children) {
    QUINTILE_ASSIGN_OR_RETURN(TermPointer term, condition(child));
    terms.push_back(std::move(term));
  }
  return node.kind == NodeKind::kAnd ? make_and(std::move(terms)) : make_or(std::move(terms));
}

Result<TermPointer> Binder::compare(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(Operand left, operand(node.children[0]));
  QUINTILE_ASSIGN_OR_RETURN(Operand right, operand(node.children[1]));
  QUINTILE_TRY(check_families(left, right));
  if (left.family == Family::kBool || right.family == Family::kBool) {
    return compare_bool(node, std::move(left), std::move(right));
  }
  if (left.family == Family::kNull || right.family == Family::kNull) {
    return make_constant(false, true);
  }
  return compare_operands(node.comparison, left, right);
}

Result<TermPointer> Binder::compare_bool(const Node& node, Operand left, Operand right) {
  if (node.comparison != Comparison::kEqual && node.comparison != Comparison::kNotEqual) {
    return expression_error(node.position, "conditions can only be compared with = and <>");
  }
  return negate(node.comparison == Comparison::kNotEqual,
                make_bool_equal(std::move(left.condition), std::move(right.condition)));
}

Result<TermPointer> Binder::between(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(const Operand value, operand(node.children[0]));
  QUINTILE_TRY(refuse_condition(value));
  std::vector<TermPointer> terms;
  std::vector<Operand> bounds;
  for (std::size_t i = 1; i <= 2; ++i) {
    QUINTILE_ASSIGN_OR_RETURN(Operand bound, operand(node.children[i]));
    QUINTILE_TRY(refuse_condition(bound));
    QUINTILE_TRY(check_families(value, bound));
    if (!bounds.empty()) {
      QUINTILE_TRY(check_families(bounds.front(), bound));
    }
    const bool unknown = value.family == Family::kNull || bound.family == Family::kNull;
    terms.push_back(
        unknown ? make_constant(false, true)
                : compare_operands(i == 1 ? Comparison::kGreaterEqual : Comparison::kLessEqual,
                                   value, bound));
    bounds.push_back(std::move(bound));
  }
  return negate(node.flag, make_and(std::move(terms)));
}

Status Binder::refuse_condition(const Operand& operand) {
  if (operand.family != Family::kBool) {
    return {};
  }
  return type_error(*operand.node, "a number, text, a date or a timestamp", shown_family(operand));
}

Result<TermPointer> Binder::in(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(const Operand value, operand(node.children[0]));
  QUINTILE_TRY(refuse_condition(value));
  std::vector<Operand> items;
  bool has_null = false;
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    QUINTILE_ASSIGN_OR_RETURN(Operand item, operand(node.children[i]));
    QUINTILE_TRY(refuse_condition(item));
    QUINTILE_TRY(check_families(value, item));
    if (item.family == Family::kNull) {
      has_null = true;
      continue;
    }
    if (!items.empty()) {
      QUINTILE_TRY(check_families(items.front(), item));
    }
    items.push_back(std::move(item));
  }
  return negate(node.flag, in_list(value, items, has_null));
}

TermPointer Binder::in_list(const Operand& value, const std::vector<Operand>& items,
                            bool has_null) {
  if (value.family == Family::kNull) {
    return make_constant(false, true);
  }
  if (value.is_column && value.family == Family::kText) {
    std::vector<std::string_view> texts;
    texts.reserve(items.size());
    for (const Operand& item : items) {
      texts.push_back(item.text);
    }
    std::sort(texts.begin(), texts.end());
    const auto is_listed = [&texts](std::string_view text) {
      return std::binary_search(texts.begin(), texts.end(), text);
    };
    return make_code_set(value.column, codes_where(*value.dictionary, is_listed), has_null);
  }
  if (value.is_column && !value.is_double()) {
    std::vector<std::int64_t> numbers;
    for (const Operand& item : items) {
      if (const auto units = exact_units(item, value.scale)) {
        numbers.push_back(*units);
      }
    }
    std::sort(numbers.begin(), numbers.end());
    return make_number_set(value.column, std::move(numbers), has_null);
  }
  std::vector<TermPointer> terms;
  terms.push_back(make_constant(false, has_null));
  for (const Operand& item : items) {
    terms.push_back(compare_operands(Comparison::kEqual, value, item));
  }
  return make_or(std::move(terms));
}

// LIKE, ILIKE and ~.
Result<TermPointer> Binder::pattern(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(const Operand value, operand(node.children[0]));
  if (value.family == Family::kNull) {
    return make_constant(false, true);
  }
  if (value.family != Family::kText) {
    return type_error(node.children[0], "text", shown_family(value));
  }
  const std::unique_ptr<Pattern> matcher = node.kind == NodeKind::kLike
                                               ? make_like(node.text, node.escape, node.ignore_case)
                                               : make_regex(node.text);
  const auto test = [&matcher](std::string_view text) { return matcher->matches(text); };
  TermPointer term = value.is_column
                         ? make_code_set(value.column, codes_where(*value.dictionary, test), false)
                         : make_constant(test(value.text), false);
  return negate(node.flag, std::move(term));
}

TermPointer Binder::null_test(Operand operand) {
  if (operand.is_column) {
    return make_column_is_null(operand.column);
  }
  if (operand.condition != nullptr) {
    return make_is_null(std::move(operand.condition));
  }
  return make_constant(false, false);
}

Result<TermPointer> Binder::is_distinct(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(Operand left, operand(node.children[0]));
  QUINTILE_ASSIGN_OR_RETURN(Operand right, operand(node.children[1]));
  QUINTILE_TRY(check_families(left, right));
  TermPointer term;
  const auto is_bool_or_null = [](const Operand& operand) {
    return operand.family == Family::kBool || operand.family == Family::kNull;
  };
  if (is_bool_or_null(left) && is_bool_or_null(right)) {
    term = make_bool_distinct(std::move(left.condition), std::move(right.condition));
  } else if (left.family == Family::kNull || right.family == Family::kNull) {
    // Of a NULL everything is distinct that is not NULL.
    Operand& other = left.family == Family::kNull ? right : left;
    term = make_not(null_test(std::move(other)));
  } else {
    TermPointer equal = compare_operands(Comparison::kEqual, left, right);
    term = make_distinct(std::move(equal), null_test(std::move(left)), null_test(std::move(right)));
  }
  return negate(node.flag, std::move(term));
}

}  // namespace

Result<TermPointer> bind_tree(const Node& root, const ExpressionBinding& binding,
                              std::vector<bool>& used) {
  return Binder(binding, used).condition(root);
}

}  // namespace quintile::query
