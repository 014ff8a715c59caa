// Fast assembly of several RowSets from dense bits, block by block.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "quintile/row_set.hpp"

namespace quintile {

// Sets over the same blocks, such as the classes of a model. Any thread may put any block; every
// container is made once, where its bits are still in a cache, and never copied again: adding row
// by row costs ten times as much.
class RowSetGroup {
 public:
  RowSetGroup(std::size_t sets, std::size_t blocks);
  ~RowSetGroup();
  RowSetGroup(const RowSetGroup&) = delete;
  RowSetGroup& operator=(const RowSetGroup&) = delete;

  // Adds the one bits of `words` (at most 1,024) to a set as rows of `block`, at most once for each
  // set and block. `rows` is their number, if it is known already. May be called at the same time
  // for different sets or blocks.
  void put(std::size_t set, std::size_t block, std::span<const std::uint64_t> words);
  void put(std::size_t set, std::size_t block, std::span<const std::uint64_t> words,
           std::size_t rows);

  // The sets, in order; the group is empty afterwards.
  [[nodiscard]] std::vector<RowSet> finish();

 private:
  struct Container {
    void* made = nullptr;
    std::uint8_t type = 0;
  };

  std::size_t sets_;
  std::size_t blocks_;
  std::vector<Container> containers_;  // by block, then set
};

}  // namespace quintile
