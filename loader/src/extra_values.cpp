#include "extra_values.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include <arrow/type.h>

#include "cells.hpp"
#include "number_values.hpp"
#include "text_values.hpp"

namespace quintile::loader {
namespace {

std::shared_ptr<arrow::DataType> type_of(const ExtraColumn& extra) {
  switch (extra.type) {
    case QUINTILE_COLUMN_INT64:
    case QUINTILE_COLUMN_DECIMAL:
      return arrow::int64();
    case QUINTILE_COLUMN_BOOL:
      return arrow::boolean();
    case QUINTILE_COLUMN_DOUBLE:
      return arrow::float64();
    case QUINTILE_COLUMN_DATE:
      return arrow::date32();
    case QUINTILE_COLUMN_TIMESTAMP:
      return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
    case QUINTILE_COLUMN_LIST:
      return arrow::list(arrow::utf8());
    default:
      return arrow::utf8();
  }
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

// A whole number, nothing if it has a fraction or does not fit.
std::optional<std::int64_t> whole_number_of(const Column& column, std::size_t row) {
  Decimal number;
  std::int64_t whole = 0;
  if (number_of(column, row, number) != DecimalError::kNone ||
      to_minor_units(number, 0, whole) != DecimalError::kNone) {
    return std::nullopt;
  }
  Int128 rest = number.coefficient;
  for (std::int32_t digit = number.exponent; digit < 0 && rest != 0; ++digit) {
    if (rest % 10 != 0) {
      return std::nullopt;
    }
    rest /= 10;
  }
  return whole;
}

std::optional<std::int64_t> scaled_number_of(const Column& column, std::size_t row, int decimals) {
  Decimal number;
  std::int64_t scaled = 0;
  if (number_of(column, row, number) != DecimalError::kNone ||
      to_minor_units(number, decimals, scaled) != DecimalError::kNone) {
    return std::nullopt;
  }
  return scaled;
}

std::optional<std::int64_t> double_bits_of(const Column& column, std::size_t row) {
  double value = 0;
  if (column.kind == CellKind::kFloat32 || column.kind == CellKind::kFloat64) {
    value = column.floats[row];
  } else {
    std::string scratch;
    std::string_view text = without_blanks(text_of(column, row, scratch));
    text.remove_prefix(!text.empty() && text[0] == '+' ? 1 : 0);
    const std::from_chars_result end =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size()) {
      return std::nullopt;
    }
  }
  return std::isfinite(value) ? std::optional(std::bit_cast<std::int64_t>(value)) : std::nullopt;
}

std::optional<std::int64_t> bool_of(const Column& column, std::size_t row) {
  std::string scratch;
  std::string word(without_blanks(text_of(column, row, scratch)));
  for (char& letter : word) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  constexpr std::array<std::string_view, 5> kYes = {"true", "t", "yes", "y", "1"};
  constexpr std::array<std::string_view, 5> kNo = {"false", "f", "no", "n", "0"};
  if (std::find(kYes.begin(), kYes.end(), word) != kYes.end()) {
    return 1;
  }
  return std::find(kNo.begin(), kNo.end(), word) != kNo.end() ? std::optional<std::int64_t>(0)
                                                              : std::nullopt;
}

std::optional<std::int64_t> instant_value_of(const Column& column, std::size_t row,
                                             TimeReader& reader) {
  std::int64_t instant_us = 0;
  return instant_of(column, row, reader, instant_us) == TimeError::kNone ? std::optional(instant_us)
                                                                         : std::nullopt;
}

// A date is the local date of a time; text that is only a date need not be an accepted time.
std::optional<std::int64_t> date_of(const Column& column, std::size_t row, TimeReader& reader,
                                    const TimeZone& zone) {
  if (column.kind == CellKind::kDate) {
    return column.integers[row];
  }
  if (column.kind == CellKind::kText) {
    if (const std::optional<std::int32_t> date = parse_date(column.texts[row])) {
      return *date;
    }
  }
  const std::optional<std::int64_t> instant_us = instant_value_of(column, row, reader);
  return instant_us ? std::optional<std::int64_t>(std::int64_t{zone.day_number(*instant_us)} -
                                                  kDayNumberOfEpoch)
                    : std::nullopt;
}

// 64 bits or fewer per row.
class ExtraNumbers final : public ExtraValues {
 public:
  ExtraNumbers(const ExtraColumn& extra, const Column& column, TimeReader& reader,
               const TimeZone& zone, Rows& rows)
      : type_(type_of(extra)), numbers_(rows.count()) {
    for (std::size_t row = 0; row < rows.count(); ++row) {
      if (!rows.is_accepted(row)) {
        continue;
      }
      const bool is_empty = !column.has_value(row) || (column.kind == CellKind::kText &&
                                                       without_blanks(column.texts[row]).empty());
      if (is_empty) {
        numbers_.set_null(row);
      } else if (const std::optional<std::int64_t> value = read(extra, column, row, reader, zone)) {
        numbers_.set(row, *value);
      } else {
        rows.reject(row, Reason::kBadValue, shown(column, row));
      }
    }
  }

  [[nodiscard]] std::shared_ptr<arrow::Array> to_array(const Rows& rows) override {
    return numbers_.to_array(rows, type_);
  }

 private:
  static std::optional<std::int64_t> read(const ExtraColumn& extra, const Column& column,
                                          std::size_t row, TimeReader& reader,
                                          const TimeZone& zone) {
    switch (extra.type) {
      case QUINTILE_COLUMN_INT64:
        return whole_number_of(column, row);
      case QUINTILE_COLUMN_DECIMAL:
        return scaled_number_of(column, row, extra.decimals);
      case QUINTILE_COLUMN_BOOL:
        return bool_of(column, row);
      case QUINTILE_COLUMN_DOUBLE:
        return double_bits_of(column, row);
      case QUINTILE_COLUMN_DATE:
        return date_of(column, row, reader, zone);
      default:
        return instant_value_of(column, row, reader);
    }
  }

  std::shared_ptr<arrow::DataType> type_;
  NumberValues numbers_;
};

class ExtraTexts final : public ExtraValues {
 public:
  ExtraTexts(const Column& column, Rows& rows) { texts_.read_texts(column, rows); }
  [[nodiscard]] std::shared_ptr<arrow::Array> to_array(const Rows& rows) override {
    return texts_.to_array(rows, /*empty_is_null=*/true);
  }

 private:
  TextValues texts_;
};

class ExtraLists final : public ExtraValues {
 public:
  ExtraLists(const Column& column, Rows& rows) { lists_.read(column, false, rows); }
  [[nodiscard]] std::shared_ptr<arrow::Array> to_array(const Rows& rows) override {
    return lists_.to_array(rows);
  }

 private:
  ListValues lists_;
};

}  // namespace

std::vector<ExtraColumn> settled_extras(const Request& request, const Layout& layout,
                                        const std::vector<ColumnInfo>& columns) {
  std::vector<ExtraColumn> extras = request.extra_columns;
  for (const WantedColumn& wanted : layout.wanted()) {
    if (wanted.role != Role::kExtra || extras[wanted.extra].type != QUINTILE_COLUMN_AUTO) {
      continue;
    }
    extras[wanted.extra].type = QUINTILE_COLUMN_UTF8;
    for (const ColumnInfo& column : columns) {
      if (column.name == wanted.column && column.kind == CellKind::kInteger) {
        extras[wanted.extra].type = QUINTILE_COLUMN_INT64;
      } else if (column.name == wanted.column && column.kind == CellKind::kBool) {
        extras[wanted.extra].type = QUINTILE_COLUMN_BOOL;
      }
    }
  }
  return extras;
}

std::shared_ptr<arrow::Field> extra_field(const ExtraColumn& extra) {
  return arrow::field(extra.name, type_of(extra), extra.type != QUINTILE_COLUMN_LIST);
}

std::unique_ptr<ExtraValues> read_extra(const ExtraColumn& extra, const Column& column,
                                        TimeReader& reader, const TimeZone& zone, Rows& rows) {
  if (extra.type == QUINTILE_COLUMN_UTF8 || extra.type == QUINTILE_COLUMN_AUTO) {
    return std::make_unique<ExtraTexts>(column, rows);
  }
  if (extra.type == QUINTILE_COLUMN_LIST) {
    return std::make_unique<ExtraLists>(column, rows);
  }
  return std::make_unique<ExtraNumbers>(extra, column, reader, zone, rows);
}

}  // namespace quintile::loader
