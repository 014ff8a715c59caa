// What the command `segments` changes: definitions, under the lock of the catalogue.
#include <cstdio>
#include <fstream>
#include <iostream>

#include "rows_table.hpp"
#include "segments_run.hpp"
#include <quintile/decimal.hpp>

namespace quintile::cli {
namespace {

SegmentChange change_of(const SegmentsOptions& options) {
  SegmentChange change{.author = options.author, .time_us = clock_us(), .note = options.note};
  if (change.author.empty()) {
    change.author = current_user();
  }
  return change;
}

// One id a line, in its one spelling; empty lines are skipped.
std::optional<Failure> read_list(const std::string& path, SegmentDefinition& definition) {
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file) {
      return Failure{ExitCode::kData, "cannot open " + path};
    }
  }
  std::istream& lines = path == "-" ? std::cin : file;
  auto contacts = std::make_shared<std::vector<std::string>>();
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    if (line.empty()) {
      continue;
    }
    if (contacts->size() == 2 * kMaxListContacts) {
      return Failure{ExitCode::kUsage, "--list: expected at most " +
                                           std::to_string(2 * kMaxListContacts) + " lines in " +
                                           path + ", got more"};
    }
    contacts->emplace_back(canonical_id(line));
  }
  if (lines.bad()) {
    return Failure{ExitCode::kData, "cannot read " + path};
  }
  definition.kind = SegmentKind::kStatic;
  definition.contacts = std::move(contacts);
  return std::nullopt;
}

Cell count_cell(std::uint64_t count) { return static_cast<Int128>(count); }

void add_effect(RowsTable& table, const std::string& relation, const SegmentChangeEffect& effect,
                Cell unknown) {
  const bool computed = effect.broken.empty();
  table.add({effect.name, relation, count_cell(effect.before),
             computed ? count_cell(effect.after) : Cell(),
             computed ? count_cell(effect.entering) : Cell(),
             computed ? count_cell(effect.leaving) : Cell(), std::move(unknown), Cell(),
             computed ? Cell() : Cell(effect.broken)});
}

std::optional<Failure> write_preview(const SegmentPreview& preview, const TableOutput& output) {
  constexpr Column::Type kText = Column::Type::kText;
  constexpr Column::Type kNumber = Column::Type::kNumber;
  RowsTable table({{"segment", kText},
                   {"relation", kText},
                   {"before", kNumber},
                   {"after", kNumber},
                   {"entering", kNumber},
                   {"leaving", kNumber},
                   {"unknown", kNumber},
                   {"both", kNumber},
                   {"broken", kText}});
  add_effect(table, "changed", preview.change, count_cell(preview.unknown));
  for (const SegmentChangeEffect& effect : preview.dependents) {
    add_effect(table, "depends", effect, Cell());
  }
  for (const SegmentOverlap& overlap : preview.overlaps) {
    table.add({overlap.name, "overlap", count_cell(overlap.count), count_cell(overlap.count),
               Cell(), Cell(), Cell(), count_cell(overlap.both), Cell()});
  }
  return write_table(table, output);
}

std::optional<Failure> open_catalogue(const SegmentsOptions& options,
                                      std::optional<CatalogueFile>& file) {
  Result<CatalogueFile> open = CatalogueFile::open(options.store.store);
  if (!open.ok()) {
    return Failure{ExitCode::kData, std::string(open.status().message())};
  }
  file.emplace(std::move(open).value());
  return std::nullopt;
}

std::optional<Failure> save(CatalogueFile& file, const std::string& message) {
  if (const Status status = file.save(); !status.ok()) {
    return Failure{ExitCode::kData, std::string(status.message())};
  }
  std::fprintf(stderr, "%s\n", message.c_str());
  return std::nullopt;
}

}  // namespace

std::optional<Failure> put_segment(const SegmentsOptions& options) {
  SegmentDefinition definition{.name = options.put, .where = options.where};
  if (!options.list.empty()) {
    if (auto failure = read_list(options.list, definition)) {
      return failure;
    }
  }
  StoreSession session;
  if (auto failure = open_store(options.store, session)) {
    return failure;
  }
  std::optional<CatalogueFile> file;
  if (auto failure = open_catalogue(options, file)) {
    return failure;
  }
  if (auto failure = compute_store(options.store, file->catalogue(), session)) {
    return failure;
  }
  const Result<SegmentPreview> preview =
      session.engine->preview(definition, *session.generation, {.overlap_with = options.overlap});
  if (!preview.ok()) {
    return request_failure(preview.status());
  }
  if (!options.preview) {
    const std::uint64_t before = file->catalogue().revision();
    if (const Status status = file->catalogue().put(definition, change_of(options)); !status.ok()) {
      return request_failure(status);
    }
    const std::uint32_t version = file->catalogue().find(options.put)->versions.back().number;
    if (file->catalogue().revision() == before) {
      std::fprintf(stderr, "segment %s is as it was, version %u\n", options.put.c_str(), version);
    } else if (auto failure = save(*file, "saved segment " + options.put + ", version " +
                                              std::to_string(version))) {
      return failure;
    }
  }
  return write_preview(*preview, options.output);
}

std::optional<Failure> remove_segment(const SegmentsOptions& options) {
  std::optional<CatalogueFile> file;
  if (auto failure = open_catalogue(options, file)) {
    return failure;
  }
  if (const Status status = file->catalogue().remove(options.remove, change_of(options));
      !status.ok()) {
    return request_failure(status);
  }
  return save(*file, "deleted segment " + options.remove);
}

// The engine knows the classes of the models, whose names are taken.
std::optional<Failure> rename_segment(const SegmentsOptions& options) {
  StoreSession session;
  if (auto failure = open_store(options.store, session)) {
    return failure;
  }
  std::optional<CatalogueFile> file;
  if (auto failure = open_catalogue(options, file)) {
    return failure;
  }
  const Status status = file->catalogue().rename(options.rename, options.to, change_of(options));
  if (!status.ok()) {
    return request_failure(status);
  }
  if (const Status taken = session.engine->define_segments(file->catalogue().definitions());
      !taken.ok()) {
    return request_failure(taken);
  }
  return save(*file, "renamed segment " + options.rename + " to " + options.to);
}

}  // namespace quintile::cli
