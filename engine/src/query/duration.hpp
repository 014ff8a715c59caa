// Durations: 7d, 2w, 12h, 30m.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "quintile/types.hpp"

namespace quintile::query {

inline constexpr std::string_view kDurationExpected =
    "a duration from 1m to 65534d, such as 7d, 2w, 12h or 30m";

// Read digits and one of w, d, h, m: at least 1, at most 65,534 days. A week is seven days.
[[nodiscard]] std::optional<Window> read_duration(std::string_view text) noexcept;

// Return it without leading zeros.
[[nodiscard]] std::string canonical_duration(std::string_view text);

// A day is 24 hours here.
[[nodiscard]] std::int64_t duration_us(const Window& duration) noexcept;

}  // namespace quintile::query
