// Which columns are wanted, and where a file has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "request.hpp"
#include "source.hpp"

namespace quintile::loader {

enum class Role : std::uint8_t {
  kContact,
  kTime,
  kOrder,
  kAmount,
  kQuantity,
  kPrice,
  kProduct,
  kCategory,
  kCurrency,
  kIdentifiers,
  kIdentifier,  // of one namespace
  kType,        // of an event
  kDate,        // of an exchange rate
  kRate,
  kExtra
};

struct WantedColumn {
  Role role = Role::kExtra;
  std::string column;     // in the files
  std::size_t extra = 0;  // kExtra, kIdentifier: position among those columns of the request
};

// The wanted columns, in the order in which slices have them.
class Layout {
 public:
  void add(Role role, std::string column, std::size_t extra = 0) {
    wanted_.push_back({role, std::move(column), extra});
  }
  [[nodiscard]] const std::vector<WantedColumn>& wanted() const { return wanted_; }
  // The position of a role (the first extra for kExtra), none if it is not wanted.
  [[nodiscard]] std::optional<std::size_t> find(Role role) const;
  // The same for one extra column, which must be wanted.
  [[nodiscard]] std::size_t find_extra(std::size_t extra) const {
    return find_one(Role::kExtra, extra);
  }
  // The same for one column of identifiers.
  [[nodiscard]] std::size_t find_identifier(std::size_t identifier) const {
    return find_one(Role::kIdentifier, identifier);
  }

 private:
  [[nodiscard]] std::size_t find_one(Role role, std::size_t position) const;

  std::vector<WantedColumn> wanted_;
};

// Decide what to read, by the request and what the first file has.
Layout order_layout(const Request& request, const std::vector<ColumnInfo>& columns);
Layout contact_layout(const Request& request);
Layout event_layout(const Request& request, const std::vector<ColumnInfo>& columns);
Layout rate_layout();

// Find the wanted columns in a file: their positions, in order. Throws LoadError (data) for a
// column that is missing, there twice, or of a type that cannot play its role; names what is there.
std::vector<std::size_t> locate(const Layout& layout, const Request& request,
                                const std::vector<ColumnInfo>& columns, const std::string& path);

}  // namespace quintile::loader
