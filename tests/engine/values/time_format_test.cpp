#include <string>

#include <gtest/gtest.h>

#include "quintile/date_time.hpp"

namespace quintile {
namespace {

std::string read(std::string_view pattern, std::string_view text) {
  std::string error;
  const std::optional<TimeFormat> format = TimeFormat::compile(pattern, error);
  if (!format) {
    return error;
  }
  TimeReader reader(TimeZone(), format);
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

TEST(TimeFormat, ReadsTheFields) {
  EXPECT_EQ(read("%m/%d/%Y %H:%M", "12/1/2010 8:26"), "2010-12-01T08:26:00Z");
  EXPECT_EQ(read("%d.%m.%y", "31.12.68"), "2068-12-31T00:00:00Z");
  EXPECT_EQ(read("%d.%m.%y", "31.12.69"), "1969-12-31T00:00:00Z");
  EXPECT_EQ(read("%Y%m%d%H%M%S", "20111210093015"), "2011-12-10T09:30:15Z");
  EXPECT_EQ(read("%d %b %Y, %I:%M %p", "5 Mar 2011, 12:05 am"), "2011-03-05T00:05:00Z");
  EXPECT_EQ(read("%d %B %Y %I %p", "5 MARCH 2011 12 PM"), "2011-03-05T12:00:00Z");
  EXPECT_EQ(read("%a %e %b %Y", "Sat  5 mar 2011"), "2011-03-05T00:00:00Z");
  EXPECT_EQ(read("%Y-%j", "2012-366"), "2012-12-31T00:00:00Z");
  EXPECT_EQ(read("%FT%T.%f%z", "2011-12-10T09:30:15.123456+01:00"), "2011-12-10T08:30:15.123456Z");
  EXPECT_EQ(read("%D %R", "12/10/11 09:30"), "2011-12-10T09:30:00Z");
  EXPECT_EQ(read("%s", "1323509415"), "2011-12-10T09:30:15Z");
  EXPECT_EQ(read("%s.%f", "1323509415.5"), "2011-12-10T09:30:15.500000Z");
  EXPECT_EQ(read("%Y-%m-%d%%", "2011-12-10%"), "2011-12-10T00:00:00Z");
}

TEST(TimeFormat, RefusesTextThatDoesNotFit) {
  EXPECT_EQ(read("%Y-%m-%d", "2011-12-10 "), "2011-12-10T00:00:00Z");
  EXPECT_EQ(read("%Y-%m-%d", "2011-12-10T00:00"), "malformed");
  EXPECT_EQ(read("%Y-%m-%d", "2011-12"), "malformed");
  EXPECT_EQ(read("%Y-%m-%d", ""), "malformed");
  EXPECT_EQ(read("%m/%d/%Y", "13/01/2011"), "malformed");
  EXPECT_EQ(read("%m/%d/%Y", "02/29/2011"), "malformed");
  EXPECT_EQ(read("%Y-%j", "2011-366"), "malformed");
  EXPECT_EQ(read("%Y %b %d", "2011 Foo 01"), "malformed");
  EXPECT_EQ(read("%Y-%m-%d %I %p", "2011-12-10 13 PM"), "malformed");
  EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", "2011-12-10 10:11:60"), "malformed");
  EXPECT_EQ(read("%s", "99999999999999999999"), "out of range");
  EXPECT_EQ(read("%m/%d/%Y", "01/01/0001"), "out of range");
}

TEST(TimeFormat, SaysWhatIsWrongWithAPattern) {
  EXPECT_NE(read("%Q", "").find("unknown field '%Q'"), std::string::npos);
  EXPECT_NE(read("%Y-%m-%", "").find("unknown field '%'"), std::string::npos);
  EXPECT_NE(read("%H:%M", "").find("must give year, month and day"), std::string::npos);
  EXPECT_NE(read("%Y-%m", "").find("must give year, month and day"), std::string::npos);
  EXPECT_NE(read("", "").find("must give year, month and day"), std::string::npos);
  EXPECT_NE(read("%Y-%m-%d %I", "").find("need each other"), std::string::npos);
  EXPECT_NE(read("%Y-%m-%d %H %p", "").find("need each other"), std::string::npos);
  EXPECT_NE(read(std::string(300, 'x'), "").find("longer than 256"), std::string::npos);
}

}  // namespace
}  // namespace quintile
