// What an expression about contacts can see in one generation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exec/event_operands.hpp"
#include "exec/model_columns.hpp"
#include "exec/operand_buffer.hpp"
#include "quintile/bound_operand.hpp"
#include "quintile/date_time.hpp"
#include "quintile/expression.hpp"
#include "quintile/row_set.hpp"
#include "quintile/segment.hpp"
#include "storage/attribute_store.hpp"
#include "storage/id_table.hpp"

namespace quintile {

using NamedRowSets = std::map<std::string, RowSet, std::less<>>;
using NamedSegmentInfos = std::map<std::string, SegmentInfo, std::less<>>;

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
  const OrderStore* orders = nullptr;  // sealed; null: functions of events are refused
  int currency_decimals = 2;
  std::span<const EventType> event_types = {};
  std::span<const EventStore> events = {};           // by type, sealed
  const NamedSegmentInfos* segment_infos = nullptr;  // of broken segments: why; null: none is
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
  // Null where functions of events are refused.
  [[nodiscard]] const EventScope* events() const noexcept { return events_ ? &*events_ : nullptr; }

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
  std::optional<EventScope> events_;
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

  // Fills the views of one block. Errors: those of evaluate_event_operand().
  [[nodiscard]] Status read(std::size_t block);
  // The same, of columns only; operands are then filled one by one, as they are needed.
  void read_columns(std::size_t block);
  [[nodiscard]] Result<ExpressionColumnView> read_operand(std::size_t operand);
  // One per column of the scope, then one per operand.
  [[nodiscard]] std::span<const ExpressionColumnView> views() const noexcept { return views_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

 private:
  [[nodiscard]] Status fill(const BoundOperand& operand, OperandBuffer& out) const;

  const Scope& scope_;
  std::span<const std::uint32_t> columns_;
  std::span<const BoundOperand> operands_;
  std::vector<ExpressionColumnView> views_;
  std::vector<OperandBuffer> buffers_;  // by operand
  std::size_t block_ = 0;
  std::size_t rows_ = 0;
};

// Writes where `expression`, bound to `scope`, is true for the contacts of one block, and where it
// is unknown; see BoundExpression::evaluate.
[[nodiscard]] Status evaluate_block(const Scope& scope, const BoundExpression& expression,
                                    std::size_t block, std::span<std::uint64_t> true_rows,
                                    std::span<std::uint64_t> null_rows = {});

}  // namespace quintile
