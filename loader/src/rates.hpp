// Dated exchange rates.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/decimal.hpp"
#include "request.hpp"

namespace quintile::loader {

class Rates {
 public:
  // Read Request::rates_file: columns date, currency, rate (units of the base currency per unit).
  // Every line must be right, since a rate that is left out would change amounts; throws LoadError
  // (data).
  static Rates load(const Request& request);

  // The latest rate at or before a day (a day number), null if there is none. The base currency has
  // the rate 1 on every day.
  [[nodiscard]] const Decimal* find(std::string_view currency, std::uint16_t day) const;

 private:
  struct DatedRate {
    std::int32_t day;  // day number
    Decimal rate;
  };

  std::string base_currency_;
  std::map<std::string, std::vector<DatedRate>, std::less<>> rates_;  // by day, ascending
};

}  // namespace quintile::loader
