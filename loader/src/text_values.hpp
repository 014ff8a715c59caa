// Columns of text on their way out: ids, names, lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
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
  [[nodiscard]] std::string_view value(std::size_t row) const { return values_[row]; }

 private:
  std::string_view keep(std::string_view text);

  std::vector<std::string_view> values_;
  std::pmr::monotonic_buffer_resource arena_;
};

// A column of identifiers of one namespace.
struct NamespaceColumn {
  std::string_view name_space;
  const Column* column = nullptr;
};

// Lists of text per row, one after the other.
class ListValues {
 public:
  ListValues() = default;
  ListValues(const ListValues&) = delete;
  ListValues& operator=(const ListValues&) = delete;

  // Members of a list column, or the parts of a text between `|`. Empty members are left out. Each
  // must be fit to hand on; identifiers also `namespace:value` of at most 256 bytes.
  void read(const Column& column, bool is_identifiers, Rows& rows);
  // The identifiers of a list column, if it is not null, and then `namespace:value` of each of
  // `columns` that has a value.
  void read_identifiers(const Column* list, std::span<const NamespaceColumn> columns, Rows& rows);
  [[nodiscard]] bool is_empty(std::size_t row) const {
    return ends_[row] == (row == 0 ? 0 : ends_[row - 1]);
  }
  // The accepted rows as list<utf8>. No null lists.
  [[nodiscard]] std::shared_ptr<arrow::Array> to_array(const Rows& rows) const;

 private:
  void check_members(std::size_t begin, std::size_t row, bool is_identifiers, Rows& rows);

  std::vector<std::string_view> members_;
  std::pmr::monotonic_buffer_resource arena_;  // of members that are in no column
  std::vector<std::size_t> ends_;              // per row
};

}  // namespace quintile::loader
