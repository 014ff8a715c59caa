// Arrow values as the text of CSV fields.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <arrow/type_fwd.h>

namespace quintile::loader {

// Append `text` as one field, in quotes only where a reader would otherwise misread it.
void append_csv_field(std::string_view text, std::string& out);

// Appends the values of one column.
class CsvCells {
 public:
  CsvCells() = default;
  CsvCells(const CsvCells&) = delete;
  CsvCells& operator=(const CsvCells&) = delete;
  virtual ~CsvCells() = default;
  // `row` must have a value.
  virtual void append(std::int64_t row, std::string& out) = 0;
};

// Null if values of this type have no text.
std::unique_ptr<CsvCells> csv_cells(const std::shared_ptr<arrow::Array>& array);

}  // namespace quintile::loader
