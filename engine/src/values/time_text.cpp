#include "time_text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include <date/date.h>

#include "quintile/date_time.hpp"
#include "text.hpp"

namespace quintile {
namespace {

constexpr std::int64_t kMicrosecondsPerMinute = 60 * kMicrosecondsPerSecond;
constexpr std::int64_t kMicrosecondsPerHour = 60 * kMicrosecondsPerMinute;
constexpr std::size_t kDateLetters = 10;
// No offset of a clock is as large, so an instant further out has no accepted local date.
constexpr std::int64_t kLargestOffset = 2 * kMicrosecondsPerDay;
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

constexpr int two_digits(const char* text) noexcept {
  return (text[0] - '0') * 10 + (text[1] - '0');
}

bool has_two_digits(std::string_view text, std::size_t position) noexcept {
  return position + 2 <= text.size() && is_digit(text[position]) && is_digit(text[position + 1]);
}

// The number yyyymmdd of `YYYY-MM-DD` at the start of `text`, 0 if it does not begin like that.
unsigned date_digits(std::string_view text) noexcept {
  if (text.size() < kDateLetters || text[4] != '-' || text[7] != '-' || !has_two_digits(text, 0) ||
      !has_two_digits(text, 2) || !has_two_digits(text, 5) || !has_two_digits(text, 8)) {
    return 0;
  }
  const int year = two_digits(text.data()) * 100 + two_digits(text.data() + 2);
  const int month_and_day = two_digits(text.data() + 5) * 100 + two_digits(text.data() + 8);
  return static_cast<unsigned>(year * 10'000 + month_and_day);
}

std::optional<std::int32_t> days_of_digits(unsigned digits) noexcept {
  return days_of_date(static_cast<int>(digits / 10'000), static_cast<int>(digits / 100 % 100),
                      static_cast<int>(digits % 100));
}

struct Clock {
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool has_seconds = false;
};

// Reads `HH:MM:SS`, its eight letters at once.
bool read_whole_clock(std::string_view text, Clock& clock) noexcept {
  constexpr std::string_view kZero = "00:00:00";
  std::array<std::uint8_t, kZero.size()> letters{};
  if (text.size() < letters.size()) {
    return false;
  }
  unsigned wrong = 0;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    letters[i] = static_cast<std::uint8_t>(text[i] - kZero[i]);
    wrong |= letters[i] > (kZero[i] == ':' ? 0 : 9) ? 1U : 0U;
  }
  clock = {letters[0] * 10 + letters[1], letters[3] * 10 + letters[4], letters[6] * 10 + letters[7],
           true};
  return wrong == 0;
}

// Reads `HH:MM[:SS]`; `position` is where it ends.
bool read_clock(std::string_view text, Clock& clock, std::size_t& position) noexcept {
  if (read_whole_clock(text, clock)) {
    position = 8;
    return true;
  }
  if (!has_two_digits(text, 0) || !has_two_digits(text, 3) || text[2] != ':') {
    return false;
  }
  clock = {two_digits(text.data()), two_digits(text.data() + 3), 0, false};
  position = 5;
  return position >= text.size() || text[position] != ':';
}

// Reads `HH:MM[:SS[.fraction]][offset]`, all of `text`.
bool read_time_of_day(std::string_view text, std::int64_t& time_us,
                      std::optional<std::int64_t>& offset_us) noexcept {
  Clock clock;
  std::size_t position = 0;
  if (!read_clock(text, clock, position)) {
    return false;
  }
  std::int64_t fraction_us = 0;
  if (clock.has_seconds) {
    if (position < text.size() && (text[position] == '.' || text[position] == ',')) {
      ++position;
      if (!read_fraction(text, position, kNoLimit, fraction_us)) {
        return false;
      }
    }
  }
  time_us = clock.hour * kMicrosecondsPerHour + clock.minute * kMicrosecondsPerMinute +
            clock.second * kMicrosecondsPerSecond + fraction_us;
  if (clock.minute > 59 || clock.second > 59 || time_us > kMicrosecondsPerDay) {
    return false;
  }
  while (position < text.size() && is_blank(text[position])) {
    ++position;
  }
  if (position == text.size()) {
    return true;
  }
  std::int64_t offset = 0;
  if (!read_offset(text, position, offset) || position != text.size()) {
    return false;
  }
  offset_us = offset;
  return true;
}

}  // namespace

std::optional<std::int32_t> days_of_date(int year, int month, int day) noexcept {
  const date::year_month_day date{date::year{year}, date::month{static_cast<unsigned>(month)},
                                  date::day{static_cast<unsigned>(day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(date::sys_days{date}.time_since_epoch().count());
}

bool read_offset(std::string_view text, std::size_t& position, std::int64_t& offset_us) noexcept {
  const std::string_view rest = text.substr(std::min(position, text.size()));
  if (rest.empty()) {
    return false;
  }
  offset_us = 0;
  if (equals_ignoring_case(rest.substr(0, 3), "UTC")) {
    position += 3;
    return true;
  }
  if (lower(rest[0]) == 'z') {
    ++position;
    return true;
  }
  if ((rest[0] != '+' && rest[0] != '-') || !has_two_digits(rest, 1)) {
    return false;
  }
  const int hours = two_digits(rest.data() + 1);
  int minutes = 0;
  std::size_t used = 3;
  const std::size_t minutes_at = used + (rest.size() > used && rest[used] == ':' ? 1 : 0);
  if (has_two_digits(rest, minutes_at)) {
    minutes = two_digits(rest.data() + minutes_at);
    used = minutes_at + 2;
  }
  if (hours > 23 || minutes > 59) {
    return false;
  }
  offset_us = hours * kMicrosecondsPerHour + minutes * kMicrosecondsPerMinute;
  offset_us = rest[0] == '-' ? -offset_us : offset_us;
  position += used;
  return true;
}

bool read_fraction(std::string_view text, std::size_t& position, std::size_t max_digits,
                   std::int64_t& microseconds) noexcept {
  std::size_t digits = 0;
  microseconds = 0;
  std::int64_t unit = kMicrosecondsPerSecond / 10;
  while (position < text.size() && is_digit(text[position]) && digits < max_digits) {
    microseconds += unit * (text[position] - '0');
    unit /= 10;
    ++position;
    ++digits;
  }
  return digits > 0;
}

TimeReader::TimeReader(TimeZone zone, std::optional<TimeFormat> format)
    : cursor_(std::move(zone)), format_(std::move(format)) {}

TimeError TimeReader::read(std::string_view text, std::int64_t& instant_us) {
  text = without_blanks(text);
  TimeFields fields;
  if (format_) {
    if (!format_->match(text, fields)) {
      return TimeError::kMalformed;
    }
  } else {
    if (!read_date(text)) {
      return TimeError::kMalformed;
    }
    fields.local_us = last_date_us_;
    if (text.size() > kDateLetters) {
      const char parting = text[kDateLetters];
      std::int64_t time_us = 0;
      if ((parting != 'T' && parting != 't' && parting != ' ') ||
          !read_time_of_day(text.substr(kDateLetters + 1), time_us, fields.offset_us)) {
        return TimeError::kMalformed;
      }
      fields.local_us += time_us;
    }
  }
  return fields.offset_us ? from_instant(fields.local_us - *fields.offset_us, instant_us)
                          : from_local(fields.local_us, instant_us);
}

// Sets the last date to the one at the start of `text`.
bool TimeReader::read_date(std::string_view text) noexcept {
  if (text.size() >= kDateLetters &&
      std::memcmp(text.data(), last_date_.data(), kDateLetters) == 0) {
    return true;
  }
  const unsigned digits = date_digits(text);
  const std::optional<std::int32_t> days = digits == 0 ? std::nullopt : days_of_digits(digits);
  if (!days) {
    return false;
  }
  std::memcpy(last_date_.data(), text.data(), kDateLetters);
  last_date_us_ = *days * kMicrosecondsPerDay;
  return true;
}

TimeError TimeReader::from_local(std::int64_t local_us, std::int64_t& instant_us) noexcept {
  if (day_number_of_local(local_us) == 0) {
    return TimeError::kOutOfRange;
  }
  instant_us = cursor_.to_instant(local_us);
  return TimeError::kNone;
}

TimeError TimeReader::from_instant(std::int64_t given_us, std::int64_t& instant_us) noexcept {
  if (given_us < local_begin_of_day(kFirstDayNumber) - kLargestOffset ||
      given_us > local_begin_of_day(kLastDayNumber) + kLargestOffset ||
      cursor_.day_number(given_us) == 0) {
    return TimeError::kOutOfRange;
  }
  instant_us = given_us;
  return TimeError::kNone;
}

std::optional<std::int32_t> parse_date(std::string_view text) noexcept {
  text = without_blanks(text);
  const unsigned digits = date_digits(text);
  if (digits == 0 || text.size() != kDateLetters) {
    return std::nullopt;
  }
  return days_of_digits(digits);
}

}  // namespace quintile
