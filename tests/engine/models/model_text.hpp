// Short models for tests: what a case does not write is filled in.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "quintile/model.hpp"

namespace quintile {

inline constexpr std::string_view kThreeByThree =
    "tiers: {recency: {quantile: 3}, frequency: {quantile: 3}, monetary: {quantile: 3}}\n";

// Line 1 is the name, line 2 the tiers; `rest` begins at line 3.
inline Result<RfmModel> parse_model(std::string_view rest, std::string_view tiers = kThreeByThree) {
  return parse_rfm_model("name: test\n" + std::string(tiers) + std::string(rest), "m.yaml", 2);
}

inline std::string model_error(std::string_view rest, std::string_view tiers = kThreeByThree) {
  const Result<RfmModel> model = parse_model(rest, tiers);
  return model.ok() ? "no error" : std::string(model.status().message());
}

inline RfmModel good_model(std::string_view rest, std::string_view tiers = kThreeByThree) {
  Result<RfmModel> model = parse_model(rest, tiers);
  EXPECT_TRUE(model.ok()) << model.status().message();
  return model.ok() ? std::move(model).value() : RfmModel{};
}

}  // namespace quintile
