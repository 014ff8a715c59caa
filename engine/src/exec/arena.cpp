#include <exception>
#include <string>

#include "exec/executor.hpp"

namespace quintile {

namespace {
constexpr int kMaxThreads = 1024;

#ifdef QUINTILE_PLAIN_THREADS
constexpr bool kPlainThreads = true;
#else
constexpr bool kPlainThreads = false;
#endif
}  // namespace

Arena::Arena(std::unique_ptr<Executor> executor) noexcept : executor_(std::move(executor)) {}

Arena::~Arena() = default;

int Arena::thread_count() const noexcept { return executor_->thread_count(); }

Result<std::shared_ptr<Arena>> Arena::create(int threads) {
  if (threads < 0 || threads > kMaxThreads) {
    return Status(StatusCode::kOutOfRange,
                  "expected 0 to 1024 threads, got " + std::to_string(threads));
  }
  try {
    const int cores = tbb_thread_limit();
    if (threads == 0) {
      threads = cores;
    }
    // More threads than cores are for tests of what must not depend on their number.
    const bool plain = kPlainThreads || threads > cores;
    return std::shared_ptr<Arena>(
        new Arena(plain ? make_jthread_executor(threads) : make_tbb_executor(threads)));
  } catch (const std::exception& error) {
    return Status(StatusCode::kUnavailable,
                  std::string("cannot set up the threads: ") + error.what());
  }
}

}  // namespace quintile
