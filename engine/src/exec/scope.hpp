// What an expression about contacts can see in one generation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exec/model_columns.hpp"
#include "quintile/bound_operand.hpp"
#include "quintile/date_time.hpp"
#include "quintile/expression.hpp"
#include "quintile/row_set.hpp"
#include "storage/attribute_store.hpp"
#include "storage/id_table.hpp"

namespace quintile {

using NamedRowSets = std::map<std::string, RowSet, std::less<>>;

// Where a scope looks; all of it must outlive the scope and stay as it is meanwhile.
struct ScopeSource {
  const AttributeStore& attributes;
  const TimeZone& zone;
  const IdTexts& ids;  // external ids by row: as many contacts are seen
  AsOf as_of;
  const ModelColumns* models = nullptr;    // null: there are none yet
  const NamedRowSets* segments = nullptr;  // null: segment() is refused
  const NamedRowSets* lists = nullptr;     // null: in_list() is refused
  // Segments and lists that are taken instead of those of the same name above, or beside them.
  const NamedRowSets* instead = nullptr;
};

// Lets a binding read timestamps, today() and now().
void set_instant(ExpressionBinding& binding, const TimeZone& zone, const AsOf& as_of);

// Names for binding, and the columns behind them block by block: the attributes, then the columns
// of the models. Where two have one name, the first is meant. Immutable; while one thread binds (a
// dictionary keeps the text it gave last) others may read views.
class Scope {
 public:
  explicit Scope(const ScopeSource& source);
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // Valid while the scope lives.
  [[nodiscard]] ExpressionBinding binding() const;
  [[nodiscard]] std::span<const ExpressionColumn> columns() const noexcept { return columns_; }
  [[nodiscard]] const ScopeSource& source() const noexcept { return source_; }

  [[nodiscard]] std::size_t rows() const noexcept { return source_.ids.size(); }
  [[nodiscard]] std::size_t blocks() const noexcept {
    return (rows() + kRowsPerBlock - 1) / kRowsPerBlock;
  }
  [[nodiscard]] std::size_t block_rows(std::size_t block) const noexcept;

  // The values of a column in one block. Tags have validity only.
  [[nodiscard]] ExpressionColumnView view(std::size_t column, std::size_t block) const noexcept;

 private:
  ScopeSource source_;
  std::vector<IdTableDictionary> dictionaries_;
  std::vector<ExpressionColumn> columns_;
  std::size_t attribute_count_ = 0;
  std::vector<std::string_view> segment_names_;
  std::vector<std::string_view> list_names_;
};

// The views that expressions bound to a scope are evaluated over, block by block. For one thread;
// memory is reused from block to block.
class ScopeReader {
 public:
  // `columns` are those that are read; `operands` must live as long as the reader.
  ScopeReader(const Scope& scope, std::span<const std::uint32_t> columns,
              std::span<const BoundOperand> operands);
  ScopeReader(const Scope& scope, const BoundExpression& expression)
      : ScopeReader(scope, expression.used_columns(), expression.operands()) {}

  // Fills the views of one block. A segment that the scope does not know is left without values,
  // for those who bring it themselves. Errors: those of event operands.
  [[nodiscard]] Status read(std::size_t block);
  // The same in parts: the columns of a block, then those operands that turn out to be needed.
  void read_columns(std::size_t block) noexcept;
  [[nodiscard]] Result<ExpressionColumnView> read_operand(std::size_t operand, std::size_t block);
  // One per column of the scope, then one per operand.
  [[nodiscard]] std::span<const ExpressionColumnView> views() const noexcept { return views_; }
  // As above, so that operands can be brought from elsewhere.
  [[nodiscard]] std::span<ExpressionColumnView> views() noexcept { return views_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

 private:
  [[nodiscard]] Status fill(std::size_t operand, std::size_t block);

  const Scope& scope_;
  std::span<const std::uint32_t> columns_;
  std::span<const BoundOperand> operands_;
  std::vector<ExpressionColumnView> views_;
  std::vector<std::vector<std::uint64_t>> bits_;  // by operand
  std::size_t rows_ = 0;
};

// Writes where `expression`, bound to `scope`, is true for the contacts of one block, and where it
// is unknown; see BoundExpression::evaluate.
[[nodiscard]] Status evaluate_block(const Scope& scope, const BoundExpression& expression,
                                    std::size_t block, std::span<std::uint64_t> true_rows,
                                    std::span<std::uint64_t> null_rows = {});

}  // namespace quintile
