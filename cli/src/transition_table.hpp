// Who moved between two results, as rows.
#pragma once

#include <string>
#include <vector>

#include "table.hpp"
#include <quintile/generation.hpp>

namespace quintile::cli {

// Columns dimension (r, f, m, class), from, to, contacts; a row for every move that somebody made,
// staying included. Tiers are numbers, 0 is none; empty text stands for "not among the contacts".
class TransitionTable final : public Table {
 public:
  explicit TransitionTable(const RfmComparison& comparison);

  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }
  [[nodiscard]] std::uint64_t row_count() const override { return rows_.size(); }
  [[nodiscard]] std::string_view text(std::uint64_t row, std::size_t column) const override;
  [[nodiscard]] std::optional<Int128> number(std::uint64_t row, std::size_t column) const override;

 private:
  struct Row {
    std::string dimension;
    std::string from;
    std::string to;
    std::uint64_t contacts = 0;
  };
  void add(const std::string& dimension, const TransitionMatrix& matrix, bool tiers);

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace quintile::cli
