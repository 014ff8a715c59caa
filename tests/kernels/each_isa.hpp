#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "quintile/kernels/block.hpp"
#include "quintile/kernels/isa.hpp"

// What the tests of all kernel families share: a fixture that runs under every instruction set, the
// sizes where loops over lanes go wrong, and columns of random and of extreme values.
namespace quintile::kernels::testing {

/// Seed of this run: QUINTILE_SEED, else a new one; printed once, so that a failure can be
/// repeated.
inline std::uint64_t run_seed() {
  static const std::uint64_t seed = [] {
    std::uint64_t value = std::random_device{}();
    if (const char* text = std::getenv("QUINTILE_SEED")) {
      const std::string_view given(text);
      std::from_chars(given.data(), given.data() + given.size(), value);
    }
    std::cout << "QUINTILE_SEED=" << value << '\n';
    return value;
  }();
  return seed;
}

/// Runs every test once per instruction set of the build, forced, or skips it with the reason.
class EachIsa : public ::testing::TestWithParam<Isa> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) {
      GTEST_SKIP() << "this processor lacks " << name(GetParam());
    }
    random_.seed(run_seed());
    forced_.emplace(GetParam());
  }

  /// The result of the reference loops for what `compute` does under the forced set.
  template <typename Compute>
  static auto on_scalar(const Compute& compute) {
    const ForcedIsa scalar(Isa::kScalar);
    return compute();
  }

  std::mt19937_64& random() { return random_; }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  /// Random words; every word is all clear, all set or mixed.
  std::vector<std::uint64_t> bits(std::size_t rows) {
    std::vector<std::uint64_t> words(words_for(rows));
    for (std::uint64_t& word : words) {
      const std::uint64_t kind = below(4);
      word = kind == 0 ? 0 : kind == 1 ? ~std::uint64_t{0} : random_();
    }
    return words;
  }

  /// The ways in which rows can be null: mixed, none set, all set.
  std::vector<std::vector<std::uint64_t>> bits_of_each_kind(std::size_t rows) {
    return {bits(rows), std::vector<std::uint64_t>(words_for(rows), 0),
            std::vector<std::uint64_t>(words_for(rows), ~std::uint64_t{0})};
  }

  std::vector<std::uint8_t> codes(std::size_t rows, std::uint64_t limit) {
    std::vector<std::uint8_t> result(rows);
    for (std::uint8_t& code : result)
      code = static_cast<std::uint8_t>(below(limit));
    return result;
  }

  /// Values of any size, small ones and the extremes of the type often.
  template <typename Value>
  std::vector<Value> values(std::size_t rows) {
    constexpr std::array<Value, 6> kExtremes = {
        std::numeric_limits<Value>::min(),
        std::numeric_limits<Value>::max(),
        static_cast<Value>(std::numeric_limits<Value>::min() + 1),
        static_cast<Value>(std::numeric_limits<Value>::max() - 1),
        static_cast<Value>(0),
        static_cast<Value>(-1)};
    std::vector<Value> result(rows);
    for (Value& value : result) {
      const std::uint64_t kind = below(8);
      if (kind == 0) {
        value = kExtremes[below(kExtremes.size())];
      } else if (kind < 5) {
        value = static_cast<Value>(below(1000));
      } else {
        value = static_cast<Value>(random_() >> below(64));
        if (kind == 7) value = static_cast<Value>(~value);
      }
    }
    return result;
  }

 private:
  std::mt19937_64 random_;
  std::optional<ForcedIsa> forced_;
};

inline std::string isa_test_name(const ::testing::TestParamInfo<Isa>& info) {
  return std::string(name(info.param));
}

#define QUINTILE_EACH_ISA_SUITE(suite)                                               \
  INSTANTIATE_TEST_SUITE_P(Isa, suite,                                               \
                           ::testing::ValuesIn(::quintile::kernels::built().begin(), \
                                               ::quintile::kernels::built().end()),  \
                           ::quintile::kernels::testing::isa_test_name)

/// Row counts around every step length in use (2 to 64 rows), bitmap words and the block.
inline const std::vector<std::size_t>& odd_sizes() {
  static const std::vector<std::size_t> sizes = {
      0,  1,  2,  3,   4,   5,   7,   8,   9,   15,  16,   17,   31,   32,  33,
      63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 1000, 4095, 4096, 4097};
  return sizes;
}

/// The same and the edges of a block, for what is cheap enough under an emulator.
inline std::vector<std::size_t> sizes_to_block() {
  std::vector<std::size_t> sizes = odd_sizes();
  for (const std::size_t size : {kBlockRows - 1, kBlockRows})
    sizes.push_back(size);
  return sizes;
}

}  // namespace quintile::kernels::testing
