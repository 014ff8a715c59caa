// What the command `segments` prints: lists, one segment, its versions.
#include <algorithm>
#include <set>

#include "rows_table.hpp"
#include "segments_run.hpp"

namespace quintile::cli {
namespace {

constexpr Column::Type kText = Column::Type::kText;
constexpr Column::Type kNumber = Column::Type::kNumber;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

Cell text_or_none(const std::string& text) { return text.empty() ? Cell() : Cell(text); }
Cell count_cell(std::uint64_t count) { return static_cast<Int128>(count); }

std::optional<Failure> open_and_compute(const SegmentsOptions& options, Catalogue& catalogue,
                                        StoreSession& session) {
  if (auto failure = open_store(options.store, session)) {
    return failure;
  }
  Result<Catalogue> read = CatalogueFile::read(options.store.store);
  if (!read.ok()) {
    return Failure{ExitCode::kData, std::string(read.status().message())};
  }
  catalogue = std::move(read).value();
  return compute_store(options.store, catalogue, session);
}

Failure unknown_segment(const Catalogue& catalogue, const std::string& name) {
  Catalogue copy = catalogue;
  // The catalogue knows what to say of a name that it does not have.
  return request_failure(copy.remove(name, {}));
}

void add_definition(RowsTable& table, const Catalogue& catalogue, const CatalogueSegment& segment) {
  const SegmentDefinition& definition = segment.definition;
  const SegmentVersion& version = segment.versions.back();
  table.add({"id", std::to_string(segment.id)});
  if (definition.kind == SegmentKind::kDynamic) {
    table.add({"where", definition.where});
    table.add({"canonical", segment.canonical});
  } else {
    table.add({"ids", std::to_string(definition.contacts->size())});
  }
  table.add({"version", std::to_string(version.number)});
  table.add({"changed", format_instant(version.change.time_us, TimeZone())});
  table.add({"author", version.change.author});
  table.add({"action", version.action});
  table.add({"note", text_or_none(version.change.note)});
  std::vector<std::string> uses = segment.uses.segments;
  for (const std::string& list : segment.uses.lists) {
    if (std::find(uses.begin(), uses.end(), list) == uses.end()) {
      uses.push_back(list);
    }
  }
  table.add({"uses", text_or_none(joined(uses))});
  table.add({"used_by", text_or_none(joined(catalogue.users_of(definition.name)))});
}

}  // namespace

std::optional<Failure> list_segments(const SegmentsOptions& options) {
  Catalogue catalogue;
  StoreSession session;
  if (auto failure = open_and_compute(options, catalogue, session)) {
    return failure;
  }
  std::set<std::string> names;
  for (const auto& some :
       {session.generation->segment_names(), session.generation->broken_segment_names()}) {
    names.insert(some.begin(), some.end());
  }
  RowsTable table({{"segment", kText},
                   {"kind", kText},
                   {"count", kNumber},
                   {"unknown", kNumber},
                   {"id", kNumber},
                   {"version", kNumber},
                   {"broken", kText}});
  for (const std::string& name : names) {
    const SegmentInfo& info = *session.generation->segment_info(name);
    const CatalogueSegment* known = catalogue.find(name);
    const bool computed = info.broken.empty();
    table.add({name, std::string(segment_kind_name(info.kind)),
               computed ? count_cell(info.count) : Cell(),
               computed ? count_cell(info.unknown) : Cell(),
               known == nullptr ? Cell() : count_cell(known->id),
               known == nullptr ? Cell() : count_cell(known->versions.back().number),
               text_or_none(info.broken)});
  }
  return write_table(table, options.output);
}

std::optional<Failure> show_segment(const SegmentsOptions& options) {
  Catalogue catalogue;
  StoreSession session;
  if (auto failure = open_and_compute(options, catalogue, session)) {
    return failure;
  }
  const SegmentInfo* info = session.generation->segment_info(options.show);
  if (info == nullptr) {
    return unknown_segment(catalogue, options.show);
  }
  RowsTable table({{"field", kText}, {"value", kText}});
  table.add({"segment", options.show});
  table.add({"kind", std::string(segment_kind_name(info->kind))});
  if (info->broken.empty()) {
    table.add({"count", std::to_string(info->count)});
    table.add({"unknown", std::to_string(info->unknown)});
  } else {
    table.add({"broken", info->broken});
  }
  if (const CatalogueSegment* segment = catalogue.find(options.show)) {
    add_definition(table, catalogue, *segment);
  } else {
    table.add({"used_by", text_or_none(joined(catalogue.users_of(options.show)))});
  }
  return write_table(table, options.output);
}

std::optional<Failure> show_history(const SegmentsOptions& options) {
  const Result<Catalogue> catalogue = CatalogueFile::read(options.store.store);
  if (!catalogue.ok()) {
    return Failure{ExitCode::kData, std::string(catalogue.status().message())};
  }
  const CatalogueSegment* segment = catalogue->find(options.history);
  if (segment == nullptr) {
    return unknown_segment(*catalogue, options.history);
  }
  RowsTable table({{"version", kNumber},
                   {"time", kText},
                   {"author", kText},
                   {"action", kText},
                   {"name", kText},
                   {"where", kText},
                   {"ids", kNumber},
                   {"note", kText}});
  for (const SegmentVersion& version : segment->versions) {
    const bool is_list = version.where.empty();
    table.add({count_cell(version.number), format_instant(version.change.time_us, TimeZone()),
               version.change.author, version.action, version.name, text_or_none(version.where),
               is_list ? count_cell(version.contacts) : Cell(), text_or_none(version.change.note)});
  }
  return write_table(table, options.output);
}

}  // namespace quintile::cli
