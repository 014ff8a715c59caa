// load_csv and load_parquet: an order file to columns, or into the order store of an engine.
#include <array>
#include <cstdint>
#include <dlfcn.h>
#include <memory>
#include <stdexcept>
#include <string>

#include "protocol.hpp"
#include "quintile/engine.hpp"
#include "quintile/loader.h"
#include "tasks.hpp"

namespace quintile::peers {
namespace {

// The loader is opened at run time, as the program does it, and never closed.
auto open_orders_function() {
  void* library = dlopen(QUINTILE_LOADER_FILE, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(dlerror());
  void* found = dlsym(library, "quintile_loader_open_orders");
  if (found == nullptr) throw std::runtime_error(dlerror());
  return reinterpret_cast<decltype(&quintile_loader_open_orders)>(found);
}

class FileTasks final : public Tasks {
 public:
  FileTasks(std::string folder, const Arena::Executor& executor)
      : folder_(std::move(folder)),
        threads_(executor.thread_count()),
        open_orders_(open_orders_function()) {}

  std::string run(const std::string& task, const std::string& form, std::istringstream&) override {
    const std::string file = folder_ + (task == "load_csv" ? "/orders.csv" : "/orders.parquet");
    std::uint64_t lines = 0;
    const double seconds =
        seconds_of([&] { lines = form == "kept" ? keep(file) : read_through(file); });
    return count_answer(seconds, lines);
  }

 private:
  [[nodiscard]] ArrowArrayStream open(const std::string& file) const {
    const char* name = file.c_str();
    quintile_load_request request{};
    request.struct_bytes = sizeof(request);
    request.files = &name;
    request.file_count = 1;
    request.currency_decimals = 2;
    request.integer_ids = 1;
    request.threads = static_cast<std::uint32_t>(threads_);
    ArrowArrayStream stream{};
    std::array<char, 512> error{};
    if (open_orders_(&request, &stream, nullptr, error.data(), error.size()) != 0)
      throw std::runtime_error(error.data());
    return stream;
  }

  // Columns in batches, each dropped when the next is asked for.
  [[nodiscard]] std::uint64_t read_through(const std::string& file) const {
    ArrowArrayStream stream = open(file);
    std::uint64_t lines = 0;
    for (;;) {
      ArrowArray batch{};
      if (stream.get_next(&stream, &batch) != 0)
        throw std::runtime_error(stream.get_last_error(&stream));
      if (batch.release == nullptr) break;
      lines += static_cast<std::uint64_t>(batch.length);
      batch.release(&batch);
    }
    stream.release(&stream);
    return lines;
  }

  // The engine of the run before is dropped in the time of this one, as tables of others are.
  std::uint64_t keep(const std::string& file) {
    engine_.reset();
    EngineOptions options;
    options.arena = Arena::create(threads_).value();
    engine_ = Engine::create(std::move(options)).value();
    ArrowArrayStream stream = open(file);
    const Result<IngestCounts> taken = engine_->ingest_orders(&stream);
    if (!taken.ok()) throw std::runtime_error(std::string(taken.status().message()));
    return taken->rows;
  }

  std::string folder_;
  int threads_;
  decltype(&quintile_loader_open_orders) open_orders_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace

std::unique_ptr<Tasks> file_tasks(const std::string& folder, Arena::Executor& executor) {
  return std::make_unique<FileTasks>(folder, executor);
}

}  // namespace quintile::peers
