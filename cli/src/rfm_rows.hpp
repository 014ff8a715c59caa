// The rows of `quintile rfm`: one contact each.
#pragma once

#include <string>
#include <vector>

#include "table.hpp"
#include <quintile/generation.hpp>

namespace quintile::cli {

// Columns contact, recency_days, frequency, monetary, r, f, m, class; a row for every listed
// contact, in byte order of id. The generation must outlive the table.
class RfmRows final : public Table {
 public:
  RfmRows(const Generation& generation, const RfmResult& result, int currency_decimals);

  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }
  [[nodiscard]] std::uint64_t row_count() const override { return rows_.size(); }
  [[nodiscard]] std::string_view text(std::uint64_t row, std::size_t column) const override;
  [[nodiscard]] std::optional<Int128> number(std::uint64_t row, std::size_t column) const override;

 private:
  const Generation& generation_;
  const RfmResult& result_;
  std::vector<Column> columns_;
  std::vector<RowId> rows_;
  mutable std::string contact_;
};

}  // namespace quintile::cli
