// Sorting on all threads of an arena.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "exec/executor.hpp"

namespace quintile {

// Sorts `items` by `less`, which must order them totally, so that the result does not depend on the
// number of threads. Runs of equal length are sorted apart and then merged pairwise.
template <class Item, class Less>
void parallel_sort(std::vector<Item>& items, const Less& less, Arena::Executor& executor) {
  constexpr std::size_t kSmallRun = 8192;
  const auto threads = static_cast<std::size_t>(executor.thread_count());
  std::size_t run = items.size();
  while (run > kSmallRun && items.size() / run < 2 * threads) {
    run = (run + 1) / 2;
  }
  if (run == 0) {
    return;
  }
  const auto at = [&](std::size_t i) {
    return items.begin() + static_cast<std::ptrdiff_t>(std::min(i, items.size()));
  };
  executor.run((items.size() + run - 1) / run,
               [&](std::size_t i, int) { std::sort(at(i * run), at((i + 1) * run), less); });
  std::vector<Item> merged(run < items.size() ? items.size() : 0);
  for (; run < items.size(); run *= 2) {
    executor.run((items.size() + 2 * run - 1) / (2 * run), [&](std::size_t i, int) {
      const std::size_t begin = 2 * run * i;
      std::merge(at(begin), at(begin + run), at(begin + run), at(begin + 2 * run),
                 merged.begin() + static_cast<std::ptrdiff_t>(begin), less);
    });
    items.swap(merged);
  }
}

}  // namespace quintile
