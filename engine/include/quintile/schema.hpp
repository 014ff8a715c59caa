// The declared attributes of contacts.
#pragma once

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

}  // namespace quintile
