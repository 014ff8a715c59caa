// Any bytes as a number, an id, a currency code.
#include <cstdint>
#include <string>

#include "quintile/decimal.hpp"
#include "require.hpp"

namespace quintile {
namespace {

using fuzz::require;

void check_number(std::string_view text) {
  Decimal number;
  if (parse_decimal(text, number) != DecimalError::kNone) {
    return;
  }
  const Decimal one{1, 0};
  for (const int decimals : {0, 2, 18}) {
    std::int64_t direct = 0;
    std::int64_t product = 0;
    const DecimalError error = to_minor_units(number, decimals, direct);
    require(error == DecimalError::kNone || error == DecimalError::kOverflow, "only overflow",
            text);
    require(multiply_to_minor_units(one, number, one, decimals, product) == error,
            "times one fails alike", text);
    if (error != DecimalError::kNone) {
      continue;
    }
    require(direct == product, "times one is the same", text);
    Decimal again;
    std::int64_t back = 0;
    require(parse_decimal(format_minor_units(direct, decimals), again) == DecimalError::kNone &&
                to_minor_units(again, decimals, back) == DecimalError::kNone && back == direct,
            "what is written reads back", text);
    Decimal opposite{-number.coefficient, number.exponent};
    require(to_minor_units(opposite, decimals, back) != DecimalError::kNone || back == -direct,
            "rounding is symmetric", text);
  }
}

}  // namespace
}  // namespace quintile

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  quintile::check_number(text);
  const std::string_view id = quintile::canonical_id(text);
  quintile::fuzz::require(quintile::canonical_id(id) == id, "one spelling is final", text);
  (void)quintile::currency_decimals(text);
  return 0;
}
