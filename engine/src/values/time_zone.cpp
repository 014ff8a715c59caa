#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <utility>

#include <date/date.h>
#include <date/tz.h>

#include "quintile/closest_name.hpp"
#include "quintile/date_time.hpp"

namespace quintile {
namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
// Changes of the clock outside these years cannot matter to an accepted time.
constexpr int kFirstYear = 1890;
constexpr int kLastYear = 2081;
// The last year whose changes the zone data lists one by one.
constexpr int kLastWrittenYear = 2037;

constexpr std::int64_t kFirstLocal = -(kDayNumberOfEpoch - 1) * kMicrosecondsPerDay;
constexpr std::int64_t kLocalEnd =
    (std::int64_t{kLastDayNumber} + 1 - kDayNumberOfEpoch) * kMicrosecondsPerDay;

// One stretch of time with one offset from UTC.
struct Stretch {
  std::int64_t begin_us;        // instant
  std::int64_t local_begin_us;  // first local time that is read with this offset
  std::int64_t offset_us;
};

void append_stretch(date::sys_seconds instant, std::int64_t offset_us,
                    std::vector<Stretch>& stretches) {
  if (stretches.empty()) {
    stretches.push_back({kNever, kNever, offset_us});
  } else if (stretches.back().offset_us != offset_us) {
    const std::int64_t begin_us = instant.time_since_epoch().count() * kMicrosecondsPerSecond;
    // A repeated local time is the earlier instant and a skipped one has the offset before it, so
    // in both cases the old offset holds up to the later of the two readings of the clock.
    const std::int64_t later = std::max(stretches.back().offset_us, offset_us);
    stretches.push_back({begin_us, begin_us + later, offset_us});
  }
}

date::sys_days begin_of_march(date::year year) { return date::sys_days{year / 3 / 1}; }

// One change of a zone's clock.
struct Change {
  date::sys_seconds instant;
  std::int64_t offset_us;
};

// The changes of a year that starts with March.
std::vector<Change> changes_in(const date::time_zone& zone, date::year year) {
  std::vector<Change> changes;
  const date::sys_seconds end = begin_of_march(year + date::years{1});
  date::sys_seconds instant = zone.get_info(date::sys_seconds{begin_of_march(year)}).end;
  while (instant < end) {
    const date::sys_info info = zone.get_info(instant);
    changes.push_back({instant, info.offset.count() * kMicrosecondsPerSecond});
    instant = info.end;
  }
  return changes;
}

// The zone data is written out up to 2037; what follows is a rule that the date library does not
// read. Rules of zones are "the last Sunday of March" and the like: they fall on the same dates in
// years that agree on the weekday of 1 March, and eleven years in a row have all seven.
void append_by_rule(const date::time_zone& zone, std::vector<Stretch>& stretches) {
  for (date::year year{kLastWrittenYear + 1}; year < date::year{kLastYear}; ++year) {
    date::year twin{kLastWrittenYear};
    while (date::weekday{begin_of_march(twin)} != date::weekday{begin_of_march(year)}) {
      --twin;
    }
    const date::days distance = begin_of_march(year) - begin_of_march(twin);
    for (const Change& change : changes_in(zone, twin)) {
      append_stretch(change.instant + distance, change.offset_us, stretches);
    }
  }
}

std::vector<Stretch> stretches_of(const date::time_zone& zone) {
  std::vector<Stretch> stretches;
  date::sys_seconds instant = date::sys_days{date::year{kFirstYear} / 1 / 1};
  const date::sys_seconds end = date::sys_days{date::year{kLastYear} / 1 / 1};
  date::sys_seconds last_change = instant;
  while (instant < end) {
    const date::sys_info info = zone.get_info(instant);
    append_stretch(instant, info.offset.count() * kMicrosecondsPerSecond, stretches);
    last_change = instant;
    instant = info.end;
  }
  // A zone that still changed its clock in the last year goes on doing so.
  if (last_change >= begin_of_march(date::year{kLastWrittenYear}) &&
      last_change < date::sys_days{date::year{kLastWrittenYear + 1} / 1 / 1}) {
    append_by_rule(zone, stretches);
  }
  return stretches;
}

// Zone data in the slim format has its changes from 2007 on as rules only. The clocks of New York
// in the summer of 2020 are history, so they tell.
bool is_written_out(const date::tzdb& zones) {
  constexpr std::chrono::hours kSummerTime{-4};
  const date::sys_seconds summer = date::sys_days{date::year{2020} / 7 / 1};
  return std::none_of(zones.zones.begin(), zones.zones.end(), [&](const date::time_zone& zone) {
    return zone.name() == "America/New_York" && zone.get_info(summer).offset != kSummerTime;
  });
}

std::string_view city_of(std::string_view zone) {
  const std::size_t slash = zone.rfind('/');
  return slash == std::string_view::npos ? zone : zone.substr(slash + 1);
}

// The known zone meant by `name`: a slip in the whole name, or the city alone.
std::string closest_zone(std::string_view name, const date::tzdb& zones) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> cities;
  for (const date::time_zone& zone : zones.zones) {
    names.emplace_back(zone.name());
    cities.push_back(city_of(names.back()));
  }
  const std::string_view closest = closest_name(name, names);
  if (!closest.empty()) {
    return std::string(closest);
  }
  const std::string_view city = closest_name(name, cities);
  const auto found = std::find(cities.begin(), cities.end(), city);
  return city.empty() ? std::string()
                      : std::string(names[static_cast<std::size_t>(found - cities.begin())]);
}

}  // namespace

struct TimeZone::Table {
  std::string name;
  std::vector<Stretch> stretches;

  const Stretch& at_instant(std::int64_t instant_us) const {
    const auto next = std::upper_bound(
        stretches.begin() + 1, stretches.end(), instant_us,
        [](std::int64_t wanted, const Stretch& stretch) { return wanted < stretch.begin_us; });
    return *(next - 1);
  }
  const Stretch& at_local(std::int64_t local_us) const {
    const auto next = std::upper_bound(stretches.begin() + 1, stretches.end(), local_us,
                                       [](std::int64_t wanted, const Stretch& stretch) {
                                         return wanted < stretch.local_begin_us;
                                       });
    return *(next - 1);
  }
};

TimeZone::TimeZone() {
  static const std::shared_ptr<const Table> utc =
      std::make_shared<const Table>(Table{"UTC", {{kNever, kNever, 0}}});
  table_ = utc;
}

TimeZone::TimeZone(std::shared_ptr<const Table> table) noexcept : table_(std::move(table)) {}

std::optional<TimeZone> TimeZone::find(std::string_view name, std::string& error) {
  if (name == "UTC") {
    return TimeZone();
  }
  const date::tzdb* zones = nullptr;
  try {
    zones = &date::get_tzdb();
    const date::time_zone* const zone = date::locate_zone(name);
    if (!is_written_out(*zones)) {
      error =
          "the time zone data of this machine is in the slim format, which cannot be read;"
          " expected that of zic -b fat";
      return std::nullopt;
    }
    return TimeZone(std::make_shared<const Table>(Table{std::string(name), stretches_of(*zone)}));
  } catch (const std::exception&) {
    // The library tells an unknown name and missing data apart by text only; the list does it
    // better.
  }
  if (zones == nullptr || zones->zones.empty()) {
    error =
        "no time zone data on this machine (package tzdata); wanted '" + std::string(name) + "'";
    return std::nullopt;
  }
  error = "unknown time zone '" + std::string(name) + "'";
  const std::string closest = closest_zone(name, *zones);
  error += closest.empty() ? "; expected an IANA name such as Europe/Warsaw"
                           : "; did you mean '" + closest + "'?";
  return std::nullopt;
}

const std::string& TimeZone::name() const noexcept { return table_->name; }

bool TimeZone::is_utc() const noexcept {
  return table_->stretches.size() == 1 && table_->stretches[0].offset_us == 0;
}

std::int64_t TimeZone::to_local(std::int64_t instant_us) const noexcept {
  return instant_us + table_->at_instant(instant_us).offset_us;
}

std::int64_t TimeZone::to_instant(std::int64_t local_us) const noexcept {
  return local_us - table_->at_local(local_us).offset_us;
}

std::uint16_t TimeZone::day_number(std::int64_t instant_us) const noexcept {
  return day_number_of_local(to_local(instant_us));
}

ZoneCursor::ZoneCursor(TimeZone zone) noexcept : zone_(std::move(zone)) {}

std::uint16_t ZoneCursor::day_number(std::int64_t instant_us) noexcept {
  return day_number_of_local(to_local(instant_us));
}

void ZoneCursor::seek_instant(std::int64_t instant_us) noexcept {
  const Stretch& found = zone_.table_->at_instant(instant_us);
  const bool is_last = &found == &zone_.table_->stretches.back();
  instant_begin_ = found.begin_us;
  instant_end_ = is_last ? kEver : (&found + 1)->begin_us;
  instant_offset_ = found.offset_us;
}

void ZoneCursor::seek_local(std::int64_t local_us) noexcept {
  const Stretch& found = zone_.table_->at_local(local_us);
  const bool is_last = &found == &zone_.table_->stretches.back();
  local_begin_ = found.local_begin_us;
  local_end_ = is_last ? kEver : (&found + 1)->local_begin_us;
  local_offset_ = found.offset_us;
}

std::uint16_t day_number_of_local(std::int64_t local_us) noexcept {
  if (local_us < kFirstLocal || local_us >= kLocalEnd) {
    return 0;
  }
  const std::int64_t since_day_zero = local_us - kFirstLocal + kMicrosecondsPerDay;
  return static_cast<std::uint16_t>(since_day_zero / kMicrosecondsPerDay);
}

std::int64_t local_begin_of_day(std::uint16_t day_number) noexcept {
  return (std::int64_t{day_number} - kDayNumberOfEpoch) * kMicrosecondsPerDay;
}

}  // namespace quintile
