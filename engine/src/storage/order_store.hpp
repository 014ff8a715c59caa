// All order lines of an engine: a delta where lines arrive, and blocks where they are grouped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/executor.hpp"
#include "quintile/date_time.hpp"
#include "quintile/expression.hpp"
#include "quintile/status.hpp"
#include "storage/arrow_reader.hpp"
#include "storage/contact_directory.hpp"
#include "storage/id_column.hpp"
#include "storage/order_block.hpp"

namespace quintile {

// Where the columns of a stream of order lines go.
struct OrderFields {
  std::size_t contact = 0;
  std::size_t time = 0;
  std::size_t amount = 0;
  std::optional<std::size_t> order;
  // By LineColumn: the field that fills it; columns beyond the end or without a field get nulls.
  std::vector<std::optional<std::size_t>> columns;
};

// The ids of the lines of one batch.
struct LineIds {
  IdColumn contacts;
  std::optional<IdColumn> orders;  // none: each line is an order of its own
};

// Not synchronised: the engine's writer lock covers it.
class OrderStore {
 public:
  explicit OrderStore(TimeZone zone);

  // Finds the columns of a stream, and adds line columns that are new.
  Result<OrderFields> bind(const ArrowReader& reader);

  // Checks the current batch without taking anything of it. Errors name row and value.
  Result<LineIds> check(const ArrowReader& reader, const OrderFields& fields,
                        Arena::Executor& executor) const;
  // Append a checked batch, each a part of its columns. They touch different memory, so they may
  // run at the same time; all of them must have run before anything else is called.
  void append_rows(std::span<const std::uint32_t> rows) { delta_.row.append(rows); }
  void append_order_codes(const LineIds& ids, std::size_t count);
  void append_columns(const ArrowReader& reader, const OrderFields& fields);
  // Forgets the lines of the delta from `lines` on: an append that failed half way.
  void truncate_delta(std::size_t lines);
  [[nodiscard]] std::size_t delta_size() const noexcept { return delta_.size(); }

  // Moves the delta into the blocks. Afterwards there is one block per 65,536 of `contacts`.
  void seal(std::uint32_t contacts, Arena::Executor& executor);

  // The same if the delta is large beside the blocks: merging then costs little per line, however
  // often lines are appended. A small delta waits for more lines or for the next seal().
  void seal_if_worth_it(std::uint32_t contacts, Arena::Executor& executor);

  // Valid after seal().
  [[nodiscard]] std::span<const OrderBlock> blocks() const noexcept { return blocks_; }

  // A bit per contact (64 a word, in as many words as the sealed blocks span): set if a line of it
  // was sealed since forget_changed_rows(). Whoever keeps results per contact from one computation
  // to the next takes the others over as they are, and forgets once its results are up to date.
  [[nodiscard]] std::span<const std::uint64_t> changed_rows() const noexcept {
    return changed_rows_.span();
  }
  void forget_changed_rows() noexcept;
  [[nodiscard]] std::uint64_t line_count() const noexcept { return lines_ + delta_.size(); }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

  // What a `where` may name: time, amount, order, quantity, product, category and the properties.
  // Dictionaries are those of now: bind again after more lines have come.
  [[nodiscard]] std::vector<ExpressionColumn> expression_columns(
      int currency_decimals, std::vector<IdTableDictionary>& dictionaries) const;

  // Computes, for the lines of one block, where `expression` is true, bit by bit.
  static Status evaluate(const BoundExpression& expression, const OrderBlock& block,
                         std::span<const LineColumn> columns, std::span<std::uint64_t> words);
  [[nodiscard]] std::span<const LineColumn> columns() const noexcept { return columns_; }

 private:
  friend class SnapshotWalk;
  std::size_t add_column(std::string_view name, DataType type);
  Status check_times(const ArrowReader& reader, const OrderFields& fields) const;
  void append_values(const ArrowReader& reader, std::optional<std::size_t> field,
                     std::size_t column, std::size_t begin);

  TimeZone zone_;
  std::vector<LineColumn> columns_;
  std::ptrdiff_t quantity_ = -1;
  IdTable orders_;
  LineDelta delta_;
  std::vector<OrderBlock> blocks_;
  std::uint64_t lines_ = 0;  // in blocks
  AlignedBuffer<std::uint64_t> changed_rows_;
};

}  // namespace quintile
