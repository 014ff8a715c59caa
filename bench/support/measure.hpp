#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "benchmark/benchmark.h"

namespace quintile::bench {

/// True under QUINTILE_BENCH_SMOKE: inputs are tiny, so that the test suite can run every
/// benchmark.
bool is_smoke_run();

/// `full` rows, or a few with odd ends in a smoke run.
std::size_t rows_to_measure(std::size_t full);

/// Contacts to measure: what `--contacts=N` says on the command line, else `standard`; a few in a
/// smoke run.
std::size_t contacts_to_measure(std::size_t standard);

/// Takes `--contacts=N` out of the arguments of main(); false when N is no number above 0.
bool take_contacts_option(int& argc, char** argv);

/// What one iteration works through, on how many cores.
struct Volume {
  std::size_t items = 0;
  std::size_t bytes = 0;  // read and written
  unsigned cores = 1;
};

/// Reports items/s, bytes/s, `of_read` (bytes/s over the read bandwidth of as many cores, measured
/// in this run) and the checksum of the result, which is the same for every instruction set and
/// run.
void report(benchmark::State& state, const Volume& volume, std::chrono::duration<double> elapsed,
            std::uint64_t checksum);

/// Runs `work()` as often as the benchmark asks for; returns the time that took. Never inlined,
/// because bench/performance/instructions.py counts what runs inside this function.
template <typename Work>
[[gnu::noinline]] std::chrono::duration<double> measure(benchmark::State& state, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    work();
    benchmark::ClobberMemory();
  }
  return std::chrono::steady_clock::now() - start;
}

/// Calls `work(core)` on `cores` threads at once; the calling thread is one of them.
template <typename Work>
void on_cores(unsigned cores, const Work& work) {
  std::vector<std::jthread> others;
  for (unsigned core = 1; core < cores; ++core)
    others.emplace_back([&work, core] { work(core); });
  work(0U);
}

/// Mixes a value into a checksum; order matters.
constexpr std::uint64_t mixed(std::uint64_t checksum, std::uint64_t value) {
  checksum ^= value + 0x9E3779B97F4A7C15U + (checksum << 6) + (checksum >> 2);
  return checksum * 0xBF58476D1CE4E5B9U;
}

/// Checksum of everything in a range of integers.
template <typename Range>
std::uint64_t checksum_of(const Range& range, std::uint64_t checksum = 0) {
  for (const auto& value : range)
    checksum = mixed(checksum, static_cast<std::uint64_t>(value));
  return checksum;
}

}  // namespace quintile::bench
