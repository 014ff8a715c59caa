#include "exec/contact_list.hpp"

#include <numeric>

namespace quintile {

void ContactList::resolve(const ContactDirectory& directory) {
  if (!resolved_) {
    missing_.resize(ids_ == nullptr ? 0 : ids_->size());
    std::iota(missing_.begin(), missing_.end(), 0U);
  } else if (contacts_ == directory.size()) {
    return;
  }
  resolved_ = true;
  contacts_ = directory.size();
  std::vector<RowId> found;
  std::string identifier;
  std::size_t kept = 0;
  for (const std::uint32_t position : missing_) {
    identifier.assign(kCanonicalNamespace).append(":").append((*ids_)[position]);
    if (const std::optional<RowId> row = directory.find(identifier)) {
      found.push_back(*row);
    } else {
      missing_[kept++] = position;
    }
  }
  missing_.resize(kept);
  rows_ |= RowSet::of(found);
}

}  // namespace quintile
