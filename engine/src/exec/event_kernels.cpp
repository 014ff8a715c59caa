#include "exec/event_kernels.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "exec/event_scratch.hpp"
#include "exec/rfm_context.hpp"
#include "query/nearest_double.hpp"
#include "quintile/kernels/predicate.hpp"

namespace quintile {

namespace {

// Whole words of a stretch of events whose values are summed while they are in the cache.
constexpr std::size_t kContactsAtOnce = 4096;

void set_window(const EventScope& scope, const Window& window, const EventRows& rows,
                kernels::EventFilter& filter, bool& is_empty) {
  const AxisWindow limits = resolve_window(window, scope.instant_us(), scope.local_day());
  if (!limits.by_days) {
    is_empty = is_empty || rows.last_time <= limits.after_us;
    if (rows.first_time <= limits.after_us) {
      filter.time = rows.time;
      filter.first_time = limits.after_us + 1;
    }
    return;
  }
  // Where clocks are set back across midnight a later time may be of an earlier day: by one.
  const int first_day = scope.zone().day_number(rows.first_time) - 1;
  const int last_day = scope.zone().day_number(rows.last_time) + 1;
  is_empty = is_empty || last_day < limits.from_day;
  if (first_day < limits.from_day) {
    filter.day = rows.day;
    filter.first_day = limits.from_day;
  }
}

class KernelFunctions {
 public:
  KernelFunctions(const EventQuestion& question, const EventRows& events,
                  const kernels::EventFilter& filter, OperandBuffer& out)
      : question_(question),
        events_(events),
        filter_(filter),
        out_(out),
        contacts_(std::min(question.rows, events.contacts())),
        offsets_(events.offsets.first(contacts_ + 1)) {}

  void count() {
    const std::span<std::uint32_t> counts = out_.small(question_.rows);
    count_into(filter_, counts);
    // Views show 4 bytes signed.
    if (events_.events() > std::size_t{INT32_MAX}) {
      const std::span<std::int64_t> wide = out_.integers(question_.rows);
      std::copy(counts.begin(), counts.end(), wide.begin());
    }
  }

  bool sum(const EventProperties& property) {
    const kernels::EventFilter filter = with_values(property);
    const std::span<std::int64_t> sums = out_.integers(question_.rows);
    return sum_into(filter, property, sums);
  }

  bool avg(const EventProperties& property) {
    const kernels::EventFilter filter = with_values(property);
    EventScratch& scratch = out_.scratch();
    scratch.integers.resize(question_.rows);
    scratch.counts.assign(question_.rows, 0);
    if (!sum_into(filter, property, scratch.integers.span())) {
      return false;
    }
    count_into(filter, scratch.counts.span());
    const std::span<double> means = out_.reals(question_.rows);
    const std::span<std::uint64_t> valid = out_.valid(question_.rows);
    const Uint128 unit = unit_of(question_.operand.column);
    for (std::size_t c = 0; c < contacts_; ++c) {
      if (scratch.counts[c] != 0) {
        means[c] = query::nearest_quotient(scratch.integers[c], unit * scratch.counts[c]);
        valid[c / 64] |= std::uint64_t{1} << (c % 64);
      }
    }
    return true;
  }

  void bound(const EventProperties& property, bool is_max) {
    const kernels::EventFilter filter = with_values(property);
    const std::span<std::int64_t> wanted = out_.integers(question_.rows).first(contacts_);
    AlignedBuffer<std::int64_t>& other = out_.scratch().integers;
    other.resize(contacts_);
    kernels::bound_events(offsets_, filter, values_of(property), is_max ? other.span() : wanted,
                          is_max ? wanted : other.span());
    kernels::mark_event_counts(offsets_, filter, {1},
                               out_.valid(question_.rows).first(kernels::words_for(contacts_)));
  }

  void choose(const EventProperties& property, bool is_last) {
    std::vector<std::uint32_t>& chosen = out_.scratch().chosen;
    chosen.assign(question_.rows, kNoChosenEvent);
    find_into(chosen, is_last);
    write_chosen(property, chosen, out_);
  }

  void days_since() {
    std::vector<std::uint32_t>& latest = out_.scratch().chosen;
    latest.assign(contacts_, kNoChosenEvent);
    find_into(latest, true);
    const std::span<std::uint16_t> days = out_.tiny(question_.rows);
    const std::span<std::uint64_t> valid = out_.valid(question_.rows);
    const std::uint16_t today = question_.scope.local_day();
    for (std::size_t c = 0; c < contacts_; ++c) {
      if (latest[c] != kNoChosenEvent) {
        days[c] = static_cast<std::uint16_t>(today - std::min(today, last_day(c, latest[c])));
        valid[c / 64] |= std::uint64_t{1} << (c % 64);
      }
    }
  }

 private:
  void count_into(const kernels::EventFilter& filter, std::span<std::uint32_t> counts) const {
    if (filter.day.empty() && filter.time.empty() && filter.selected.empty()) {
      for (std::size_t c = 0; c < contacts_; ++c) {
        counts[c] = offsets_[c + 1] - offsets_[c];
      }
    } else {
      kernels::count_events(offsets_, filter, counts.first(contacts_));
    }
  }

  void find_into(std::vector<std::uint32_t>& chosen, bool is_last) const {
    const std::span<std::uint32_t> found = std::span(chosen).first(contacts_);
    kernels::find_events(offsets_, filter_, is_last ? std::span<std::uint32_t>() : found,
                         is_last ? found : std::span<std::uint32_t>());
  }

  // The latest day is that of the latest event, but for clocks that are set back across midnight:
  // a day later may come before, and nothing but those two days lies in between.
  [[nodiscard]] std::uint16_t last_day(std::size_t contact, std::uint32_t event) const noexcept {
    const std::uint16_t day = events_.day[event];
    std::uint16_t latest = day;
    for (std::uint32_t e = event; e > offsets_[contact] && events_.day[e - 1] >= day; --e) {
      if (filter_.selected.empty() || test_bit(filter_.selected, e - 1)) {
        latest = std::max(latest, events_.day[e - 1]);
      }
    }
    return latest;
  }

  // The filter, and a value in the property.
  kernels::EventFilter with_values(const EventProperties& property) {
    kernels::EventFilter filter = filter_;
    if (property.view.valid == nullptr) {
      return filter;
    }
    const std::size_t words = kernels::words_for(events_.events());
    filter.selected = {property.view.valid, words};
    if (!filter_.selected.empty()) {
      AlignedBuffer<std::uint64_t>& both = out_.scratch().selection;
      both.resize(words);
      for (std::size_t w = 0; w < words; ++w) {
        both[w] = filter_.selected[w] & property.view.valid[w];
      }
      filter.selected = both.span();
    }
    return filter;
  }

  [[nodiscard]] std::span<const std::int64_t> values_of(
      const EventProperties& property) const noexcept {
    return {static_cast<const std::int64_t*>(property.view.values), events_.events()};
  }

  // False if a sum might not fit 64 bits: found out for some contacts at a time, whose values are
  // in the cache when they are summed.
  bool sum_into(const kernels::EventFilter& filter, const EventProperties& property,
                std::span<std::int64_t> sums) const {
    const std::span<const std::int64_t> values = values_of(property);
    for (std::size_t first = 0; first < contacts_; first += kContactsAtOnce) {
      const std::size_t count = std::min(kContactsAtOnce, contacts_ - first);
      const std::span<const std::uint32_t> offsets = offsets_.subspan(first, count + 1);
      std::uint64_t bits = 0;
      for (std::size_t e = offsets.front(); e < offsets.back(); ++e) {
        bits |= static_cast<std::uint64_t>(values[e] ^ (values[e] >> 63));
      }
      // |value| <= 2^width(bits), and a contact has no more events than all of them together.
      if (std::bit_width(bits) + std::bit_width(offsets.back() - offsets.front()) > 62) {
        return false;
      }
      kernels::sum_events(offsets, filter, values, sums.subspan(first, count));
    }
    return true;
  }

  const EventQuestion& question_;
  const EventRows& events_;
  const kernels::EventFilter& filter_;
  OperandBuffer& out_;
  std::size_t contacts_;
  std::span<const std::uint32_t> offsets_;
};

bool is_integer(DataType type) noexcept {
  return type == DataType::kInt64 || type == DataType::kDecimal || type == DataType::kDate ||
         type == DataType::kTimestamp;
}

}  // namespace

kernels::EventFilter narrow(const EventScope& scope, const std::optional<Window>& window,
                            EventRows& rows) {
  kernels::EventFilter filter;
  filter.selected = rows.selected;
  bool is_empty = rows.events() == 0 || rows.first_time > scope.instant_us();
  if (!is_empty && !rows.all_seen) {
    filter.time = rows.time;
    filter.last_time = scope.instant_us();
  }
  if (!is_empty && window) {
    set_window(scope, *window, rows, filter, is_empty);
  }
  if (is_empty) {
    rows.offsets = {};
  }
  return filter;
}

void mark_picked(const kernels::EventFilter& filter, std::size_t events,
                 std::span<std::uint64_t> words) {
  constexpr std::size_t kChunkWords = kernels::kBlockRows / 64;
  std::array<std::uint64_t, kChunkWords> in_time{};
  for (std::size_t begin = 0; begin < events; begin += kernels::kBlockRows) {
    const std::size_t count = std::min<std::size_t>(kernels::kBlockRows, events - begin);
    const std::span<std::uint64_t> chunk = words.subspan(begin / 64, kernels::words_for(count));
    if (filter.day.empty()) {
      std::fill(chunk.begin(), chunk.end(), ~std::uint64_t{0});
    } else {
      kernels::mark_interval_u16(filter.day.subspan(begin, count),
                                 {filter.first_day, filter.last_day, false}, {}, {chunk, {}});
    }
    if (!filter.time.empty()) {
      kernels::mark_interval_i64(filter.time.subspan(begin, count),
                                 {filter.first_time, filter.last_time, false}, {},
                                 {std::span(in_time).first(chunk.size()), {}});
    }
    for (std::size_t w = 0; w < chunk.size(); ++w) {
      chunk[w] &= filter.time.empty() ? ~std::uint64_t{0} : in_time[w];
      chunk[w] &= filter.selected.empty() ? ~std::uint64_t{0} : filter.selected[begin / 64 + w];
    }
  }
  if (events % 64 != 0) {
    words[events / 64] &= (std::uint64_t{1} << (events % 64)) - 1;
  }
}

bool evaluate_by_kernels(const EventQuestion& question, const EventRows& events,
                         const kernels::EventFilter& filter, OperandBuffer& out) {
  if (events.offsets.empty()) {
    return false;
  }
  const BoundOperand& operand = question.operand;
  KernelFunctions functions(question, events, filter, out);
  if (operand.function == EventFunction::kCount) {
    functions.count();
    return true;
  }
  if (operand.function == EventFunction::kDaysSince) {
    if (!events.by_time || filter.first_time != INT64_MIN) {
      return false;
    }
    functions.days_since();
    return true;
  }
  const EventProperties property = property_of(question, events);
  const bool exact = is_integer(property.type);
  switch (operand.function) {
    case EventFunction::kSum:
      return exact && functions.sum(property);
    case EventFunction::kAvg:
      return exact && functions.avg(property);
    case EventFunction::kMin:
    case EventFunction::kMax:
      if (exact) {
        functions.bound(property, operand.function == EventFunction::kMax);
      }
      return exact;
    case EventFunction::kFirst:
    case EventFunction::kLast:
      if (events.by_time) {
        functions.choose(property, operand.function == EventFunction::kLast);
      }
      return events.by_time;
    default:
      return false;
  }
}

}  // namespace quintile
