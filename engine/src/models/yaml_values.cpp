#include "models/yaml_values.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "query/name_hint.hpp"
#include "quintile/decimal.hpp"
#include "status/try.hpp"

namespace quintile::models {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string plain(std::int64_t value, int decimals) { return format_minor_units(value, decimals); }

Status number_error(std::string_view source, const YamlNode& node, std::string_view text,
                    const NumberFormat& format, std::string_view problem) {
  std::string message = "expected ";
  message.append(format.noun).append(", got ").append(quoted_for_message(text));
  return yaml_error(source, node, message.append(problem));
}

// Scale exactly; nothing if digits would be lost.
std::optional<Decimal> at_scale(Decimal value, int decimals) {
  while (value.exponent < -decimals && value.coefficient % 10 == 0 && value.coefficient != 0) {
    value.coefficient /= 10;
    ++value.exponent;
  }
  if (value.exponent < -decimals && value.coefficient != 0) {
    return std::nullopt;
  }
  return value;
}

// A comparison sign at the front of a bound.
enum class Sign : std::uint8_t { kNone, kLess, kAtMost, kMore, kAtLeast };

Sign take_sign(std::string_view& text) {
  constexpr std::array<std::pair<std::string_view, Sign>, 5> kSigns = {{{"<=", Sign::kAtMost},
                                                                        {">=", Sign::kAtLeast},
                                                                        {"<", Sign::kLess},
                                                                        {">", Sign::kMore},
                                                                        {"=", Sign::kNone}}};
  for (const auto& [spelling, sign] : kSigns) {
    if (text.starts_with(spelling)) {
      text = trim(text.substr(spelling.size()));
      return sign;
    }
  }
  return Sign::kNone;
}

bool is_any(const YamlNode& node) {
  return node.kind == YamlKind::kScalar && trim(node.text) == "any";
}

Result<Interval> read_pair(std::string_view source, const YamlNode& node,
                           const NumberFormat& format) {
  if (node.items.size() != 2 || node.items[0].kind != YamlKind::kScalar ||
      node.items[1].kind != YamlKind::kScalar) {
    return yaml_error(source, node, "expected a range of two numbers such as [1, 2]");
  }
  QUINTILE_ASSIGN_OR_RETURN(const std::int64_t low,
                            read_number(source, node.items[0], node.items[0].text, format));
  QUINTILE_ASSIGN_OR_RETURN(const std::int64_t high,
                            read_number(source, node.items[1], node.items[1].text, format));
  if (low > high) {
    return yaml_error(source, node.items[1],
                      "expected at least " + plain(low, format.decimals) + ", got " +
                          quoted_for_message(node.items[1].text));
  }
  return Interval{low, high};
}

}  // namespace

Result<std::int64_t> read_integer(std::string_view source, const YamlNode& node, std::int64_t low,
                                  std::int64_t high) {
  const std::string noun =
      "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  if (node.kind != YamlKind::kScalar) {
    return yaml_expected(source, node, noun);
  }
  return read_number(source, node, node.text, {noun, 0, low, high});
}

Result<std::int64_t> read_number(std::string_view source, const YamlNode& node,
                                 std::string_view text, const NumberFormat& format) {
  Decimal decimal;
  const std::string_view trimmed = trim(text);
  if (parse_decimal(trimmed, decimal) != DecimalError::kNone) {
    return number_error(source, node, text, format, "");
  }
  const std::optional<Decimal> scaled = at_scale(decimal, format.decimals);
  if (!scaled) {
    const std::string problem =
        format.decimals == 0
            ? std::string(" (a fraction)")
            : " (more than " + std::to_string(format.decimals) + " digits after the point)";
    return number_error(source, node, text, format, problem);
  }
  std::int64_t value = 0;
  const bool fits = to_minor_units(*scaled, format.decimals, value) == DecimalError::kNone;
  if (!fits || value < format.low || value > format.high) {
    return number_error(source, node, text, format,
                        " (outside " + plain(format.low, format.decimals) + " to " +
                            plain(format.high, format.decimals) + ")");
  }
  return value;
}

Result<Interval> read_interval(std::string_view source, const YamlNode& node,
                               const NumberFormat& format) {
  if (is_any(node)) {
    return Interval{format.low, format.high};
  }
  if (node.kind == YamlKind::kSequence) {
    return read_pair(source, node, format);
  }
  if (node.kind != YamlKind::kScalar) {
    return yaml_expected(source, node, "a range such as 5, [4, 5], \"<= 5\" or \">= 4\"");
  }
  std::string_view text = trim(node.text);
  const Sign sign = take_sign(text);
  QUINTILE_ASSIGN_OR_RETURN(const std::int64_t value, read_number(source, node, text, format));
  Interval interval{format.low, format.high};
  if ((sign == Sign::kLess && value == format.low) ||
      (sign == Sign::kMore && value == format.high)) {
    return yaml_expected(source, node,
                         "a range that something can be in (" + plain(format.low, format.decimals) +
                             " to " + plain(format.high, format.decimals) + ")");
  }
  switch (sign) {
    case Sign::kNone:
      return Interval{value, value};
    case Sign::kLess:
      interval.high = value - 1;
      break;
    case Sign::kAtMost:
      interval.high = value;
      break;
    case Sign::kMore:
      interval.low = value + 1;
      break;
    case Sign::kAtLeast:
      interval.low = value;
      break;
  }
  return interval;
}

Result<std::optional<std::int64_t>> read_bound(std::string_view source, const YamlNode& node,
                                               bool upper, const NumberFormat& format) {
  if (is_any(node)) {
    return std::optional<std::int64_t>{};
  }
  const std::string expected =
      upper ? "an upper bound such as \"<= 30\", or any" : "a lower bound such as \">= 5\", or any";
  if (node.kind != YamlKind::kScalar) {
    return yaml_expected(source, node, expected);
  }
  std::string_view text = trim(node.text);
  const bool bare = text.find_first_of("<>=") == std::string_view::npos;
  const Sign sign = take_sign(text);
  if (!bare && sign != (upper ? Sign::kAtMost : Sign::kAtLeast)) {
    return yaml_expected(source, node, expected);
  }
  QUINTILE_ASSIGN_OR_RETURN(const std::int64_t value, read_number(source, node, text, format));
  return std::optional<std::int64_t>(value);
}

Status check_keys(std::string_view source, const YamlNode& node, std::string_view what,
                  std::span<const std::string_view> known) {
  if (node.kind != YamlKind::kMap) {
    return yaml_expected(source, node, what);
  }
  for (const auto& [key, value] : node.pairs) {
    if (std::find(known.begin(), known.end(), key.text) == known.end()) {
      return yaml_error(
          source, key,
          "unknown key " + quoted_for_message(key.text) + known_names_hint(key.text, known));
    }
  }
  return {};
}

bool is_definition_name(std::string_view name) noexcept {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 64 && is_word(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_word(c) || c == '_' || c == '-'; });
}

Result<std::string_view> read_name(std::string_view source, const YamlNode& node,
                                   std::string_view what) {
  if (node.kind != YamlKind::kScalar || !is_definition_name(node.text)) {
    return yaml_expected(source, node,
                         std::string(what) +
                             " of 1 to 64 characters a-z 0-9 _ - that starts with "
                             "a letter or digit");
  }
  return std::string_view(node.text);
}

Result<std::size_t> read_choice(std::string_view source, const YamlNode& node,
                                std::span<const std::string_view> words) {
  if (node.kind == YamlKind::kScalar) {
    const auto found = std::find(words.begin(), words.end(), node.text);
    if (found != words.end()) {
      return static_cast<std::size_t>(found - words.begin());
    }
  }
  std::string expected = "one of";
  for (const std::string_view word : words) {
    expected.append(word == words.front() ? " " : ", ").append(word);
  }
  expected.append(", got ").append(describe_node(node));
  if (node.kind == YamlKind::kScalar) {
    expected.append(closest_name_hint(node.text, words));
  }
  return yaml_error(source, node, "expected " + expected);
}

}  // namespace quintile::models
