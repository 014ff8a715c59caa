#include "csv_cells.hpp"

#include <charconv>
#include <string_view>
#include <type_traits>

#include <arrow/array.h>
#include <arrow/type.h>

#include "quintile/date_time.hpp"

namespace quintile::loader {
namespace {

using arrow::Type;

template <class Number>
void append_number(Number number, std::string& out) {
  char text[64];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, number);
  out.append(text, end.ptr);
}

void append_two_digits(std::int64_t number, std::string& out) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

template <class ArrayType>
class NumberCells final : public CsvCells {
 public:
  explicit NumberCells(const arrow::Array& array)
      : values_(static_cast<const ArrayType&>(array).raw_values()) {}
  void append(std::int64_t row, std::string& out) override {
    // Small integers as themselves, not as letters.
    if constexpr (std::is_integral_v<typename ArrayType::value_type>) {
      append_number(static_cast<std::conditional_t<std::is_signed_v<typename ArrayType::value_type>,
                                                   std::int64_t, std::uint64_t>>(values_[row]),
                    out);
    } else {
      append_number(values_[row], out);
    }
  }

 private:
  const typename ArrayType::value_type* values_;
};

class BoolCells final : public CsvCells {
 public:
  explicit BoolCells(const arrow::Array& array)
      : array_(static_cast<const arrow::BooleanArray&>(array)) {}
  void append(std::int64_t row, std::string& out) override {
    out += array_.Value(row) ? "true" : "false";
  }

 private:
  const arrow::BooleanArray& array_;
};

template <class ArrayType>
class TextCells final : public CsvCells {
 public:
  explicit TextCells(const arrow::Array& array) : array_(static_cast<const ArrayType&>(array)) {}
  void append(std::int64_t row, std::string& out) override {
    append_csv_field(array_.GetView(row), out);
  }

 private:
  const ArrayType& array_;
};

template <class ArrayType>
class DecimalCells final : public CsvCells {
 public:
  explicit DecimalCells(const arrow::Array& array) : array_(static_cast<const ArrayType&>(array)) {}
  void append(std::int64_t row, std::string& out) override { out += array_.FormatValue(row); }

 private:
  const ArrayType& array_;
};

// Dates keep the text of the last one: neighbours are often of one day.
class DateText {
 public:
  void append(std::int64_t day, std::string& out) {
    if (text_.empty() || day != day_) {
      day_ = day;
      text_ = format_date(static_cast<std::int32_t>(day));
    }
    out += text_;
  }

 private:
  std::int64_t day_ = 0;
  std::string text_;
};

std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

template <class ArrayType, std::int64_t kUnitsPerDay>
class DateCells final : public CsvCells {
 public:
  explicit DateCells(const arrow::Array& array)
      : values_(static_cast<const ArrayType&>(array).raw_values()) {}
  void append(std::int64_t row, std::string& out) override {
    date_.append(floor_divide(values_[row], kUnitsPerDay), out);
  }

 private:
  const typename ArrayType::value_type* values_;
  DateText date_;
};

class TimeCells final : public CsvCells {
 public:
  explicit TimeCells(const arrow::Array& array)
      : values_(static_cast<const arrow::TimestampArray&>(array).raw_values()) {
    const auto& type = static_cast<const arrow::TimestampType&>(*array.type());
    has_zone_ = !type.timezone().empty();
    constexpr std::int64_t kPerSecond[] = {1, 1'000, 1'000'000, 1'000'000'000};
    per_second_ = kPerSecond[static_cast<int>(type.unit())];
  }

  void append(std::int64_t row, std::string& out) override {
    const std::int64_t seconds = floor_divide(values_[row], per_second_);
    constexpr std::int64_t kSecondsPerDay = 86'400;
    const std::int64_t day = floor_divide(seconds, kSecondsPerDay);
    const std::int64_t second_of_day = seconds - day * kSecondsPerDay;
    date_.append(day, out);
    out += 'T';
    append_two_digits(second_of_day / 3'600, out);
    out += ':';
    append_two_digits(second_of_day / 60 % 60, out);
    out += ':';
    append_two_digits(second_of_day % 60, out);
    append_fraction(values_[row] - seconds * per_second_, out);
    if (has_zone_) {
      out += 'Z';
    }
  }

 private:
  void append_fraction(std::int64_t fraction, std::string& out) const {
    if (fraction == 0) {
      return;
    }
    out += '.';
    for (std::int64_t unit = per_second_ / 10; unit > 0 && fraction > 0; unit /= 10) {
      out += static_cast<char>('0' + fraction / unit);
      fraction %= unit;
    }
  }

  const std::int64_t* values_;
  std::int64_t per_second_ = 1;
  bool has_zone_ = false;
  DateText date_;
};

class ListCells final : public CsvCells {
 public:
  ListCells(const arrow::Array& array, std::shared_ptr<arrow::Array> members,
            std::unique_ptr<CsvCells> cells)
      : array_(static_cast<const arrow::ListArray&>(array)),
        members_(std::move(members)),
        cells_(std::move(cells)) {}
  void append(std::int64_t row, std::string& out) override {
    std::string joined;
    const std::int64_t begin = array_.value_offset(row);
    for (std::int64_t i = begin; i < begin + array_.value_length(row); ++i) {
      joined += i == begin ? "" : "|";
      if (members_->IsValid(i)) {
        cells_->append(i, joined);
      }
    }
    append_csv_field(joined, out);
  }

 private:
  const arrow::ListArray& array_;
  std::shared_ptr<arrow::Array> members_;
  std::unique_ptr<CsvCells> cells_;
};

// Members of lists go through the quoting of the whole field, not their own.
class RawTextCells final : public CsvCells {
 public:
  explicit RawTextCells(const arrow::Array& array)
      : array_(static_cast<const arrow::StringArray&>(array)) {}
  void append(std::int64_t row, std::string& out) override { out += array_.GetView(row); }

 private:
  const arrow::StringArray& array_;
};

class DictionaryCells final : public CsvCells {
 public:
  DictionaryCells(const arrow::Array& array, std::shared_ptr<arrow::Array> words,
                  std::unique_ptr<CsvCells> cells)
      : array_(static_cast<const arrow::DictionaryArray&>(array)),
        words_(std::move(words)),
        cells_(std::move(cells)) {}
  void append(std::int64_t row, std::string& out) override {
    const std::int64_t word = array_.GetValueIndex(row);
    if (words_->IsValid(word)) {
      cells_->append(word, out);
    }
  }

 private:
  const arrow::DictionaryArray& array_;
  std::shared_ptr<arrow::Array> words_;
  std::unique_ptr<CsvCells> cells_;
};

std::unique_ptr<CsvCells> nested_cells(const std::shared_ptr<arrow::Array>& array) {
  if (array->type_id() == Type::DICTIONARY) {
    const auto& words = static_cast<const arrow::DictionaryArray&>(*array).dictionary();
    std::unique_ptr<CsvCells> cells = csv_cells(words);
    return cells == nullptr ? nullptr
                            : std::make_unique<DictionaryCells>(*array, words, std::move(cells));
  }
  const std::shared_ptr<arrow::Array> members =
      static_cast<const arrow::ListArray&>(*array).values();
  std::unique_ptr<CsvCells> cells;
  if (members->type_id() == Type::STRING) {
    cells = std::make_unique<RawTextCells>(*members);
  } else if (members->type_id() != Type::LIST) {
    cells = csv_cells(members);
  }
  return cells == nullptr ? nullptr
                          : std::make_unique<ListCells>(*array, members, std::move(cells));
}

template <class ArrayType>
std::unique_ptr<CsvCells> numbers(const arrow::Array& array) {
  return std::make_unique<NumberCells<ArrayType>>(array);
}

std::unique_ptr<CsvCells> number_cells(const arrow::Array& array) {
  switch (array.type_id()) {
    case Type::INT8:
      return numbers<arrow::Int8Array>(array);
    case Type::INT16:
      return numbers<arrow::Int16Array>(array);
    case Type::INT32:
      return numbers<arrow::Int32Array>(array);
    case Type::INT64:
      return numbers<arrow::Int64Array>(array);
    case Type::UINT8:
      return numbers<arrow::UInt8Array>(array);
    case Type::UINT16:
      return numbers<arrow::UInt16Array>(array);
    case Type::UINT32:
      return numbers<arrow::UInt32Array>(array);
    case Type::UINT64:
      return numbers<arrow::UInt64Array>(array);
    case Type::FLOAT:
      return numbers<arrow::FloatArray>(array);
    case Type::DOUBLE:
      return numbers<arrow::DoubleArray>(array);
    default:
      return nullptr;
  }
}

}  // namespace

void append_csv_field(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char letter : text) {
    out.append(letter == '"' ? 2 : 1, letter);
  }
  out += '"';
}

std::unique_ptr<CsvCells> csv_cells(const std::shared_ptr<arrow::Array>& array) {
  constexpr std::int64_t kMillisecondsPerDay = 86'400'000;
  switch (array->type_id()) {
    case Type::BOOL:
    case Type::NA:  // no row has a value
      return std::make_unique<BoolCells>(*array);
    case Type::STRING:
      return std::make_unique<TextCells<arrow::StringArray>>(*array);
    case Type::LARGE_STRING:
      return std::make_unique<TextCells<arrow::LargeStringArray>>(*array);
    case Type::STRING_VIEW:
      return std::make_unique<TextCells<arrow::StringViewArray>>(*array);
    case Type::DECIMAL32:
      return std::make_unique<DecimalCells<arrow::Decimal32Array>>(*array);
    case Type::DECIMAL64:
      return std::make_unique<DecimalCells<arrow::Decimal64Array>>(*array);
    case Type::DECIMAL128:
      return std::make_unique<DecimalCells<arrow::Decimal128Array>>(*array);
    case Type::DECIMAL256:
      return std::make_unique<DecimalCells<arrow::Decimal256Array>>(*array);
    case Type::DATE32:
      return std::make_unique<DateCells<arrow::Date32Array, 1>>(*array);
    case Type::DATE64:
      return std::make_unique<DateCells<arrow::Date64Array, kMillisecondsPerDay>>(*array);
    case Type::TIMESTAMP:
      return std::make_unique<TimeCells>(*array);
    case Type::LIST:
    case Type::DICTIONARY:
      return nested_cells(array);
    default:
      return number_cells(*array);
  }
}

}  // namespace quintile::loader
