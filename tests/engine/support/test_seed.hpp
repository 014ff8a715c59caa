// Seeds of random tests: printed with every failure, and taken back from QUINTILE_TEST_SEED.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace quintile::testing {

// The seeds to try: the one of the environment, or 1 to `count`.
inline std::vector<std::uint64_t> test_seeds(std::uint64_t count) {
  if (const char* given = std::getenv("QUINTILE_TEST_SEED")) {
    return {std::stoull(given)};
  }
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    seeds.push_back(seed);
  }
  return seeds;
}

// What a failure of this round says.
inline std::string seed_trace(std::uint64_t seed) {
  return "QUINTILE_TEST_SEED=" + std::to_string(seed);
}

}  // namespace quintile::testing
