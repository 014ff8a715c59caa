// Records that are refused, one by one, without ending the read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "quintile/loader.h"

namespace quintile::loader {

// The order is that of quintile_reject_reason(): add at the end only.
enum class Reason : std::uint8_t {
  kColumnCount = 0,
  kBadTime,
  kTimeOutOfRange,
  kBadAmount,
  kBadQuantity,
  kBadPrice,
  kAmountOverflow,
  kQuantityOverflow,
  kIdTooLong,
  kInvalidUtf8,
  kNulByte,
  kBadCurrency,
  kNoRate,
  kBadIdentifier,
  kBadValue,
  kTextTooLong,
  kNoType
};

inline constexpr std::size_t kReasonCount = 17;
static_assert(kReasonCount <= sizeof(quintile_load_counts::by_reason) / sizeof(std::uint64_t));

constexpr std::size_t to_index(Reason reason) noexcept { return static_cast<std::size_t>(reason); }

// The lasting code of a reason, null past the last.
const char* reason_code(std::size_t index) noexcept;

struct Reject {
  std::uint64_t record = 0;  // counted as the holder says
  Reason reason = Reason::kColumnCount;
  std::string value;  // printable
};

// Make any bytes printable on one line: control characters and what is not UTF-8 become escapes
// such as \n and \x00, and text past 120 bytes is cut, with "..." in the place of the rest.
std::string printable(std::string_view value);

}  // namespace quintile::loader
