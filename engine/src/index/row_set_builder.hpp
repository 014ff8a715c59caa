// Fast assembly of a RowSet from dense bits, block by block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "quintile/row_set.hpp"

namespace quintile {

// Collects the containers of a set in Roaring's portable format, which the bitmap is then made of
// in one step: adding row by row costs ten times as much.
class RowSetBuilder {
 public:
  // Adds the one bits of `words` (at most 1,024) as rows of `block`. Blocks must ascend.
  void append_block(std::uint32_t block, std::span<const std::uint64_t> words);
  [[nodiscard]] RowSet finish() const;

 private:
  struct Container {
    std::uint16_t key;
    std::uint16_t count_minus_one;
    std::size_t offset;  // of its bytes in payload_
  };
  std::vector<Container> containers_;
  std::vector<std::byte> payload_;
};

}  // namespace quintile
