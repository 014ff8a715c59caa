#include <chrono>
#include <string>
#include <vector>

#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quintile/date_time.hpp"

namespace quintile {
namespace {

TimeZone zone_of(std::string_view name) {
  std::string error;
  const std::optional<TimeZone> zone = TimeZone::find(name, error);
  EXPECT_TRUE(zone.has_value()) << error;
  return zone.value_or(TimeZone());
}

// The instant of a local ISO time in a zone, as UTC text.
std::string instant(std::string_view local, const std::string& zone) {
  TimeReader reader(zone_of(zone));
  std::int64_t instant_us = 0;
  const TimeError error = reader.read(local, instant_us);
  return error == TimeError::kNone ? format_instant(instant_us, TimeZone()) : "error";
}

TEST(TimeZone, AmbiguousTimeIsTheEarlierInstant) {
  // Warsaw: 2011-10-30 03:00 CEST became 02:00 CET.
  EXPECT_EQ(instant("2011-10-30T01:59:59", "Europe/Warsaw"), "2011-10-29T23:59:59Z");
  EXPECT_EQ(instant("2011-10-30T02:00", "Europe/Warsaw"), "2011-10-30T00:00:00Z");
  EXPECT_EQ(instant("2011-10-30T02:59:59.999999", "Europe/Warsaw"), "2011-10-30T00:59:59.999999Z");
  EXPECT_EQ(instant("2011-10-30T03:00", "Europe/Warsaw"), "2011-10-30T02:00:00Z");
  // New York: 2011-11-06 02:00 EDT became 01:00 EST.
  EXPECT_EQ(instant("2011-11-06T01:30", "America/New_York"), "2011-11-06T05:30:00Z");
  EXPECT_EQ(instant("2011-11-06T02:00", "America/New_York"), "2011-11-06T07:00:00Z");
}

TEST(TimeZone, SkippedTimeUsesTheOffsetBefore) {
  // Warsaw: 2011-03-27 02:00 CET became 03:00 CEST.
  EXPECT_EQ(instant("2011-03-27T01:59:59", "Europe/Warsaw"), "2011-03-27T00:59:59Z");
  EXPECT_EQ(instant("2011-03-27T02:30", "Europe/Warsaw"), "2011-03-27T01:30:00Z");
  EXPECT_EQ(instant("2011-03-27T03:00", "Europe/Warsaw"), "2011-03-27T01:00:00Z");
  EXPECT_EQ(instant("2011-03-13T02:30", "America/New_York"), "2011-03-13T07:30:00Z");
}

TEST(TimeZone, MidnightMayBeSkipped) {
  // Sao Paulo: 2018-11-04 00:00 became 01:00; Beirut: 2022-03-27 00:00 became 01:00.
  EXPECT_EQ(instant("2018-11-04", "America/Sao_Paulo"), "2018-11-04T03:00:00Z");
  EXPECT_EQ(instant("2022-03-27", "Asia/Beirut"), "2022-03-26T22:00:00Z");
  const TimeZone sao_paulo = zone_of("America/Sao_Paulo");
  std::string error;
  // The day before ends with the last microsecond before the gap.
  const std::optional<AsOf> as_of = AsOf::parse("2018-11-03", sao_paulo, error);
  ASSERT_TRUE(as_of) << error;
  EXPECT_EQ(format_instant(as_of->instant_us, sao_paulo), "2018-11-03T23:59:59.999999-03:00");
  EXPECT_EQ(sao_paulo.day_number(as_of->instant_us), as_of->local_day);
  EXPECT_EQ(sao_paulo.day_number(as_of->instant_us + 1), as_of->local_day + 1);
}

TEST(TimeZone, ADayMayEndTwice) {
  // Sao Paulo: 2018-02-18 00:00 became 2018-02-17 23:00, so the 17th had 25 hours.
  const TimeZone zone = zone_of("America/Sao_Paulo");
  std::string error;
  const std::optional<AsOf> as_of = AsOf::parse("2018-02-17", zone, error);
  ASSERT_TRUE(as_of) << error;
  EXPECT_EQ(format_instant(as_of->instant_us, TimeZone()), "2018-02-18T02:59:59.999999Z");
  EXPECT_EQ(zone.day_number(as_of->instant_us), as_of->local_day);
  EXPECT_EQ(zone.day_number(as_of->instant_us + 1), as_of->local_day + 1);
}

TEST(TimeZone, RulesGoOnAfterTheListedYears) {
  EXPECT_EQ(instant("2038-03-28T03:00", "Europe/Warsaw"), "2038-03-28T01:00:00Z");
  EXPECT_EQ(instant("2050-07-01T12:00", "Europe/Warsaw"), "2050-07-01T10:00:00Z");
  EXPECT_EQ(instant("2050-10-30T01:59", "Europe/Warsaw"), "2050-10-29T23:59:00Z");
  EXPECT_EQ(instant("2050-10-30T03:00", "Europe/Warsaw"), "2050-10-30T02:00:00Z");
  EXPECT_EQ(instant("2079-06-01T12:00", "America/New_York"), "2079-06-01T16:00:00Z");
  EXPECT_EQ(instant("2051-01-01T12:00", "Australia/Sydney"), "2051-01-01T01:00:00Z");
  EXPECT_EQ(instant("2051-07-01T12:00", "Australia/Sydney"), "2051-07-01T02:00:00Z");
  EXPECT_EQ(instant("2050-07-01T12:00", "Asia/Kolkata"), "2050-07-01T06:30:00Z");
}

TEST(TimeZone, NamesTheNearestZone) {
  std::string error;
  EXPECT_FALSE(TimeZone::find("Europe/Warsow", error));
  EXPECT_NE(error.find("'Europe/Warsaw'"), std::string::npos) << error;
  EXPECT_FALSE(TimeZone::find("europe/warsaw", error));
  EXPECT_NE(error.find("'Europe/Warsaw'"), std::string::npos) << error;
  EXPECT_FALSE(TimeZone::find("Warsaw", error));
  EXPECT_NE(error.find("'Europe/Warsaw'"), std::string::npos) << error;
  EXPECT_FALSE(TimeZone::find("", error));
  EXPECT_FALSE(TimeZone::find("../../../etc/passwd", error));
}

TEST(TimeZone, KnowsUtc) {
  EXPECT_TRUE(TimeZone().is_utc());
  EXPECT_TRUE(zone_of("UTC").is_utc());
  EXPECT_TRUE(zone_of("Etc/UTC").is_utc());
  EXPECT_FALSE(zone_of("Europe/London").is_utc());
  EXPECT_EQ(zone_of("Europe/Warsaw").name(), "Europe/Warsaw");
}

TEST(DayNumber, CountsFromTheEndOf1899) {
  EXPECT_EQ(day_number_of_local(0), 25'568);
  EXPECT_EQ(day_number_of_local(-1), 25'567);
  EXPECT_EQ(format_day_number(1), "1900-01-01");
  EXPECT_EQ(format_day_number(kLastDayNumber), "2079-06-04");
  EXPECT_EQ(format_day_number(0), "");
  EXPECT_EQ(day_number_of_local(local_begin_of_day(1)), 1);
  EXPECT_EQ(day_number_of_local(local_begin_of_day(1) - 1), 0);
  EXPECT_EQ(day_number_of_local(local_begin_of_day(kLastDayNumber) + kMicrosecondsPerDay - 1),
            kLastDayNumber);
  EXPECT_EQ(day_number_of_local(local_begin_of_day(kLastDayNumber) + kMicrosecondsPerDay), 0);
  EXPECT_EQ(day_number_of_local(INT64_MAX), 0);
  EXPECT_EQ(day_number_of_local(INT64_MIN), 0);
}

// What the date library says about a local time, by the rule of TimeZone.
std::int64_t expected_instant(const date::time_zone& zone, std::int64_t local_us) {
  const date::local_time<std::chrono::microseconds> local{std::chrono::microseconds(local_us)};
  const date::local_info info = zone.get_info(local);
  return local_us - info.first.offset.count() * kMicrosecondsPerSecond;
}

void check_zone(const date::time_zone& expected, const std::vector<std::int64_t>& times) {
  const TimeZone zone = zone_of(expected.name());
  ZoneCursor cursor(zone);
  for (const std::int64_t time_us : times) {
    const date::sys_time<std::chrono::microseconds> instant{std::chrono::microseconds(time_us)};
    const std::int64_t local_us =
        time_us + expected.get_info(instant).offset.count() * kMicrosecondsPerSecond;
    ASSERT_EQ(zone.to_local(time_us), local_us) << expected.name() << " " << time_us;
    ASSERT_EQ(cursor.to_local(time_us), local_us) << expected.name() << " " << time_us;
    ASSERT_EQ(cursor.day_number(time_us), day_number_of_local(local_us));
    ASSERT_EQ(zone.to_instant(time_us), expected_instant(expected, time_us))
        << expected.name() << " local " << time_us;
    ASSERT_EQ(cursor.to_instant(time_us), zone.to_instant(time_us));
  }
}

// Around every change of every zone's clock, hour by hour.
TEST(TimeZone, EqualsTheLibraryAroundEveryChange) {
  using date::sys_days;
  const date::sys_seconds end = sys_days{date::year{2040} / 1 / 1};
  for (const date::time_zone& zone : date::get_tzdb().zones) {
    std::vector<std::int64_t> times;
    date::sys_seconds change = sys_days{date::year{1900} / 1 / 1};
    while (change < end) {
      for (int quarter = -100; quarter <= 100; quarter += 5) {
        const std::int64_t seconds = change.time_since_epoch().count() + quarter * 900;
        times.push_back(seconds * kMicrosecondsPerSecond);
      }
      times.push_back(change.time_since_epoch().count() * kMicrosecondsPerSecond - 1);
      change = zone.get_info(change).end;
    }
    check_zone(zone, times);
  }
}

RC_GTEST_PROP(TimeZone, EqualsTheLibraryAtAnyTime, ()) {
  const std::string name = *rc::gen::element<std::string>(
      "Europe/Warsaw", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe",
      "Asia/Kathmandu", "Pacific/Apia", "UTC");
  const auto times = *rc::gen::container<std::vector<std::int64_t>>(
      50, rc::gen::inRange<std::int64_t>(-2'000'000'000'000'000, 2'100'000'000'000'000));
  check_zone(*date::locate_zone(name), times);
}

}  // namespace
}  // namespace quintile
