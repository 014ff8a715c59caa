#include "support/read_bandwidth.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "benchmark/benchmark.h"
#include "support/measure.hpp"

namespace quintile::bench {

namespace {

// Eight sums, so that the additions never limit the reads.
std::uint64_t read_all(const std::uint64_t* words, std::size_t count) {
  std::array<std::uint64_t, 8> sums{};
  for (std::size_t i = 0; i + 8 <= count; i += 8) {
    for (std::size_t j = 0; j < 8; ++j)
      sums[j] += words[i + j];
  }
  std::uint64_t total = 0;
  for (const std::uint64_t sum : sums)
    total += sum;
  return total;
}

double bytes_per_second(const std::vector<std::vector<std::uint64_t>>& parts, std::size_t used) {
  double best = 0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::jthread> threads;
    for (std::size_t t = 1; t < used; ++t) {
      threads.emplace_back(
          [&part = parts[t]] { benchmark::DoNotOptimize(read_all(part.data(), part.size())); });
    }
    benchmark::DoNotOptimize(read_all(parts[0].data(), parts[0].size()));
    threads.clear();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    const double bytes = static_cast<double>(used * parts[0].size() * sizeof(std::uint64_t));
    best = std::max(best, bytes / elapsed.count());
  }
  return best;
}

}  // namespace

const ReadBandwidth& read_bandwidth() {
  static const ReadBandwidth measured = [] {
    ReadBandwidth result;
    result.cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t bytes = is_smoke_run() ? std::size_t{1} << 20 : std::size_t{256} << 20;
    const std::vector<std::vector<std::uint64_t>> parts(
        result.cores, std::vector<std::uint64_t>(bytes / sizeof(std::uint64_t), 1));
    result.one_core = bytes_per_second(parts, 1);
    result.all_cores = bytes_per_second(parts, result.cores);
    return result;
  }();
  return measured;
}

double read_bandwidth_of(unsigned threads) {
  const ReadBandwidth& bound = read_bandwidth();
  return threads <= 1 ? bound.one_core : bound.all_cores;
}

}  // namespace quintile::bench
