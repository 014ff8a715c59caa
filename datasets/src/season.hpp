// When things happen: how busy each day of the history is, and at what time of the day.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "random.hpp"

namespace quintile::datasets {

// Seconds since 1970-01-01 00:00 UTC.
using Seconds = std::int64_t;

inline constexpr Seconds kDay = 86'400;
inline constexpr Seconds kHour = 3'600;
inline constexpr Seconds kMinute = 60;

// An ordinary day of an ordinary month.
inline constexpr std::uint64_t kOrdinaryDay = 1'000'000;

// The history as a line on which busy days are longer. A process with a constant rate on this line
// has the seasons of the shop in real time. Positions are integers, so nothing is ever rounded.
class Season {
 public:
  // `growth`: the last day of the history weighs 1 + growth times the first one.
  Season(std::chrono::sys_days first_day, std::uint32_t days, double growth);

  [[nodiscard]] std::uint64_t length() const noexcept { return starts_.back(); }
  [[nodiscard]] Seconds begin() const noexcept { return begin_; }
  [[nodiscard]] Seconds end() const noexcept { return end_; }  // the first second after the history

  // The day, from 0, that holds a position below length().
  [[nodiscard]] std::uint32_t day_at(std::uint64_t position) const noexcept;
  // The position of an instant of the history.
  [[nodiscard]] std::uint64_t position_of(Seconds time) const noexcept;
  // The beginning of a day.
  [[nodiscard]] Seconds begin_of(std::uint32_t day) const noexcept {
    return begin_ + static_cast<Seconds>(day) * kDay;
  }

 private:
  Seconds begin_;
  Seconds end_;
  std::vector<std::uint64_t> starts_;  // of each day, and the end
};

// The second of the day at which people shop: evenings more than nights.
class TimeOfDay {
 public:
  TimeOfDay();
  [[nodiscard]] Seconds pick(Random& random) const noexcept {
    const Seconds hour = hours_.pick(random);
    return hour * kHour + random.below(static_cast<std::uint32_t>(kHour));
  }

 private:
  WeightedChoice hours_;
};

// 1 to 12.
[[nodiscard]] unsigned month_of(Seconds time) noexcept;

}  // namespace quintile::datasets
