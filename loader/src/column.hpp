// The cells of one column of a batch in one of a few plain shapes, whatever file they are from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "quintile/int128.hpp"

namespace quintile::loader {

enum class CellKind : std::uint8_t {
  kNull,     // no values at all
  kText,     // `texts`
  kInteger,  // `integers`
  kBool,     // `integers`, 0 or 1
  kFloat32,  // `floats`
  kFloat64,  // `floats`
  kDecimal,  // `decimals`, times ten to the power `decimal_exponent`
  kInstant,  // `integers`: microseconds UTC
  kLocal,    // `integers`: microseconds on the local clock
  kDate,     // `integers`: days since 1970-01-01
  kTextList  // `list_offsets` into `texts`
};

struct Column {
  CellKind kind = CellKind::kNull;
  std::vector<std::string_view> texts;
  std::vector<std::int64_t> integers;
  std::vector<double> floats;
  std::vector<Int128> decimals;
  int decimal_exponent = 0;
  std::vector<std::size_t> list_offsets;
  bool is_plain = false;            // kText: all of them are known to be ASCII without a NUL byte
  std::vector<std::uint8_t> valid;  // 1 = there is a value; empty: all have one
  std::shared_ptr<arrow::Array> owner;                // keeps the bytes under `texts`
  std::shared_ptr<std::vector<std::string>> written;  // texts that had to be written out

  // Of kText: empty for a null.
  [[nodiscard]] std::string_view text(std::size_t row) const {
    return valid.empty() || valid[row] != 0 ? texts[row] : std::string_view();
  }
  [[nodiscard]] bool has_value(std::size_t row) const {
    return kind != CellKind::kNull && (valid.empty() || valid[row] != 0);
  }
};

// Whether all of `text` is ASCII without a NUL byte, and so fit to be handed on as it is.
bool is_plain(std::string_view text) noexcept;

// The shape that columns of this type take, nothing if they cannot be read.
std::optional<CellKind> cell_kind(const arrow::DataType& type);

// Bring an array into its shape. Its type must have one.
Column to_column(const std::shared_ptr<arrow::Array>& array);

}  // namespace quintile::loader
