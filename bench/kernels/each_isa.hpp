#pragma once

#include <cstddef>
#include <string>

#include "benchmark/benchmark.h"
#include "quintile/kernels/block.hpp"
#include "quintile/kernels/isa.hpp"
#include "support/measure.hpp"
#include "support/read_bandwidth.hpp"

namespace quintile::bench {

/// Registers `body(state)` once per instruction set that this processor runs, as NAME/ISA.
template <typename Body>
void bench_each_isa(const std::string& name, const Body& body) {
  for (const kernels::Isa isa : kernels::built()) {
    if (!kernels::supported(isa)) continue;
    const auto forced = [body, isa](benchmark::State& state) {
      const kernels::ForcedIsa guard(isa);
      body(state);
    };
    const std::string full_name = name + "/" + std::string(kernels::name(isa));
    benchmark::RegisterBenchmark(full_name.c_str(), forced)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
}

/// The same for `body(state, cores)`, on one core and on all, as NAME/cores:N/ISA.
template <typename Body>
void bench_each_isa_on_cores(const std::string& name, const Body& body) {
  const unsigned all = read_bandwidth().cores;
  for (unsigned cores = 1; cores <= all; cores += all > 1 ? all - 1 : 1) {
    bench_each_isa(name + "/cores:" + std::to_string(cores),
                   [body, cores](benchmark::State& state) { body(state, cores); });
  }
}

/// Calls `work(first row, rows)` for all blocks of `rows` rows, dealt out to `cores` threads in
/// turn.
template <typename Work>
void for_blocks(std::size_t rows, unsigned cores, const Work& work) {
  on_cores(cores, [&](unsigned core) {
    for (std::size_t first = core * kernels::kBlockRows; first < rows;
         first += cores * kernels::kBlockRows) {
      work(first, rows - first < kernels::kBlockRows ? rows - first : kernels::kBlockRows);
    }
  });
}

}  // namespace quintile::bench
