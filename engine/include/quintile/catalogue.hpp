// The definitions of segments: names, versions, and which one uses which. No data is in here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/export.hpp"
#include "quintile/expression.hpp"
#include "quintile/segment.hpp"
#include "quintile/status.hpp"

namespace quintile {

inline constexpr std::size_t kMaxChangeAuthorBytes = 256;
inline constexpr std::size_t kMaxChangeNoteBytes = 1024;
// The oldest versions are forgotten past either limit; the current one is always kept.
inline constexpr std::size_t kMaxSegmentVersions = 64;
inline constexpr std::size_t kMaxSegmentHistoryBytes = 256 * 1024;  // of expressions
inline constexpr std::size_t kMaxRemovals = 1024;                   // the oldest are forgotten
inline constexpr std::size_t kMaxCatalogueBytes = std::size_t{1} << 29U;

// Who changes something, when and why. There is no clock in the catalogue: the caller says when.
struct SegmentChange {
  std::string author = {};   // UTF-8
  std::int64_t time_us = 0;  // microseconds UTC
  std::string note = {};     // UTF-8
};

// What a change made of a segment.
struct SegmentVersion {
  std::uint32_t number = 1;  // 1, 2, 3, ... of one segment
  SegmentChange change;
  std::string action;          // "created", "changed the expression", "renamed from 'x'", ...
  std::string name;            // that it had
  std::string where = {};      // kDynamic
  std::uint64_t contacts = 0;  // kStatic: ids in the list; the ids of old lists are not kept
};

struct SegmentRemoval {
  std::uint64_t id = 0;
  std::string name;
  SegmentChange change;
};

struct CatalogueSegment {
  std::uint64_t id = 0;          // 1, 2, 3, ...; stays through renames, never given again
  SegmentDefinition definition;  // contacts: ascending by bytes, each once; never null if kStatic
  std::string canonical = {};    // kDynamic: the canonical form of `where`
  ExpressionReferences uses = {};
  std::vector<SegmentVersion> versions;  // oldest first, numbers ascending; the last is the current
};

// A value: a copy is independent. Reading from several threads is safe. Every change is checked as
// a whole and taken as a whole: after an error nothing is different.
//
//     Catalogue catalogue;
//     catalogue.put({.name = "polish", .where = "country = 'PL'"}, {"ann", now_us});
//     engine->define_segments(catalogue.definitions());
//
// What cannot be known without an engine is checked by Engine::define_segments: columns, types, and
// whether a name with a point in it (`rfm.champions`) is a class of a model.
class QUINTILE_API Catalogue {
 public:
  // Adds definitions, or replaces those of the same names; they may use each other in any order. A
  // definition that is what is there already makes no version. Errors:
  //   kInvalidArgument  a bad name, expression, id, text that is not UTF-8; a name given twice;
  //                     segments that use each other in a circle (the message has the path);
  //                     in_list() of what is no static segment
  //   kNotFound         segment('x') of a name that is neither here nor could be a class of a model
  //   kOutOfRange       past a limit above
  Status put(std::span<const SegmentDefinition> definitions, const SegmentChange& change) noexcept;
  Status put(const SegmentDefinition& definition, const SegmentChange& change) noexcept {
    return put(std::span(&definition, 1), change);
  }

  // Gives a segment another name; it keeps its id. Expressions that use it are written anew, in
  // canonical form, as versions of their own. Errors: kNotFound, kAlreadyExists, kInvalidArgument
  // for a bad name, kOutOfRange if an expression gets too long.
  Status rename(std::string_view name, std::string_view new_name,
                const SegmentChange& change) noexcept;

  // Errors: kNotFound; kInvalidArgument while others use it (the message names them).
  Status remove(std::string_view name, const SegmentChange& change) noexcept;

  // Ascending by name. Valid until the next change, as is what find() returns: null if there is
  // none of that name.
  [[nodiscard]] std::span<const CatalogueSegment> segments() const noexcept { return segments_; }
  [[nodiscard]] const CatalogueSegment* find(std::string_view name) const noexcept;
  // Oldest first.
  [[nodiscard]] std::span<const SegmentRemoval> removals() const noexcept { return removals_; }

  // Counts the changes of this catalogue; whoever writes it can tell whether it is still the one
  // that was read.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }

  // Those that name it in their expressions, ascending; and all that depend on it, directly or
  // through others, each after those that it uses itself.
  [[nodiscard]] std::vector<std::string> users_of(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> dependents_of(std::string_view name) const;

  // All definitions, each after those that it uses.
  [[nodiscard]] std::vector<SegmentDefinition> definitions() const;

  // The file format: JSON with a version in it. from_json() checks everything that put() does; the
  // text may come from anywhere. Errors: kInvalidArgument ("catalogue: /segments/3/name: ..."),
  // kOutOfRange past a limit, kUnavailable for a format of a later release.
  [[nodiscard]] Result<std::string> to_json() const noexcept;
  [[nodiscard]] static Result<Catalogue> from_json(std::string_view json) noexcept;

 private:
  friend class CatalogueReader;
  friend class CatalogueEdit;
  std::vector<CatalogueSegment> segments_;
  std::vector<SegmentRemoval> removals_;
  std::uint64_t next_id_ = 1;
  std::uint64_t revision_ = 0;
};

// The catalogue of a store: DIRECTORY/catalogue.json, and DIRECTORY/catalogue.lock, which is held
// from open() until the object goes, so that two processes (or two threads) cannot lose each
// other's change.
//
//     Result<CatalogueFile> file = CatalogueFile::open("store");
//     file->catalogue().remove("old", change);
//     file->save();
class QUINTILE_API CatalogueFile {
 public:
  // Waits up to `wait_ms` for the lock. A directory without the file has an empty catalogue.
  // Errors: kUnavailable if the lock is not to be had in time, kIo, those of
  // Catalogue::from_json().
  static Result<CatalogueFile> open(std::string_view directory,
                                    std::uint32_t wait_ms = 10'000) noexcept;
  CatalogueFile(CatalogueFile&& other) noexcept;
  CatalogueFile& operator=(CatalogueFile&& other) noexcept;
  ~CatalogueFile();

  [[nodiscard]] Catalogue& catalogue() noexcept { return catalogue_; }

  // Writes the catalogue beside the file, syncs, renames it over the file and syncs the directory.
  // After an error the file is the old one or, if only the last of these steps failed, the new one.
  // Errors: kIo, kOutOfRange past kMaxCatalogueBytes.
  Status save() noexcept;

  // Reads without waiting for the lock: a catalogue that was saved as a whole. Errors as of open().
  static Result<Catalogue> read(std::string_view directory) noexcept;

 private:
  CatalogueFile(std::string directory, int lock) noexcept;
  std::string directory_;
  int lock_ = -1;
  Catalogue catalogue_;
};

}  // namespace quintile
