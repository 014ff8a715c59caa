// What is declared of the data: the attributes of contacts and the types of events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/export.hpp"
#include "quintile/status.hpp"
#include "quintile/types.hpp"

namespace quintile {

// One attribute of contacts.
struct Attribute {
  std::string name;                     // `[a-zA-Z_][a-zA-Z0-9_.-]{0,63}`, unique
  DataType type = DataType::kCategory;  // what the column holds
  int decimals = 0;                     // kDecimal only: 0 to 18 digits after the point
  std::string channel = {};             // kConsent only: `email`, `sms`, ...
  std::string purpose = {};             // kConsent only: `marketing`, ...
};

// The attributes that an Engine keeps for its contacts, in declared order. A value: cheap to move,
// immutable once created, safe to read from any thread.
class QUINTILE_API Schema {
 public:
  // The schema without attributes.
  Schema() = default;

  // Checks and keeps `attributes`.
  //
  // Errors: kInvalidArgument for a malformed or reserved name (`contact`, `identifiers`), decimals
  // outside 0 to 18, a consent without channel or purpose, more than 4,096 attributes;
  // kAlreadyExists for a name or a (channel, purpose) given twice.
  //
  //     auto schema = Schema::create({{"country", DataType::kCategory}, {"age",
  //     DataType::kInt64}});
  static Result<Schema> create(std::vector<Attribute> attributes);

  // All attributes in declared order.
  [[nodiscard]] std::span<const Attribute> attributes() const noexcept { return attributes_; }

  // The position of the attribute called `name`, if there is one. Linear in the attributes.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;

 private:
  std::vector<Attribute> attributes_;
};

// One property of events of a type.
struct EventProperty {
  std::string name;                     // as that of an attribute
  DataType type = DataType::kCategory;  // all but kTags and kConsent, which are of contacts
  int decimals = 0;                     // kDecimal only: 0 to 18 digits after the point
};

// One type of events: what happens to contacts, at a time.
struct EventType {
  std::string name;  // as that of an attribute
  std::vector<EventProperty> properties = {};
  // Engine::forget_old_events() forgets those of earlier local days than this many before today;
  // none: they are kept.
  std::optional<std::uint32_t> retention_days = {};
};

// The types of events that an Engine keeps, in declared order. A value as Schema is one.
class QUINTILE_API EventSchema {
 public:
  // The schema without types.
  EventSchema() = default;

  // Checks and keeps `types`.
  //
  // Errors: kInvalidArgument for a malformed name; for the types `purchase`, `return` and `order`,
  // which are made from orders; for the properties `contact`, `identifiers`, `time` and `type`,
  // which every event has; for tags or consents, decimals outside 0 to 18 or of another type, a
  // retention outside 1 to 65,534 days, more than 1,024 types, or 256 properties of one; and for a
  // property that is not of the same type and decimals in all types of events that have it, since
  // one column brings it. kAlreadyExists for a name given twice.
  //
  //     auto events = EventSchema::create({{"visit", {{"url", DataType::kCategory}}}});
  static Result<EventSchema> create(std::vector<EventType> types);

  // All types in declared order.
  [[nodiscard]] std::span<const EventType> types() const noexcept { return types_; }

  // The position of the type called `name`, if there is one. Linear in the types.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;

 private:
  std::vector<EventType> types_;
};

}  // namespace quintile
