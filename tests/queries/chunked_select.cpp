#include "chunked_select.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "exec/engine_impl.hpp"
#include "exec/scope.hpp"
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

}  // namespace

Result<Selection> select_in_chunks(Engine& engine, const Expression& expression,
                                   const Generation& generation, std::size_t chunk_rows) {
  auto& impl = EngineInternals::of(engine);
  const GenerationData& data = GenerationInternals::of(generation);
  QUINTILE_TRY(impl.check_generation(data));
  const Scope scope(impl.scope_source(data));
  QUINTILE_ASSIGN_OR_RETURN(const BoundExpression bound, expression.bind(scope.binding()));
  std::vector<bool> bitmaps;
  for (const ExpressionColumn& column : scope.columns()) {
    bitmaps.push_back(is_bitmap(column.type));
  }
  for (const BoundOperand& operand : bound.operands()) {
    bitmaps.push_back(is_bitmap(operand.column.type));
  }
  ScopeReader reader(scope, bound);
  std::vector<std::uint64_t> members((scope.rows() + 63) / 64);
  std::vector<std::uint64_t> unknown(chunk_rows / 64);
  Selection selection;
  for (std::size_t block = 0; block < scope.blocks(); ++block) {
    QUINTILE_TRY(reader.read(block));
    for (std::size_t row = 0; row < reader.rows(); row += chunk_rows) {
      std::vector<ExpressionColumnView> views;
      for (const ExpressionColumnView& view : std::as_const(reader).views()) {
        views.push_back(view_from(view, bitmaps[views.size()], row));
      }
      const std::size_t rows = std::min(chunk_rows, reader.rows() - row);
      const std::size_t first = (block * kRowsPerBlock + row) / 64;
      const std::size_t words = (rows + 63) / 64;
      QUINTILE_TRY(bound.evaluate(views, rows, std::span(members).subspan(first, words), unknown));
      for (std::size_t w = 0; w < words; ++w) {
        selection.unknown += static_cast<std::uint64_t>(std::popcount(unknown[w]));
      }
    }
  }
  selection.members = RowSet::from_words(members);
  return selection;
}

}  // namespace quintile::testing
