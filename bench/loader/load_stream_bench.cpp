// A load, stage by stage: what each takes by itself, and what all of them take together.
#include <memory>
#include <string>
#include <vector>

#include "exec/executor.hpp"
#include "loader/loader_files.hpp"
#include "quintile/engine.hpp"
#include "storage/contact_directory.hpp"
#include "storage/order_store.hpp"
#include "support/measure.hpp"

namespace quintile::bench {
namespace {

constexpr std::size_t kLines = 4'000'000;
constexpr unsigned kThreads = 2;

const LoaderFunctions& loader() {
  static const LoaderFunctions functions;
  return functions;
}

const OrderFiles& files() {
  static const OrderFiles made(loader(), rows_to_measure(kLines));
  return made;
}

const KeptBatches& batches() {
  static const KeptBatches kept(open_orders(loader(), files().csv(), kThreads));
  return kept;
}

// Contact, time, amount and order of every line, in and out.
Volume volume_of_columns() { return {files().lines(), files().lines() * 2 * 28, kThreads}; }
Volume volume_of_csv() { return {files().lines(), files().csv_bytes(), kThreads}; }

// Splitting, decoding and converting: the stream of the loader, with nobody behind it.
void read_file(benchmark::State& state, const std::string& path, const Volume& volume) {
  DrainedOrders drained;
  const auto elapsed =
      measure(state, [&] { drained = drain(open_orders(loader(), path, kThreads)); });
  report(state, volume, elapsed, mixed(drained.rows, static_cast<std::uint64_t>(drained.amount)));
}

void read_csv(benchmark::State& state) { read_file(state, files().csv(), volume_of_csv()); }
void read_parquet(benchmark::State& state) {
  read_file(state, files().parquet(), volume_of_columns());
}

// Lines that have been taken in and wait to be grouped.
struct Taken {
  OrderStore orders{TimeZone()};
  ContactDirectory directory;
};

void take_batch(const ArrowReader& reader, const OrderFields& fields, Taken& taken,
                Arena::Executor& executor) {
  const Result<LineIds> ids = taken.orders.check(reader, fields, executor);
  std::vector<std::uint32_t> rows(static_cast<std::size_t>(reader.rows()));
  executor.run(3, [&](std::size_t part, int) {
    if (part == 0) {
      taken.directory.resolve(ids->contacts.keys(), rows);
    } else if (part == 1) {
      taken.orders.append_order_codes(*ids, rows.size());
    } else {
      taken.orders.append_columns(reader, fields);
    }
  });
  taken.orders.append_rows(rows);
}

std::unique_ptr<Taken> take_all(Arena::Executor& executor) {
  auto taken = std::make_unique<Taken>();
  ArrowArrayStream stream = batches().stream();
  ArrowReader reader(&stream);
  if (!reader.open().ok()) return taken;
  const Result<OrderFields> fields = taken->orders.bind(reader);
  while (*reader.next())
    take_batch(reader, *fields, *taken, executor);
  return taken;
}

// Checks, dictionaries and copying, from batches in memory.
void ingest(benchmark::State& state) {
  const std::unique_ptr<Arena::Executor> executor = make_tbb_executor(kThreads);
  const Volume volume = volume_of_columns();
  (void)batches();
  std::unique_ptr<Taken> taken;
  const auto elapsed = measure(state, [&] { taken = take_all(*executor); });
  report(state, volume, elapsed, mixed(taken->orders.line_count(), taken->directory.size()));
}

// Lines to blocks of contacts.
void group(benchmark::State& state) {
  const std::unique_ptr<Arena::Executor> executor = make_tbb_executor(kThreads);
  std::unique_ptr<Taken> taken;
  std::chrono::duration<double> elapsed{};
  for (auto _ : state) {
    state.PauseTiming();
    taken = take_all(*executor);
    state.ResumeTiming();
    const auto start = std::chrono::steady_clock::now();
    taken->orders.seal(taken->directory.size(), *executor);
    elapsed += std::chrono::steady_clock::now() - start;
  }
  report(state, volume_of_columns(), elapsed,
         mixed(taken->orders.line_count(), taken->orders.blocks().size()));
}

// From the file to grouped lines, as the program does it.
void load_file(benchmark::State& state, const std::string& path, const Volume& volume) {
  std::uint64_t contacts = 0;
  const auto elapsed = measure(state, [&] {
    const auto engine = Engine::create({.arena = Arena::create(kThreads).value()}).value();
    ArrowArrayStream stream = open_orders(loader(), path, kThreads);
    if (!engine->ingest_orders(&stream).ok()) state.SkipWithError("the load failed");
    contacts = engine->contact_count();
  });
  report(state, volume, elapsed, mixed(files().lines(), contacts));
}

void load_csv(benchmark::State& state) { load_file(state, files().csv(), volume_of_csv()); }
void load_parquet(benchmark::State& state) {
  load_file(state, files().parquet(), volume_of_columns());
}

BENCHMARK(read_csv)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_parquet)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(ingest)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(group)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(load_csv)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(load_parquet)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace quintile::bench
