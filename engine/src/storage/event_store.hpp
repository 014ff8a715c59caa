// All events of one type: a delta where they arrive, and blocks where they are sorted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exec/executor.hpp"
#include "quintile/date_time.hpp"
#include "quintile/status.hpp"
#include "storage/arrow_reader.hpp"
#include "storage/event_block.hpp"

namespace quintile {

// A property that a type of events declares. The value of an event, if it has one, is a property
// like the others.
struct EventProperty {
  std::string name;
  DataType type = DataType::kCategory;  // all but kTags and kConsent
};

// Where the columns of a stream of events go.
struct EventFields {
  std::size_t contact = 0;
  std::size_t time = 0;
  std::vector<std::optional<std::size_t>> properties;  // by property; without a field: nulls
};

// Not synchronised: the engine's writer lock covers it.
class EventStore {
 public:
  EventStore(TimeZone zone, std::span<const EventProperty> properties);

  // Finds the columns of a stream: `contact`, `time` and any of the properties, nothing else.
  Result<EventFields> bind(const ArrowReader& reader) const;
  // Checks the current batch without taking anything of it. Errors name row and value.
  Status check(const ArrowReader& reader, const EventFields& fields) const;
  // Appends the events of a checked batch; `rows` are the rows of its contacts.
  void append(const ArrowReader& reader, const EventFields& fields,
              std::span<const std::uint32_t> rows);
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
  void append_values(const ArrowColumn& source, std::size_t property, std::size_t begin,
                     std::size_t count);

  TimeZone zone_;
  std::vector<LineColumn> properties_;
  EventDelta delta_;
  std::vector<EventBlock> blocks_;
};

}  // namespace quintile
