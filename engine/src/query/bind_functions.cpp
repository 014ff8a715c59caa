// Functions of literals: today, now, tag, consent, split, segment, in_list.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "query/binder.hpp"
#include "query/functions.hpp"
#include "query/name_hint.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

// Return where `name` is in `known`.
Result<std::uint32_t> find_name(const Node& node, std::string_view what,
                                std::span<const std::string_view> known) {
  const auto found = std::find(known.begin(), known.end(), node.text);
  if (found == known.end()) {
    return expression_error(node.position, "unknown " + std::string(what) + " " +
                                               quoted_for_message(node.text) +
                                               known_names_hint(node.text, known));
  }
  return static_cast<std::uint32_t>(found - known.begin());
}

}  // namespace

Status Binder::not_available(const Node& node) const {
  std::string usable = "columns, COALESCE()";
  const auto add = [&usable](bool available, std::string_view functions) {
    usable.append(available ? functions : std::string_view{});
  };
  add(binding_.today.has_value(), ", today()");
  add(binding_.now_us.has_value(), ", now()");
  add(binding_.rows_are_contacts, ", tag(), consent(), split()");
  add(binding_.segments.has_value(), ", segment()");
  add(binding_.lists.has_value(), ", in_list()");
  add(binding_.events.has_value(), ", count() and other functions of events");
  return expression_error(node.position,
                          describe_tree(node) + " is not available here, what is: " + usable);
}

// Operands with the same text are evaluated once.
Result<Operand> Binder::add_operand(const Node& node, BoundOperand operand) {
  auto& operands = names_.operands;
  auto found = std::find_if(operands.begin(), operands.end(), [&](const BoundOperand& known) {
    return known.column.name == operand.column.name && known.source == operand.source;
  });
  if (found == operands.end()) {
    found = operands.insert(operands.end(), std::move(operand));
  }
  const std::size_t place =
      binding_.columns.size() + static_cast<std::size_t>(found - operands.begin());
  return column(node, found->column, static_cast<std::uint32_t>(place));
}

Result<Operand> Binder::call(const Node& node) {
  Operand operand;
  operand.node = &node;
  if (node.text == "today" && binding_.today) {
    operand.family = Family::kDate;
    operand.coefficient = *binding_.today;
    return operand;
  }
  if (node.text == "now" && binding_.now_us) {
    operand.family = Family::kTimestamp;
    operand.coefficient = *binding_.now_us;
    return operand;
  }
  if (node.text == "tag" && binding_.rows_are_contacts) {
    return tag(node);
  }
  if (node.text == "consent" && binding_.rows_are_contacts) {
    return consent(node);
  }
  if (node.text == "split" && binding_.rows_are_contacts) {
    return split(node);
  }
  const bool is_segment = node.text == "segment" && binding_.segments;
  if (is_segment || (node.text == "in_list" && binding_.lists)) {
    return member(node, is_segment);
  }
  return not_available(node);
}

// In any of the attributes that hold tags.
Result<Operand> Binder::tag(const Node& node) {
  std::vector<TermPointer> terms;
  Operand operand;
  for (std::size_t i = 0; i < binding_.columns.size(); ++i) {
    if (binding_.columns[i].type != DataType::kTags) {
      continue;
    }
    BoundOperand bound;
    bound.kind = OperandKind::kTag;
    bound.column.name = print_tree(node);
    bound.column.type = DataType::kBool;
    bound.source = static_cast<std::uint32_t>(i);
    bound.text = node.children[0].text;
    names_.used[i] = true;
    QUINTILE_ASSIGN_OR_RETURN(operand, add_operand(node, std::move(bound)));
    terms.push_back(operand.condition);
  }
  if (terms.empty()) {
    return expression_error(node.position, "expected an attribute of the type tags, got none");
  }
  if (terms.size() > 1) {
    operand.is_column = false;
    operand.condition = make_or(std::move(terms));
  }
  return operand;
}

Result<Operand> Binder::consent(const Node& node) {
  const std::string& channel = node.children[0].text;
  const std::string& purpose = node.children[1].text;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < binding_.columns.size(); ++i) {
    const ExpressionColumn& column = binding_.columns[i];
    if (column.type != DataType::kConsent) {
      continue;
    }
    if (column.channel == channel && column.purpose == purpose) {
      names_.used[i] = true;
      ExpressionColumn given = column;
      given.type = DataType::kBool;
      return this->column(node, given, static_cast<std::uint32_t>(i));
    }
    known.push_back(column.channel + " " + column.purpose);
  }
  if (known.empty()) {
    return expression_error(node.position, "expected an attribute of the type consent, got none");
  }
  const std::string asked = channel + " " + purpose;
  const std::vector<std::string_view> names(known.begin(), known.end());
  return expression_error(
      node.children[0].position,
      "unknown consent " + quoted_for_message(asked) + known_names_hint(asked, names));
}

Result<Operand> Binder::split(const Node& node) {
  const SplitRange range = split_range(node);
  BoundOperand bound;
  bound.kind = OperandKind::kSplit;
  bound.column.name = print_tree(node);
  bound.column.type = DataType::kBool;
  bound.text = node.children[0].text;
  bound.low = range.low;
  bound.high = range.high;
  return add_operand(node, std::move(bound));
}

// segment(name) and in_list(name).
Result<Operand> Binder::member(const Node& node, bool is_segment) {
  const Node& name = node.children[0];
  if (is_segment && binding_.why_segment_broken &&
      std::find(binding_.segments->begin(), binding_.segments->end(), name.text) ==
          binding_.segments->end()) {
    if (const std::string why = binding_.why_segment_broken(name.text); !why.empty()) {
      return expression_error(name.position,
                              "segment " + quoted_for_message(name.text) + " is broken: " + why);
    }
  }
  BoundOperand bound;
  bound.kind = is_segment ? OperandKind::kSegment : OperandKind::kList;
  QUINTILE_ASSIGN_OR_RETURN(bound.source,
                            find_name(name, is_segment ? "segment" : "list",
                                      is_segment ? *binding_.segments : *binding_.lists));
  bound.column.name = print_tree(node);
  bound.column.type = DataType::kBool;
  bound.text = name.text;
  return add_operand(node, std::move(bound));
}

}  // namespace quintile::query
