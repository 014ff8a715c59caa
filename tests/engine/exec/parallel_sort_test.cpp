#include "exec/parallel_sort.hpp"

#include <random>

#include <gtest/gtest.h>

#include "test_seed.hpp"

namespace quintile {
namespace {

TEST(ParallelSort, EqualsSorting) {
  for (const std::uint64_t seed : testing::test_seeds(3)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    for (const std::size_t size :
         {0UL, 1UL, 2UL, 8191UL, 8192UL, 8193UL, 16'385UL, 100'003UL, 262'144UL}) {
      std::vector<std::uint64_t> values(size);
      for (std::uint64_t& value : values) {
        value = random() % 1000;
      }
      std::vector<std::uint64_t> expected = values;
      std::sort(expected.begin(), expected.end());
      for (const int threads : {1, 2, 3, 7}) {
        std::vector<std::uint64_t> sorted = values;
        parallel_sort(sorted, std::less<>(), *make_jthread_executor(threads));
        ASSERT_EQ(sorted, expected) << size << " on " << threads;
      }
    }
  }
}

}  // namespace
}  // namespace quintile
