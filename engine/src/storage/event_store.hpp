// All events of one type: a delta where they arrive, and blocks where they are sorted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exec/executor.hpp"
#include "quintile/date_time.hpp"
#include "quintile/schema.hpp"
#include "quintile/status.hpp"
#include "storage/arrow_reader.hpp"
#include "storage/event_block.hpp"

namespace quintile {

// Where the columns of a stream of events go.
struct EventFields {
  std::size_t time = 0;
  std::vector<std::optional<std::size_t>> properties;  // by property; without a field: nulls
};

// Not synchronised: the engine's writer lock covers it.
class EventStore {
 public:
  EventStore(TimeZone zone, std::span<const EventProperty> properties);

  // Finds the columns of a stream: `time` and any of the properties. Other columns, which other
  // types of events may have, are not looked at.
  Result<EventFields> bind(const ArrowReader& reader) const;
  // Checks the rows `picked` of the current batch without taking anything of them. Errors name row
  // and value.
  Status check(const ArrowReader& reader, const EventFields& fields,
               std::span<const std::uint32_t> picked) const;
  // Appends the rows `picked` of a checked batch; `contacts` has the row of the contact of each row
  // of the batch.
  void append(const ArrowReader& reader, const EventFields& fields,
              std::span<const std::uint32_t> picked, std::span<const std::uint32_t> contacts);
  // Forgets the events of the delta from `events` on: an append that failed half way.
  void truncate_delta(std::size_t events);
  [[nodiscard]] std::size_t delta_size() const noexcept { return delta_.size(); }

  // Moves the delta into the blocks. Afterwards there is one block per 65,536 of `contacts`.
  void seal(std::uint32_t contacts, Arena::Executor& executor);
  // The same if the delta is large beside the blocks: merging then costs little per event.
  void seal_if_worth_it(std::uint32_t contacts, Arena::Executor& executor);

  // Retention: forgets the sealed events before `instant_us`. Blocks without any are left alone.
  void drop_before(std::int64_t instant_us, Arena::Executor& executor);

  // Valid after seal().
  [[nodiscard]] std::span<const EventBlock> blocks() const noexcept { return blocks_; }
  // By position as in EventBlock::values; category codes are those of their dictionaries.
  [[nodiscard]] std::span<const LineColumn> properties() const noexcept { return properties_; }
  [[nodiscard]] std::uint64_t event_count() const noexcept;
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  friend class SnapshotWalk;
  void append_values(const ArrowColumn& source, std::size_t property, std::size_t begin,
                     std::span<const std::uint32_t> picked);

  TimeZone zone_;
  std::vector<LineColumn> properties_;
  EventDelta delta_;
  std::vector<EventBlock> blocks_;
};

}  // namespace quintile
