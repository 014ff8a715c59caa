#include "config/declared_columns.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "models/yaml_values.hpp"
#include "query/name_hint.hpp"
#include "status/try.hpp"

namespace quintile::config {

namespace {

using models::yaml_error;
using models::yaml_expected;
using models::YamlKind;
using models::YamlNode;

// In the order of DataType.
constexpr std::array<std::string_view, 9> kTypes = {
    "bool", "int64", "decimal", "double", "date", "timestamp", "category", "tags", "consent"};
constexpr std::array<std::string_view, 5> kKeys = {"type", "column", "decimals", "channel",
                                                   "purpose"};
constexpr std::int64_t kMaxDecimals = 18;

Result<std::string> read_text(std::string_view source, const YamlNode& node,
                              std::string_view expected) {
  if (node.kind != YamlKind::kScalar || node.text.empty()) {
    return yaml_expected(source, node, expected);
  }
  return node.text;
}

// `TYPE`, or `decimal:DIGITS`.
Status read_type(std::string_view source, const YamlNode& node, Attribute& attribute) {
  constexpr std::string_view kDecimalPrefix = "decimal:";
  if (node.kind == YamlKind::kScalar && node.text.starts_with(kDecimalPrefix)) {
    const std::string_view digits = std::string_view(node.text).substr(kDecimalPrefix.size());
    QUINTILE_ASSIGN_OR_RETURN(
        const std::int64_t decimals,
        models::read_number(source, node, digits, {"a number of decimals", 0, 0, kMaxDecimals}));
    attribute.type = DataType::kDecimal;
    attribute.decimals = static_cast<int>(decimals);
    return {};
  }
  QUINTILE_ASSIGN_OR_RETURN(const std::size_t type, models::read_choice(source, node, kTypes));
  attribute.type = static_cast<DataType>(type);
  return {};
}

Status read_details(std::string_view source, const YamlNode& node, Attribute& attribute,
                    std::string& column) {
  QUINTILE_TRY(
      models::check_keys(source, node, "a type such as category, or a map with type", kKeys));
  const YamlNode* type = node.find("type");
  if (type == nullptr) {
    return yaml_error(source, node, "expected the key 'type', got none");
  }
  QUINTILE_TRY(read_type(source, *type, attribute));
  if (const YamlNode* decimals = node.find("decimals")) {
    QUINTILE_ASSIGN_OR_RETURN(const std::int64_t digits,
                              models::read_integer(source, *decimals, 0, kMaxDecimals));
    attribute.decimals = static_cast<int>(digits);
  }
  if (const YamlNode* name = node.find("column")) {
    QUINTILE_ASSIGN_OR_RETURN(column, read_text(source, *name, "the name of a column"));
  }
  if (const YamlNode* channel = node.find("channel")) {
    QUINTILE_ASSIGN_OR_RETURN(attribute.channel,
                              read_text(source, *channel, "a channel such as email"));
  }
  if (const YamlNode* purpose = node.find("purpose")) {
    QUINTILE_ASSIGN_OR_RETURN(attribute.purpose,
                              read_text(source, *purpose, "a purpose such as marketing"));
  }
  return {};
}

// One column of a file fills a property of all types of events that have it.
Status note_column(std::string_view source, const YamlNode& node, const std::string& name,
                   const std::string& column, NamePairs& columns) {
  const auto known = std::find_if(columns.begin(), columns.end(),
                                  [&](const auto& pair) { return pair.first == name; });
  if (known == columns.end()) {
    columns.emplace_back(name, column);
    return {};
  }
  return known->second == column
             ? Status()
             : yaml_error(source, node,
                          "expected " + quoted_for_message(name) + " in column " +
                              quoted_for_message(known->second) + " as in the types before, got " +
                              quoted_for_message(column));
}

}  // namespace

Result<std::vector<Attribute>> read_attributes(std::string_view source, const YamlNode& node,
                                               NamePairs& columns) {
  if (node.kind != YamlKind::kMap && node.kind != YamlKind::kNull) {
    return yaml_expected(source, node, "a map NAME: TYPE");
  }
  std::vector<Attribute> attributes;
  for (const auto& [key, value] : node.pairs) {
    Attribute& attribute = attributes.emplace_back();
    attribute.name = key.text;
    std::string column = key.text;
    if (value.kind == YamlKind::kMap) {
      QUINTILE_TRY(read_details(source, value, attribute, column));
    } else {
      QUINTILE_TRY(read_type(source, value, attribute));
    }
    QUINTILE_TRY(note_column(source, key, attribute.name, column, columns));
  }
  return attributes;
}

Result<std::vector<EventProperty>> read_properties(std::string_view source, const YamlNode& node,
                                                   NamePairs& columns) {
  QUINTILE_ASSIGN_OR_RETURN(const std::vector<Attribute> attributes,
                            read_attributes(source, node, columns));
  std::vector<EventProperty> properties;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const Attribute& attribute = attributes[i];
    if (attribute.type == DataType::kTags || attribute.type == DataType::kConsent ||
        !attribute.channel.empty() || !attribute.purpose.empty()) {
      return yaml_error(source, node.pairs[i].value,
                        "expected a single value: tags and consents are of contacts");
    }
    properties.push_back({attribute.name, attribute.type, attribute.decimals});
  }
  return properties;
}

}  // namespace quintile::config
