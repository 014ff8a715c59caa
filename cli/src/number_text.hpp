// Numbers as text: exact for programs, rounded and grouped for people. Every number is an integer
// with a count of decimals, so nothing here depends on floating point.
#pragma once

#include <cstdint>
#include <string>

#include <quintile/int128.hpp>

namespace quintile::cli {

// `unscaled` with `decimals` digits after the point: (12340, 2) is 123.40. Appends to `out`.
void append_number(Int128 unscaled, int decimals, std::string& out);
[[nodiscard]] std::string number_text(Int128 unscaled, int decimals);

// numerator / denominator, half to even. `denominator` must be positive.
[[nodiscard]] Int128 divide_half_even(Int128 numerator, Int128 denominator);

// sum / count with `decimals` digits after the point, where `sum` has `sum_decimals` of its own;
// half to even. `count` must be positive. (10, 0, 3, 2) is 333, which is 3.33. Exact as long as
// |sum| is below 10^19, which any sum of 64-bit amounts over a store is.
[[nodiscard]] Int128 mean_scaled(Int128 sum, int sum_decimals, std::uint64_t count, int decimals);

// Change the count of decimals; dropping digits rounds half to even.
[[nodiscard]] Int128 rescale(Int128 unscaled, int from_decimals, int to_decimals);

// For people: thousands separated by commas.
[[nodiscard]] std::string grouped(Int128 unscaled, int decimals = 0);
// part / whole as "12.3%"; "0%" of nothing, "<0.1%" for what would round to zero.
[[nodiscard]] std::string percent(Int128 part, Int128 whole);
// Money short enough for a headline: "12.3 M", "45.6 k", "123.40".
[[nodiscard]] std::string short_amount(Int128 unscaled, int decimals);
// "1 day", "3 days"; grouped.
[[nodiscard]] std::string counted(std::uint64_t count, const char* one, const char* many);

}  // namespace quintile::cli
