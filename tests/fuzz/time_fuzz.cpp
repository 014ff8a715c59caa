// Any bytes as a time; with a line end in them, as a pattern and a time.
#include <cstdint>
#include <optional>
#include <string>

#include "quintile/date_time.hpp"
#include "require.hpp"

namespace quintile {
namespace {

using fuzz::require;

const TimeZone& warsaw() {
  static const TimeZone zone = [] {
    std::string error;
    return TimeZone::find("Europe/Warsaw", error).value_or(TimeZone());
  }();
  return zone;
}

void check_time(TimeReader& reader, std::string_view text) {
  std::int64_t instant_us = 0;
  if (reader.read(text, instant_us) != TimeError::kNone) {
    return;
  }
  const std::uint16_t day = warsaw().day_number(instant_us);
  require(day >= kFirstDayNumber && day <= kLastDayNumber, "an accepted time has a day", text);
  std::int64_t back = 0;
  TimeReader utc{TimeZone()};
  const std::string written = format_instant(instant_us, TimeZone());
  require(utc.read(written, back) != TimeError::kNone || back == instant_us,
          "what is written reads back", text);
}

}  // namespace
}  // namespace quintile

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using quintile::AsOf;
  using quintile::TimeFormat;
  using quintile::TimeReader;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  TimeReader iso(quintile::warsaw());
  quintile::check_time(iso, text);
  std::string error;
  const std::optional<AsOf> as_of = AsOf::parse(text, quintile::warsaw(), error);
  quintile::fuzz::require(as_of.has_value() || !error.empty(), "a failure says why", text);
  const std::size_t line_end = text.find('\n');
  if (line_end != std::string_view::npos) {
    if (const auto format = TimeFormat::compile(text.substr(0, line_end), error)) {
      TimeReader reader(quintile::warsaw(), format);
      quintile::check_time(reader, text.substr(line_end + 1));
    }
  }
  return 0;
}
