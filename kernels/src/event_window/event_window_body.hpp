#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "predicate/interval_lanes.hpp"
#include "quintile/kernels/event_window.hpp"

// Two steps over a stretch of events that stays in L1: columns are compared in lanes, which gives a
// bit per event whoever it is of; then a contact's value is the difference of two running totals,
// at its last event and at that of the contact before. So the work per contact does not depend on
// how many events it has, and no branch has to guess that number.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// Bits of the events in the window, 64 at a time.
template <class Arch>
class WindowBits {
 public:
  WindowBits(const EventFilter& filter, std::size_t events)
      : filter_(filter),
        events_(events),
        days_(filter.first_day, filter.last_day),
        times_(filter.first_time, filter.last_time),
        is_empty_((!filter.day.empty() && filter.first_day > filter.last_day) ||
                  (!filter.time.empty() && filter.first_time > filter.last_time)) {}

  // Those of events [64 * w, 64 * w + 64); none behind the last event.
  [[gnu::always_inline]] std::uint64_t word(std::size_t w) const {
    const std::size_t event = w * 64;
    if (event + 64 > events_ || is_empty_) [[unlikely]]
      return last_word(w);
    std::uint64_t bits = ~std::uint64_t{0};
    if (!filter_.day.empty())
      bits = ~bits_outside<std::uint16_t, Arch>(filter_.day.data() + event, days_);
    if (!filter_.time.empty())
      bits &= ~bits_outside<std::int64_t, Arch>(filter_.time.data() + event, times_);
    if (!filter_.selected.empty()) bits &= filter_.selected[w];
    return bits;
  }

 private:
  [[gnu::noinline]] std::uint64_t last_word(std::size_t w) const {
    std::uint64_t bits = 0;
    for (std::size_t event = w * 64; event < events_ && event < w * 64 + 64 && !is_empty_;
         ++event) {
      const bool day_is_in = filter_.day.empty() || (filter_.day[event] >= filter_.first_day &&
                                                     filter_.day[event] <= filter_.last_day);
      const bool time_is_in = filter_.time.empty() || (filter_.time[event] >= filter_.first_time &&
                                                       filter_.time[event] <= filter_.last_time);
      bits |= std::uint64_t{day_is_in && time_is_in} << (event % 64);
    }
    return filter_.selected.empty() || bits == 0 ? bits : bits & filter_.selected[w];
  }

  const EventFilter& filter_;
  std::size_t events_;
  IntervalLanes<std::uint16_t, Arch> days_;
  IntervalLanes<std::int64_t, Arch> times_;
  bool is_empty_;
};

[[gnu::always_inline]] inline std::uint32_t count_of(std::uint64_t bits) {
  return static_cast<std::uint32_t>(__builtin_popcountll(bits));
}

// How many events in the window lie before an event, within a stretch.
template <class Arch>
class CountStretch {
 public:
  using Total = std::uint32_t;
  static constexpr std::size_t kWords = 64;

  explicit CountStretch(const WindowBits<Arch>& window) : window_(window) {}

  void fill(std::size_t first_word) {
    std::uint32_t total = before_[kWords];
    for (std::size_t w = 0; w < kWords; ++w) {
      bits_[w] = window_.word(first_word + w);
      before_[w] = total;
      total += count_of(bits_[w]);
    }
    before_[kWords] = total;
  }

  // `position`: counted from the first event of the stretch; at most kWords * 64.
  [[gnu::always_inline]] Total total_before(std::size_t position) const {
    const std::size_t w = position / 64;
    return before_[w] + count_of(bits_[w] & ((std::uint64_t{1} << (position % 64)) - 1));
  }

 private:
  const WindowBits<Arch>& window_;
  std::uint64_t bits_[kWords + 1] = {};
  std::uint32_t before_[kWords + 1] = {};
};

// The same for sums; wraps where the sum over many contacts does, which differences undo.
template <class Arch>
class SumStretch {
 public:
  using Total = std::uint64_t;
  static constexpr std::size_t kWords = 16;

  SumStretch(const WindowBits<Arch>& window, const std::int64_t* values, std::size_t events)
      : window_(window), values_(values), events_(events) {}

  void fill(std::size_t first_word) {
    const std::size_t first = first_word * 64;
    const std::size_t left = events_ > first ? events_ - first : 0;
    const std::size_t used = left < kWords * 64 ? left : kWords * 64;
    keep_values_in_window(first_word, used);
    std::uint64_t total = before_[kWords * 64];
    for (std::size_t i = 0; i < kWords * 64; ++i) {
      const std::uint64_t value = before_[i];
      before_[i] = total;
      total += value;
    }
    before_[kWords * 64] = total;
  }

  [[gnu::always_inline]] Total total_before(std::size_t position) const {
    return before_[position];
  }

 private:
  // The first `used` values of the stretch, those not in the window zeroed; zeros behind them.
  void keep_values_in_window(std::size_t first_word, std::size_t used) {
    using Wide = Lanes<std::uint64_t, Arch>;
    const auto* from = reinterpret_cast<const std::uint64_t*>(values_) + first_word * 64;
    std::size_t i = 0;
    for (; i + 64 <= used; i += 64) {
      const std::uint64_t bits = window_.word(first_word + i / 64);
      for (std::size_t j = 0; j < 64; j += Wide::size) {
        const auto value = Wide::load_unaligned(from + i + j);
        keep_where_bits<Arch>(value, bits >> j).store_unaligned(before_ + i + j);
      }
    }
    const std::uint64_t last = i < used ? window_.word(first_word + i / 64) : 0;
    for (; i < kWords * 64; ++i)
      before_[i] = i < used && ((last >> (i % 64)) & 1U) != 0 ? from[i] : 0;
  }

  const WindowBits<Arch>& window_;
  const std::int64_t* values_;
  std::size_t events_;
  std::uint64_t before_[kWords * 64 + 1] = {};
};

// put(contact, total over its events in the window).
template <typename Stretch, typename Put>
[[gnu::always_inline]] inline void for_totals(std::span<const std::uint32_t> offsets,
                                              Stretch& stretch, const Put& put) {
  constexpr std::size_t kEvents = Stretch::kWords * 64;
  const std::size_t contacts = offsets.size() - 1;
  const std::uint32_t* ends = offsets.data() + 1;
  std::size_t begin = offsets[0] / 64 * 64;
  stretch.fill(begin / 64);
  auto before = stretch.total_before(offsets[0] - begin);
  for (std::size_t c = 0;;) {
    const std::size_t end = begin + kEvents;
    for (; c < contacts && ends[c] <= end; ++c) {
      const auto total = stretch.total_before(ends[c] - begin);
      put(c, total - before);
      before = total;
    }
    if (c == contacts) return;
    begin = end;
    stretch.fill(begin / 64);
  }
}

template <class Arch>
void count_in_window(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                     std::span<std::uint32_t> counts) noexcept {
  const WindowBits<Arch> window(filter, offsets.back());
  CountStretch<Arch> stretch(window);
  std::uint32_t* to = counts.data();
  for_totals(offsets, stretch, [to](std::size_t c, std::uint32_t count) { to[c] = count; });
}

template <class Arch>
void mark_counts_in_window(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                           const Interval<std::uint32_t>& wanted,
                           std::span<std::uint64_t> words) noexcept {
  const std::size_t contacts = offsets.size() - 1;
  const std::uint64_t flip = wanted.negated ? 0 : ~std::uint64_t{0};
  if (wanted.low > wanted.high || contacts == 0) {
    for (std::size_t w = 0; w < words_for(contacts); ++w)
      words[w] = ~flip;
  } else {
    const IntervalLanes<std::uint32_t, Arch> inside(wanted.low, wanted.high);
    const WindowBits<Arch> window(filter, offsets.back());
    CountStretch<Arch> stretch(window);
    alignas(64) std::uint32_t counts[64] = {};
    std::uint64_t* to = words.data();
    for_totals(offsets, stretch, [&](std::size_t c, std::uint32_t count) {
      counts[c % 64] = count;
      if (c % 64 == 63) to[c / 64] = bits_outside<std::uint32_t, Arch>(counts, inside) ^ flip;
    });
    if (contacts % 64 != 0)
      to[contacts / 64] = bits_outside<std::uint32_t, Arch>(counts, inside) ^ flip;
  }
  if (contacts % 64 != 0) words[contacts / 64] &= (std::uint64_t{1} << (contacts % 64)) - 1;
}

template <class Arch>
void sum_in_window(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                   std::span<const std::int64_t> values, std::span<std::int64_t> sums) noexcept {
  const WindowBits<Arch> window(filter, offsets.back());
  SumStretch<Arch> stretch(window, values.data(), offsets.back());
  std::int64_t* to = sums.data();
  for_totals(offsets, stretch,
             [to](std::size_t c, std::uint64_t sum) { to[c] = static_cast<std::int64_t>(sum); });
}

// visit(bits, first event of that word) for the words of each contact that have events of it in the
// window, the bits of others cleared; then finish(contact).
template <class Arch, typename Visit, typename Finish>
[[gnu::always_inline]] inline void for_words(std::span<const std::uint32_t> offsets,
                                             const EventFilter& filter, const Visit& visit,
                                             const Finish& finish) {
  const WindowBits<Arch> window(filter, offsets.back());
  std::size_t word = offsets[0] / 64;
  std::uint64_t bits = window.word(word);
  for (std::size_t c = 0; c + 1 < offsets.size(); ++c) {
    const std::size_t end = offsets[c + 1];
    std::uint64_t from = ~std::uint64_t{0} << (offsets[c] % 64);
    while (word < end / 64) {
      if ((bits & from) != 0) visit(bits & from, word * 64);
      from = ~std::uint64_t{0};
      bits = window.word(++word);
    }
    const std::uint64_t own = bits & from & ((std::uint64_t{1} << (end % 64)) - 1);
    if (own != 0) visit(own, word * 64);
    finish(c);
  }
}

template <class Arch>
void bound_in_window(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                     std::span<const std::int64_t> values, std::span<std::int64_t> lowest,
                     std::span<std::int64_t> highest) noexcept {
  constexpr std::int64_t kMost = INT64_MAX;
  constexpr std::int64_t kLeast = INT64_MIN;
  std::int64_t low = kMost;
  std::int64_t high = kLeast;
  for_words<Arch>(
      offsets, filter,
      [&](std::uint64_t bits, std::size_t event) {
        for (; bits != 0; bits &= bits - 1) {
          const std::int64_t value =
              values[event + static_cast<std::size_t>(__builtin_ctzll(bits))];
          low = value < low ? value : low;
          high = value > high ? value : high;
        }
      },
      [&](std::size_t c) {
        lowest[c] = low;
        highest[c] = high;
        low = kMost;
        high = kLeast;
      });
}

template <class Arch>
void find_in_window(std::span<const std::uint32_t> offsets, const EventFilter& filter,
                    std::span<std::uint32_t> first, std::span<std::uint32_t> last) noexcept {
  std::uint32_t earliest = kNoEvent;
  std::uint32_t latest = kNoEvent;
  for_words<Arch>(
      offsets, filter,
      [&](std::uint64_t bits, std::size_t event) {
        const auto base = static_cast<std::uint32_t>(event);
        if (earliest == kNoEvent)
          earliest = base + static_cast<std::uint32_t>(__builtin_ctzll(bits));
        latest = base + 63 - static_cast<std::uint32_t>(__builtin_clzll(bits));
      },
      [&](std::size_t c) {
        if (!first.empty()) first[c] = earliest;
        if (!last.empty()) last[c] = latest;
        earliest = latest = kNoEvent;
      });
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
