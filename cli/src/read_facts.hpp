// What files held, as messages and reports tell it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reject_list.hpp"
#include <quintile/loader.h>
#include <quintile/types.hpp>

namespace quintile::cli {

struct ReadFacts {
  quintile_load_counts counts{};
  std::vector<ReasonCount> reasons;
};

// "12,000 records, 11,990 accepted, 8 anonymous, 2 rejected (2 bad_time)"
[[nodiscard]] std::string facts_text(const ReadFacts& facts);

// "read orders from orders.csv"
[[nodiscard]] std::string step_name(const char* what, const std::vector<std::string>& files);

// What the loader turns a column of this type into: enum quintile_column_type.
[[nodiscard]] std::int32_t loader_type(DataType type);

}  // namespace quintile::cli
