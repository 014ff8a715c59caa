#include "rows_table.hpp"

namespace quintile::cli {

std::string_view RowsTable::text(std::uint64_t row, std::size_t column) const {
  const auto* text = std::get_if<std::string>(&rows_[row][column]);
  return text == nullptr ? std::string_view{} : std::string_view{*text};
}

std::optional<Int128> RowsTable::number(std::uint64_t row, std::size_t column) const {
  const auto* number = std::get_if<Int128>(&rows_[row][column]);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

}  // namespace quintile::cli
