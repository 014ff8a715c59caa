#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quintile/date_time.hpp"

namespace quintile {
namespace {

std::string read(std::string_view text) {
  TimeReader reader{TimeZone()};
  std::int64_t instant_us = 0;
  switch (reader.read(text, instant_us)) {
    case TimeError::kNone:
      return format_instant(instant_us, TimeZone());
    case TimeError::kMalformed:
      return "malformed";
    case TimeError::kOutOfRange:
      return "out of range";
  }
  return "?";
}

TEST(TimeReader, ReadsIso8601) {
  EXPECT_EQ(read("2011-12-10"), "2011-12-10T00:00:00Z");
  EXPECT_EQ(read("2011-12-10T09:30"), "2011-12-10T09:30:00Z");
  EXPECT_EQ(read("2011-12-10 09:30:15"), "2011-12-10T09:30:15Z");
  EXPECT_EQ(read("2011-12-10t09:30:15.5"), "2011-12-10T09:30:15.500000Z");
  EXPECT_EQ(read("2011-12-10T09:30:15,123456789"), "2011-12-10T09:30:15.123456Z");
  EXPECT_EQ(read(" 2011-12-10 \t"), "2011-12-10T00:00:00Z");
  EXPECT_EQ(read("2011-12-10T24:00"), "2011-12-11T00:00:00Z");
  EXPECT_EQ(read("2012-02-29"), "2012-02-29T00:00:00Z");
}

TEST(TimeReader, ReadsOffsets) {
  EXPECT_EQ(read("2011-12-10T09:30:15Z"), "2011-12-10T09:30:15Z");
  EXPECT_EQ(read("2011-12-10T09:30z"), "2011-12-10T09:30:00Z");
  EXPECT_EQ(read("2011-12-10 09:30:15 UTC"), "2011-12-10T09:30:15Z");
  EXPECT_EQ(read("2011-12-10T09:30:15+01"), "2011-12-10T08:30:15Z");
  EXPECT_EQ(read("2011-12-10T09:30:15+0130"), "2011-12-10T08:00:15Z");
  EXPECT_EQ(read("2011-12-10T09:30:15.25-05:30"), "2011-12-10T15:00:15.250000Z");
}

TEST(TimeReader, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           " ",
                           "2011",
                           "2011-12",
                           "20111210",
                           "2011-1-1",
                           "2011-13-01",
                           "2011-02-29",
                           "2011-00-10",
                           "2011-12-32",
                           "2011-12-10T",
                           "2011-12-10T9:30",
                           "2011-12-10T25:00",
                           "2011-12-10T09:60",
                           "2011-12-10T09:30:60",
                           "2011-12-10T24:01",
                           "2011-12-10T09:30:15.",
                           "2011-12-10T09",
                           "2011-12-10x",
                           "2011-12-10T09:30+",
                           "2011-12-10T09:30+1",
                           "2011-12-10T09:30+24",
                           "2011-12-10T09:30+01:60",
                           "2011-12-10T09:30Zx",
                           "10/12/2011",
                           "-011-12-10",
                           "2011/12/10",
                           "today",
                           "2011-12-10T09:30:15+01:00:00"}) {
    EXPECT_EQ(read(text), "malformed") << text;
  }
  EXPECT_EQ(read(std::string_view("2011-12-10\0", 11)), "malformed");
}

TEST(TimeReader, HoldsTheStatedRange) {
  EXPECT_EQ(read("1899-12-31"), "out of range");
  EXPECT_EQ(read("1900-01-01"), "1900-01-01T00:00:00Z");
  EXPECT_EQ(read("2079-06-04T23:59:59"), "2079-06-04T23:59:59Z");
  EXPECT_EQ(read("2079-06-04T24:00"), "out of range");
  EXPECT_EQ(read("2079-06-05"), "out of range");
  EXPECT_EQ(read("0001-01-01"), "out of range");
  EXPECT_EQ(read("9999-12-31T23:59:59Z"), "out of range");
  EXPECT_EQ(read("1899-12-31T23:30-01:00"), "1900-01-01T00:30:00Z");
}

TEST(TimeReader, ARememberedDateIsNotMistakenForAnother) {
  TimeReader reader{TimeZone()};
  std::int64_t instant_us = 0;
  ASSERT_EQ(reader.read("2011-12-10", instant_us), TimeError::kNone);
  const std::int64_t first = instant_us;
  ASSERT_EQ(reader.read("2011-12-11", instant_us), TimeError::kNone);
  EXPECT_EQ(instant_us, first + kMicrosecondsPerDay);
  EXPECT_EQ(reader.read("2011-02-30", instant_us), TimeError::kMalformed);
  EXPECT_EQ(instant_us, first + kMicrosecondsPerDay);
  ASSERT_EQ(reader.read("2011-12-10T00:00:01", instant_us), TimeError::kNone);
  EXPECT_EQ(instant_us, first + kMicrosecondsPerSecond);
}

TEST(TimeReader, ChecksInstantsAndLocalTimes) {
  TimeReader reader{TimeZone()};
  std::int64_t instant_us = 7;
  EXPECT_EQ(reader.from_instant(INT64_MAX, instant_us), TimeError::kOutOfRange);
  EXPECT_EQ(reader.from_instant(INT64_MIN, instant_us), TimeError::kOutOfRange);
  EXPECT_EQ(reader.from_local(INT64_MAX, instant_us), TimeError::kOutOfRange);
  EXPECT_EQ(instant_us, 7);
  EXPECT_EQ(reader.from_instant(-1, instant_us), TimeError::kNone);
  EXPECT_EQ(instant_us, -1);
}

RC_GTEST_PROP(TimeReader, ReadsBackWhatIsWritten, ()) {
  const std::int64_t instant_us =
      *rc::gen::inRange<std::int64_t>(-1'577'000'000'000'000, 3'452'000'000'000'000);  // from 1920
  std::string error;
  const std::string name = *rc::gen::element<std::string>("UTC", "Europe/Warsaw", "Asia/Kathmandu");
  const TimeZone zone = TimeZone::find(name, error).value_or(TimeZone());
  const std::string text = format_instant(instant_us, zone);
  RC_PRE(text.size() < 34 && text.substr(0, 4) > "1919");  // offsets with seconds have no ISO form
  TimeReader reader(zone);
  std::int64_t back = 0;
  RC_ASSERT(reader.read(text, back) == TimeError::kNone);
  RC_ASSERT(back == instant_us);
}

TEST(ParseDate, TakesADateAndNothingElse) {
  EXPECT_EQ(parse_date("1970-01-02"), 1);
  EXPECT_EQ(parse_date(" 1969-12-31 "), -1);
  EXPECT_EQ(parse_date("1970-01-02T00:00"), std::nullopt);
  EXPECT_EQ(parse_date("1970-02-30"), std::nullopt);
  EXPECT_EQ(format_date(-719'528), "0000-01-01");
  EXPECT_EQ(format_date(0), "1970-01-01");
}

}  // namespace
}  // namespace quintile
