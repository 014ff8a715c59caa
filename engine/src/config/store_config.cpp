#include "quintile/store_config.hpp"

#include <array>
#include <exception>
#include <new>
#include <span>

#include "config/declared_columns.hpp"
#include "models/yaml_tree.hpp"
#include "models/yaml_values.hpp"
#include "quintile/date_time.hpp"
#include "quintile/decimal.hpp"
#include "quintile/expression.hpp"
#include "status/try.hpp"

namespace quintile {
namespace config {
namespace {

using models::check_keys;
using models::yaml_error;
using models::yaml_expected;
using models::YamlKind;
using models::YamlNode;

constexpr std::int64_t kMaxCurrencyDecimals = 6;
constexpr std::int64_t kMaxRetentionDays = 65534;

constexpr std::array<std::string_view, 8> kKeys = {"time_zone", "currency", "contacts", "orders",
                                                   "events",    "links",    "models",   "segments"};
constexpr std::array<std::string_view, 6> kContactKeys = {
    "files", "map", "identifiers", "attributes", "date_format", "delimiter"};
constexpr std::array<std::string_view, 6> kOrderKeys = {"files", "map",         "properties",
                                                        "rates", "date_format", "delimiter"};
constexpr std::array<std::string_view, 7> kEventKeys = {
    "files", "map", "identifiers", "types", "retention", "date_format", "delimiter"};
constexpr std::array<std::string_view, 5> kLinkKeys = {"files", "map", "identifiers", "date_format",
                                                       "delimiter"};

constexpr std::array<std::string_view, 2> kContactRoles = {"contact", "identifiers"};
constexpr std::array<std::string_view, 9> kOrderRoles = {
    "contact", "time", "order", "amount", "quantity", "price", "product", "category", "currency"};
constexpr std::array<std::string_view, 4> kEventRoles = {"contact", "time", "type", "identifiers"};
constexpr std::array<std::string_view, 3> kLinkRoles = {"contact", "time", "identifiers"};

// What has gone wrong with a part that was checked as a whole, said where the part is.
Status placed(std::string_view source, const YamlNode& node, const Status& status) {
  const Status at_node = yaml_error(source, node, status.message());
  return {status.code(), at_node.message()};
}

Result<std::string> read_text(std::string_view source, const YamlNode& node,
                              std::string_view expected) {
  if (node.kind != YamlKind::kScalar || node.text.empty()) {
    return yaml_expected(source, node, expected);
  }
  return node.text;
}

// A map of names to texts.
Result<NamePairs> read_pairs(std::string_view source, const YamlNode& node,
                             std::string_view expected) {
  if (node.kind != YamlKind::kMap) {
    return yaml_expected(source, node, expected);
  }
  NamePairs pairs;
  for (const auto& [key, value] : node.pairs) {
    QUINTILE_ASSIGN_OR_RETURN(const std::string text,
                              read_text(source, value, "the name of a column"));
    pairs.emplace_back(key.text, text);
  }
  return pairs;
}

Result<std::vector<std::string>> read_files(std::string_view source, const YamlNode& node) {
  std::vector<std::string> files;
  if (node.kind == YamlKind::kScalar) {
    QUINTILE_ASSIGN_OR_RETURN(files.emplace_back(), read_text(source, node, "a file"));
    return files;
  }
  if (node.kind != YamlKind::kSequence || node.items.empty()) {
    return yaml_expected(source, node, "a file or a list of files");
  }
  for (const YamlNode& item : node.items) {
    QUINTILE_ASSIGN_OR_RETURN(files.emplace_back(), read_text(source, item, "a file"));
  }
  return files;
}

Status read_identifiers(std::string_view source, const YamlNode& node, SourceConfig& config) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  constexpr std::size_t kMaxNamespaceBytes = 32;
  QUINTILE_ASSIGN_OR_RETURN(config.identifiers,
                            read_pairs(source, node, "a map NAMESPACE: COLUMN"));
  for (const auto& [key, value] : node.pairs) {
    if (key.text.empty() || key.text.size() > kMaxNamespaceBytes || key.text == "id" ||
        key.text.find_first_not_of(kLetters) != std::string::npos) {
      return yaml_expected(source, key, "a namespace [a-z0-9_-]{1,32} other than 'id'");
    }
  }
  return {};
}

Result<char> read_delimiter(std::string_view source, const YamlNode& node) {
  if (node.kind == YamlKind::kScalar && (node.text == "tab" || node.text == "\t")) {
    return '\t';
  }
  if (node.kind != YamlKind::kScalar || node.text.size() != 1 ||
      std::string_view("\"\r\n").find(node.text[0]) != std::string_view::npos) {
    return yaml_expected(source, node, "one character, or tab");
  }
  return node.text[0];
}

// What all kinds of files have.
Status read_source(std::string_view source, const YamlNode& node,
                   std::span<const std::string_view> keys, std::span<const std::string_view> roles,
                   SourceConfig& config) {
  QUINTILE_TRY(check_keys(source, node, "a map with files", keys));
  if (const YamlNode* files = node.find("files")) {
    QUINTILE_ASSIGN_OR_RETURN(config.files, read_files(source, *files));
  }
  if (const YamlNode* map = node.find("map")) {
    QUINTILE_TRY(check_keys(source, *map, "a map ROLE: COLUMN", roles));
    QUINTILE_ASSIGN_OR_RETURN(config.columns, read_pairs(source, *map, "a map ROLE: COLUMN"));
  }
  if (const YamlNode* identifiers = node.find("identifiers")) {
    QUINTILE_TRY(read_identifiers(source, *identifiers, config));
  }
  if (const YamlNode* format = node.find("date_format")) {
    QUINTILE_ASSIGN_OR_RETURN(config.date_format,
                              read_text(source, *format, "a date format such as %d.%m.%Y"));
    std::string error;
    if (!TimeFormat::compile(config.date_format, error)) {
      return yaml_error(source, *format, error);
    }
  }
  if (const YamlNode* delimiter = node.find("delimiter")) {
    QUINTILE_ASSIGN_OR_RETURN(config.delimiter, read_delimiter(source, *delimiter));
  }
  return {};
}

Status read_contacts(std::string_view source, const YamlNode& node, StoreConfig& config) {
  QUINTILE_TRY(read_source(source, node, kContactKeys, kContactRoles, config.contacts));
  if (const YamlNode* attributes = node.find("attributes")) {
    QUINTILE_ASSIGN_OR_RETURN(std::vector<Attribute> all,
                              read_attributes(source, *attributes, config.contacts.values));
    Result<Schema> schema = Schema::create(std::move(all));
    if (!schema.ok()) {
      return placed(source, *attributes, schema.status());
    }
    config.attributes = std::move(*schema);
  }
  return {};
}

Status read_orders(std::string_view source, const YamlNode& node, StoreConfig& config) {
  QUINTILE_TRY(read_source(source, node, kOrderKeys, kOrderRoles, config.orders));
  if (const YamlNode* properties = node.find("properties")) {
    QUINTILE_ASSIGN_OR_RETURN(config.line_properties,
                              read_properties(source, *properties, config.orders.values));
    for (std::size_t i = 0; i < config.line_properties.size(); ++i) {
      if (config.line_properties[i].name == "quantity") {
        return yaml_error(source, properties->pairs[i].key,
                          "expected 'quantity' in the map of roles: it is no property");
      }
      const DataType type = config.line_properties[i].type;
      if (type != DataType::kCategory && type != DataType::kInt64 && type != DataType::kBool) {
        return yaml_error(source, properties->pairs[i].value,
                          "expected category, int64 or bool for a property of order lines");
      }
    }
  }
  if (const YamlNode* rates = node.find("rates")) {
    QUINTILE_ASSIGN_OR_RETURN(config.rates_file, read_text(source, *rates, "a file of rates"));
    if (config.currency.empty()) {
      return yaml_error(source, *rates, "rates need the currency to convert to: add 'currency'");
    }
  }
  return {};
}

Status read_retention(std::string_view source, const YamlNode& node,
                      std::vector<EventType>& types) {
  std::vector<std::string_view> names;
  for (const EventType& type : types) {
    names.emplace_back(type.name);
  }
  QUINTILE_TRY(check_keys(source, node, "a map TYPE: DAYS", names));
  for (EventType& type : types) {
    if (const YamlNode* days = node.find(type.name)) {
      QUINTILE_ASSIGN_OR_RETURN(const std::int64_t count,
                                models::read_integer(source, *days, 1, kMaxRetentionDays));
      type.retention_days = static_cast<std::uint32_t>(count);
    }
  }
  return {};
}

Status read_events(std::string_view source, const YamlNode& node, StoreConfig& config) {
  QUINTILE_TRY(read_source(source, node, kEventKeys, kEventRoles, config.events));
  const YamlNode* declared = node.find("types");
  if (declared == nullptr || declared->kind != YamlKind::kMap) {
    return yaml_error(source, declared == nullptr ? node : *declared,
                      "expected 'types', a map TYPE: {PROPERTY: TYPE, ...}");
  }
  std::vector<EventType> types;
  for (const auto& [key, value] : declared->pairs) {
    EventType& type = types.emplace_back();
    type.name = key.text;
    QUINTILE_ASSIGN_OR_RETURN(type.properties,
                              read_properties(source, value, config.events.values));
  }
  if (const YamlNode* retention = node.find("retention")) {
    QUINTILE_TRY(read_retention(source, *retention, types));
  }
  Result<EventSchema> schema = EventSchema::create(std::move(types));
  if (!schema.ok()) {
    return placed(source, *declared, schema.status());
  }
  config.event_types = std::move(*schema);
  return {};
}

Status read_links(std::string_view source, const YamlNode& node, StoreConfig& config) {
  QUINTILE_TRY(read_source(source, node, kLinkKeys, kLinkRoles, config.links));
  if (config.links.identifiers.empty() && node.find("map") != nullptr &&
      node.find("map")->find("identifiers") == nullptr) {
    return yaml_error(source, node, "expected 'identifiers', a map NAMESPACE: COLUMN");
  }
  return {};
}

Status read_currency(std::string_view source, const YamlNode& node, StoreConfig& config) {
  constexpr std::array<std::string_view, 2> kCurrencyKeys = {"code", "decimals"};
  const YamlNode* code = &node;
  if (node.kind == YamlKind::kMap) {
    QUINTILE_TRY(check_keys(source, node, "a currency code", kCurrencyKeys));
    code = node.find("code");
    if (code == nullptr) {
      return yaml_error(source, node, "expected the key 'code', got none");
    }
  }
  QUINTILE_ASSIGN_OR_RETURN(config.currency,
                            read_text(source, *code, "a currency code such as EUR"));
  const std::optional<int> decimals = currency_decimals(config.currency);
  if (!decimals) {
    return yaml_expected(source, *code, "a code of ISO 4217 such as EUR");
  }
  config.currency_decimals = *decimals;
  if (const YamlNode* given = node.find("decimals")) {
    QUINTILE_ASSIGN_OR_RETURN(const std::int64_t count,
                              models::read_integer(source, *given, 0, kMaxCurrencyDecimals));
    config.currency_decimals = static_cast<int>(count);
  }
  return {};
}

Status read_models(std::string_view source, const YamlNode& node, StoreConfig& config) {
  constexpr std::string_view kExpected = "a preset or a file";
  if (node.kind == YamlKind::kMap) {
    for (const auto& [key, value] : node.pairs) {
      QUINTILE_ASSIGN_OR_RETURN(const std::string_view name,
                                models::read_name(source, key, "a model name"));
      QUINTILE_ASSIGN_OR_RETURN(const std::string file, read_text(source, value, kExpected));
      config.models.push_back({std::string(name), file});
    }
    return {};
  }
  if (node.kind != YamlKind::kSequence) {
    return yaml_expected(source, node, "a list of presets and files, or a map NAME: PRESET|FILE");
  }
  for (const YamlNode& item : node.items) {
    QUINTILE_ASSIGN_OR_RETURN(const std::string file, read_text(source, item, kExpected));
    config.models.push_back({"", file});
  }
  return {};
}

Status read_segments(std::string_view source, const YamlNode& node, StoreConfig& config) {
  if (node.kind != YamlKind::kMap) {
    return yaml_expected(source, node, "a map NAME: \"EXPRESSION\"");
  }
  for (const auto& [key, value] : node.pairs) {
    QUINTILE_ASSIGN_OR_RETURN(const std::string_view name,
                              models::read_name(source, key, "a segment name"));
    QUINTILE_ASSIGN_OR_RETURN(const std::string where,
                              read_text(source, value, "an expression such as \"country = 'PL'\""));
    if (const Result<Expression> parsed = Expression::parse(where); !parsed.ok()) {
      const Status at_value =
          yaml_error(source, value,
                     "in '" + std::string(name) + "' at " + std::string(parsed.status().message()));
      return {parsed.status().code(), at_value.message()};
    }
    config.segments.push_back({std::string(name), where});
  }
  return {};
}

Status read_time_zone(std::string_view source, const YamlNode& node, StoreConfig& config) {
  QUINTILE_ASSIGN_OR_RETURN(config.time_zone,
                            read_text(source, node, "a time zone such as Europe/Warsaw"));
  std::string error;
  return TimeZone::find(config.time_zone, error) ? Status() : yaml_error(source, node, error);
}

Result<StoreConfig> read_config(std::string_view yaml, std::string_view source) {
  QUINTILE_ASSIGN_OR_RETURN(const YamlNode root,
                            models::read_yaml(yaml, source, kMaxStoreConfigBytes));
  QUINTILE_TRY(check_keys(source, root, "a map with contacts, orders, models", kKeys));
  using Reader = Status (*)(std::string_view, const YamlNode&, StoreConfig&);
  // The currency before the orders, whose rates need it.
  constexpr std::array<std::pair<std::string_view, Reader>, 8> kReaders = {
      {{"time_zone", read_time_zone},
       {"currency", read_currency},
       {"contacts", read_contacts},
       {"orders", read_orders},
       {"events", read_events},
       {"links", read_links},
       {"models", read_models},
       {"segments", read_segments}}};
  StoreConfig config;
  for (const auto& [key, read] : kReaders) {
    if (const YamlNode* node = root.find(key)) {
      QUINTILE_TRY(read(source, *node, config));
    }
  }
  return config;
}

}  // namespace
}  // namespace config

Result<StoreConfig> parse_store_config(std::string_view yaml,
                                       std::string_view source_name) noexcept {
  try {
    return config::read_config(yaml, source_name);
  } catch (const std::bad_alloc&) {
    return Status(StatusCode::kInternal, "out of memory");
  } catch (const std::exception& error) {
    return Status(StatusCode::kInternal, error.what());
  }
}

}  // namespace quintile
