#include "quintile/row_set.hpp"

#include <algorithm>
#include <iterator>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "index/row_set_group.hpp"
#include "test_seed.hpp"

namespace quintile {
namespace {

// A RowSet and the std::set that it must equal at every step.
class CheckedSet {
 public:
  CheckedSet() = default;
  CheckedSet(RowSet set, std::set<std::uint32_t> shadow)
      : set_(std::move(set)), shadow_(std::move(shadow)) {
    check();
  }

  void add(std::uint32_t row) { EXPECT_EQ(set_.add(to_row(row)), shadow_.insert(row).second); }
  void remove(std::uint32_t row) { EXPECT_EQ(set_.remove(to_row(row)), shadow_.erase(row) == 1); }

  void check() const {
    ASSERT_EQ(set_.count(), shadow_.size());
    EXPECT_EQ(set_.empty(), shadow_.empty());
    auto expected = shadow_.begin();
    std::uint64_t position = 0;
    for (const RowId row : set_) {
      ASSERT_EQ(to_index(row), *expected);
      if (position % 97 == 0) {
        ASSERT_EQ(set_.select(position), row);
        ASSERT_EQ(set_.rank(row), position + 1);
        ASSERT_TRUE(set_.contains(row));
        ASSERT_EQ(set_.contains(to_row(*expected + 1)), shadow_.contains(*expected + 1));
      }
      ++expected;
      ++position;
    }
    ASSERT_EQ(expected, shadow_.end());
    EXPECT_EQ(set_.select(position), std::nullopt);
    EXPECT_EQ(set_.to_vector().size(), shadow_.size());
  }

  [[nodiscard]] const RowSet& set() const { return set_; }
  [[nodiscard]] const std::set<std::uint32_t>& shadow() const { return shadow_; }

 private:
  RowSet set_;
  std::set<std::uint32_t> shadow_;
};

// Sparse, dense and full blocks, with gaps between them.
CheckedSet random_set(std::mt19937_64& random) {
  std::vector<std::uint64_t> words(5 * 1024);
  for (std::size_t block = 0; block < 5; ++block) {
    const std::uint64_t kind = random() % 4;
    for (std::size_t w = block * 1024; w < (block + 1) * 1024; ++w) {
      words[w] = kind == 0   ? 0
                 : kind == 1 ? (random() % 50 == 0 ? std::uint64_t{1} << (random() % 64) : 0)
                 : kind == 2 ? random()
                             : ~std::uint64_t{0};
    }
  }
  words.resize(words.size() - random() % 1024);
  std::set<std::uint32_t> shadow;
  for (std::size_t row = 0; row < words.size() * 64; ++row) {
    if ((words[row / 64] >> (row % 64) & 1) != 0) {
      shadow.insert(shadow.end(), static_cast<std::uint32_t>(row));
    }
  }
  return {RowSet::from_words(words), std::move(shadow)};
}

template <class Algorithm>
std::set<std::uint32_t> combine(const CheckedSet& a, const CheckedSet& b, Algorithm algorithm) {
  std::set<std::uint32_t> out;
  algorithm(a.shadow().begin(), a.shadow().end(), b.shadow().begin(), b.shadow().end(),
            std::inserter(out, out.end()));
  return out;
}

TEST(RowSet, AlgebraEqualsThatOfSets) {
  for (const std::uint64_t seed : testing::test_seeds(8)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    const CheckedSet a = random_set(random);
    const CheckedSet b = random_set(random);
    const auto shadow_and = combine(a, b, [](auto... x) { std::set_intersection(x...); });
    const auto shadow_or = combine(a, b, [](auto... x) { std::set_union(x...); });
    const auto shadow_minus = combine(a, b, [](auto... x) { std::set_difference(x...); });
    const auto shadow_xor = combine(a, b, [](auto... x) { std::set_symmetric_difference(x...); });
    const CheckedSet both(a.set() & b.set(), shadow_and);
    const CheckedSet any(a.set() | b.set(), shadow_or);
    const CheckedSet only(a.set() - b.set(), shadow_minus);
    const CheckedSet one(a.set() ^ b.set(), shadow_xor);
    EXPECT_EQ(a.set().and_count(b.set()), shadow_and.size());
    EXPECT_EQ(a.set().or_count(b.set()), shadow_or.size());
    EXPECT_EQ(a.set().andnot_count(b.set()), shadow_minus.size());
    EXPECT_EQ(a.set().xor_count(b.set()), shadow_xor.size());
    RowSet changed = a.set();
    EXPECT_EQ(changed &= b.set(), both.set());
    changed = a.set();
    EXPECT_EQ(changed |= b.set(), any.set());
    changed = a.set();
    EXPECT_EQ(changed -= b.set(), only.set());
    changed = a.set();
    EXPECT_EQ(changed ^= b.set(), one.set());
    CheckedSet(a.set(), a.shadow());  // the operands did not change
  }
}

TEST(RowSet, AddsAndRemoves) {
  for (const std::uint64_t seed : testing::test_seeds(5)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    CheckedSet set;
    for (int i = 0; i < 20'000; ++i) {
      const auto row = static_cast<std::uint32_t>(random() % 70'000);
      random() % 3 == 0 ? set.remove(row) : set.add(row);
    }
    set.check();
  }
}

TEST(RowSet, SelfAssignmentsAndMoves) {
  RowSet set = RowSet::of({to_row(5), to_row(1), to_row(5)});
  EXPECT_EQ(set.count(), 2U);
  const RowSet& same = set;  // by another name, so that compilers do not warn of what is meant
  set &= same;
  set |= same;
  EXPECT_EQ(set.count(), 2U);
  RowSet moved = std::move(set);
  EXPECT_EQ(moved.count(), 2U);
  EXPECT_TRUE(set.empty());  // NOLINT(bugprone-use-after-move): what this is about
  const RowSet& moved_too = moved;
  moved ^= moved_too;
  EXPECT_TRUE(moved.empty());
  moved = RowSet::first(70'000);
  EXPECT_EQ(moved.count(), 70'000U);
  moved -= moved_too;
  EXPECT_TRUE(moved.empty());
}

TEST(RowSet, TheHighestRowsAreRows) {
  RowSet set = RowSet::of({to_row(0), to_row(0xFFFFFFFFU)});
  EXPECT_EQ(set.to_vector().back(), to_row(0xFFFFFFFFU));
  std::vector<std::uint64_t> words(1024);
  set.copy_block(0xFFFF, words);
  EXPECT_EQ(words.back(), std::uint64_t{1} << 63);
  EXPECT_EQ(words.front(), 0U);
}

TEST(RowSet, BlocksThatAreBitsAreNotCopied) {
  std::mt19937_64 random(5);
  RowSet set = RowSet::first(65'536 + 100);  // runs
  set.add(to_row(3 * 65'536 + 77));          // rows
  for (std::uint32_t row = 4 * 65'536; row < 5 * 65'536; row += 3) {
    set.add(to_row(row));
  }
  std::vector<std::uint64_t> buffer(1024);
  std::vector<std::uint64_t> copy(1024);
  for (const std::uint32_t block : {0U, 1U, 2U, 3U, 4U, 5U, 0xFFFFU, 0x10000U}) {
    SCOPED_TRACE(block);
    std::fill(buffer.begin(), buffer.end(), random());
    std::fill(copy.begin(), copy.end(), random());
    const std::span<const std::uint64_t> words = set.block_words(block, buffer);
    set.copy_block(block, copy);
    EXPECT_TRUE(std::equal(words.begin(), words.end(), copy.begin(), copy.end()));
    EXPECT_EQ(words.data() == buffer.data(), block == 0 || block == 1 || block == 3);
    for (std::uint32_t i = 0; i < 65'536 && block < 6; ++i) {
      ASSERT_EQ((words[i / 64] >> (i % 64) & 1U) != 0, set.contains(to_row(block * 65'536 + i)));
    }
  }
}

TEST(RowSet, BlocksGoInAndOutAsBits) {
  for (const std::uint64_t seed : testing::test_seeds(5)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    const CheckedSet set = random_set(random);
    RowSetGroup group(2, 6);  // the set, and what is not in it
    for (std::uint32_t block = 0; block < 6; ++block) {
      std::vector<std::uint64_t> words(1024, ~std::uint64_t{0});
      set.set().copy_block(block, words);
      group.put(0, block, words);
      for (std::uint64_t& word : words)
        word = ~word;
      group.put(1, block, words);
    }
    const std::vector<RowSet> sets = group.finish();
    ASSERT_EQ(sets.size(), 2U);
    EXPECT_EQ(sets[0], set.set());
    EXPECT_EQ(sets[0].count() + sets[1].count(), 6U * 65'536U);
    EXPECT_TRUE((sets[0] & sets[1]).empty());
    for (const RowSet& one : sets) {  // only well-formed containers come back from bytes
      const Result<RowSet> back = RowSet::deserialize(one.serialize());
      ASSERT_TRUE(back.ok());
      EXPECT_EQ(*back, one);
    }
  }
}

TEST(RowSet, SerializedFormsComeBack) {
  for (const std::uint64_t seed : testing::test_seeds(5)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    RowSet set = random_set(random).set();
    for (const bool compact : {false, true}) {
      if (compact) set.compact();
      const Result<RowSet> back = RowSet::deserialize(set.serialize());
      ASSERT_TRUE(back.ok());
      EXPECT_EQ(*back, set);
    }
  }
  EXPECT_TRUE(RowSet::deserialize(RowSet().serialize())->empty());
}

TEST(RowSet, RefusesBytesThatAreNoBitmap) {
  const std::vector<std::byte> bytes =
      RowSet::of({to_row(1), to_row(2), to_row(70'000)}).serialize();
  EXPECT_FALSE(RowSet::deserialize({}).ok());
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_FALSE(RowSet::deserialize(std::span(bytes).first(size)).ok()) << size;
  }
  std::vector<std::byte> longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(RowSet::deserialize(longer).ok());
  // Descending array: the bytes of the first container's values, swapped.
  std::vector<std::byte> descending = bytes;
  const std::size_t first = 8 + 2 * 4 + 2 * 4;
  std::swap(descending[first], descending[first + 2]);
  EXPECT_EQ(RowSet::deserialize(descending).status().code(), StatusCode::kInvalidArgument);
  // Whatever a flipped bit makes of it, it is refused or a sound set.
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::vector<std::byte> flipped = bytes;
    flipped[bit / 8] ^= std::byte{1} << static_cast<int>(bit % 8);
    const Result<RowSet> set = RowSet::deserialize(flipped);
    if (set.ok()) {
      EXPECT_EQ(set->to_vector().size(), set->count());
    }
  }
}

}  // namespace
}  // namespace quintile
