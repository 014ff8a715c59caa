// Parts of models in words.
#pragma once

#include <string>

#include "quintile/model.hpp"

namespace quintile::models {

// Return "recency_days <= 179", "monetary >= 500.00", "frequency = 1" or "frequency 2 to 4".
[[nodiscard]] std::string condition_text(const ValueCondition& condition, int currency_decimals);

}  // namespace quintile::models
