// Columns of text on their way out: ids, names, lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "column.hpp"
#include "rows.hpp"

namespace quintile::loader {

// One text or none per row. What is not in a column of the slice is written to the arena.
class TextValues {
 public:
  TextValues() = default;
  TextValues(const TextValues&) = delete;
  TextValues& operator=(const TextValues&) = delete;

  // An id per row, empty for none. With `is_contact` rows without one are anonymous.
  void read_ids(const Column& column, bool is_contact, Rows& rows);
  // Any text per row, empty for none.
  void read_texts(const Column& column, Rows& rows);

  // The accepted rows as utf8; an empty text is a null if `empty_is_null`. Call once.
  [[nodiscard]] std::shared_ptr<arrow::Array> to_array(const Rows& rows, bool empty_is_null);

 private:
  std::string_view keep(std::string_view text);

  std::vector<std::string_view> values_;
  std::pmr::monotonic_buffer_resource arena_;
};

// Lists of text per row, one after the other.
class ListValues {
 public:
  // Members of a list column, or the parts of a text between `|`. Empty members are left out. Each
  // must be fit to hand on; identifiers also `namespace:value` of at most 256 bytes.
  void read(const Column& column, bool is_identifiers, Rows& rows);
  // The accepted rows as list<utf8>. No null lists.
  [[nodiscard]] std::shared_ptr<arrow::Array> to_array(const Rows& rows) const;

 private:
  std::vector<std::string_view> members_;
  std::vector<std::size_t> ends_;  // per row
};

}  // namespace quintile::loader
