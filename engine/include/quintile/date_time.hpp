// Time: text to instants and local days, and back, by the rules of the time zone data.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/export.hpp"

namespace quintile {

inline constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosecondsPerDay = 86'400 * kMicrosecondsPerSecond;

/// Day numbers count from 1899-12-31, so 1970-01-01 has this one.
inline constexpr int kDayNumberOfEpoch = 25'568;
/// The first and last local date that is taken: 1900-01-01 and 2079-06-04.
inline constexpr std::uint16_t kFirstDayNumber = 1;
inline constexpr std::uint16_t kLastDayNumber = 65'534;

/// Why a time was not taken. kNone is success.
enum class TimeError : std::uint8_t {
  kNone = 0,
  kMalformed,  ///< not a time as asked for, or no such date
  kOutOfRange  ///< a time whose local date is before 1900-01-01 or after 2079-06-04
};

/// A time zone: an immutable table of offsets, cheap to copy, safe to read from any thread.
///
/// Local time to UTC: a local time that occurs twice is the earlier instant; one that was skipped
/// is read with the offset that held before the gap.
class QUINTILE_API TimeZone {
 public:
  /// The zone UTC.
  TimeZone();

  /// Finds a zone by its IANA name, such as `Europe/Warsaw`; `UTC` always exists. On failure
  /// returns nothing and sets `error` to a message that has the nearest known name.
  ///
  ///     std::string error;
  ///     std::optional<TimeZone> zone = TimeZone::find("Europe/Warsaw", error);
  [[nodiscard]] static std::optional<TimeZone> find(std::string_view name, std::string& error);

  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] bool is_utc() const noexcept;

  /// Microseconds since 1970-01-01 00:00 on the local clock at `instant_us` (microseconds UTC).
  [[nodiscard]] std::int64_t to_local(std::int64_t instant_us) const noexcept;
  /// The instant of a local time, by the rule above.
  [[nodiscard]] std::int64_t to_instant(std::int64_t local_us) const noexcept;
  /// The day number of the local date at `instant_us`; 0 if it is outside the accepted dates.
  [[nodiscard]] std::uint16_t day_number(std::int64_t instant_us) const noexcept;

 private:
  friend class ZoneCursor;
  struct Table;
  explicit TimeZone(std::shared_ptr<const Table> table) noexcept;
  std::shared_ptr<const Table> table_;
};

/// The conversions of a TimeZone with the last used offset kept, for loops over many times: about a
/// nanosecond each while times stay between two changes of the clock. One per thread.
class QUINTILE_API ZoneCursor {
 public:
  explicit ZoneCursor(TimeZone zone) noexcept;

  [[nodiscard]] std::int64_t to_local(std::int64_t instant_us) noexcept {
    if (instant_us < instant_begin_ || instant_us >= instant_end_) {
      seek_instant(instant_us);
    }
    return instant_us + instant_offset_;
  }
  [[nodiscard]] std::int64_t to_instant(std::int64_t local_us) noexcept {
    if (local_us < local_begin_ || local_us >= local_end_) {
      seek_local(local_us);
    }
    return local_us - local_offset_;
  }
  [[nodiscard]] std::uint16_t day_number(std::int64_t instant_us) noexcept;

 private:
  void seek_instant(std::int64_t instant_us) noexcept;
  void seek_local(std::int64_t local_us) noexcept;

  TimeZone zone_;
  std::int64_t instant_begin_ = 0;  // [begin, end) in which the offset holds; empty at first
  std::int64_t instant_end_ = 0;
  std::int64_t instant_offset_ = 0;
  std::int64_t local_begin_ = 0;
  std::int64_t local_end_ = 0;
  std::int64_t local_offset_ = 0;
};

/// Returns the day number of a local time (floor to the day), 0 outside the accepted dates.
[[nodiscard]] QUINTILE_API std::uint16_t day_number_of_local(std::int64_t local_us) noexcept;
/// Returns the local time at which the day with this number begins.
[[nodiscard]] QUINTILE_API std::int64_t local_begin_of_day(std::uint16_t day_number) noexcept;

struct TimeFields;

/// A pattern for times that are not ISO 8601, with the fields of strptime: %Y %y %m %d %e %j %b %B
/// %a %A %H %I %p %M %S %f (1 to 9 digits of a fraction) %z %s (seconds since 1970, UTC) %D %F %R
/// %T %%. Numbers may lack leading zeros; a blank stands for any number of blanks; names are
/// English, in any case, in full or by their first three letters; %y is 1969 to 2068.
class QUINTILE_API TimeFormat {
 public:
  /// Checks `pattern`. On failure returns nothing and sets `error`: an unknown field, or none that
  /// gives the date.
  [[nodiscard]] static std::optional<TimeFormat> compile(std::string_view pattern,
                                                         std::string& error);

 private:
  friend class TimeReader;
  struct Item {
    char field;    // the letter after %, or 0 for `literal`
    char literal;  // a blank stands for any number of blanks
  };
  bool match(std::string_view text, TimeFields& fields) const noexcept;

  std::vector<Item> items_;
  bool is_twelve_hours_ = false;
};

/// Reads times: ISO 8601, or a pattern. Keeps the last local date and the last offset, so that runs
/// of near times cost little. One per thread.
///
/// ISO 8601 here: `YYYY-MM-DD`, or that, one of `T`, `t`, blank, and `HH:MM[:SS[.fraction]]` with
/// an optional zone `Z`, `UTC`, `+HH`, `+HHMM`, `+HH:MM`; blanks around it are passed over. A date
/// is its midnight; `24:00` is that of the next day; what is finer than a microsecond is cut off.
class QUINTILE_API TimeReader {
 public:
  explicit TimeReader(TimeZone zone, std::optional<TimeFormat> format = std::nullopt);

  /// Sets `instant_us` (microseconds UTC) on success only. Text without an offset is local.
  ///
  ///     TimeReader reader(*TimeZone::find("Europe/Warsaw", error));
  ///     reader.read("2011-12-10 09:30", instant_us);  // 2011-12-10 08:30 UTC
  [[nodiscard]] TimeError read(std::string_view text, std::int64_t& instant_us);

  /// The same for a local time given as microseconds since 1970-01-01 00:00 on the local clock.
  [[nodiscard]] TimeError from_local(std::int64_t local_us, std::int64_t& instant_us) noexcept;
  /// The same for an instant: it is only checked to be in the accepted range of local dates.
  [[nodiscard]] TimeError from_instant(std::int64_t given_us, std::int64_t& instant_us) noexcept;

 private:
  bool read_date(std::string_view text) noexcept;

  ZoneCursor cursor_;
  std::optional<TimeFormat> format_;
  // The last ISO date read, as it was written, and its midnight.
  std::array<char, 10> last_date_ = {'1', '9', '7', '0', '-', '0', '1', '-', '0', '1'};
  std::int64_t last_date_us_ = 0;
};

/// Reads a date `YYYY-MM-DD` with nothing beside it but blanks; days since 1970-01-01.
[[nodiscard]] QUINTILE_API std::optional<std::int32_t> parse_date(std::string_view text) noexcept;

/// Writes days since 1970-01-01 as `YYYY-MM-DD`.
[[nodiscard]] QUINTILE_API std::string format_date(std::int32_t days_since_epoch);
/// Writes a day number as `YYYY-MM-DD`, 0 as empty text.
[[nodiscard]] QUINTILE_API std::string format_day_number(std::uint16_t day_number);
/// Writes an instant as `YYYY-MM-DDTHH:MM:SS[.ffffff]` and the zone's offset, `Z` for UTC.
[[nodiscard]] QUINTILE_API std::string format_instant(std::int64_t instant_us,
                                                      const TimeZone& zone);

/// The instant for which relative windows are evaluated.
struct QUINTILE_API AsOf {
  std::int64_t instant_us = 0;  ///< the last instant that is seen, microseconds UTC
  std::uint16_t local_day = 0;  ///< day number of its date in the zone it was read with
  std::string text;             ///< as it was given, blanks around it removed

  /// Reads a date (the last microsecond of that local day) or a time (that instant; local unless it
  /// has an offset). On failure returns nothing and sets `error`.
  ///
  ///     AsOf::parse("2011-12-10", TimeZone(), error)->instant_us;  // 2011-12-10T23:59:59.999999Z
  [[nodiscard]] static std::optional<AsOf> parse(std::string_view text, const TimeZone& zone,
                                                 std::string& error);
};

}  // namespace quintile
