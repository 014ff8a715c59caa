#include "column.hpp"

#include <algorithm>
#include <limits>

#include <arrow/array.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>

#include "quintile/date_time.hpp"

namespace quintile::loader {
namespace {

using arrow::Type;

// Far outside every accepted time, and far from overflow when an offset is added.
constexpr std::int64_t kFarAway = std::numeric_limits<std::int64_t>::max() / 4;

std::vector<std::uint8_t> validity_of(const arrow::Array& array) {
  std::vector<std::uint8_t> valid;
  if (array.null_count() == 0) {
    return valid;
  }
  valid.resize(static_cast<std::size_t>(array.length()));
  for (std::size_t row = 0; row < valid.size(); ++row) {
    valid[row] = array.IsValid(static_cast<std::int64_t>(row)) ? 1 : 0;
  }
  return valid;
}

template <class ArrowArrayType>
std::vector<std::int64_t> integers_of(const arrow::Array& array) {
  const auto& typed = static_cast<const ArrowArrayType&>(array);
  const auto* const values = typed.raw_values();
  return std::vector<std::int64_t>(values, values + typed.length());
}

template <class ArrowArrayType>
std::vector<double> floats_of(const arrow::Array& array) {
  const auto& typed = static_cast<const ArrowArrayType&>(array);
  const auto* const values = typed.raw_values();
  return std::vector<double>(values, values + typed.length());
}

template <class ArrowArrayType>
void take_texts(const arrow::Array& array, Column& column) {
  const auto& typed = static_cast<const ArrowArrayType&>(array);
  std::vector<std::string_view>& texts = column.texts;
  texts.reserve(static_cast<std::size_t>(typed.length()));
  for (std::int64_t row = 0; row < typed.length(); ++row) {
    texts.push_back(typed.GetView(row));
  }
}

// Texts that lie one after the other are looked at as one.
template <class ArrowArrayType>
void take_packed_texts(const arrow::Array& array, Column& column) {
  take_texts<ArrowArrayType>(array, column);
  if (!column.texts.empty()) {
    const char* const begin = column.texts.front().data();
    const std::string_view last = column.texts.back();
    column.is_plain =
        is_plain({begin, static_cast<std::size_t>(last.data() + last.size() - begin)});
  }
}

bool take_any_texts(const arrow::Array& array, Column& column) {
  switch (array.type_id()) {
    case Type::STRING:
    case Type::BINARY:
      take_packed_texts<arrow::BinaryArray>(array, column);
      return true;
    case Type::LARGE_STRING:
    case Type::LARGE_BINARY:
      take_packed_texts<arrow::LargeBinaryArray>(array, column);
      return true;
    case Type::STRING_VIEW:
    case Type::BINARY_VIEW:
      take_texts<arrow::BinaryViewArray>(array, column);
      return true;
    default:
      return false;
  }
}

// Times in any unit to microseconds; what is finer is cut off towards the past.
void scale_to_microseconds(arrow::TimeUnit::type unit, std::vector<std::int64_t>& times) {
  const auto multiply = [&times](std::int64_t factor) {
    const std::int64_t limit = kFarAway / factor;
    for (std::int64_t& time : times) {
      time = std::clamp(time, -limit, limit) * factor;
    }
  };
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      multiply(1'000'000);
      break;
    case arrow::TimeUnit::MILLI:
      multiply(1'000);
      break;
    case arrow::TimeUnit::MICRO:
      multiply(1);
      break;
    case arrow::TimeUnit::NANO:
      for (std::int64_t& time : times) {
        time = time / 1'000 - (time % 1'000 < 0 ? 1 : 0);
      }
      break;
  }
}

void take_bools(const arrow::Array& array, Column& column) {
  const auto& typed = static_cast<const arrow::BooleanArray&>(array);
  column.integers.reserve(static_cast<std::size_t>(typed.length()));
  for (std::int64_t row = 0; row < typed.length(); ++row) {
    column.integers.push_back(typed.Value(row) ? 1 : 0);
  }
}

Int128 to_int128(const arrow::Decimal128& value) {
  return static_cast<Int128>(
      (static_cast<Uint128>(static_cast<std::uint64_t>(value.high_bits())) << 64U) |
      value.low_bits());
}

template <class ArrowArrayType, class Value>
void take_small_decimals(const arrow::Array& array, Column& column) {
  const auto& typed = static_cast<const ArrowArrayType&>(array);
  for (std::int64_t row = 0; row < typed.length(); ++row) {
    column.decimals.push_back(Value(typed.GetValue(row)).value());
  }
}

void take_decimals(const arrow::Array& array, Column& column) {
  column.decimal_exponent = -static_cast<const arrow::DecimalType&>(*array.type()).scale();
  column.decimals.reserve(static_cast<std::size_t>(array.length()));
  if (array.type_id() == Type::DECIMAL32) {
    take_small_decimals<arrow::Decimal32Array, arrow::Decimal32>(array, column);
  } else if (array.type_id() == Type::DECIMAL64) {
    take_small_decimals<arrow::Decimal64Array, arrow::Decimal64>(array, column);
  } else {
    const auto& typed = static_cast<const arrow::Decimal128Array&>(array);
    for (std::int64_t row = 0; row < typed.length(); ++row) {
      column.decimals.push_back(to_int128(arrow::Decimal128(typed.GetValue(row))));
    }
  }
}

// 256 bits are more than our decimals hold; as text they meet the stated limit of digits.
void take_wide_decimals(const arrow::Array& array, Column& column) {
  const auto& typed = static_cast<const arrow::Decimal256Array&>(array);
  column.written = std::make_shared<std::vector<std::string>>();
  column.written->reserve(static_cast<std::size_t>(typed.length()));
  for (std::int64_t row = 0; row < typed.length(); ++row) {
    column.written->push_back(typed.IsValid(row) ? typed.FormatValue(row) : std::string());
  }
  column.texts.assign(column.written->begin(), column.written->end());
}

void take_unsigned(const arrow::Array& array, Column& column) {
  const auto& typed = static_cast<const arrow::UInt64Array&>(array);
  column.decimals.reserve(static_cast<std::size_t>(typed.length()));
  for (std::int64_t row = 0; row < typed.length(); ++row) {
    column.decimals.push_back(static_cast<Int128>(typed.Value(row)));
  }
}

template <class ListArrayType>
void take_list(const arrow::Array& array, Column& column) {
  const auto& typed = static_cast<const ListArrayType&>(array);
  const std::shared_ptr<arrow::Array> members = typed.values();
  const Column inner = to_column(members);
  column.list_offsets.push_back(0);
  for (std::int64_t row = 0; row < typed.length(); ++row) {
    if (typed.IsValid(row)) {
      const auto begin = static_cast<std::size_t>(typed.value_offset(row));
      const auto end = begin + static_cast<std::size_t>(typed.value_length(row));
      for (std::size_t i = begin; i < end; ++i) {
        // A null member is as good as an empty one.
        column.texts.push_back(inner.has_value(i) ? inner.texts[i] : std::string_view());
      }
    }
    column.list_offsets.push_back(column.texts.size());
  }
}

// A dictionary column takes the shape of its dictionary, looked up row by row.
Column from_dictionary(const arrow::DictionaryArray& array) {
  const Column words = to_column(array.dictionary());
  const auto rows = static_cast<std::size_t>(array.length());
  Column column;
  column.kind = words.kind;
  column.decimal_exponent = words.decimal_exponent;
  column.written = words.written;
  column.is_plain = words.is_plain;
  column.texts.resize(words.texts.empty() ? 0 : rows);
  column.integers.resize(words.integers.empty() ? 0 : rows);
  column.floats.resize(words.floats.empty() ? 0 : rows);
  column.decimals.resize(words.decimals.empty() ? 0 : rows);
  column.valid.assign(rows, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    if (array.IsNull(static_cast<std::int64_t>(row))) {
      continue;
    }
    const auto index =
        static_cast<std::size_t>(array.GetValueIndex(static_cast<std::int64_t>(row)));
    if (!words.has_value(index)) {
      continue;
    }
    column.valid[row] = 1;
    if (!column.texts.empty()) {
      column.texts[row] = words.texts[index];
    } else if (!column.integers.empty()) {
      column.integers[row] = words.integers[index];
    } else if (!column.floats.empty()) {
      column.floats[row] = words.floats[index];
    } else if (!column.decimals.empty()) {
      column.decimals[row] = words.decimals[index];
    }
  }
  return column;
}

std::vector<std::int64_t> any_integers_of(const arrow::Array& array) {
  switch (array.type_id()) {
    case Type::INT8:
      return integers_of<arrow::Int8Array>(array);
    case Type::INT16:
      return integers_of<arrow::Int16Array>(array);
    case Type::INT32:
      return integers_of<arrow::Int32Array>(array);
    case Type::UINT8:
      return integers_of<arrow::UInt8Array>(array);
    case Type::UINT16:
      return integers_of<arrow::UInt16Array>(array);
    case Type::UINT32:
      return integers_of<arrow::UInt32Array>(array);
    case Type::DATE32:
      return integers_of<arrow::Date32Array>(array);
    case Type::DATE64:
      return integers_of<arrow::Date64Array>(array);
    case Type::TIMESTAMP:
      return integers_of<arrow::TimestampArray>(array);
    default:
      return integers_of<arrow::Int64Array>(array);
  }
}

void take_integers(const arrow::Array& array, Column& column) {
  if (array.type_id() == Type::UINT64) {
    take_unsigned(array, column);
    return;
  }
  column.integers = any_integers_of(array);
  if (array.type_id() == Type::TIMESTAMP) {
    const auto& type = static_cast<const arrow::TimestampType&>(*array.type());
    scale_to_microseconds(type.unit(), column.integers);
  } else if (array.type_id() == Type::DATE64) {
    constexpr std::int64_t kMillisecondsPerDay = kMicrosecondsPerDay / 1'000;
    for (std::int64_t& date : column.integers) {
      date = date / kMillisecondsPerDay - (date % kMillisecondsPerDay < 0 ? 1 : 0);
    }
  }
}

std::optional<CellKind> list_kind(const arrow::DataType& type) {
  const auto& list = static_cast<const arrow::BaseListType&>(type);
  return cell_kind(*list.value_type()) == CellKind::kText ? std::optional(CellKind::kTextList)
                                                          : std::nullopt;
}

}  // namespace

bool is_plain(std::string_view text) noexcept {
  // Bytes wide, so that the compiler takes a vector of them at a time.
  std::uint8_t seen = 0;
  std::uint8_t zeros = 0;
  for (const char letter : text) {
    seen = static_cast<std::uint8_t>(seen | static_cast<std::uint8_t>(letter));
    zeros = static_cast<std::uint8_t>(zeros | (letter == '\0' ? 1 : 0));
  }
  return seen < 0x80U && zeros == 0;
}

std::optional<CellKind> cell_kind(const arrow::DataType& type) {
  switch (type.id()) {
    case Type::NA:
      return CellKind::kNull;
    case Type::STRING:
    case Type::BINARY:
    case Type::LARGE_STRING:
    case Type::LARGE_BINARY:
    case Type::STRING_VIEW:
    case Type::BINARY_VIEW:
    case Type::DECIMAL256:
      return CellKind::kText;
    case Type::INT8:
    case Type::INT16:
    case Type::INT32:
    case Type::INT64:
    case Type::UINT8:
    case Type::UINT16:
    case Type::UINT32:
      return CellKind::kInteger;
    case Type::UINT64:
    case Type::DECIMAL32:
    case Type::DECIMAL64:
    case Type::DECIMAL128:
      return CellKind::kDecimal;
    case Type::BOOL:
      return CellKind::kBool;
    case Type::FLOAT:
      return CellKind::kFloat32;
    case Type::DOUBLE:
      return CellKind::kFloat64;
    case Type::TIMESTAMP:
      return static_cast<const arrow::TimestampType&>(type).timezone().empty() ? CellKind::kLocal
                                                                               : CellKind::kInstant;
    case Type::DATE32:
    case Type::DATE64:
      return CellKind::kDate;
    case Type::LIST:
    case Type::LARGE_LIST:
      return list_kind(type);
    case Type::DICTIONARY: {
      const auto kind = cell_kind(*static_cast<const arrow::DictionaryType&>(type).value_type());
      return kind == CellKind::kTextList ? std::nullopt : kind;
    }
    default:
      return std::nullopt;
  }
}

Column to_column(const std::shared_ptr<arrow::Array>& array) {
  if (array->type_id() == Type::DICTIONARY) {
    Column column = from_dictionary(static_cast<const arrow::DictionaryArray&>(*array));
    column.owner = array;
    return column;
  }
  Column column;
  column.kind = cell_kind(*array->type()).value_or(CellKind::kNull);
  column.valid = validity_of(*array);
  column.owner = array;
  switch (column.kind) {
    case CellKind::kNull:
      break;
    case CellKind::kText:
      if (!take_any_texts(*array, column)) {
        take_wide_decimals(*array, column);
      }
      break;
    case CellKind::kBool:
      take_bools(*array, column);
      break;
    case CellKind::kFloat32:
      column.floats = floats_of<arrow::FloatArray>(*array);
      break;
    case CellKind::kFloat64:
      column.floats = floats_of<arrow::DoubleArray>(*array);
      break;
    case CellKind::kTextList:
      if (array->type_id() == Type::LIST) {
        take_list<arrow::ListArray>(*array, column);
      } else {
        take_list<arrow::LargeListArray>(*array, column);
      }
      break;
    case CellKind::kDecimal:
      if (array->type_id() != Type::UINT64) {
        take_decimals(*array, column);
        break;
      }
      [[fallthrough]];
    case CellKind::kInteger:
    case CellKind::kInstant:
    case CellKind::kLocal:
    case CellKind::kDate:
      take_integers(*array, column);
      break;
  }
  return column;
}

}  // namespace quintile::loader
