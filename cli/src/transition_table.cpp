#include "transition_table.hpp"

namespace quintile::cli {

TransitionTable::TransitionTable(const RfmComparison& comparison) {
  columns_ = {{"dimension", Column::Type::kText, 0},
              {"from", Column::Type::kText, 0},
              {"to", Column::Type::kText, 0},
              {"contacts", Column::Type::kNumber, 0}};
  constexpr const char* kLetters[] = {"r", "f", "m"};
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    add(kLetters[axis], comparison.tiers[axis], true);
  }
  add("class", comparison.classes, false);
}

void TransitionTable::add(const std::string& dimension, const TransitionMatrix& matrix,
                          bool tiers) {
  const auto name = [tiers](const std::vector<std::string>& names, std::size_t code) {
    if (code >= names.size()) {
      return std::string();
    }
    return tiers ? std::to_string(code) : names[code];
  };
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j) {
      if (const std::uint64_t count = matrix.counts[i * matrix.columns + j]; count > 0) {
        rows_.push_back(
            {dimension, name(matrix.row_names, i), name(matrix.column_names, j), count});
      }
    }
  }
}

std::string_view TransitionTable::text(std::uint64_t row, std::size_t column) const {
  const Row& values = rows_[row];
  return column == 0 ? values.dimension : (column == 1 ? values.from : values.to);
}

std::optional<Int128> TransitionTable::number(std::uint64_t row, std::size_t) const {
  return rows_[row].contacts;
}

}  // namespace quintile::cli
