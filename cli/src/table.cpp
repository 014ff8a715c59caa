#include "table.hpp"

#include <algorithm>
#include <array>

#include "number_text.hpp"

namespace quintile::cli {
namespace {

constexpr std::size_t kFlushBytes = std::size_t{1} << 16;

struct NamedFormat {
  std::string_view name;
  Format format;
};
constexpr std::array<NamedFormat, 5> kFormats = {{{"table", Format::kTable},
                                                  {"csv", Format::kCsv},
                                                  {"json", Format::kJson},
                                                  {"ndjson", Format::kNdjson},
                                                  {"parquet", Format::kParquet}}};

// One cell of CSV or of an aligned table: exact text, empty for no value.
void append_plain(const Table& table, std::uint64_t row, std::size_t column, std::string& out) {
  const Column& description = table.columns()[column];
  if (description.type == Column::Type::kText) {
    out.append(table.text(row, column));
  } else if (const std::optional<Int128> value = table.number(row, column)) {
    append_number(*value, description.decimals, out);
  }
}

void append_csv_row(const Table& table, std::uint64_t row, std::string& out) {
  for (std::size_t column = 0; column < table.columns().size(); ++column) {
    if (column > 0) {
      out.push_back(',');
    }
    if (table.columns()[column].type == Column::Type::kText) {
      append_csv_field(table.text(row, column), out);
    } else {
      append_plain(table, row, column, out);
    }
  }
  out.push_back('\n');
}

void append_json_row(const Table& table, std::uint64_t row, std::string& out) {
  out.push_back('{');
  for (std::size_t column = 0; column < table.columns().size(); ++column) {
    if (column > 0) {
      out.push_back(',');
    }
    const Column& description = table.columns()[column];
    append_json_string(description.name, out);
    out.push_back(':');
    if (description.type == Column::Type::kText) {
      const std::string_view text = table.text(row, column);
      text.data() == nullptr ? void(out.append("null")) : append_json_string(text, out);
    } else if (const std::optional<Int128> value = table.number(row, column)) {
      append_number(*value, description.decimals, out);
    } else {
      out.append("null");
    }
  }
  out.push_back('}');
}

// Columns of a terminal: what is one code point is taken as one column wide.
std::size_t shown_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

void append_padded(std::string_view text, std::size_t width, bool right, std::string& out) {
  const std::size_t shown = shown_width(text);
  const std::size_t padding = width > shown ? width - shown : 0;
  out.append(right ? padding : 0, ' ');
  out.append(text);
  out.append(right ? 0 : padding, ' ');
}

// Bytes that would act on a terminal, or break the line, are shown as question marks.
void blank_controls(std::string& cell) {
  std::replace_if(
      cell.begin(), cell.end(),
      [](char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; }, '?');
}

void write_line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                const std::vector<bool>& right, OutputFile& file) {
  std::string line;
  for (std::size_t column = 0; column < cells.size(); ++column) {
    line.append(column == 0 ? "" : "  ");
    append_padded(cells[column], widths[column], right[column], line);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  line.push_back('\n');
  file.write(line);
}

void write_table(const Table& table, OutputFile& file) {
  const std::vector<Column>& columns = table.columns();
  std::vector<std::size_t> widths;
  std::vector<bool> right;
  std::vector<std::string> cells;
  for (std::size_t column = 0; column < columns.size(); ++column) {
    std::size_t width = shown_width(columns[column].name);
    std::string cell;
    for (std::uint64_t row = 0; row < table.row_count(); ++row) {
      cell.clear();
      append_plain(table, row, column, cell);
      width = std::max(width, shown_width(cell));
    }
    widths.push_back(width);
    right.push_back(columns[column].type == Column::Type::kNumber);
    cells.push_back(columns[column].name);
  }
  write_line(cells, widths, right, file);
  for (std::uint64_t row = 0; row < table.row_count(); ++row) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      cells[column].clear();
      append_plain(table, row, column, cells[column]);
      blank_controls(cells[column]);
    }
    write_line(cells, widths, right, file);
  }
}

void write_csv(const Table& table, OutputFile& file) {
  std::string out;
  for (std::size_t column = 0; column < table.columns().size(); ++column) {
    out.append(column == 0 ? "" : ",");
    append_csv_field(table.columns()[column].name, out);
  }
  out.push_back('\n');
  for (std::uint64_t row = 0; row < table.row_count(); ++row) {
    append_csv_row(table, row, out);
    if (out.size() >= kFlushBytes) {
      file.write(out);
      out.clear();
    }
  }
  file.write(out);
}

void write_json(const Table& table, bool lines, OutputFile& file) {
  std::string out = lines ? "" : "[";
  for (std::uint64_t row = 0; row < table.row_count(); ++row) {
    if (!lines) {
      out.append(row == 0 ? "\n" : ",\n");
    }
    append_json_row(table, row, out);
    if (lines) {
      out.push_back('\n');
    }
    if (out.size() >= kFlushBytes) {
      file.write(out);
      out.clear();
    }
  }
  out.append(lines ? "" : (table.row_count() > 0 ? "\n]\n" : "]\n"));
  file.write(out);
}

}  // namespace

std::optional<Format> format_named(std::string_view name) {
  for (const NamedFormat& named : kFormats) {
    if (named.name == name) {
      return named.format;
    }
  }
  return std::nullopt;
}

Format format_of_suffix(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::string_view suffix = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  if (suffix == "jsonl") {
    return Format::kNdjson;
  }
  if (suffix == "txt") {
    return Format::kTable;
  }
  return format_named(suffix).value_or(Format::kCsv);
}

void write_text(const Table& table, Format format, OutputFile& file) {
  switch (format) {
    case Format::kTable:
      return write_table(table, file);
    case Format::kJson:
      return write_json(table, false, file);
    case Format::kNdjson:
      return write_json(table, true, file);
    case Format::kCsv:
    case Format::kParquet:  // has a writer of its own; its callers never come here
      return write_csv(table, file);
  }
}

void write_aligned(const std::vector<std::vector<std::string>>& lines, OutputFile& file) {
  std::vector<std::size_t> widths;
  for (const std::vector<std::string>& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t column = 0; column < line.size(); ++column) {
      widths[column] = std::max(widths[column], shown_width(line[column]));
    }
  }
  std::vector<bool> right(widths.size(), true);
  if (!right.empty()) {
    right[0] = false;
  }
  for (const std::vector<std::string>& line : lines) {
    write_line(line, widths, right, file);
  }
}

void append_csv_field(std::string_view field, std::string& out) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    out.append(field);
    return;
  }
  out.push_back('"');
  for (const char byte : field) {
    if (byte == '"') {
      out.push_back('"');
    }
    out.push_back(byte);
  }
  out.push_back('"');
}

void append_json_string(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') {
      out.push_back('\\');
      out.push_back(byte);
    } else if (byte == '\n') {
      out.append("\\n");
    } else if (code < 0x20) {
      out.append("\\u00");
      out.push_back(kHex[code >> 4]);
      out.push_back(kHex[code & 15]);
    } else {
      out.push_back(byte);
    }
  }
  out.push_back('"');
}

}  // namespace quintile::cli
