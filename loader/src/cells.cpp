#include "cells.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

#include "utf8.hpp"

namespace quintile::loader {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

void write_integer(std::int64_t number, std::string& out) {
  char text[24];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, number);
  out.assign(text, end.ptr);
}

void write_float(double number, bool is_single, std::string& out) {
  char text[kMaxIdDigits];
  if (is_single && std::isfinite(number) && std::trunc(number) != number) {
    const std::to_chars_result end =
        std::to_chars(text, text + sizeof text, static_cast<float>(number));
    out.assign(text, end.ptr);
    return;
  }
  out.assign(write_id(number, text));
}

void write_decimal(Int128 coefficient, int exponent, std::string& out) {
  if (exponent > 0) {
    out = format_minor_units(coefficient, 0) +
          std::string(coefficient == 0 ? 0U : static_cast<std::size_t>(exponent), '0');
    return;
  }
  const std::string text = format_minor_units(coefficient, -exponent);
  out.assign(canonical_id(text));
}

// A local time reads like an instant in UTC, without the mark for it.
void write_local(std::int64_t local_us, std::string& out) {
  out = format_instant(local_us, TimeZone());
  out.pop_back();
}

bool is_ascii(std::string_view text) {
  std::uint64_t bits = 0;
  while (text.size() >= sizeof bits) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    bits |= word;
    text.remove_prefix(sizeof word);
  }
  for (const char letter : text) {
    bits |= static_cast<unsigned char>(letter);
  }
  return (bits & kHighBits) == 0;
}

}  // namespace

std::string_view text_of(const Column& column, std::size_t row, std::string& scratch) {
  if (!column.has_value(row)) {
    return {};
  }
  switch (column.kind) {
    case CellKind::kText:
      return column.texts[row];
    case CellKind::kInteger:
      write_integer(column.integers[row], scratch);
      break;
    case CellKind::kBool:
      scratch = column.integers[row] != 0 ? "true" : "false";
      break;
    case CellKind::kFloat32:
    case CellKind::kFloat64:
      write_float(column.floats[row], column.kind == CellKind::kFloat32, scratch);
      break;
    case CellKind::kDecimal:
      write_decimal(column.decimals[row], column.decimal_exponent, scratch);
      break;
    case CellKind::kInstant:
      scratch = format_instant(column.integers[row], TimeZone());
      break;
    case CellKind::kLocal:
      write_local(column.integers[row], scratch);
      break;
    case CellKind::kDate:
      scratch = format_date(static_cast<std::int32_t>(column.integers[row]));
      break;
    case CellKind::kNull:
    case CellKind::kTextList:
      return {};
  }
  return scratch;
}

std::optional<Reason> flaw_of_text(std::string_view text, std::size_t max_bytes, Reason too_long) {
  if (text.size() > max_bytes) {
    return too_long;
  }
  if (std::memchr(text.data(), '\0', text.size()) != nullptr) {
    return Reason::kNulByte;
  }
  if (!is_ascii(text) && !is_utf8(text)) {
    return Reason::kInvalidUtf8;
  }
  return std::nullopt;
}

DecimalError number_of(const Column& column, std::size_t row, Decimal& number) {
  if (!column.has_value(row)) {
    return DecimalError::kEmpty;
  }
  switch (column.kind) {
    case CellKind::kText:
      return parse_decimal(column.texts[row], number);
    case CellKind::kInteger:
      number = Decimal{column.integers[row], 0};
      return DecimalError::kNone;
    case CellKind::kFloat32:
      return to_decimal(static_cast<float>(column.floats[row]), number);
    case CellKind::kFloat64:
      return to_decimal(column.floats[row], number);
    case CellKind::kDecimal:
      number = Decimal{column.decimals[row], column.decimal_exponent};
      return DecimalError::kNone;
    default:
      return DecimalError::kNotANumber;
  }
}

DecimalError minor_units_of(const Column& column, std::size_t row, int decimals,
                            std::int64_t& minor_units) {
  if (column.kind == CellKind::kText) {
    return parse_minor_units(column.text(row), decimals, minor_units);
  }
  Decimal number;
  const DecimalError error = number_of(column, row, number);
  return error == DecimalError::kNone ? to_minor_units(number, decimals, minor_units) : error;
}

TimeError instant_of(const Column& column, std::size_t row, TimeReader& reader,
                     std::int64_t& instant_us) {
  if (!column.has_value(row)) {
    return TimeError::kMalformed;
  }
  switch (column.kind) {
    case CellKind::kText:
      return reader.read(column.texts[row], instant_us);
    case CellKind::kInteger: {  // only let in with a date format, for numbers such as 20111210
      char text[24];
      const std::to_chars_result end =
          std::to_chars(text, text + sizeof text, column.integers[row]);
      return reader.read(std::string_view(text, static_cast<std::size_t>(end.ptr - text)),
                         instant_us);
    }
    case CellKind::kInstant:
      return reader.from_instant(column.integers[row], instant_us);
    case CellKind::kLocal:
      return reader.from_local(column.integers[row], instant_us);
    case CellKind::kDate: {
      const std::int64_t day = column.integers[row] + kDayNumberOfEpoch;
      if (day < kFirstDayNumber || day > kLastDayNumber) {
        return TimeError::kOutOfRange;
      }
      return reader.from_local(column.integers[row] * kMicrosecondsPerDay, instant_us);
    }
    default:
      return TimeError::kMalformed;
  }
}

std::string shown(const Column& column, std::size_t row) {
  std::string scratch;
  return std::string(text_of(column, row, scratch));
}

}  // namespace quintile::loader
