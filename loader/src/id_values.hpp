// A column of ids on its way out: as text, or as the integers that a file of integers has.
#pragma once

#include <memory>

#include <arrow/type.h>

#include "column.hpp"
#include "number_values.hpp"
#include "rows.hpp"
#include "text_values.hpp"

namespace quintile::loader {

inline std::shared_ptr<arrow::DataType> id_type(bool as_integers) {
  return as_integers ? arrow::int64() : arrow::utf8();
}

class IdValues {
 public:
  // An id or none per row. With `is_contact` rows without one are anonymous. With `as_integers` the
  // column must be of integers.
  void read(const Column& column, bool is_contact, bool as_integers, Rows& rows) {
    as_integers_ = as_integers;
    empty_is_null_ = !is_contact;
    if (!as_integers) {
      texts_.read_ids(column, is_contact, rows);
      return;
    }
    integers_ = NumberValues(rows.count());
    for (std::size_t row = 0; row < rows.count(); ++row) {
      if (!rows.is_accepted(row)) {
        continue;
      }
      if (column.has_value(row)) {
        integers_.set(row, column.integers[row]);
      } else if (is_contact) {
        rows.skip_anonymous(row);
      } else {
        integers_.set_null(row);
      }
    }
  }

  // Whether an accepted row has an id.
  [[nodiscard]] bool has(std::size_t row) const {
    return as_integers_ ? integers_.has(row) : !texts_.value(row).empty();
  }

  // The accepted rows, of id_type(). Call once.
  [[nodiscard]] std::shared_ptr<arrow::Array> to_array(const Rows& rows) {
    return as_integers_ ? integers_.to_array(rows, arrow::int64())
                        : texts_.to_array(rows, empty_is_null_);
  }

 private:
  bool as_integers_ = false;
  bool empty_is_null_ = false;
  TextValues texts_;
  NumberValues integers_;
};

}  // namespace quintile::loader
