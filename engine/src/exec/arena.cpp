#include <exception>
#include <string>
#include <thread>

#include "exec/executor.hpp"

namespace quintile {

namespace {
constexpr int kMaxThreads = 1024;
}  // namespace

Arena::Arena(std::unique_ptr<Executor> executor) noexcept : executor_(std::move(executor)) {}

Arena::~Arena() = default;

int Arena::thread_count() const noexcept { return executor_->thread_count(); }

Result<std::shared_ptr<Arena>> Arena::create(int threads) {
  if (threads < 0 || threads > kMaxThreads) {
    return Status(StatusCode::kOutOfRange,
                  "expected 0 to 1024 threads, got " + std::to_string(threads));
  }
  if (threads == 0) {
    const unsigned cores = std::thread::hardware_concurrency();
    threads = cores == 0 ? 1 : static_cast<int>(cores);
  }
  try {
#ifdef QUINTILE_PLAIN_THREADS
    return std::shared_ptr<Arena>(new Arena(make_jthread_executor(threads)));
#else
    return std::shared_ptr<Arena>(new Arena(make_tbb_executor(threads)));
#endif
  } catch (const std::exception& error) {
    return Status(StatusCode::kUnavailable,
                  std::string("cannot set up the threads: ") + error.what());
  }
}

}  // namespace quintile
