// Single cells to values, whatever shape their column has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "column.hpp"
#include "quintile/date_time.hpp"
#include "quintile/decimal.hpp"
#include "reject.hpp"

namespace quintile::loader {

inline constexpr std::size_t kMaxIdBytes = 256;
inline constexpr std::size_t kMaxTextBytes = 32'768;  // what the engine takes

// The cell as text in its one spelling: text as it is, whole numbers in plain digits. `scratch`
// holds what had to be written; the view is into it or into the column. Empty for a null. Not for
// lists.
std::string_view text_of(const Column& column, std::size_t row, std::string& scratch);

// Whether text may be handed on: UTF-8 without a NUL byte, at most `max_bytes`; else the reason.
std::optional<Reason> flaw_of_text(std::string_view text, std::size_t max_bytes, Reason too_long);

// The cell as an exact number; kEmpty for a null.
DecimalError number_of(const Column& column, std::size_t row, Decimal& number);

// The cell in minor units of `decimals`, rounded half to even. kOverflow: it is a number, but too
// large.
DecimalError minor_units_of(const Column& column, std::size_t row, int decimals,
                            std::int64_t& minor_units);

// The cell as an instant. A null is malformed.
TimeError instant_of(const Column& column, std::size_t row, TimeReader& reader,
                     std::int64_t& instant_us);

// What the cell looks like in a list of rejects.
std::string shown(const Column& column, std::size_t row);

}  // namespace quintile::loader
