#include "storage/aligned_buffer.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace quintile {
namespace {

TEST(AlignedBuffer, IsAlignedAndZeroToTheEndOfTheLastCacheLine) {
  for (const std::size_t size : {1UL, 7UL, 64UL, 1'000UL, 5'000'000UL}) {
    AlignedBuffer<std::uint16_t> buffer(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0U);
    for (std::size_t i = 0; i < buffer.memory_bytes() / 2; ++i) {
      ASSERT_EQ(buffer.data()[i], 0) << i;
    }
  }
}

TEST(AlignedBuffer, ShrinkingClearsWhatIsLeftBehind) {
  AlignedBuffer<std::uint32_t> buffer;
  buffer.assign(100, 7);
  buffer.resize(3);
  buffer.resize(100);
  EXPECT_EQ(buffer[2], 7U);
  for (std::size_t i = 3; i < 100; ++i) {
    ASSERT_EQ(buffer[i], 0U);
  }
}

TEST(AlignedBuffer, GrowsByOneAndByMany) {
  AlignedBuffer<std::int64_t> buffer;
  std::vector<std::int64_t> expected;
  for (std::int64_t i = 0; i < 1000; ++i) {
    buffer.push_back(i);
    expected.push_back(i);
    if (i % 100 == 0) {
      const std::vector<std::int64_t> more(static_cast<std::size_t>(i), -i);
      buffer.append(more);
      expected.insert(expected.end(), more.begin(), more.end());
    }
  }
  EXPECT_EQ(std::vector<std::int64_t>(buffer.begin(), buffer.end()), expected);
  buffer.push_back(buffer[5]);  // a value of its own, while it may move
  EXPECT_EQ(buffer[expected.size()], expected[5]);
}

TEST(AlignedBuffer, MovesLeaveAnEmptyBuffer) {
  AlignedBuffer<int> buffer(10);
  buffer[3] = 5;
  AlignedBuffer<int> other(std::move(buffer));
  EXPECT_EQ(other[3], 5);
  EXPECT_TRUE(buffer.empty());  // NOLINT(bugprone-use-after-move): what this is about
}

}  // namespace
}  // namespace quintile
