#include "quintile/schema.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "storage/order_events.hpp"

namespace quintile {

namespace {

constexpr std::size_t kMaxAttributes = 4096;
constexpr std::size_t kMaxEventTypes = 1024;
constexpr std::size_t kMaxEventProperties = 256;
constexpr std::uint32_t kMaxRetentionDays = 65534;
constexpr std::size_t kMaxNameBytes = 64;
// What every event has.
constexpr std::array<std::string_view, 4> kEventColumns = {"contact", "identifiers", "time",
                                                           "type"};
constexpr int kMaxDecimals = 18;

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMaxNameBytes && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

Status check(const Attribute& attribute) {
  const auto refuse = [&](std::string_view expected) {
    return Status(StatusCode::kInvalidArgument,
                  "attribute '" + attribute.name + "': expected " + std::string(expected));
  };
  if (!is_name(attribute.name) || attribute.name == "contact" || attribute.name == "identifiers") {
    return refuse("a name [a-zA-Z_][a-zA-Z0-9_.-]{0,63} other than 'contact' and 'identifiers'");
  }
  if (attribute.decimals < 0 || attribute.decimals > kMaxDecimals) {
    return refuse("0 to 18 decimals, got " + std::to_string(attribute.decimals));
  }
  if (attribute.type != DataType::kDecimal && attribute.decimals != 0) {
    return refuse("decimals for a decimal alone, got " + std::to_string(attribute.decimals));
  }
  const bool consent = attribute.type == DataType::kConsent;
  if (consent == attribute.channel.empty() || consent == attribute.purpose.empty()) {
    return refuse("a channel and a purpose for a consent, and for nothing else");
  }
  return {};
}

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Status check(const EventType& type, const EventProperty& property) {
  const auto refuse = [&](std::string_view expected) {
    return Status(StatusCode::kInvalidArgument, "event type '" + type.name + "', property '" +
                                                    property.name + "': expected " +
                                                    std::string(expected));
  };
  if (!is_name(property.name) || is_one_of(property.name, kEventColumns)) {
    return refuse(
        "a name [a-zA-Z_][a-zA-Z0-9_.-]{0,63} other than 'contact', 'identifiers', 'time' and "
        "'type'");
  }
  if (property.type == DataType::kTags || property.type == DataType::kConsent) {
    return refuse("a single value: tags and consents are of contacts");
  }
  if (property.decimals < 0 || property.decimals > kMaxDecimals) {
    return refuse("0 to 18 decimals, got " + std::to_string(property.decimals));
  }
  if (property.type != DataType::kDecimal && property.decimals != 0) {
    return refuse("decimals for a decimal alone, got " + std::to_string(property.decimals));
  }
  return {};
}

Status check(const EventType& type) {
  const auto refuse = [&](const std::string& expected) {
    return Status(StatusCode::kInvalidArgument,
                  "event type '" + type.name + "': expected " + expected);
  };
  if (!is_name(type.name) || is_order_event_type(type.name)) {
    return refuse(
        "a name [a-zA-Z_][a-zA-Z0-9_.-]{0,63} other than 'purchase', 'return' and 'order', which "
        "are made from orders");
  }
  if (type.properties.size() > kMaxEventProperties) {
    return refuse("at most 256 properties, got " + std::to_string(type.properties.size()));
  }
  if (type.retention_days &&
      (*type.retention_days == 0 || *type.retention_days > kMaxRetentionDays)) {
    return refuse("a retention of 1 to 65534 days, got " + std::to_string(*type.retention_days));
  }
  std::set<std::string_view> names;
  for (const EventProperty& property : type.properties) {
    if (Status status = check(type, property); !status.ok()) {
      return status;
    }
    if (!names.insert(property.name).second) {
      return {StatusCode::kAlreadyExists, "event type '" + type.name +
                                              "': expected property names that differ, got '" +
                                              property.name + "' twice"};
    }
  }
  return {};
}

}  // namespace

Result<Schema> Schema::create(std::vector<Attribute> attributes) {
  if (attributes.size() > kMaxAttributes) {
    return Status(StatusCode::kInvalidArgument,
                  "expected at most 4096 attributes, got " + std::to_string(attributes.size()));
  }
  std::set<std::string_view> names;
  std::set<std::pair<std::string_view, std::string_view>> consents;
  for (const Attribute& attribute : attributes) {
    if (Status status = check(attribute); !status.ok()) {
      return status;
    }
    if (!names.insert(attribute.name).second) {
      return Status(StatusCode::kAlreadyExists,
                    "expected attribute names that differ, got '" + attribute.name + "' twice");
    }
    if (attribute.type == DataType::kConsent &&
        !consents.insert({attribute.channel, attribute.purpose}).second) {
      return Status(StatusCode::kAlreadyExists,
                    "expected one consent per channel and purpose, got " + attribute.channel +
                        " and " + attribute.purpose + " twice");
    }
  }
  Schema schema;
  schema.attributes_ = std::move(attributes);
  return schema;
}

std::optional<std::size_t> Schema::find(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < attributes_.size(); ++i) {
    if (attributes_[i].name == name) {
      return i;
    }
  }
  return std::nullopt;
}

Result<EventSchema> EventSchema::create(std::vector<EventType> types) {
  if (types.size() > kMaxEventTypes) {
    return Status(StatusCode::kInvalidArgument,
                  "expected at most 1024 types of events, got " + std::to_string(types.size()));
  }
  std::set<std::string_view> names;
  std::map<std::string_view, const EventProperty*> properties;
  for (const EventType& type : types) {
    if (Status status = check(type); !status.ok()) {
      return status;
    }
    if (!names.insert(type.name).second) {
      return Status(StatusCode::kAlreadyExists,
                    "expected types of events that differ, got '" + type.name + "' twice");
    }
    for (const EventProperty& property : type.properties) {
      const EventProperty& known = *properties.try_emplace(property.name, &property).first->second;
      if (known.type != property.type || known.decimals != property.decimals) {
        return Status(StatusCode::kInvalidArgument,
                      "event type '" + type.name + "': expected property '" + property.name +
                          "' with the type that it has in the types before, got another");
      }
    }
  }
  EventSchema schema;
  schema.types_ = std::move(types);
  return schema;
}

std::optional<std::size_t> EventSchema::find(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i].name == name) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace quintile
