#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include "exec/executor.hpp"

namespace quintile {

namespace {

class TbbExecutor final : public Arena::Executor {
 public:
  explicit TbbExecutor(int threads) : arena_(threads), threads_(threads) {}

  [[nodiscard]] int thread_count() const noexcept override { return threads_; }

  void run(std::size_t count, const Task& task) override {
    if (threads_ == 1 || count <= 1) {
      for (std::size_t i = 0; i < count; ++i) {
        task(i, 0);
      }
      return;
    }
    arena_.execute([&] {
      oneapi::tbb::parallel_for(
          std::size_t{0}, count,
          [&](std::size_t i) { task(i, oneapi::tbb::this_task_arena::current_thread_index()); },
          oneapi::tbb::simple_partitioner());
    });
  }

 private:
  oneapi::tbb::task_arena arena_;
  int threads_;
};

}  // namespace

std::unique_ptr<Arena::Executor> make_tbb_executor(int threads) {
  return std::make_unique<TbbExecutor>(threads);
}

int tbb_thread_limit() noexcept { return oneapi::tbb::info::default_concurrency(); }

}  // namespace quintile
