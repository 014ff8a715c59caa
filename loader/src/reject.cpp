#include "reject.hpp"

#include <array>

#include "utf8.hpp"

namespace quintile::loader {
namespace {

constexpr std::array<const char*, kReasonCount> kCodes = {
    "column_count",  "bad_time",        "time_out_of_range", "bad_amount",     "bad_quantity",
    "bad_price",     "amount_overflow", "quantity_overflow", "id_too_long",    "invalid_utf8",
    "nul_byte",      "bad_currency",    "no_rate",           "bad_identifier", "bad_value",
    "text_too_long", "no_type"};

constexpr std::size_t kMaxPrintableBytes = 120;
constexpr std::string_view kRestMark = "...";

// Bytes of the UTF-8 sequence at the start of `text`, 0 if there is none that is valid.
std::size_t sequence_bytes(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t wanted = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (wanted > text.size() || !is_utf8(text.substr(0, wanted))) {
    return 0;
  }
  return wanted;
}

std::string escaped_byte(char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto bits = static_cast<unsigned char>(byte);
  return {'\\', 'x', kDigits[bits >> 4U], kDigits[bits & 15U]};
}

std::string escaped(char byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return escaped_byte(byte);
  }
}

}  // namespace

const char* reason_code(std::size_t index) noexcept {
  return index < kCodes.size() ? kCodes[index] : nullptr;
}

std::string printable(std::string_view value) {
  std::string text;
  std::size_t cut = 0;  // where the mark for the rest still fits
  while (!value.empty()) {
    const std::size_t bytes = sequence_bytes(value);
    const auto first = static_cast<unsigned char>(value[0]);
    const bool as_is = bytes > 1 || (bytes == 1 && first >= 0x20 && first != 0x7F);
    text += as_is ? std::string(value.substr(0, bytes)) : escaped(value[0]);
    if (text.size() > kMaxPrintableBytes) {
      return text.substr(0, cut) + std::string(kRestMark);
    }
    if (text.size() <= kMaxPrintableBytes - kRestMark.size()) {
      cut = text.size();
    }
    value.remove_prefix(as_is ? bytes : 1);
  }
  return text;
}

}  // namespace quintile::loader
