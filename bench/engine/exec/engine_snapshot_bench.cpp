#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>

#include "benchmark/benchmark.h"
#include "full_engine.hpp"
#include "quintile/store_directory.hpp"
#include "support/measure.hpp"

// An engine to a snapshot that is synced, and back from the page cache. Per contact there are nine
// attributes, two identifiers, two order lines and an event. `bytes` are those of the file.
namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 400'000;

class Store {
 public:
  explicit Store(std::size_t contacts)
      : path_(std::filesystem::temp_directory_path() /
              ("quintile_snapshot_bench." + std::to_string(::getpid()))),
        engine_(testing::make_full_engine(static_cast<std::int64_t>(contacts))) {}
  ~Store() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // The size of the file.
  std::size_t save() {
    const StoreLock lock = StoreLock::take(path_.string()).value();
    const std::uint64_t number = engine_->save(lock).value();
    return std::filesystem::file_size(snapshot_path(path_.string(), number) + "/engine.data");
  }
  [[nodiscard]] std::unique_ptr<Engine> open() const {
    return Engine::open(path_.string(), {.arena = engine_->options().arena}).value();
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<Engine> engine_;
};

void bench_save(benchmark::State& state, std::size_t contacts) {
  Store store(contacts);
  std::size_t bytes = 0;
  const auto elapsed = measure(state, [&] { bytes = store.save(); });
  report(state, {contacts, bytes}, elapsed, bytes);
}

void bench_open(benchmark::State& state, std::size_t contacts) {
  Store store(contacts);
  const std::size_t bytes = store.save();
  std::unique_ptr<Engine> engine;
  const auto elapsed = measure(state, [&] { engine = store.open(); });
  report(state, {contacts, bytes}, elapsed,
         engine->contact_count() + engine->line_count() + engine->event_count());
}

[[maybe_unused]] const bool registered = [] {
  const std::size_t contacts = rows_to_measure(kContacts);
  benchmark::RegisterBenchmark("snapshot/save",
                               [contacts](benchmark::State& state) { bench_save(state, contacts); })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("snapshot/open",
                               [contacts](benchmark::State& state) { bench_open(state, contacts); })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
