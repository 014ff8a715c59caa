// Words that every public header shares: row ids, reserved codes, the three RFM axes, column types.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quintile {

// The dense number of a contact inside one Engine: 0, 1, 2, ... in the order in which contacts
// were first seen. Never reused. A type of its own, so that it is not mistaken for a count.
enum class RowId : std::uint32_t {};

// The position of `row` in a column.
constexpr std::size_t to_index(RowId row) noexcept { return static_cast<std::size_t>(row); }

// The row at position `index` of a column; `index` must be below the contact count.
constexpr RowId to_row(std::size_t index) noexcept {
  return static_cast<RowId>(static_cast<std::uint32_t>(index));
}

// Rows of one block: one Roaring container, one unit of work.
inline constexpr std::uint32_t kRowsPerBlock = 65536;

// An engine holds at most this many contacts.
inline constexpr std::uint32_t kMaxContacts = 0xFFFF0000U;

// Class code of a contact that the model is not for: outside its population, or not known at
// `as_of`. Such a contact has tiers 0, is in no class segment and in no measure.
inline constexpr std::uint8_t kNoClass = 255;

// Days since 1899-12-31, so 1 is 1900-01-01; kNoDay stands for "no day".
inline constexpr std::uint16_t kNoDay = 0;

// The recency and age-of-first-purchase columns hold this where there is none.
inline constexpr std::uint16_t kNoRecency = 0xFFFF;

// The three dimensions of an RFM model.
enum class Axis : std::uint8_t { kRecency = 0, kFrequency = 1, kMonetary = 2 };

// How many axes there are; arrays per axis have this size and are indexed by `Axis`.
inline constexpr std::size_t kAxisCount = 3;

constexpr std::size_t to_index(Axis axis) noexcept { return static_cast<std::size_t>(axis); }

// The type of an attribute of contacts.
enum class DataType : std::uint8_t {
  kBool,       // Arrow bool
  kInt64,      // Arrow int64 or int32
  kDecimal,    // Arrow int64, scaled by the attribute's decimals
  kDouble,     // Arrow float64; NaN is refused
  kDate,       // Arrow date32 (days since 1970-01-01)
  kTimestamp,  // Arrow timestamp[us], UTC
  kCategory,   // Arrow utf8; stored as a dictionary code
  kTags,       // Arrow list<utf8>; a set of dictionary codes
  kConsent     // Arrow bool, for one channel and one purpose; null is "never asked"
};

enum class WindowUnit : std::uint8_t { kDays, kHours, kMinutes };

// Nd is N whole local dates ending with that of as_of; Nh and Nm reach back from as_of itself.
struct Window {
  std::uint32_t count = 0;  // at least 1; days at most 65,534, hours and minutes to the same span
  WindowUnit unit = WindowUnit::kDays;
  friend bool operator==(const Window&, const Window&) = default;
};

}  // namespace quintile
