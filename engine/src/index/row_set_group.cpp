#include "index/row_set_group.hpp"

#include <bit>
#include <cstring>
#include <memory>
#include <new>

// CRoaring's own parts: its public functions build a bitmap from rows or from bytes, and the first
// is slow, the second copies everything twice (see docs/decisions/class_bitmaps.md).
#include <roaring/containers/containers.h>
#include <roaring/memory.h>
#include <roaring/roaring_array.h>

#include "index/row_set_bitmap.hpp"

namespace quintile {

namespace {

namespace parts = roaring::internal;

constexpr std::size_t kBlockWords = kRowsPerBlock / 64;
constexpr std::size_t kMaxArrayRows = 4096;  // more are kept as bits
constexpr std::size_t kLineBytes = 64;

void* allocated(void* memory) {
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

parts::container_t* bits_of(std::span<const std::uint64_t> words, std::size_t rows) {
  constexpr std::size_t kBytes = kBlockWords * sizeof(std::uint64_t);
  void* memory = allocated(roaring_aligned_malloc(kLineBytes, kBytes));
  auto* bits =
      static_cast<parts::bitset_container_t*>(roaring_malloc(sizeof(parts::bitset_container_t)));
  if (bits == nullptr) {
    roaring_aligned_free(memory);
    throw std::bad_alloc();
  }
  bits->words = static_cast<std::uint64_t*>(memory);
  bits->cardinality = static_cast<std::int32_t>(rows);
  std::memcpy(bits->words, words.data(), words.size_bytes());
  std::memset(bits->words + words.size(), 0, kBytes - words.size_bytes());
  return bits;
}

parts::container_t* array_of(std::span<const std::uint64_t> words, std::size_t rows) {
  if (words.size() == kBlockWords) {
    parts::bitset_container_t bits;
    bits.cardinality = static_cast<std::int32_t>(rows);
    bits.words = const_cast<std::uint64_t*>(words.data());  // it is only read
    return static_cast<parts::container_t*>(allocated(parts::array_container_from_bitset(&bits)));
  }
  auto* array = static_cast<parts::array_container_t*>(
      allocated(parts::array_container_create_given_capacity(static_cast<std::int32_t>(rows))));
  std::uint16_t* out = array->array;
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
      *out++ =
          static_cast<std::uint16_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
    }
  }
  array->cardinality = static_cast<std::int32_t>(rows);
  return array;
}

}  // namespace

RowSetGroup::RowSetGroup(std::size_t sets, std::size_t blocks)
    : sets_(sets), blocks_(blocks), containers_(sets * blocks) {}

RowSetGroup::~RowSetGroup() {
  for (const Container& container : containers_) {
    if (container.made != nullptr) {
      parts::container_free(static_cast<parts::container_t*>(container.made), container.type);
    }
  }
}

void RowSetGroup::put(std::size_t set, std::size_t block, std::span<const std::uint64_t> words) {
  std::size_t rows = 0;
  for (const std::uint64_t word : words) {
    rows += static_cast<std::size_t>(std::popcount(word));
  }
  put(set, block, words, rows);
}

void RowSetGroup::put(std::size_t set, std::size_t block, std::span<const std::uint64_t> words,
                      std::size_t rows) {
  Container& container = containers_[block * sets_ + set];
  if (rows > kMaxArrayRows) {
    container = {bits_of(words, rows), BITSET_CONTAINER_TYPE};
  } else if (rows != 0) {
    container = {array_of(words, rows), ARRAY_CONTAINER_TYPE};
  }
}

std::vector<RowSet> RowSetGroup::finish() {
  std::vector<RowSet> sets;
  sets.reserve(sets_);
  for (std::size_t set = 0; set < sets_; ++set) {
    auto bitmap = std::make_unique<RowSet::Bitmap>(
        roaring_bitmap_create_with_capacity(static_cast<std::uint32_t>(blocks_)));
    for (std::size_t block = 0; block < blocks_; ++block) {
      Container& container = containers_[block * sets_ + set];
      if (container.made != nullptr) {
        parts::ra_append(&bitmap->roaring->high_low_container, static_cast<std::uint16_t>(block),
                         static_cast<parts::container_t*>(container.made), container.type);
        container = {};
      }
    }
    sets.push_back(RowSet(std::move(bitmap)));
  }
  return sets;
}

}  // namespace quintile
