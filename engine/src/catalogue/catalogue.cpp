#include "quintile/catalogue.hpp"

#include <algorithm>
#include <exception>

#include "catalogue/catalogue_edit.hpp"

namespace quintile {
namespace {

// Makes a change on a copy; the catalogue takes it over if all of it is right.
template <class Change>
Status edit(Catalogue& catalogue, const SegmentChange& change, const Change& make) noexcept {
  try {
    CatalogueEdit edit(catalogue, change);
    if (Status status = make(edit); !status.ok()) {
      return status;
    }
    Result<Catalogue> changed = edit.finish();
    if (!changed.ok()) {
      return changed.status();
    }
    catalogue = std::move(changed).value();
    return {};
  } catch (const std::exception& error) {
    return {StatusCode::kInternal, error.what()};
  }
}

}  // namespace

Status Catalogue::put(std::span<const SegmentDefinition> definitions,
                      const SegmentChange& change) noexcept {
  return edit(*this, change, [&](CatalogueEdit& edit) { return edit.put(definitions); });
}

Status Catalogue::rename(std::string_view name, std::string_view new_name,
                         const SegmentChange& change) noexcept {
  return edit(*this, change, [&](CatalogueEdit& edit) { return edit.rename(name, new_name); });
}

Status Catalogue::remove(std::string_view name, const SegmentChange& change) noexcept {
  return edit(*this, change, [&](CatalogueEdit& edit) { return edit.remove(name); });
}

const CatalogueSegment* Catalogue::find(std::string_view name) const noexcept {
  const std::size_t position = position_of(segments_, name);
  return position == segments_.size() ? nullptr : &segments_[position];
}

std::vector<std::string> Catalogue::users_of(std::string_view name) const {
  std::vector<std::string> users;
  for (const CatalogueSegment& segment : segments_) {
    const auto& [segments, lists] = segment.uses;
    if (std::find(segments.begin(), segments.end(), name) != segments.end() ||
        std::find(lists.begin(), lists.end(), name) != lists.end()) {
      users.push_back(segment.definition.name);
    }
  }
  return users;
}

std::vector<std::string> Catalogue::dependents_of(std::string_view name) const {
  std::vector<std::string> names;
  const std::size_t position = position_of(segments_, name);
  if (position == segments_.size()) {
    return names;
  }
  const SegmentUses uses = uses_of(segments_);
  for (const std::uint32_t i : quintile::dependents_of(static_cast<std::uint32_t>(position), uses,
                                                       order_segments(uses).order)) {
    names.push_back(segments_[i].definition.name);
  }
  return names;
}

std::vector<SegmentDefinition> Catalogue::definitions() const {
  std::vector<SegmentDefinition> definitions;
  for (const std::uint32_t i : order_segments(uses_of(segments_)).order) {
    definitions.push_back(segments_[i].definition);
  }
  return definitions;
}

}  // namespace quintile
