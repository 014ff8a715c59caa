#include <string>

#include <gtest/gtest.h>

#include "quintile/date_time.hpp"

namespace quintile {
namespace {

std::string parsed(std::string_view text, std::string_view zone_name) {
  std::string error;
  const TimeZone zone = TimeZone::find(zone_name, error).value_or(TimeZone());
  const std::optional<AsOf> as_of = AsOf::parse(text, zone, error);
  return as_of ? format_instant(as_of->instant_us, TimeZone()) + " " +
                     format_day_number(as_of->local_day) + " " + as_of->text
               : error;
}

TEST(AsOf, ADateIsItsLocalEnd) {
  EXPECT_EQ(parsed("2011-12-10", "UTC"), "2011-12-10T23:59:59.999999Z 2011-12-10 2011-12-10");
  EXPECT_EQ(parsed(" 2011-12-10 ", "Europe/Warsaw"),
            "2011-12-10T22:59:59.999999Z 2011-12-10 2011-12-10");
  // The day on which the clock goes forward has 23 hours, the one on which it goes back 25.
  EXPECT_EQ(parsed("2011-03-27", "Europe/Warsaw"),
            "2011-03-27T21:59:59.999999Z 2011-03-27 2011-03-27");
  EXPECT_EQ(parsed("2011-10-30", "Europe/Warsaw"),
            "2011-10-30T22:59:59.999999Z 2011-10-30 2011-10-30");
}

TEST(AsOf, ATimeIsThatInstant) {
  EXPECT_EQ(parsed("2011-12-10T00:30", "Europe/Warsaw"),
            "2011-12-09T23:30:00Z 2011-12-10 2011-12-10T00:30");
  EXPECT_EQ(parsed("2011-12-10T23:30Z", "Europe/Warsaw"),
            "2011-12-10T23:30:00Z 2011-12-11 2011-12-10T23:30Z");
}

TEST(AsOf, SaysWhatWasExpected) {
  EXPECT_EQ(
      parsed("yesterday", "UTC"),
      "expected a date such as 2011-12-10 or a time such as 2011-12-10T09:30, got 'yesterday'");
  EXPECT_EQ(parsed("2080-01-01", "UTC"),
            "expected a date from 1900-01-01 to 2079-06-04, got '2080-01-01'");
  EXPECT_NE(parsed("", "UTC").find("got ''"), std::string::npos);
}

TEST(AsOf, TheLastDayThatIsTaken) {
  EXPECT_EQ(parsed("2079-06-04", "UTC"), "2079-06-04T23:59:59.999999Z 2079-06-04 2079-06-04");
}

}  // namespace
}  // namespace quintile
