#include <charconv>
#include <cmath>
#include <cstddef>

#include "quintile/decimal.hpp"
#include "text.hpp"

namespace quintile {

std::string_view canonical_id(std::string_view text) noexcept {
  std::size_t end = text.size();
  while (end > 0 && text[end - 1] == '0') {
    --end;
  }
  if (end == text.size() || end < 2 || text[end - 1] != '.') {
    return text;  // it does not end in a point and zeros: nearly every id
  }
  const std::string_view whole = text.substr(0, end - 1);
  const std::size_t sign = whole[0] == '-' ? 1 : 0;
  if (whole.size() == sign || (whole[sign] == '0' && whole.size() > 1)) {
    return text;
  }
  for (std::size_t i = sign; i < whole.size(); ++i) {
    if (!is_digit(whole[i])) {
      return text;
    }
  }
  return whole;
}

std::string_view write_id(double id, char* buffer) noexcept {
  if (std::isnan(id)) {
    return {};
  }
  if (id == 0) {
    id = 0.0;  // a negative zero is the same number
  }
  char* const end = buffer + kMaxIdDigits;
  const bool is_whole = std::isfinite(id) && std::trunc(id) == id;
  const std::to_chars_result written =
      is_whole ? std::to_chars(buffer, end, id, std::chars_format::fixed)
               : std::to_chars(buffer, end, id);
  return {buffer, static_cast<std::size_t>(written.ptr - buffer)};
}

}  // namespace quintile
