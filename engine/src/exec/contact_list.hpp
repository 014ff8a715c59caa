// An uploaded list of contacts as a set of rows.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/row_set.hpp"
#include "storage/contact_directory.hpp"

namespace quintile {

// Ids are looked up once; those that no contact has are looked up again when there are more
// contacts. Rows are never given up, so what is found stays found.
class ContactList {
 public:
  using Ids = std::shared_ptr<const std::vector<std::string>>;

  explicit ContactList(Ids ids) : ids_(std::move(ids)) {}

  // Looks up what is not found yet. Time is linear in that.
  void resolve(const ContactDirectory& directory);

  [[nodiscard]] const Ids& ids() const noexcept { return ids_; }
  [[nodiscard]] const RowSet& rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t missing() const noexcept { return missing_.size(); }

 private:
  Ids ids_;
  RowSet rows_;
  std::vector<std::uint32_t> missing_;  // positions in ids_
  std::uint32_t contacts_ = 0;          // that there were when it was resolved
  bool resolved_ = false;
};

// By name of the static segment.
using ContactLists = std::map<std::string, ContactList, std::less<>>;

}  // namespace quintile
