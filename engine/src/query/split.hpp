// Splitting contacts at random, alike on every machine and in every run.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quintile::query {

// Gives every id one of 10,000 buckets: XXH3-64 of `seed NUL id`, modulo 10,000. One per thread.
class SplitHash {
 public:
  explicit SplitHash(std::string_view seed);
  [[nodiscard]] int bucket(std::string_view id);

 private:
  std::string text_;  // seed NUL id
  std::size_t prefix_;
};

}  // namespace quintile::query
