#include "query/duration.hpp"

#include <algorithm>

namespace quintile::query {
namespace {

constexpr std::int64_t kMostDays = 65'534;
constexpr std::int64_t kMinuteUs = 60'000'000;

std::int64_t minutes_of(WindowUnit unit) {
  switch (unit) {
    case WindowUnit::kDays:
      return std::int64_t{24} * 60;
    case WindowUnit::kHours:
      return 60;
    case WindowUnit::kMinutes:
      break;
  }
  return 1;
}

}  // namespace

std::optional<Window> read_duration(std::string_view text) noexcept {
  if (text.size() < 2 || text.size() > 64) {
    return std::nullopt;
  }
  const char unit = text.back();
  const WindowUnit kind = unit == 'h'   ? WindowUnit::kHours
                          : unit == 'm' ? WindowUnit::kMinutes
                                        : WindowUnit::kDays;
  const std::int64_t factor = unit == 'w' ? 7 : 1;
  if (factor == 1 && kind == WindowUnit::kDays && unit != 'd') {
    return std::nullopt;
  }
  const std::int64_t most = kMostDays * minutes_of(WindowUnit::kDays) / minutes_of(kind) / factor;
  std::int64_t count = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    count = std::min(count * 10 + (c - '0'), most + 1);
  }
  if (count < 1 || count > most) {
    return std::nullopt;
  }
  return Window{static_cast<std::uint32_t>(count * factor), kind};
}

std::string canonical_duration(std::string_view text) {
  return std::string(text.substr(std::min(text.find_first_not_of('0'), text.size())));
}

std::int64_t duration_us(const Window& duration) noexcept {
  return std::int64_t{duration.count} * minutes_of(duration.unit) * kMinuteUs;
}

}  // namespace quintile::query
