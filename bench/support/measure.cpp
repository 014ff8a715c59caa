#include "support/measure.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "support/read_bandwidth.hpp"

namespace quintile::bench {

bool is_smoke_run() {
  static const bool smoke = std::getenv("QUINTILE_BENCH_SMOKE") != nullptr;
  return smoke;
}

namespace {
std::size_t contacts_wanted = 0;  // 0: the standard of each benchmark
}  // namespace

bool take_contacts_option(int& argc, char** argv) {
  constexpr std::string_view kOption = "--contacts=";
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with(kOption)) {
      argv[kept++] = argv[i];
      continue;
    }
    const char* end = argument.data() + argument.size();
    const auto result = std::from_chars(argument.data() + kOption.size(), end, contacts_wanted);
    if (result.ec != std::errc() || result.ptr != end || contacts_wanted == 0) return false;
  }
  argc = kept;
  return true;
}

std::size_t contacts_to_measure(std::size_t standard) {
  return rows_to_measure(contacts_wanted == 0 ? standard : contacts_wanted);
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
