#include <date/date.h>

#include "quintile/date_time.hpp"
#include "text.hpp"

namespace quintile {
namespace {

// `n` in at least `width` digits.
void append_padded(std::int64_t n, int width, std::string& out) {
  const std::string digits = std::to_string(n);
  for (int i = static_cast<int>(digits.size()); i < width; ++i) {
    out += '0';
  }
  out += digits;
}

void append_clock(std::int64_t seconds, bool with_seconds, std::string& out) {
  append_padded(seconds / 3600, 2, out);
  out += ':';
  append_padded(seconds / 60 % 60, 2, out);
  if (with_seconds) {
    out += ':';
    append_padded(seconds % 60, 2, out);
  }
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  return "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "...'" : "'");
}

}  // namespace

std::string format_date(std::int32_t days_since_epoch) {
  const date::year_month_day date{date::sys_days{date::days{days_since_epoch}}};
  const int year = static_cast<int>(date.year());
  std::string text;
  if (year < 0) {
    text += '-';
  }
  append_padded(year < 0 ? -year : year, 4, text);
  text += '-';
  append_padded(static_cast<unsigned>(date.month()), 2, text);
  text += '-';
  append_padded(static_cast<unsigned>(date.day()), 2, text);
  return text;
}

std::string format_day_number(std::uint16_t day_number) {
  return day_number == 0 ? std::string() : format_date(day_number - kDayNumberOfEpoch);
}

std::string format_instant(std::int64_t instant_us, const TimeZone& zone) {
  const std::int64_t local_us = zone.to_local(instant_us);
  std::int64_t days = local_us / kMicrosecondsPerDay;
  days -= local_us % kMicrosecondsPerDay < 0 ? 1 : 0;
  const std::int64_t time_us = local_us - days * kMicrosecondsPerDay;
  std::string text = format_date(static_cast<std::int32_t>(days));
  text += 'T';
  append_clock(time_us / kMicrosecondsPerSecond, true, text);
  if (time_us % kMicrosecondsPerSecond != 0) {
    text += '.';
    append_padded(time_us % kMicrosecondsPerSecond, 6, text);
  }
  if (zone.is_utc()) {
    return text + 'Z';
  }
  const std::int64_t offset_seconds = (local_us - instant_us) / kMicrosecondsPerSecond;
  const std::int64_t magnitude = offset_seconds < 0 ? -offset_seconds : offset_seconds;
  text += offset_seconds < 0 ? '-' : '+';
  append_clock(magnitude, magnitude % 60 != 0, text);
  return text;
}

std::optional<AsOf> AsOf::parse(std::string_view text, const TimeZone& zone, std::string& error) {
  const std::string_view bare = without_blanks(text);
  AsOf as_of;
  as_of.text = std::string(bare);
  TimeReader reader(zone);
  TimeError failure = reader.read(bare, as_of.instant_us);
  const std::optional<std::int32_t> date = parse_date(bare);
  if (failure == TimeError::kNone && date) {
    as_of.local_day = static_cast<std::uint16_t>(*date + kDayNumberOfEpoch);
    const std::uint16_t next_day = static_cast<std::uint16_t>(as_of.local_day + 1);
    as_of.instant_us = zone.to_instant(local_begin_of_day(next_day)) - 1;
    return as_of;
  }
  if (failure == TimeError::kNone) {
    as_of.local_day = zone.day_number(as_of.instant_us);
    return as_of;
  }
  error = failure == TimeError::kOutOfRange
              ? "expected a date from 1900-01-01 to " + format_day_number(kLastDayNumber) +
                    ", got " + quoted(bare)
              : "expected a date such as 2011-12-10 or a time such as 2011-12-10T09:30, got " +
                    quoted(bare);
  return std::nullopt;
}

}  // namespace quintile
