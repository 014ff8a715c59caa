// Conditions: from a tree to terms.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "query/binder.hpp"
#include "query/name_hint.hpp"
#include "query/pattern.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

TermPointer negate_if(bool negated, TermPointer term) {
  return negated ? make_not(std::move(term)) : term;
}

Status refuse_condition(const Operand& operand) {
  if (operand.family != Family::kBool) {
    return {};
  }
  return type_error(*operand.node, "a number, text, a date or a timestamp", shown_family(operand));
}

bool is_one_of(const ExpressionDictionary& dictionary, std::string_view text) {
  for (std::uint32_t code = 0; code < dictionary.size(); ++code) {
    if (dictionary.text(code) == text) {
      return true;
    }
  }
  return false;
}

// A closed column against a literal: it must be one of its texts.
Status check_closed(const Operand& column, const Operand& literal) {
  const bool checked = column.is_closed && literal.family == Family::kText && !literal.is_column &&
                       literal.leaves.empty();
  if (!checked || is_one_of(*column.dictionary, literal.text)) {
    return {};
  }
  std::vector<std::string> texts;
  for (std::uint32_t code = 0; code < column.dictionary->size(); ++code) {
    texts.emplace_back(column.dictionary->text(code));
  }
  const std::vector<std::string_view> known(texts.begin(), texts.end());
  return expression_error(literal.node->position,
                          "unknown value " + quoted_for_message(literal.text) + " of " +
                              describe_tree(*column.node) + known_names_hint(literal.text, known));
}

Status refuse_closed_order(const Node& node, const Operand& left, const Operand& right) {
  if (!left.is_closed && !right.is_closed) {
    return {};
  }
  const Operand& closed = left.is_closed ? left : right;
  return expression_error(node.position, "expected =, <> or IN for " + describe_tree(*closed.node) +
                                             ", whose values have no order as text");
}

}  // namespace

Status type_error(const Node& node, std::string_view expected, std::string_view got) {
  return expression_error(node.position, "expected " + std::string(expected) + ", got " +
                                             describe_tree(node) +
                                             (got.empty() ? "" : " (" + std::string(got) + ")"));
}

std::string_view shown_family(const Operand& operand) {
  return operand.is_column || operand.is_computed() ? family_name(operand.family)
                                                    : std::string_view{};
}

Status check_families(const Operand& left, const Operand& right) {
  if (left.family == Family::kNull || right.family == Family::kNull) {
    return {};
  }
  if (left.family != right.family) {
    return type_error(
        *right.node,
        std::string(family_name(left.family)) + " to compare with " + describe_tree(*left.node),
        shown_family(right));
  }
  QUINTILE_TRY(check_closed(left, right));
  return check_closed(right, left);
}

TermPointer null_test(const Operand& operand) {
  if (operand.is_column) {
    return make_column_is_null(operand.column);
  }
  if (operand.numbers) {
    return make_is_null(operand.numbers);
  }
  if (operand.reals) {
    return make_is_null(operand.reals);
  }
  if (operand.condition) {
    return make_is_null(operand.condition);
  }
  if (operand.leaves.empty()) {
    return make_constant(false, false);
  }
  std::vector<TermPointer> terms;
  for (const TextLeaf& leaf : operand.leaves) {
    terms.push_back(leaf.column ? make_column_is_null(*leaf.column) : make_constant(false, false));
  }
  return make_and(std::move(terms));
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
    case NodeKind::kIsNull:
      return is_null(node);
    case NodeKind::kIsTruth:
      return is_truth(node);
    case NodeKind::kIsDistinct:
      return is_distinct(node);
    default:
      break;
  }
  QUINTILE_ASSIGN_OR_RETURN(Operand value, operand(node));
  if (value.condition == nullptr) {
    return type_error(node, "a condition", shown_family(value));
  }
  return value.condition;
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
  QUINTILE_ASSIGN_OR_RETURN(const Operand left, operand(node.children[0]));
  QUINTILE_ASSIGN_OR_RETURN(const Operand right, operand(node.children[1]));
  QUINTILE_TRY(check_families(left, right));
  if (left.family == Family::kBool || right.family == Family::kBool) {
    return compare_bool(node, left, right);
  }
  if (node.comparison != Comparison::kEqual && node.comparison != Comparison::kNotEqual) {
    QUINTILE_TRY(refuse_closed_order(node, left, right));
  }
  if (left.family == Family::kNull || right.family == Family::kNull) {
    return make_constant(false, true);
  }
  return compare_operands(node.comparison, left, right);
}

Result<TermPointer> Binder::compare_bool(const Node& node, const Operand& left,
                                         const Operand& right) {
  if (node.comparison != Comparison::kEqual && node.comparison != Comparison::kNotEqual) {
    return expression_error(node.position, "conditions can only be compared with = and <>");
  }
  return negate_if(node.comparison == Comparison::kNotEqual,
                   make_bool_equal(left.condition, right.condition));
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
    QUINTILE_TRY(refuse_closed_order(node, value, bound));
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
  return negate_if(node.flag, make_and(std::move(terms)));
}

Result<TermPointer> Binder::in(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(const Operand value, operand(node.children[0]));
  std::vector<Operand> items;
  bool has_null = false;
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    QUINTILE_ASSIGN_OR_RETURN(Operand item, operand(node.children[i]));
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
  return negate_if(node.flag, in_list(value, items, has_null));
}

TermPointer Binder::in_list(const Operand& value, const std::vector<Operand>& items,
                            bool has_null) {
  if (value.family == Family::kNull) {
    return make_constant(false, true);
  }
  if (value.family == Family::kText) {
    std::vector<std::string_view> texts;
    texts.reserve(items.size());
    for (const Operand& item : items) {
      texts.push_back(item.text);
    }
    std::sort(texts.begin(), texts.end());
    return texts_where(value, has_null, [&texts](std::string_view text) {
      return std::binary_search(texts.begin(), texts.end(), text);
    });
  }
  if (value.family != Family::kBool && !value.is_double() &&
      (value.is_column || value.is_computed())) {
    std::vector<Int128> numbers;
    for (const Operand& item : items) {
      if (const auto units = exact_number(item, value.scale)) {
        numbers.push_back(*units);
      }
    }
    std::sort(numbers.begin(), numbers.end());
    if (value.is_computed()) {
      return make_number_set(value.numbers, std::move(numbers), has_null);
    }
    std::erase_if(numbers, [](Int128 number) { return !fits_int64(number); });
    return make_number_set(value.column, std::vector<std::int64_t>(numbers.begin(), numbers.end()),
                           has_null);
  }
  std::vector<TermPointer> terms;
  terms.push_back(make_constant(false, has_null));
  for (const Operand& item : items) {
    terms.push_back(value.family == Family::kBool
                        ? make_bool_equal(value.condition, item.condition)
                        : compare_operands(Comparison::kEqual, value, item));
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
  TermPointer term = texts_where(value, false, test);
  return negate_if(node.flag, std::move(term));
}

// Tags and consents have this question as well.
Result<TermPointer> Binder::is_null(const Node& node) {
  const Node& value = node.children[0];
  const auto place =
      value.kind == NodeKind::kName ? find_column(value.text) : std::optional<std::uint32_t>{};
  if (place) {
    names_.used[*place] = true;
    return negate_if(node.flag, make_column_is_null(*place));
  }
  QUINTILE_ASSIGN_OR_RETURN(const Operand bound, operand(value));
  return negate_if(node.flag, null_test(bound));
}

// IS [NOT] TRUE and IS [NOT] FALSE are never NULL.
Result<TermPointer> Binder::is_truth(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(TermPointer term, condition(node.children[0]));
  return negate_if(!node.flag,
                   make_bool_distinct(std::move(term), make_constant(node.truth, false)));
}

Result<TermPointer> Binder::is_distinct(const Node& node) {
  QUINTILE_ASSIGN_OR_RETURN(const Operand left, operand(node.children[0]));
  QUINTILE_ASSIGN_OR_RETURN(const Operand right, operand(node.children[1]));
  QUINTILE_TRY(check_families(left, right));
  TermPointer term;
  const auto is_bool_or_null = [](const Operand& operand) {
    return operand.family == Family::kBool || operand.family == Family::kNull;
  };
  if (is_bool_or_null(left) && is_bool_or_null(right)) {
    term = make_bool_distinct(left.condition, right.condition);
  } else if (left.family == Family::kNull || right.family == Family::kNull) {
    // Of a NULL everything is distinct that is not NULL.
    term = make_not(null_test(left.family == Family::kNull ? right : left));
  } else {
    term = make_distinct(compare_operands(Comparison::kEqual, left, right), null_test(left),
                         null_test(right));
  }
  return negate_if(node.flag, std::move(term));
}

Result<TermPointer> bind_tree(const Node& root, const ExpressionBinding& binding,
                              BoundNames& names) {
  return Binder(binding, names).condition(root);
}

}  // namespace quintile::query
