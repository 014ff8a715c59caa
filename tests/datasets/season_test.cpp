#include "season.hpp"

#include <gtest/gtest.h>

namespace quintile::datasets {
namespace {

using namespace std::chrono;

Season three_years() { return {sys_days{2023y / 1 / 1}, 1096, 0.0}; }

TEST(Season, DaysFollowEachOther) {
  const Season season = three_years();
  EXPECT_EQ(season.end() - season.begin(), 1096 * kDay);
  EXPECT_EQ(season.day_at(0), 0U);
  EXPECT_EQ(season.day_at(season.length() - 1), 1095U);
  for (std::uint32_t day = 0; day < 1096; ++day) {
    const std::uint64_t position = season.position_of(season.begin_of(day));
    ASSERT_EQ(season.day_at(position), day);
    ASSERT_EQ(season.day_at(season.position_of(season.begin_of(day) + kDay - 1)), day);
  }
}

TEST(Season, NovemberIsBusierThanFebruaryAndSundayThanSaturday) {
  const Season season = three_years();
  const auto weight = [&](sys_days day) {
    const auto index = static_cast<std::uint32_t>((day - sys_days{2023y / 1 / 1}).count());
    return season.position_of(season.begin_of(index + 1)) -
           season.position_of(season.begin_of(index));
  };
  // 2023-11-05 and 2023-02-05 are Sundays.
  EXPECT_GT(weight(2023y / 11 / 5), weight(2023y / 2 / 5) * 3 / 2);
  EXPECT_GT(weight(2023y / 11 / 5), weight(2023y / 11 / 4));
}

TEST(Season, AYearOfOrdinaryDaysIsAYearLong) {
  const Season season = three_years();
  EXPECT_NEAR(static_cast<double>(season.length()) / double{kOrdinaryDay}, 1096.0, 15.0);
}

TEST(Season, GrowthMakesTheEndHeavier) {
  const Season season(sys_days{2023y / 1 / 1}, 1096, 1.0);
  const std::uint64_t middle = season.position_of(season.begin_of(548));
  EXPECT_GT(season.length() - middle, middle * 13 / 10);
}

TEST(TimeOfDay, IsADayLongAndBusiestInTheEvening) {
  const TimeOfDay time_of_day;
  Random random(1, Purpose::kOrders, 1);
  int nights = 0;
  int evenings = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Seconds time = time_of_day.pick(random);
    ASSERT_GE(time, 0);
    ASSERT_LT(time, kDay);
    nights += time < 4 * kHour ? 1 : 0;
    evenings += time >= 18 * kHour && time < 22 * kHour ? 1 : 0;
  }
  EXPECT_GT(evenings, 5 * nights);
}

}  // namespace
}  // namespace quintile::datasets
