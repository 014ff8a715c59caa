// A generated table as plain vectors, read through the same door as any consumer of Arrow streams.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/arrow_abi.h"
#include "quintile/datasets/shop.hpp"

namespace quintile::datasets {

using Number = std::optional<std::int64_t>;  // also dates, bools, microseconds, hundredths
using Text = std::optional<std::string>;

struct ColumnData {
  std::string name;
  std::string format;
  bool nullable = false;
  std::vector<Number> numbers;  // empty for texts
  std::vector<Text> texts;      // empty for numbers
};

struct TableData {
  std::vector<ColumnData> columns;
  std::size_t rows = 0;
  std::size_t batches = 0;

  [[nodiscard]] const ColumnData& column(std::string_view name) const {
    for (const ColumnData& column : columns) {
      if (column.name == name) {
        return column;
      }
    }
    throw std::out_of_range("no column " + std::string(name));
  }
  [[nodiscard]] const std::vector<Number>& numbers(std::string_view name) const {
    return column(name).numbers;
  }
  [[nodiscard]] const std::vector<Text>& texts(std::string_view name) const {
    return column(name).texts;
  }
};

inline bool bit_at(const void* bits, std::int64_t row) {
  const auto* bytes = static_cast<const std::uint8_t*>(bits);
  return ((bytes[row / 8] >> (row % 8)) & 1U) != 0;
}

inline std::int64_t number_at(const ArrowArray& array, const std::string& format,
                              std::int64_t row) {
  const void* values = array.buffers[1];
  if (format == "b") {
    return bit_at(values, row) ? 1 : 0;
  }
  if (format == "tdD") {
    return static_cast<const std::int32_t*>(values)[row];
  }
  if (format.starts_with("d:")) {
    const auto* halves = static_cast<const std::int64_t*>(values) + 2 * row;
    if (halves[1] != (halves[0] < 0 ? -1 : 0)) {
      throw std::runtime_error("a decimal that does not fit 64 bits");
    }
    return halves[0];
  }
  return static_cast<const std::int64_t*>(values)[row];
}

inline void append_column(const ArrowArray& array, ColumnData& column) {
  for (std::int64_t row = 0; row < array.length; ++row) {
    const bool valid = array.buffers[0] == nullptr || bit_at(array.buffers[0], row);
    if (column.format == "u") {
      const auto* offsets = static_cast<const std::int32_t*>(array.buffers[1]);
      const auto* bytes = static_cast<const char*>(array.buffers[2]);
      column.texts.push_back(
          valid ? Text(std::string(bytes + offsets[row], bytes + offsets[row + 1])) : std::nullopt);
    } else {
      column.numbers.push_back(valid ? Number(number_at(array, column.format, row)) : std::nullopt);
    }
  }
}

// Reads to the end and releases. Throws with the stream's message when it fails.
inline TableData read_stream(ArrowArrayStream& stream) {
  const std::unique_ptr<ArrowArrayStream, void (*)(ArrowArrayStream*)> owner(
      &stream, [](ArrowArrayStream* owned) { owned->release(owned); });
  const auto check = [&](int status) {
    if (status != 0) {
      const char* message = stream.get_last_error(&stream);
      throw std::runtime_error(message == nullptr ? "no message" : message);
    }
  };
  TableData table;
  ArrowSchema schema{};
  check(stream.get_schema(&stream, &schema));
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& field = *schema.children[i];
    table.columns.push_back({field.name, field.format, (field.flags & ARROW_FLAG_NULLABLE) != 0,
                             std::vector<Number>{}, std::vector<Text>{}});
  }
  schema.release(&schema);
  for (;;) {
    ArrowArray batch{};
    check(stream.get_next(&stream, &batch));
    if (batch.release == nullptr) {
      return table;
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      append_column(*batch.children[i], table.columns[i]);
    }
    table.rows += static_cast<std::size_t>(batch.length);
    ++table.batches;
    batch.release(&batch);
  }
}

inline TableData read_table(const ShopOptions& options, Table table) {
  Shop shop(options, {table});
  ArrowArrayStream stream{};
  shop.open(table, &stream);
  return read_stream(stream);
}

// A checksum of names, types and values; where batches begin and end does not matter.
inline std::uint64_t digest_of(const TableData& table) {
  std::uint64_t state = 0xCBF29CE484222325U;
  const auto add_byte = [&](unsigned char byte) { state = (state ^ byte) * 0x100000001B3U; };
  const auto add_text = [&](std::string_view text) {
    for (const char letter : text) {
      add_byte(static_cast<unsigned char>(letter));
    }
    add_byte(0);
  };
  for (const ColumnData& column : table.columns) {
    add_text(column.name);
    add_text(column.format);
    for (const Number& number : column.numbers) {
      add_byte(number.has_value() ? 1 : 0);
      auto bits = static_cast<std::uint64_t>(number.value_or(0));
      for (int i = 0; i < 8; ++i, bits >>= 8U) {
        add_byte(static_cast<unsigned char>(bits & 0xFFU));
      }
    }
    for (const Text& text : column.texts) {
      add_byte(text.has_value() ? 1 : 0);
      add_text(text.value_or(""));
    }
  }
  return state;
}

}  // namespace quintile::datasets
