#include "quintile/schema.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace quintile {

namespace {

constexpr std::size_t kMaxAttributes = 4096;
constexpr std::size_t kMaxNameBytes = 64;
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

}  // namespace quintile
