// A result as rows and typed columns, and the formats it can be written in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output_file.hpp"
#include <quintile/int128.hpp>

namespace quintile::cli {

enum class Format : std::uint8_t { kTable, kCsv, kJson, kNdjson, kParquet };

// The format called `name`; nothing if there is none.
[[nodiscard]] std::optional<Format> format_named(std::string_view name);
// The format that the suffix of `path` stands for, csv if it stands for none.
[[nodiscard]] Format format_of_suffix(std::string_view path);

struct Column {
  enum class Type : std::uint8_t { kText, kNumber };
  std::string name;
  Type type = Type::kNumber;
  int decimals = 0;  // of a number: digits after the point
};

// Rows computed on demand, so that ten million of them need no memory of their own. Reading is
// const, but a table may keep scratch space: one thread at a time.
class Table {
 public:
  Table() = default;
  virtual ~Table() = default;
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  [[nodiscard]] virtual const std::vector<Column>& columns() const = 0;
  [[nodiscard]] virtual std::uint64_t row_count() const = 0;
  // The value of a text column; a view of nothing (data() is null) where there is none. Valid until
  // the next call.
  [[nodiscard]] virtual std::string_view text(std::uint64_t row, std::size_t column) const = 0;
  // The unscaled value of a number column; nothing where there is none.
  [[nodiscard]] virtual std::optional<Int128> number(std::uint64_t row,
                                                     std::size_t column) const = 0;
};

// Write the table as text: csv (RFC 4180 quoting, "\n" line ends, empty for no value), json (one
// array of objects), ndjson (one object a line) or table (aligned columns). Numbers are exact, with
// the decimals of their column; null for no value.
void write_text(const Table& table, Format format, OutputFile& file);

// Cells that are text already, aligned as columns: the first line holds the headings, the first
// column is flush left, all others flush right.
void write_aligned(const std::vector<std::vector<std::string>>& lines, OutputFile& file);

// One field of a CSV line, quoted if it has to be.
void append_csv_field(std::string_view field, std::string& out);
// A JSON string with its quotes. Bytes from 0x20 up are copied, so UTF-8 stays UTF-8.
void append_json_string(std::string_view text, std::string& out);

}  // namespace quintile::cli
