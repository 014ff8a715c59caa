// The public face of parsing, binding and evaluating.
#include "quintile/expression.hpp"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "query/json_form.hpp"
#include "query/term.hpp"
#include "query/tree.hpp"
#include "status/try.hpp"

namespace quintile {
namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    names.push_back(name);
  }
}

void collect_names(const query::Node& node, std::vector<std::string>& names) {
  if (node.kind == query::NodeKind::kName) {
    add_once(names, node.text);
  }
  if (node.kind == query::NodeKind::kStep) {
    return;  // names of properties
  }
  for (const query::Node& child : node.children) {
    collect_names(child, names);
  }
}

bool names_a_set(const query::Node& node) {
  return node.kind == query::NodeKind::kCall && (node.text == "segment" || node.text == "in_list");
}

void collect_references(const query::Node& node, ExpressionReferences& references) {
  if (names_a_set(node)) {
    add_once(node.text == "segment" ? references.segments : references.lists,
             node.children[0].text);
  }
  for (const query::Node& child : node.children) {
    collect_references(child, references);
  }
}

void replace_name(query::Node& node, std::string_view from, std::string_view to) {
  if (names_a_set(node) && node.children[0].text == from) {
    node.children[0].text = to;
  }
  for (query::Node& child : node.children) {
    replace_name(child, from, to);
  }
}

Result<Expression> parse_expression(std::string_view text) {
  QUINTILE_ASSIGN_OR_RETURN(query::Node root, query::parse_tree(text));
  return Expression(std::make_shared<const Expression::Tree>(std::move(root)));
}

// Allocators and RE2 are all that can throw here.
Status status_of(const std::exception& error) {
  return Status(StatusCode::kInternal, error.what());
}

}  // namespace

namespace query {

Result<BoundExpression> bind_expression(const Node& root, const ExpressionBinding& binding) {
  auto program = std::make_shared<BoundExpression::Program>();
  BoundNames names;
  names.used.resize(binding.columns.size());
  QUINTILE_ASSIGN_OR_RETURN(program->root, bind_tree(root, binding, names));
  program->column_count = binding.columns.size() + names.operands.size();
  for (std::size_t i = 0; i < names.used.size(); ++i) {
    if (names.used[i]) {
      program->used_columns.push_back(static_cast<std::uint32_t>(i));
    }
  }
  program->operands = std::move(names.operands);
  return BoundExpression(std::move(program));
}

}  // namespace query

Expression::Expression(std::shared_ptr<const Tree> tree) noexcept : tree_(std::move(tree)) {}
Expression::Expression(const Expression&) noexcept = default;
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(const Expression&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

Result<Expression> Expression::parse(std::string_view text) noexcept {
  try {
    return parse_expression(text);
  } catch (const std::exception& error) {
    return status_of(error);
  }
}

Result<BoundExpression> Expression::bind(const ExpressionBinding& binding) const noexcept {
  try {
    return query::bind_expression(tree_->root, binding);
  } catch (const std::exception& error) {
    return status_of(error);
  }
}

std::string Expression::to_string() const { return query::print_tree(tree_->root); }

std::string Expression::to_json() const { return query::json_of(tree_->root); }

Result<Expression> Expression::from_json(std::string_view json) noexcept {
  try {
    QUINTILE_ASSIGN_OR_RETURN(query::Node root, query::tree_of_json(json));
    return Expression(std::make_shared<const Tree>(std::move(root)));
  } catch (const std::exception& error) {
    return status_of(error);
  }
}

std::vector<std::string> Expression::column_names() const {
  std::vector<std::string> names;
  collect_names(tree_->root, names);
  return names;
}

ExpressionReferences Expression::references() const {
  ExpressionReferences references;
  collect_references(tree_->root, references);
  return references;
}

Expression Expression::with_name_replaced(std::string_view from, std::string_view to) const {
  query::Node root = tree_->root;
  replace_name(root, from, to);
  return Expression(std::make_shared<const Tree>(std::move(root)));
}

bool Expression::operator==(const Expression& other) const noexcept {
  return query::same_tree(tree_->root, other.tree_->root);
}

BoundExpression::BoundExpression(std::shared_ptr<const Program> program) noexcept
    : program_(std::move(program)) {}
BoundExpression::BoundExpression(const BoundExpression&) noexcept = default;
BoundExpression::BoundExpression(BoundExpression&&) noexcept = default;
BoundExpression& BoundExpression::operator=(const BoundExpression&) noexcept = default;
BoundExpression& BoundExpression::operator=(BoundExpression&&) noexcept = default;
BoundExpression::~BoundExpression() = default;

std::span<const std::uint32_t> BoundExpression::used_columns() const noexcept {
  return program_->used_columns;
}

std::span<const BoundOperand> BoundExpression::operands() const noexcept {
  return program_->operands;
}

Status BoundExpression::evaluate(std::span<const ExpressionColumnView> columns, std::size_t rows,
                                 std::span<std::uint64_t> true_rows,
                                 std::span<std::uint64_t> null_rows) const noexcept {
  const std::size_t words = (rows + 63) / 64;
  if (rows > kMaxExpressionChunkRows || columns.size() != program_->column_count ||
      true_rows.size() < words || (!null_rows.empty() && null_rows.size() < words)) {
    return Status(
        StatusCode::kInvalidArgument,
        "expected at most 65536 rows, one view per bound column and operand, bitmaps for all rows");
  }
  if (rows == 0) {
    return {};
  }
  std::vector<std::uint64_t> scratch;
  const std::size_t results = program_->root->depth() + (null_rows.empty() ? 1 : 0);
  try {
    scratch.resize(results * 2 * words);
  } catch (const std::exception& error) {
    return status_of(error);
  }
  query::Chunk chunk(columns, rows, scratch);
  query::Truth out{true_rows.data(), null_rows.data()};
  if (null_rows.empty()) {
    out.is_null = chunk.take().is_null;
  }
  program_->root->evaluate(chunk, out);
  if (rows % 64 != 0) {
    const std::uint64_t last = (std::uint64_t{1} << (rows % 64)) - 1;
    out.is_true[words - 1] &= last;
    out.is_null[words - 1] &= last;
  }
  return {};
}

}  // namespace quintile
