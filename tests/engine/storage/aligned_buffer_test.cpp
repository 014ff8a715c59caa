#include "storage/aligned_buffer.hpp"

#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace quintile {
namespace {

TEST(AlignedBuffer, IsAlignedAndZeroToTheEndOfTheLastCacheLine) {
  for (const std::size_t size : {1UL, 7UL, 64UL, 1'000UL, 5'000'000UL}) {
    AlignedBuffer<std::uint16_t> buffer(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0U);
    for (std::size_t i = 0; i < (size + 31) / 32 * 32; ++i) {
      ASSERT_EQ(buffer.data()[i], 0) << i;
    }
  }
}

// Expects zeros from the size to the end of the last cache line.
template <class T>
void expect_zero_tail(const AlignedBuffer<T>& buffer) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(buffer.data());
  const std::size_t end = buffer.size() * sizeof(T);
  for (std::size_t i = end; i < (end + 63) / 64 * 64; ++i) {
    ASSERT_EQ(bytes[i], 0) << i << " of " << end;
  }
}

TEST(AlignedBuffer, TheTailIsZeroHoweverItGrows) {
  struct Triple {
    std::uint32_t values[3];  // straddles cache lines
  };
  AlignedBuffer<Triple> triples;
  AlignedBuffer<std::uint16_t> shorts;
  const std::vector<std::uint16_t> some(37, 0xFFFF);
  for (int round = 0; round < 200; ++round) {
    triples.push_back({{~0U, ~0U, ~0U}});
    expect_zero_tail(triples);
    shorts.append(std::span(some).first(static_cast<std::size_t>(round % 37)));
    expect_zero_tail(shorts);
    shorts.push_back(0xFFFF);
    expect_zero_tail(shorts);
    if (round % 10 == 9) {
      shorts.resize(shorts.size() / 2 + 1);
      expect_zero_tail(shorts);
    }
  }
  AlignedBuffer<std::uint16_t> freed;  // memory that was in use before
  freed.assign(100, 0xFFFF);
  freed = AlignedBuffer<std::uint16_t>(97);
  expect_zero_tail(freed);
}

TEST(AlignedBuffer, ResizingForOverwriteKeepsValuesAndTheZeroTail) {
  AlignedBuffer<std::uint16_t> buffer;
  buffer.assign(40, 7);
  buffer.resize_for_overwrite(5);
  expect_zero_tail(buffer);
  buffer.resize_for_overwrite(1000);
  expect_zero_tail(buffer);
  ASSERT_EQ(buffer.size(), 1000U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(buffer[i], 7) << i;
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
