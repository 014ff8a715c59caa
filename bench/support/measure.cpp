#include "support/measure.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "support/read_bandwidth.hpp"

namespace quintile::bench {

bool is_smoke_run() {
  static const bool smoke = std::getenv("QUINTILE_BENCH_SMOKE") != nullptr;
  return smoke;
}

std::size_t rows_to_measure(std::size_t full) {
  constexpr std::size_t kSmokeRows = 65536 + 777;
  return is_smoke_run() ? std::min(full, kSmokeRows) : full;
}

void report(benchmark::State& state, const Volume& volume, std::chrono::duration<double> elapsed,
            std::uint64_t checksum) {
  const auto iterations = static_cast<std::int64_t>(state.iterations());
  state.SetItemsProcessed(iterations * static_cast<std::int64_t>(volume.items));
  state.SetBytesProcessed(iterations * static_cast<std::int64_t>(volume.bytes));
  const double bytes = static_cast<double>(iterations) * static_cast<double>(volume.bytes);
  state.counters["of_read"] = bytes / elapsed.count() / read_bandwidth_of(volume.cores);
  std::array<char, 40> label{};
  std::snprintf(label.data(), label.size(), "checksum=%016llx",
                static_cast<unsigned long long>(checksum));
  state.SetLabel(label.data());
}

}  // namespace quintile::bench
