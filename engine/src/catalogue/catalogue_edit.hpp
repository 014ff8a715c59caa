// A change of a catalogue, made on a copy that replaces it when all is right.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/segment_graph.hpp"
#include "quintile/catalogue.hpp"

namespace quintile {

// "expected a name such as 'new-buyers' ([a-z0-9][a-z0-9_.-]{0,63}), got 'X'".
[[nodiscard]] Status check_segment_name(std::string_view name);

// Check author and note.
[[nodiscard]] Status check_change(const SegmentChange& change);

// Check a definition by itself and take it over: expression parsed, ids sorted, each once.
[[nodiscard]] Status take_definition(const SegmentDefinition& definition, CatalogueSegment& out);

// Positions in `segments`, which are ascending by name, of what each of them uses. Names that are
// not among them are left out.
[[nodiscard]] SegmentUses uses_of(std::span<const CatalogueSegment> segments);

// The position of `name`, or segments.size().
[[nodiscard]] std::size_t position_of(std::span<const CatalogueSegment> segments,
                                      std::string_view name) noexcept;

class CatalogueEdit {
 public:
  CatalogueEdit(const Catalogue& from, const SegmentChange& change)
      : catalogue_(from), change_(change) {}

  Status put(std::span<const SegmentDefinition> definitions);
  Status rename(std::string_view name, std::string_view new_name);
  Status remove(std::string_view name);

  // Check what concerns several segments: names that are used, circles, sizes.
  static Status check(std::span<const CatalogueSegment> segments);

  // Check and hand out. A catalogue in which nothing changed keeps its revision.
  Result<Catalogue> finish();

 private:
  Status put_one(const SegmentDefinition& definition);
  void add_version(CatalogueSegment& segment, std::string action) const;
  Status unknown(std::string_view name) const;

  Catalogue catalogue_;
  const SegmentChange& change_;
  bool changed_ = false;
};

}  // namespace quintile
