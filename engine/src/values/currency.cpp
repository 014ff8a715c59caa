#include <algorithm>
#include <array>

#include "quintile/decimal.hpp"

namespace quintile {
namespace {

struct CurrencyDecimals {
  std::string_view code;
  int decimals;
};

// ISO 4217, the codes whose minor unit is not a hundredth; sorted.
constexpr std::array kOtherThanTwo = {
    CurrencyDecimals{"BHD", 3}, CurrencyDecimals{"BIF", 0}, CurrencyDecimals{"CLF", 4},
    CurrencyDecimals{"CLP", 0}, CurrencyDecimals{"DJF", 0}, CurrencyDecimals{"GNF", 0},
    CurrencyDecimals{"IQD", 3}, CurrencyDecimals{"ISK", 0}, CurrencyDecimals{"JOD", 3},
    CurrencyDecimals{"JPY", 0}, CurrencyDecimals{"KMF", 0}, CurrencyDecimals{"KRW", 0},
    CurrencyDecimals{"KWD", 3}, CurrencyDecimals{"LYD", 3}, CurrencyDecimals{"OMR", 3},
    CurrencyDecimals{"PYG", 0}, CurrencyDecimals{"RWF", 0}, CurrencyDecimals{"TND", 3},
    CurrencyDecimals{"UGX", 0}, CurrencyDecimals{"UYI", 0}, CurrencyDecimals{"UYW", 4},
    CurrencyDecimals{"VND", 0}, CurrencyDecimals{"VUV", 0}, CurrencyDecimals{"XAF", 0},
    CurrencyDecimals{"XOF", 0}, CurrencyDecimals{"XPF", 0}};

constexpr int kUsualDecimals = 2;

}  // namespace

std::optional<int> currency_decimals(std::string_view code) noexcept {
  const bool is_code = code.size() == 3 && std::all_of(code.begin(), code.end(), [](char letter) {
                         return letter >= 'A' && letter <= 'Z';
                       });
  if (!is_code) {
    return std::nullopt;
  }
  const auto* const found = std::lower_bound(
      kOtherThanTwo.begin(), kOtherThanTwo.end(), code,
      [](const CurrencyDecimals& entry, std::string_view wanted) { return entry.code < wanted; });
  return found != kOtherThanTwo.end() && found->code == code ? found->decimals : kUsualDecimals;
}

}  // namespace quintile
