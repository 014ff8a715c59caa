// An in-memory segmentation engine: contacts, order lines and events in, generations out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/date_time.hpp"
#include "quintile/export.hpp"
#include "quintile/generation.hpp"
#include "quintile/schema.hpp"
#include "quintile/segment.hpp"
#include "quintile/segment_preview.hpp"
#include "quintile/selection.hpp"
#include "quintile/status.hpp"
#include "quintile/types.hpp"

struct ArrowArrayStream;  // quintile/arrow_abi.h

namespace quintile {

class Expression;        // quintile/expression.hpp
struct RfmModel;         // quintile/model.hpp
class StoreLock;         // quintile/store_directory.hpp
struct EngineInternals;  // for tests of the library itself

// The threads that engines compute on. One arena may serve any number of engines. It starts no
// thread of its own before it has work.
class QUINTILE_API Arena {
 public:
  // An arena of `threads` threads, the calling one included; 0 means one per usable core.
  // Errors: kOutOfRange above 1,024, kUnavailable if threads cannot be had.
  static Result<std::shared_ptr<Arena>> create(int threads = 0);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  [[nodiscard]] int thread_count() const noexcept;

  class Executor;
  [[nodiscard]] Executor& executor() const noexcept { return *executor_; }

 private:
  explicit Arena(std::unique_ptr<Executor> executor) noexcept;
  std::unique_ptr<Executor> executor_;
};

// The instruction set that kernels run on ("avx2", ...): the best of this machine, or the one that
// the environment variable QUINTILE_ISA names. Errors: kInvalidArgument if that one is unknown or
// not supported here; the message lists those that are.
QUINTILE_API Result<std::string> active_instruction_set();

// What an engine is made with; fixed for its life.
struct EngineOptions {
  std::string time_zone = "UTC";           // IANA name: local days and windows are of this zone
  int currency_decimals = 2;               // 0 to 6: decimals of the minor unit of all amounts
  Schema schema = {};                      // attributes of contacts
  EventSchema events = {};                 // types of events
  std::shared_ptr<Arena> arena = nullptr;  // null: an arena of the engine's own
};

// What one ingest did. On error nothing of the failing batch is in the engine; batches of the same
// stream before it are.
struct IngestCounts {
  std::uint64_t rows = 0;          // lines, contacts or events taken
  std::uint64_t new_contacts = 0;  // contacts first seen in this call
  // Identifiers that were given to a contact but belong to another one, and stayed there.
  std::uint64_t conflicts = 0;
};

// What to do about an identifier that is given to a contact and belongs to another one.
enum class IdentifierConflict : std::uint8_t {
  kRefuse,    // the batch is an error
  kKeepFirst  // it stays with its contact and is counted in IngestCounts::conflicts
};

// What an engine holds, by part; see Engine::memory().
struct MemoryPart {
  std::string name;
  std::uint64_t bytes = 0;
};

// How to open a store.
struct OpenOptions {
  std::shared_ptr<Arena> arena = nullptr;  // null: an arena of the engine's own
  std::uint64_t snapshot = 0;              // its number; 0: the newest
};

// How to compute a generation.
struct RecomputeOptions {
  bool series = false;  // also revenue and purchases over time (one more pass over the orders)
  std::stop_token stop = {};  // polled once per block; a stopped call ends with kCancelled
};

// One tenant: its contacts, order lines, events and models. There are no globals, so any number of
// engines live side by side.
//
// Threads: one writer at a time. ingest_*, define and recompute take turns by a lock of the engine,
// so calls from several threads are safe but wait for each other; select and the questions of
// query.hpp share it, so any number of them run at once, while no writer does. Generations are read
// without any lock: a reader keeps the shared_ptr that it got and asks generation_number() whether
// there is a newer one. find_contact waits at most for the directory lock, which a writer holds
// while it resolves the ids of one batch.
//
//     auto engine = Engine::create({.time_zone = "Europe/Warsaw"}).value();
//     engine->ingest_orders(&stream);
//     engine->define(rfm_preset("retail", 2).value());
//     std::shared_ptr<const Generation> now = engine->recompute(as_of).value();
class QUINTILE_API Engine {
 public:
  // Errors: kInvalidArgument for an unknown time zone, kOutOfRange for the decimals, those of
  // Arena::create, kInvalidArgument for an unusable QUINTILE_ISA.
  static Result<std::unique_ptr<Engine>> create(EngineOptions options = {});
  // Opens what save() has written in a store. Everything read is checked before it is used; the
  // memory needed is that of the data, at most a small multiple of the file. The time zone is
  // looked up by its name, so days are those of this machine's zone data only for what comes later.
  // Errors: kNotFound without a snapshot; kInvalidArgument with file, part and what is wrong for
  // one that is damaged or of another format, in which case an older one is never taken instead,
  // because it lacks what came after it (the message names it); kIo; those of create().
  static Result<std::unique_ptr<Engine>> open(const std::string& directory,
                                              OpenOptions options = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Takes contacts from a stream of structs and releases the stream, also on error. Columns by
  // name:
  //   contact      utf8, large_utf8 or int64: the external id, required
  //   identifiers  list<utf8>: further `namespace:value`, optional
  //   the attributes of the schema with the Arrow types given at DataType, each optional
  // A contact that is there already gets the new identifiers and the new non-null attributes.
  // Errors: kInvalidArgument for a missing, unknown or ill-typed column, an id that is empty, over
  // 256 bytes or not UTF-8, an identifier that belongs to another contact (the message has row and
  // values); what the stream itself reports becomes kIo.
  Result<IngestCounts> ingest_contacts(ArrowArrayStream* stream,
                                       IdentifierConflict conflict = IdentifierConflict::kRefuse);

  // Takes links, which say whose an identifier (of a device, say) is, and releases the stream, also
  // on error. Columns: contact and identifiers as of contacts, both required; time timestamp[us],
  // UTC, optional: from when on it is known. Of several contacts that one identifier is linked to
  // in one call the earliest has it, without times the first; later ones, and those of an
  // identifier that belonged to another contact before, count as conflicts. A link holds for all
  // events without contact that come after this call, also for those of before its time. All links
  // of a call are held in memory until its end. Errors: as for ingest_contacts.
  Result<IngestCounts> ingest_links(ArrowArrayStream* stream);

  // Takes order lines from a stream of structs and releases the stream, also on error. Columns:
  //   contact   utf8, large_utf8 or int64, required; unknown ids become new contacts
  //   time      timestamp[us], UTC, required
  //   amount    int64 minor units, required
  //   order     utf8, large_utf8 or int64, optional; null or empty: the line is an order of its own
  //   product   utf8 or large_utf8, optional, nullable
  //   category  utf8 or large_utf8, optional, nullable
  //   quantity  int64 thousandths, optional; null is 1000
  //   any other utf8, int64 or bool column is a property of lines, for `where`; null allowed
  // Ids are taken as they are: the loader has normalised them. Identical lines all count. Calls may
  // follow each other and recompute in any order; the result is that of one call with all lines.
  // Errors: as for ingest_contacts, and kOutOfRange for a local date outside 1900-01-01 ..
  // 2079-06-04.
  Result<IngestCounts> ingest_orders(ArrowArrayStream* stream);

  // Takes events from a stream of structs and releases the stream, also on error. Columns:
  //   contact      utf8, large_utf8 or int64; unknown ids become new contacts
  //   identifiers  list<utf8>: `namespace:value`, in the order in which they are tried
  //   time         timestamp[us], UTC, required
  //   type         utf8 or large_utf8, required: the name of a type of EngineOptions::events
  //   any other    a property that a type declares, with the Arrow type given at DataType; of an
  //                event of another type its value is not looked at
  // One of contact and identifiers must be there, in the stream and in each event. An event without
  // contact (null or empty) is of the contact that the first known identifier leads to. If none is
  // known it is of a new, anonymous contact, which has the first identifier for an external id, as
  // a whole, and is found by all of them. What identifiers an event with a contact has is not
  // looked at. Events may come in any order; equal ones all count.
  // Errors: as for ingest_orders, and kInvalidArgument for an unknown type or a malformed
  // identifier.
  Result<IngestCounts> ingest_events(ArrowArrayStream* stream);

  // Forgets the events of each type that are older than its retention on the local day of `now_us`
  // (microseconds UTC), and returns how many. The engine reads no clock: who never calls it keeps
  // all. Errors: kOutOfRange for an instant outside the accepted dates.
  Result<std::uint64_t> forget_old_events(std::int64_t now_us);

  // Adds a model, or replaces the one of its name. Takes effect with the next recompute.
  // Errors: kInvalidArgument if `population` uses unknown attributes or wrong types, kOutOfRange
  // for more than 256 models, kAlreadyExists if a segment has the name of one of its classes.
  Status define(const RfmModel& model);

  // Replaces the definitions of all segments but the classes of models. They may use each other in
  // any order; ids of lists are external ids. Takes effect with the next recompute, which binds the
  // expressions: those that do not bind are broken in that generation, with a reason, and so are
  // those that depend on them (Generation::segment_info); the others are computed all the same.
  // Errors: those of Catalogue::put, which checks names, circles and limits; kAlreadyExists for the
  // name of a class of a model. On error the definitions stay as they were.
  Status define_segments(std::span<const SegmentDefinition> definitions);

  // Tries out a changed or new definition on `generation`: how many are in it, unknown, entering
  // and leaving, what that does to the segments that depend on it, and its overlap with others.
  // Nothing is saved. Errors: those of define_segments and select; kInvalidArgument if the
  // definition does not bind; kNotFound for an unknown segment in `overlap_with`. Cost: one pass
  // over the columns that the definition and its dependents name.
  [[nodiscard]] Result<SegmentPreview> preview(const SegmentDefinition& definition,
                                               const Generation& generation,
                                               const PreviewOptions& options = {}) const;

  // Computes all models and segments for `as_of` and publishes the result as the next generation.
  // Errors: kInvalidArgument if a `where` uses unknown line columns (with the nearest name),
  // kOverflow if a sum of a contact's amounts leaves 64 bits (the message names the contact),
  // kCancelled. On error the current generation stays.
  Result<std::shared_ptr<const Generation>> recompute(const AsOf& as_of,
                                                      const RecomputeOptions& options = {});

  // The same without publishing; its number is 0.
  Result<std::shared_ptr<const Generation>> evaluate(const AsOf& as_of,
                                                     const RecomputeOptions& options = {});

  // Finds the contacts for which `expression` is true in `generation`. It may name the attributes,
  // for each model NAME the columns NAME.class, .r, .f, .m, .recency_days, .first_days, .frequency
  // and .monetary, the segments of the generation, and what docs/segment_language.md lists beside
  // columns. A model's columns are NULL for contacts that it is not for.
  // Errors: those of Expression::bind; kUnavailable if contacts, orders or events have come since
  // the generation was computed, for an answer is always of one generation; kInvalidArgument for a
  // generation of another engine; kCancelled. Cost: one pass over the columns that it names.
  //     engine->select(Expression::parse("rfm.class = 'loyal' AND age < 30").value(), *now);
  [[nodiscard]] Result<Selection> select(const Expression& expression, const Generation& generation,
                                         const SelectOptions& options = {}) const;

  // Writes all data, options and models as the next snapshot of the locked store and returns its
  // number. It is there as a whole once this returns, and not at all after an error; the snapshot
  // before it is kept, older ones are removed. Generations and lists are not part of it.
  // Errors: kIo; kInvalidArgument for a model that was not read from YAML.
  Result<std::uint64_t> save(const StoreLock& store);

  // The number of the current generation, 0 before the first; one atomic read.
  [[nodiscard]] std::uint64_t generation_number() const noexcept;
  // The current generation, or null before the first. Takes a short lock: call it when the number
  // has changed.
  [[nodiscard]] std::shared_ptr<const Generation> current() const;

  [[nodiscard]] const EngineOptions& options() const noexcept;
  [[nodiscard]] std::uint32_t contact_count() const noexcept;
  [[nodiscard]] std::uint64_t line_count() const noexcept;
  // Events of all types, or of one; 0 for an unknown type. Waits for a writer.
  [[nodiscard]] std::uint64_t event_count() const;
  [[nodiscard]] std::uint64_t event_count(std::string_view type) const;

  // The bytes that each part takes: contacts (ids and identifiers), attributes, orders, and
  // `events.TYPE` by type. Without generations. Waits for a writer.
  [[nodiscard]] std::vector<MemoryPart> memory() const;
  // The defined models, in order of definition. Waits for a writer.
  [[nodiscard]] std::vector<std::string> model_names() const;

  // The row of the contact known as `identifier`, a `namespace:value`; `id:` is the namespace of
  // external ids.
  //     engine->find_contact("id:13085"); engine->find_contact("email:a@example.org");
  [[nodiscard]] std::optional<RowId> find_contact(std::string_view identifier) const;
  // The external id of a row below contact_count().
  [[nodiscard]] std::string contact_id(RowId row) const;
  // All identifiers of a row as `namespace:value`, the canonical one first.
  [[nodiscard]] std::vector<std::string> identifiers(RowId row) const;

 private:
  friend struct EngineInternals;
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quintile
