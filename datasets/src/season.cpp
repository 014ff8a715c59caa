#include "season.hpp"

#include <algorithm>

namespace quintile::datasets {

namespace {

// In thousandths. A quiet summer, a loud November and December; Sundays and Mondays before
// Saturdays.
constexpr std::array<std::uint64_t, 12> kMonthWeights = {860, 800, 900, 930,  950,  930,
                                                         860, 880, 980, 1060, 1420, 1430};
constexpr std::array<std::uint64_t, 7> kWeekdayWeights = {1120, 1130, 1030, 990, 980, 930, 820};

constexpr std::array<double, 24> kHourWeights = {14, 8,  5,  3,  3,  5,  12, 24, 38, 50, 56, 58,
                                                 58, 54, 52, 52, 54, 58, 66, 76, 82, 74, 52, 28};

std::uint64_t weight_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  const std::chrono::weekday weekday{day};
  return kMonthWeights[static_cast<unsigned>(date.month()) - 1] *
         kWeekdayWeights[weekday.c_encoding()];
}

}  // namespace

Season::Season(std::chrono::sys_days first_day, std::uint32_t days, double growth)
    : begin_(static_cast<Seconds>(first_day.time_since_epoch().count()) * kDay),
      end_(begin_ + static_cast<Seconds>(days) * kDay) {
  starts_.reserve(days + 1);
  starts_.push_back(0);
  for (std::uint32_t day = 0; day < days; ++day) {
    const double trend = 1.0 + growth * day / days;
    const double weight =
        static_cast<double>(weight_of(first_day + std::chrono::days{day})) * trend;
    starts_.push_back(starts_.back() + static_cast<std::uint64_t>(weight));
  }
}

std::uint32_t Season::day_at(std::uint64_t position) const noexcept {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), position);
  return static_cast<std::uint32_t>(after - starts_.begin() - 1);
}

std::uint64_t Season::position_of(Seconds time) const noexcept {
  const auto day = static_cast<std::size_t>((time - begin_) / kDay);
  const auto second = static_cast<std::uint64_t>((time - begin_) % kDay);
  return starts_[day] +
         (starts_[day + 1] - starts_[day]) * second / static_cast<std::uint64_t>(kDay);
}

TimeOfDay::TimeOfDay() : hours_(kHourWeights) {}

unsigned month_of(Seconds time) noexcept {
  const Seconds day = time >= 0 ? time / kDay : (time - kDay + 1) / kDay;
  const std::chrono::sys_days date{std::chrono::days{static_cast<int>(day)}};
  return static_cast<unsigned>(std::chrono::year_month_day{date}.month());
}

}  // namespace quintile::datasets
