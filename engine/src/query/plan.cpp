#include "query/plan.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "query/plan_lowering.hpp"
#include "query/plan_program.hpp"
#include "query/term.hpp"
#include "status/try.hpp"

namespace quintile::query {
namespace {

class PlanBuilder {
 public:
  PlanBuilder(PlanProgram& program, std::span<const std::uint32_t> segment_expressions)
      : program_(program), segment_expressions_(segment_expressions) {}

  Status add(const BoundExpression& expression) {
    const auto number = static_cast<std::uint32_t>(program_.roots.size());
    const std::span<const BoundOperand> operands = expression.operands();
    std::vector<PlanSource> sources(program_.column_count + operands.size());
    for (std::uint32_t column = 0; column < program_.column_count; ++column) {
      sources[column].view = column;
    }
    for (std::size_t i = 0; i < operands.size(); ++i) {
      PlanSource& source = sources[program_.column_count + i];
      if (!find_member(operands[i], source)) {
        source.view = place_of(operands[i]);
      } else if (source.expression >= number) {
        return Status(StatusCode::kInvalidArgument,
                      "expected a segment before those that use it, got " +
                          operands[i].column.name + " in expression " + std::to_string(number) +
                          " for expression " + std::to_string(source.expression));
      }
    }
    std::vector<std::uint32_t>& places = program_.places.emplace_back();
    for (const PlanSource& source : sources) {
      places.push_back(source.view);
    }
    program_.roots.push_back(
        lower_expression(*expression.program().root, sources, program_.roots, program_.graph));
    return {};
  }

 private:
  bool find_member(const BoundOperand& operand, PlanSource& source) const {
    if (operand.kind != OperandKind::kSegment || operand.source >= segment_expressions_.size() ||
        segment_expressions_[operand.source] == kNoExpression) {
      return false;
    }
    source.is_member = true;
    source.expression = segment_expressions_[operand.source];
    return true;
  }

  // Operands with one text are the same.
  std::uint32_t place_of(const BoundOperand& operand) {
    const auto next = static_cast<std::uint32_t>(program_.view_count());
    const auto [place, is_new] = places_.try_emplace({operand.column.name, operand.source}, next);
    if (is_new) {
      program_.operands.push_back(operand);
    }
    return place->second;
  }

  PlanProgram& program_;
  std::span<const std::uint32_t> segment_expressions_;
  std::map<std::pair<std::string, std::uint32_t>, std::uint32_t> places_;
};

void add_used_columns(const BoundExpression& expression, std::vector<std::uint32_t>& used) {
  const std::span<const std::uint32_t> more = expression.used_columns();
  std::vector<std::uint32_t> all;
  std::set_union(used.begin(), used.end(), more.begin(), more.end(), std::back_inserter(all));
  used = std::move(all);
}

}  // namespace

Plan::Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;
Plan::~Plan() = default;

Result<Plan> Plan::create(std::span<const BoundExpression> expressions,
                          std::span<const std::uint32_t> segment_expressions) {
  auto program = std::make_unique<PlanProgram>();
  program->expressions.assign(expressions.begin(), expressions.end());
  PlanBuilder builder(*program, segment_expressions);
  for (const BoundExpression& expression : expressions) {
    const std::size_t columns = expression.program().column_count - expression.operands().size();
    if (!program->roots.empty() && columns != program->column_count) {
      return Status(StatusCode::kInvalidArgument, "expected expressions bound to one scope, got " +
                                                      std::to_string(program->column_count) +
                                                      " and " + std::to_string(columns) +
                                                      " columns");
    }
    program->column_count = columns;
    QUINTILE_TRY(builder.add(expression));
    add_used_columns(expression, program->used_columns);
  }
  program->compile();
  Plan plan;
  plan.program_ = std::move(program);
  return plan;
}

std::span<const BoundOperand> Plan::operands() const noexcept { return program_->operands; }

std::span<const std::uint32_t> Plan::used_columns() const noexcept {
  return program_->used_columns;
}

std::size_t Plan::expression_count() const noexcept { return program_->roots.size(); }

PlanScratch::PlanScratch(const Plan& plan)
    : words_(std::size_t{plan.program_->slot_count} * kSlotWords),
      columns_(plan.program_->view_count()),
      fetched_(plan.program_->view_count()),
      ready_(plan.program_->graph.node_count()),
      terms_(plan.program_->graph.node_count()),
      counts_(plan.program_->graph.node_count()),
      operands_(plan.program_->most_terms) {}

}  // namespace quintile::query
