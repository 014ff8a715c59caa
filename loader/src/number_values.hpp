// Columns of numbers on their way out: 64 bits per row, some of them null.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <arrow/type_fwd.h>

#include "rows.hpp"

namespace quintile::loader {

class NumberValues {
 public:
  explicit NumberValues(std::size_t rows = 0) : values_(rows, 0) {}

  void set(std::size_t row, std::int64_t value) { values_[row] = value; }
  void set_null(std::size_t row) {
    if (present_.empty()) {
      present_.assign(values_.size(), 1);
    }
    present_[row] = 0;
  }
  [[nodiscard]] bool has(std::size_t row) const { return present_.empty() || present_[row] != 0; }
  [[nodiscard]] std::int64_t value(std::size_t row) const { return values_[row]; }

  // The accepted rows as a column of `type`: of 64 bits (a double's bits), bool or date32. Call
  // once.
  [[nodiscard]] std::shared_ptr<arrow::Array> to_array(
      const Rows& rows, const std::shared_ptr<arrow::DataType>& type);

 private:
  std::vector<std::int64_t> values_;
  std::vector<std::uint8_t> present_;  // empty: all are
};

}  // namespace quintile::loader
