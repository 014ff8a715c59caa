// A small result whose rows are all in memory.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "table.hpp"

namespace quintile::cli {

// Text, a number (unscaled, with the decimals of its column), or no value: empty in csv, null in
// json.
using Cell = std::variant<std::monostate, std::string, Int128>;

class RowsTable final : public Table {
 public:
  explicit RowsTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns, each of the type of its column.
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }
  [[nodiscard]] std::uint64_t row_count() const override { return rows_.size(); }
  [[nodiscard]] std::string_view text(std::uint64_t row, std::size_t column) const override;
  [[nodiscard]] std::optional<Int128> number(std::uint64_t row, std::size_t column) const override;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace quintile::cli
