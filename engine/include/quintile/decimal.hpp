// Decimal numbers, exactly: from text or floats to minor units of a currency and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "quintile/export.hpp"
#include "quintile/int128.hpp"

namespace quintile {

/// Why a number was not taken. kNone is success.
enum class DecimalError : std::uint8_t {
  kNone = 0,
  kEmpty,          ///< no character but blanks
  kNotANumber,     ///< not `[+-]digits[.digits][e[+-]digits]`
  kNotFinite,      ///< NaN or an infinity, as text or float
  kHexadecimal,    ///< `0x...`
  kSeparator,      ///< a comma, blank, quote or underscore between digits
  kTooManyDigits,  ///< more than kMaxDecimalDigits significant digits, or an exponent past 4 digits
  kOverflow        ///< the result does not fit in a signed 64-bit integer
};

/// Returns the meaning of `error` as a phrase for a message, such as "has a thousands separator".
[[nodiscard]] QUINTILE_API std::string_view describe(DecimalError error) noexcept;

/// A number may have at most this many significant digits (zeros at either end do not count).
inline constexpr int kMaxDecimalDigits = 38;

/// A currency has at most this many decimals, and so has a decimal attribute.
inline constexpr int kMaxDecimals = 18;

/// An exact decimal number: `coefficient` times ten to the power `exponent`.
struct Decimal {
  Int128 coefficient = 0;
  std::int32_t exponent = 0;
};

/// Reads decimal text: an optional sign, digits with an optional point, an optional exponent.
/// Blanks and tabs around it are passed over. `value` is set on success only. No allocation.
///
///     Decimal price;
///     parse_decimal("19.990", price);  // kNone: 19990 x 10^-3
///     parse_decimal("1,000", price);   // kSeparator
[[nodiscard]] QUINTILE_API DecimalError parse_decimal(std::string_view text,
                                                      Decimal& value) noexcept;

/// Takes a float for the shortest decimal that reads back as the same float: 0.1 is exactly 0.1.
[[nodiscard]] QUINTILE_API DecimalError to_decimal(double number, Decimal& value) noexcept;
[[nodiscard]] QUINTILE_API DecimalError to_decimal(float number, Decimal& value) noexcept;

/// Scales `value` by ten to the power `decimals` and rounds it once, half to even. `decimals` is 0
/// to kMaxDecimals. Errors: kOverflow. `minor_units` is set on success only.
///
///     to_minor_units(Decimal{12345, -3}, 2, cents);  // 12.345 -> 1234
[[nodiscard]] QUINTILE_API DecimalError to_minor_units(const Decimal& value, int decimals,
                                                       std::int64_t& minor_units) noexcept;

/// Reads decimal text and scales it: parse_decimal() and to_minor_units() in one, and quick for
/// text of up to 18 digits that needs no rounding, as nearly all amounts are.
///
///     parse_minor_units("-12.3", 2, cents);  // -1230
[[nodiscard]] QUINTILE_API DecimalError parse_minor_units(std::string_view text, int decimals,
                                                          std::int64_t& minor_units) noexcept;

/// As to_minor_units(), for the exact product of two or three numbers (quantity, price, exchange
/// rate), rounded only once, at the end. The product may exceed 128 bits on the way; only its
/// rounded value must fit.
[[nodiscard]] QUINTILE_API DecimalError multiply_to_minor_units(const Decimal& left,
                                                                const Decimal& right, int decimals,
                                                                std::int64_t& minor_units) noexcept;
[[nodiscard]] QUINTILE_API DecimalError multiply_to_minor_units(const Decimal& first,
                                                                const Decimal& second,
                                                                const Decimal& third, int decimals,
                                                                std::int64_t& minor_units) noexcept;

/// Writes minor units as text with exactly `decimals` digits after the point (none: no point).
///
///     format_minor_units(-1230, 2);  // "-12.30"
[[nodiscard]] QUINTILE_API std::string format_minor_units(std::int64_t minor_units, int decimals);
/// The same for sums past 64 bits.
[[nodiscard]] QUINTILE_API std::string format_minor_units(Int128 minor_units, int decimals);
/// The same, appended to `out` without an allocation of its own.
QUINTILE_API void append_minor_units(std::int64_t minor_units, int decimals, std::string& out);

/// Returns how many decimals the currency with this ISO 4217 code has: 2 for every well-formed code
/// (three capital letters) that is not known to differ, nothing for any other text.
///
///     currency_decimals("JPY");  // 0
[[nodiscard]] QUINTILE_API std::optional<int> currency_decimals(std::string_view code) noexcept;

/// Returns an identifier in its one spelling: text that is a canonical integer followed by a point
/// and zeros loses them (`13085.0` is `13085`), since that is what tools write for whole floats.
/// All other text is returned as it is. Never fails; the view is into `text`.
[[nodiscard]] QUINTILE_API std::string_view canonical_id(std::string_view text) noexcept;

/// Room that write_id() needs: a sign, the longest double in plain digits, a margin.
inline constexpr std::size_t kMaxIdDigits = 352;

/// Writes a float identifier to `buffer` (kMaxIdDigits bytes) in its one spelling and returns the
/// view of it: a whole number in plain digits, any other as its shortest decimal. A NaN is the
/// usual way of writing "none" into a float column and gives empty text; an infinity is written
/// `inf`, `-inf`.
[[nodiscard]] QUINTILE_API std::string_view write_id(double id, char* buffer) noexcept;

}  // namespace quintile
