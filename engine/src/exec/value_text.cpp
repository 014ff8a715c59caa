// Values of answers as text.
#include <array>
#include <charconv>

#include "quintile/decimal.hpp"
#include "quintile/query.hpp"

namespace quintile {

namespace {

std::string shortest_text(double real) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), real).ptr;
  return {digits.data(), end};
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all.append(all.empty() ? "" : ";").append(text);
  }
  return all;
}

std::string number_text(std::int64_t number, const AnswerColumn& column, const TimeZone& zone) {
  switch (column.type) {
    case DataType::kDecimal:
      return format_minor_units(number, column.decimals);
    case DataType::kDate:
      return format_date(static_cast<std::int32_t>(number));
    case DataType::kTimestamp:
      return format_instant(number, zone);
    default:
      return std::to_string(number);
  }
}

}  // namespace

std::string value_text(const Value& value, const AnswerColumn& column, const TimeZone& zone) {
  if (const bool* truth = std::get_if<bool>(&value)) {
    return *truth ? "true" : "false";
  }
  if (const std::int64_t* number = std::get_if<std::int64_t>(&value)) {
    return number_text(*number, column, zone);
  }
  if (const double* real = std::get_if<double>(&value)) {
    return shortest_text(*real);
  }
  if (const std::string* text = std::get_if<std::string>(&value)) {
    return *text;
  }
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    return joined(*texts);
  }
  return {};
}

}  // namespace quintile
