#include "catalogue/segment_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <queue>

namespace quintile {
namespace {

// What is left over after ordering uses at least one other that is left over, so a walk along such
// uses cannot end, and meets itself.
std::vector<std::uint32_t> find_cycle(const SegmentUses& uses,
                                      const std::vector<std::uint32_t>& missing) {
  const auto left_over = [&](std::uint32_t i) { return missing[i] != 0; };
  std::uint32_t at = 0;
  while (!left_over(at)) {
    ++at;
  }
  std::vector<std::uint32_t> path;
  std::vector<bool> seen(uses.size());
  while (!seen[at]) {
    seen[at] = true;
    path.push_back(at);
    at = *std::find_if(uses[at].begin(), uses[at].end(), left_over);
  }
  path.erase(path.begin(), std::find(path.begin(), path.end(), at));
  std::rotate(path.begin(), std::min_element(path.begin(), path.end()), path.end());
  path.push_back(path.front());
  return path;
}

}  // namespace

SegmentOrder order_segments(const SegmentUses& uses) {
  std::vector<std::uint32_t> missing(uses.size());
  SegmentUses users(uses.size());
  for (std::uint32_t i = 0; i < uses.size(); ++i) {
    missing[i] = static_cast<std::uint32_t>(uses[i].size());
    for (const std::uint32_t used : uses[i]) {
      users[used].push_back(i);
    }
  }
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (std::uint32_t i = 0; i < uses.size(); ++i) {
    if (missing[i] == 0) {
      ready.push(i);
    }
  }
  SegmentOrder result;
  while (!ready.empty()) {
    const std::uint32_t next = ready.top();
    ready.pop();
    result.order.push_back(next);
    for (const std::uint32_t user : users[next]) {
      if (--missing[user] == 0) {
        ready.push(user);
      }
    }
  }
  if (result.order.size() < uses.size()) {
    result.order.clear();
    result.cycle = find_cycle(uses, missing);
  }
  return result;
}

std::vector<std::uint32_t> dependents_of(std::uint32_t position, const SegmentUses& uses,
                                         const std::vector<std::uint32_t>& order) {
  std::vector<bool> reached(uses.size());
  reached[position] = true;
  std::vector<std::uint32_t> dependents;
  for (const std::uint32_t i : order) {
    if (std::any_of(uses[i].begin(), uses[i].end(), [&](std::uint32_t j) { return reached[j]; })) {
      reached[i] = true;
      dependents.push_back(i);
    }
  }
  return dependents;
}

}  // namespace quintile
