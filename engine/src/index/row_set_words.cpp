// One block of a RowSet as bits.
#include <algorithm>
#include <array>

// CRoaring's own parts: its public functions read a block row by row.
#include <roaring/containers/containers.h>
#include <roaring/roaring.h>
#include <roaring/roaring_array.h>

#include "index/row_set_bitmap.hpp"
#include "quintile/row_set.hpp"

namespace quintile {

namespace {

namespace parts = roaring::internal;

constexpr std::size_t kBlockWords = kRowsPerBlock / 64;
constexpr std::array<std::uint64_t, kBlockWords> kNoRows{};

void write_rows(const parts::array_container_t& array, std::span<std::uint64_t> words) {
  for (std::int32_t i = 0; i < array.cardinality; ++i) {
    const std::size_t row = array.array[i];
    words[row / 64] |= std::uint64_t{1} << (row % 64);
  }
}

void write_runs(const parts::run_container_t& runs, std::span<std::uint64_t> words) {
  for (std::int32_t i = 0; i < runs.n_runs; ++i) {
    parts::bitset_set_lenrange(words.data(), runs.runs[i].value, runs.runs[i].length);
  }
}

}  // namespace

std::span<const std::uint64_t> RowSet::block_words(std::uint32_t block,
                                                   std::span<std::uint64_t> buffer) const {
  const auto& blocks = bitmap().roaring->high_low_container;
  if (block > 0xFFFF) {
    return kNoRows;
  }
  // In a set with rows in every block, a block is in its own place.
  const bool is_in_place =
      static_cast<std::int32_t>(block) < blocks.size && blocks.keys[block] == block;
  const std::int32_t place = is_in_place
                                 ? static_cast<std::int32_t>(block)
                                 : parts::ra_get_index(&blocks, static_cast<std::uint16_t>(block));
  if (place < 0) {
    return kNoRows;
  }
  std::uint8_t type = blocks.typecodes[place];
  const parts::container_t* rows = parts::container_unwrap_shared(blocks.containers[place], &type);
  if (type == BITSET_CONTAINER_TYPE) {
    return {static_cast<const parts::bitset_container_t*>(rows)->words, kBlockWords};
  }
  const std::span<std::uint64_t> words = buffer.first(kBlockWords);
  std::fill(words.begin(), words.end(), 0);
  if (type == ARRAY_CONTAINER_TYPE) {
    write_rows(*static_cast<const parts::array_container_t*>(rows), words);
  } else {
    write_runs(*static_cast<const parts::run_container_t*>(rows), words);
  }
  return words;
}

void RowSet::copy_block(std::uint32_t block, std::span<std::uint64_t> words) const {
  const std::span<const std::uint64_t> found = block_words(block, words);
  if (found.data() != words.data()) {
    std::copy(found.begin(), found.end(), words.begin());
  }
}

}  // namespace quintile
