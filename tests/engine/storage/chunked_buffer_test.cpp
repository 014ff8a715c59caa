#include "storage/chunked_buffer.hpp"

#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace quintile {
namespace {

TEST(ChunkedBuffer, HoldsWhatIsAppendedAcrossChunks) {
  ChunkedBuffer<std::int64_t> buffer;
  std::vector<std::int64_t> expected;
  for (const std::size_t count : {1UL, 65'534UL, 1UL, 0UL, 65'536UL, 200'000UL, 3UL}) {
    std::vector<std::int64_t> more(count);
    std::iota(more.begin(), more.end(), static_cast<std::int64_t>(expected.size()));
    buffer.append(more);
    expected.insert(expected.end(), more.begin(), more.end());
    buffer.push_back(-7);
    expected.push_back(-7);
  }
  ASSERT_EQ(buffer.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(buffer[i], expected[i]) << i;
  }
}

TEST(ChunkedBuffer, GoesOnAfterATruncation) {
  for (const std::size_t left : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 131'072UL, 140'000UL}) {
    ChunkedBuffer<std::uint32_t> buffer;
    buffer.append(std::vector<std::uint32_t>(140'000, 5));
    buffer.truncate(left);
    EXPECT_EQ(buffer.size(), left);
    buffer.append(std::vector<std::uint32_t>(70'000, 6));
    ASSERT_EQ(buffer.size(), left + 70'000);
    for (std::size_t i = 0; i < buffer.size(); ++i) {
      ASSERT_EQ(buffer[i], i < left ? 5U : 6U) << i;
    }
  }
}

}  // namespace
}  // namespace quintile
