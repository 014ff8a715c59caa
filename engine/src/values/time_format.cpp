#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "quintile/date_time.hpp"
#include "text.hpp"
#include "time_text.hpp"

namespace quintile {
namespace {

constexpr std::string_view kKnownFields = "YymdejbBaAHIpMSfzsDFRT%";
constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::size_t kShortNameLetters = 3;
constexpr std::size_t kMaxPatternLetters = 256;
constexpr std::int64_t kMaxSecondsSinceEpoch = 100'000'000'000;

// The fields as read, before they are put together.
struct Parts {
  int year = 1970;
  int month = 1;
  int day = 1;
  int day_of_year = 0;
  int hour = 0;
  bool is_afternoon = false;
  int minute = 0;
  int second = 0;
  std::int64_t fraction_us = 0;
  std::optional<std::int64_t> offset_us;
  std::optional<std::int64_t> seconds_since_epoch;
};

// Reads a number of 1 to `max_digits` digits within [low, high], blanks before it passed over.
bool read_number(std::string_view text, std::size_t& position, int max_digits, int low, int high,
                 int& number) noexcept {
  while (position < text.size() && is_blank(text[position])) {
    ++position;
  }
  int digits = 0;
  number = 0;
  while (position < text.size() && is_digit(text[position]) && digits < max_digits) {
    number = number * 10 + (text[position] - '0');
    ++position;
    ++digits;
  }
  return digits > 0 && number >= low && number <= high;
}

bool read_epoch(std::string_view text, std::size_t& position, Parts& parts) noexcept {
  const bool negative = position < text.size() && text[position] == '-';
  position += negative ? 1 : 0;
  const std::size_t begin = position;
  std::int64_t seconds = 0;
  while (position < text.size() && is_digit(text[position])) {
    seconds = std::min(seconds * 10 + (text[position] - '0'), kMaxSecondsSinceEpoch);
    ++position;
  }
  parts.seconds_since_epoch = negative ? -seconds : seconds;
  return position > begin;
}

// Reads one of `names` in full or by its first letters; `index` counts from 0.
template <std::size_t kCount>
bool read_name(std::string_view text, std::size_t& position,
               const std::array<std::string_view, kCount>& names, int& index) noexcept {
  const std::string_view rest = text.substr(std::min(position, text.size()));
  for (std::size_t i = 0; i < kCount; ++i) {
    for (const std::string_view name : {names[i], names[i].substr(0, kShortNameLetters)}) {
      if (equals_ignoring_case(rest.substr(0, name.size()), name)) {
        position += name.size();
        index = static_cast<int>(i);
        return true;
      }
    }
  }
  return false;
}

bool read_half_of_day(std::string_view text, std::size_t& position, Parts& parts) noexcept {
  const std::string_view word = text.substr(std::min(position, text.size()), 2);
  parts.is_afternoon = equals_ignoring_case(word, "pm");
  position += 2;
  return parts.is_afternoon || equals_ignoring_case(word, "am");
}

bool read_short_year(std::string_view text, std::size_t& position, Parts& parts) noexcept {
  if (!read_number(text, position, 2, 0, 99, parts.year)) {
    return false;
  }
  parts.year += parts.year < 69 ? 2000 : 1900;
  return true;
}

bool read_field(char field, std::string_view text, std::size_t& position, Parts& parts) noexcept {
  int ignored = 0;
  switch (field) {
    case 'Y':
      return read_number(text, position, 4, 0, 9999, parts.year);
    case 'y':
      return read_short_year(text, position, parts);
    case 'm':
      return read_number(text, position, 2, 1, 12, parts.month);
    case 'b':
    case 'B': {
      const bool found = read_name(text, position, kMonths, parts.month);
      parts.month += found ? 1 : 0;
      return found;
    }
    case 'd':
    case 'e':
      return read_number(text, position, 2, 1, 31, parts.day);
    case 'j':
      return read_number(text, position, 3, 1, 366, parts.day_of_year);
    case 'a':
    case 'A':
      return read_name(text, position, kWeekdays, ignored);
    case 'H':
      return read_number(text, position, 2, 0, 23, parts.hour);
    case 'I':
      return read_number(text, position, 2, 1, 12, parts.hour);
    case 'p':
      return read_half_of_day(text, position, parts);
    case 'M':
      return read_number(text, position, 2, 0, 59, parts.minute);
    case 'S':
      return read_number(text, position, 2, 0, 59, parts.second);
    case 'f':
      return read_fraction(text, position, 9, parts.fraction_us);
    case 'z': {
      std::int64_t offset = 0;
      const bool found = read_offset(text, position, offset);
      parts.offset_us = offset;
      return found;
    }
    default:
      return read_epoch(text, position, parts);
  }
}

bool put_together(const Parts& parts, bool is_twelve_hours, TimeFields& fields) noexcept {
  if (parts.seconds_since_epoch) {
    fields.local_us = *parts.seconds_since_epoch * kMicrosecondsPerSecond + parts.fraction_us;
    fields.offset_us = 0;
    return true;
  }
  const bool by_day_of_year = parts.day_of_year > 0;
  std::optional<std::int32_t> days = by_day_of_year
                                         ? days_of_date(parts.year, 1, 1)
                                         : days_of_date(parts.year, parts.month, parts.day);
  if (!days) {
    return false;
  }
  if (by_day_of_year) {
    *days += parts.day_of_year - 1;
    if (*days >= days_of_date(parts.year + 1, 1, 1)) {
      return false;
    }
  }
  const int hour = is_twelve_hours ? parts.hour % 12 + (parts.is_afternoon ? 12 : 0) : parts.hour;
  const int seconds = (hour * 60 + parts.minute) * 60 + parts.second;
  fields.local_us =
      *days * kMicrosecondsPerDay + seconds * kMicrosecondsPerSecond + parts.fraction_us;
  fields.offset_us = parts.offset_us;
  return true;
}

// The pattern with its abbreviations written out.
std::string spelled_out(std::string_view pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char next = pattern[i] == '%' && i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    i += next == '\0' ? 0 : 1;
    switch (next) {
      case '\0':
        text += pattern[i];
        break;
      case 'D':
        text += "%m/%d/%y";
        break;
      case 'F':
        text += "%Y-%m-%d";
        break;
      case 'R':
        text += "%H:%M";
        break;
      case 'T':
        text += "%H:%M:%S";
        break;
      default:
        text += '%';
        text += next;
    }
  }
  return text;
}

// What a pattern lacks, empty if it is complete.
std::string_view flaw_of(std::string_view fields) {
  const auto has = [fields](std::string_view any) {
    return fields.find_first_of(any) != std::string_view::npos;
  };
  if (has("s")) {
    return {};
  }
  if (!has("Yy") || (!has("j") && !(has("mbB") && has("de")))) {
    return "it must give year, month and day (or day of the year)";
  }
  if (has("I") != has("p")) {
    return "%I and %p need each other";
  }
  return {};
}

}  // namespace

std::optional<TimeFormat> TimeFormat::compile(std::string_view pattern, std::string& error) {
  const std::string named = "date format '" + std::string(pattern.substr(0, kMaxPatternLetters));
  if (pattern.size() > kMaxPatternLetters) {
    error = named + "...' is longer than 256 bytes";
    return std::nullopt;
  }
  TimeFormat format;
  std::string fields;
  const std::string text = spelled_out(pattern);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      format.items_.push_back({'\0', is_blank(text[i]) ? ' ' : text[i]});
      continue;
    }
    ++i;
    if (i == text.size() || kKnownFields.find(text[i]) == std::string_view::npos) {
      error = named + "': unknown field '%" + text.substr(i, 1) +
              "'; known are %Y %y %m %d %e %j %b %B %a %A %H %I %p %M %S %f %z %s %D %F %R %T %%";
      return std::nullopt;
    }
    if (text[i] == '%') {
      format.items_.push_back({'\0', '%'});
    } else {
      format.items_.push_back({text[i], '\0'});
      fields += text[i];
    }
  }
  const std::string_view flaw = flaw_of(fields);
  if (!flaw.empty()) {
    error = named + "': " + std::string(flaw);
    return std::nullopt;
  }
  format.is_twelve_hours_ = fields.find('I') != std::string::npos;
  return format;
}

bool TimeFormat::match(std::string_view text, TimeFields& fields) const noexcept {
  Parts parts;
  std::size_t position = 0;
  for (const Item& item : items_) {
    if (item.field != '\0') {
      if (!read_field(item.field, text, position, parts)) {
        return false;
      }
    } else if (item.literal == ' ') {
      while (position < text.size() && is_blank(text[position])) {
        ++position;
      }
    } else if (position < text.size() && text[position] == item.literal) {
      ++position;
    } else {
      return false;
    }
  }
  return position == text.size() && put_together(parts, is_twelve_hours_, fields);
}

}  // namespace quintile
