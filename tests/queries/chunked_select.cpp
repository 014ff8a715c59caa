#include "chunked_select.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "exec/engine_impl.hpp"
#include "exec/scope.hpp"
#include "query/plan.hpp"
#include "status/try.hpp"

namespace quintile::testing {

namespace {

// The view from row `row` of its block on, a multiple of 64.
ExpressionColumnView view_from(const ExpressionColumnView& view, bool is_bitmap, std::size_t row) {
  ExpressionColumnView later = view;
  if (view.valid != nullptr) {
    later.valid += row / 64;
  }
  if (view.values != nullptr) {
    const std::size_t bytes =
        is_bitmap ? row / 8 : row * static_cast<std::size_t>(view.value_bytes);
    later.values = static_cast<const char*>(view.values) + bytes;
  }
  return later;
}

bool is_bitmap(DataType type) { return type == DataType::kBool || type == DataType::kConsent; }

std::uint64_t count_bits(std::span<const std::uint64_t> words) {
  std::uint64_t count = 0;
  for (const std::uint64_t word : words) {
    count += static_cast<std::uint64_t>(std::popcount(word));
  }
  return count;
}

// A chunk as a plan of one expression sees it, and what the plan says of it.
class PlannedChunk final : public query::PlanBlock {
 public:
  PlannedChunk(std::span<const ExpressionColumnView> operands, std::span<std::uint64_t> members)
      : operands_(operands), members_(members) {}

  Result<ExpressionColumnView> operand(std::uint32_t index) override { return operands_[index]; }
  Status take(std::uint32_t, const query::ExpressionTruth& truth) override {
    std::copy(truth.is_true.begin(), truth.is_true.end(), members_.begin());
    unknown_ = truth.counts.is_null;
    return {};
  }
  [[nodiscard]] std::uint64_t unknown() const noexcept { return unknown_; }

 private:
  std::span<const ExpressionColumnView> operands_;
  std::span<std::uint64_t> members_;
  std::uint64_t unknown_ = 0;
};

// Answers chunk by chunk in both ways that there are: term by term, and by a plan.
class ChunkedSelect {
 public:
  ChunkedSelect(const Scope& scope, const BoundExpression& bound, const query::Plan& plan)
      : scope_(scope), bound_(bound), plan_(plan), reader_(scope, bound), scratch_(plan) {
    for (const ExpressionColumn& column : scope.columns()) {
      bitmaps_.push_back(is_bitmap(column.type));
    }
    for (const BoundOperand& operand : bound.operands()) {
      bitmaps_.push_back(is_bitmap(operand.column.type));
    }
  }

  Status run(std::size_t chunk_rows, std::vector<std::uint64_t>& members, std::uint64_t& unknown) {
    for (std::size_t block = 0; block < scope_.blocks(); ++block) {
      QUINTILE_TRY(reader_.read(block));
      for (std::size_t row = 0; row < reader_.rows(); row += chunk_rows) {
        const std::size_t rows = std::min(chunk_rows, reader_.rows() - row);
        const std::size_t first = (block * kRowsPerBlock + row) / 64;
        const auto words = std::span(members).subspan(first, (rows + 63) / 64);
        QUINTILE_TRY(chunk(row, rows, words, unknown));
      }
    }
    return {};
  }

 private:
  Status chunk(std::size_t row, std::size_t rows, std::span<std::uint64_t> members,
               std::uint64_t& unknown) {
    std::vector<ExpressionColumnView> views;
    for (const ExpressionColumnView& view : std::as_const(reader_).views()) {
      views.push_back(view_from(view, bitmaps_[views.size()], row));
    }
    std::vector<std::uint64_t> is_null(members.size());
    QUINTILE_TRY(bound_.evaluate(views, rows, members, is_null));
    unknown += count_bits(is_null);

    const std::span<const ExpressionColumnView> all(views);
    const std::size_t columns = scope_.columns().size();
    std::vector<std::uint64_t> planned(members.size());
    PlannedChunk block(operands_of_plan(all.subspan(columns)), planned);
    QUINTILE_TRY(plan_.evaluate(all.first(columns), rows, query::Answer::kWords, block, scratch_));
    if (!std::equal(planned.begin(), planned.end(), members.begin()) ||
        block.unknown() != count_bits(is_null)) {
      return {StatusCode::kInternal, "the plan says something else than its terms"};
    }
    return {};
  }

  // The plan may leave some operands out, and have the others in an order of its own.
  std::span<const ExpressionColumnView> operands_of_plan(
      std::span<const ExpressionColumnView> operands) {
    planned_operands_.clear();
    for (const BoundOperand& wanted : plan_.operands()) {
      const auto known = bound_.operands();
      const auto found = std::find_if(known.begin(), known.end(), [&](const BoundOperand& operand) {
        return operand.column.name == wanted.column.name && operand.source == wanted.source;
      });
      planned_operands_.push_back(operands[static_cast<std::size_t>(found - known.begin())]);
    }
    return planned_operands_;
  }

  const Scope& scope_;
  const BoundExpression& bound_;
  const query::Plan& plan_;
  ScopeReader reader_;
  query::PlanScratch scratch_;
  std::vector<bool> bitmaps_;  // by view
  std::vector<ExpressionColumnView> planned_operands_;
};

}  // namespace

Result<Selection> select_in_chunks(Engine& engine, const Expression& expression,
                                   const Generation& generation, std::size_t chunk_rows) {
  auto& impl = EngineInternals::of(engine);
  const GenerationData& data = GenerationInternals::of(generation);
  QUINTILE_TRY(impl.check_generation(data));
  const Scope scope(impl.scope_source(data));
  QUINTILE_ASSIGN_OR_RETURN(const BoundExpression bound, expression.bind(scope.binding()));
  QUINTILE_ASSIGN_OR_RETURN(const query::Plan plan, query::Plan::create(std::span(&bound, 1)));
  std::vector<std::uint64_t> members((scope.rows() + 63) / 64);
  Selection selection;
  ChunkedSelect chunks(scope, bound, plan);
  QUINTILE_TRY(chunks.run(chunk_rows, members, selection.unknown));
  selection.members = RowSet::from_words(members);
  return selection;
}

}  // namespace quintile::testing
