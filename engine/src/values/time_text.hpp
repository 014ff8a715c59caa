// The parts of time text that ISO 8601 and patterns have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace quintile {

// What text says about a time, checked field by field.
struct TimeFields {
  std::int64_t local_us = 0;  // since 1970-01-01 00:00 on the clock that the text was written by
  std::optional<std::int64_t> offset_us;  // of that clock from UTC; none: the local one
};

// Days since 1970-01-01, nothing if there is no such date.
std::optional<std::int32_t> days_of_date(int year, int month, int day) noexcept;

// Reads `Z`, `UTC`, `+HH`, `+HHMM` or `+HH:MM` at `position` and moves past it.
bool read_offset(std::string_view text, std::size_t& position, std::int64_t& offset_us) noexcept;

// Reads 1 to `max_digits` digits as microseconds of a fraction; what is finer is cut off.
bool read_fraction(std::string_view text, std::size_t& position, std::size_t max_digits,
                   std::int64_t& microseconds) noexcept;

}  // namespace quintile
