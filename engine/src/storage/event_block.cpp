#include "storage/event_block.hpp"

#include <algorithm>

namespace quintile {

namespace {

std::size_t words_for(std::size_t bits) noexcept { return (bits + 63) / 64; }

// Clears the bits behind the last one, which a later resize() must find without a value.
void resize_bitmap(AlignedBuffer<std::uint64_t>& words, std::size_t bits) {
  words.resize(words_for(bits));
  if (bits % 64 != 0) {
    words[bits / 64] &= (std::uint64_t{1} << (bits % 64)) - 1;
  }
}

// Positions in the delta, by contact and time, ties by arrival.
class SortedDelta {
 public:
  SortedDelta(const EventDelta& delta, std::span<const std::uint32_t> fresh, std::uint32_t contacts)
      : offsets_(std::size_t{contacts} + 2), sorted_(fresh.size()) {
    for (const std::uint32_t event : fresh) {
      ++offsets_[delta.row[event] % kRowsPerBlock + 2];
    }
    for (std::size_t c = 2; c < offsets_.size(); ++c) {
      offsets_[c] += offsets_[c - 1];
    }
    for (const std::uint32_t event : fresh) {
      sorted_[offsets_[delta.row[event] % kRowsPerBlock + 1]++] = event;
    }
    for (std::uint32_t c = 0; c < contacts; ++c) {
      std::stable_sort(
          sorted_.begin() + offsets_[c], sorted_.begin() + offsets_[c + 1],
          [&](std::uint32_t a, std::uint32_t b) { return delta.time[a] < delta.time[b]; });
    }
  }

  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t contact) const noexcept {
    return std::span(sorted_).subspan(offsets_[contact], offsets_[contact + 1] - offsets_[contact]);
  }

 private:
  std::vector<std::uint32_t> offsets_;  // once sorted, those of contact c are [c, c + 1)
  std::vector<std::uint32_t> sorted_;
};

// Copies events one after the other into a block that has room for them.
class BlockWriter {
 public:
  BlockWriter(std::size_t contacts, std::size_t events, std::span<const LineColumn> properties) {
    block_.contact_events.resize(contacts + 1);
    block_.time.resize(events);
    block_.day.resize(events);
    block_.values.resize(properties.size());
    for (std::size_t i = 0; i < properties.size(); ++i) {
      block_.values[i].resize(properties[i].type, events);
    }
  }

  void put(std::int64_t time, std::uint16_t day, const std::vector<EventValues>& values,
           std::size_t from) {
    block_.time[events_] = time;
    block_.day[events_] = day;
    for (std::size_t i = 0; i < values.size(); ++i) {
      block_.values[i].take(values[i], from, events_);
    }
    ++events_;
  }

  void end_contact(std::size_t contact) {
    block_.contact_events[contact + 1] = static_cast<std::uint32_t>(events_);
  }

  EventBlock finish() {
    if (events_ != 0) {
      const auto [first, last] = std::minmax_element(block_.time.begin(), block_.time.end());
      block_.first_time = *first;
      block_.last_time = *last;
    }
    return std::move(block_);
  }

 private:
  EventBlock block_;
  std::size_t events_ = 0;
};

}  // namespace

void set_bit(AlignedBuffer<std::uint64_t>& words, std::size_t index) noexcept {
  words[index / 64] |= std::uint64_t{1} << (index % 64);
}

void EventValues::resize(DataType type, std::size_t events) {
  resize_bitmap(valid, events);
  switch (type) {
    case DataType::kCategory:
      codes.resize(events);
      break;
    case DataType::kDouble:
      reals.resize(events);
      break;
    case DataType::kBool:
      resize_bitmap(bits, events);
      break;
    default:
      integers.resize(events);
  }
}

void EventValues::take(const EventValues& source, std::size_t from, std::size_t to) noexcept {
  if (!source.has(from)) {
    return;
  }
  set_bit(valid, to);
  if (!source.codes.empty()) {
    codes[to] = source.codes[from];
  } else if (!source.integers.empty()) {
    integers[to] = source.integers[from];
  } else if (!source.reals.empty()) {
    reals[to] = source.reals[from];
  } else if (((source.bits[from / 64] >> (from % 64)) & 1U) != 0) {
    set_bit(bits, to);
  }
}

std::size_t EventValues::memory_bytes() const noexcept {
  return codes.memory_bytes() + integers.memory_bytes() + reals.memory_bytes() +
         bits.memory_bytes() + valid.memory_bytes();
}

std::size_t EventBlock::memory_bytes() const noexcept {
  std::size_t bytes = contact_events.memory_bytes() + time.memory_bytes() + day.memory_bytes();
  for (const EventValues& property : values) {
    bytes += property.memory_bytes();
  }
  return bytes;
}

EventBlock merge_events(const EventBlock& old, const EventDelta& delta,
                        std::span<const std::uint32_t> fresh, std::uint32_t contacts,
                        std::span<const LineColumn> properties, const TimeZone& zone) {
  const SortedDelta sorted(delta, fresh, contacts);
  BlockWriter writer(contacts, old.events() + fresh.size(), properties);
  ZoneCursor cursor(zone);
  for (std::uint32_t c = 0; c < contacts; ++c) {
    std::size_t event = c < old.contacts() ? old.contact_events[c] : 0;
    const std::size_t end = c < old.contacts() ? old.contact_events[c + 1] : 0;
    const auto put_old = [&] {
      writer.put(old.time[event], old.day[event], old.values, event);
      ++event;
    };
    for (const std::uint32_t added : sorted.of(c)) {
      while (event < end && old.time[event] <= delta.time[added]) {
        put_old();
      }
      writer.put(delta.time[added], cursor.day_number(delta.time[added]), delta.values, added);
    }
    while (event < end) {
      put_old();
    }
    writer.end_contact(c);
  }
  return writer.finish();
}

EventBlock drop_events_before(const EventBlock& old, std::int64_t instant_us,
                              std::span<const LineColumn> properties) {
  const auto kept = static_cast<std::size_t>(std::count_if(
      old.time.begin(), old.time.end(), [&](std::int64_t time) { return time >= instant_us; }));
  BlockWriter writer(old.contacts(), kept, properties);
  for (std::size_t c = 0; c < old.contacts(); ++c) {
    for (std::size_t event = old.contact_events[c]; event < old.contact_events[c + 1]; ++event) {
      if (old.time[event] >= instant_us) {
        writer.put(old.time[event], old.day[event], old.values, event);
      }
    }
    writer.end_contact(c);
  }
  return writer.finish();
}

void extend_contacts(EventBlock& block, std::uint32_t contacts) {
  const std::size_t before = block.contacts();
  if (contacts <= before) {
    return;
  }
  block.contact_events.resize(std::size_t{contacts} + 1);
  for (std::size_t c = before + 1; c <= contacts; ++c) {
    block.contact_events[c] = static_cast<std::uint32_t>(block.events());
  }
}

}  // namespace quintile
