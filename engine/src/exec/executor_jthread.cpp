#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "exec/executor.hpp"

namespace quintile {

namespace {

class JthreadExecutor final : public Arena::Executor {
 public:
  explicit JthreadExecutor(int threads) : threads_(threads) {}

  [[nodiscard]] int thread_count() const noexcept override { return threads_; }

  void run(std::size_t count, const Task& task) override {
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex failure_lock;
    const auto work = [&](int worker) {
      for (std::size_t i = next++; i < count; i = next++) {
        try {
          task(i, worker);
        } catch (...) {
          const std::lock_guard guard(failure_lock);
          failure = std::current_exception();
          next = count;
        }
      }
    };
    {
      std::vector<std::jthread> others;
      for (int worker = 1; worker < threads_ && static_cast<std::size_t>(worker) < count;
           ++worker) {
        others.emplace_back(work, worker);
      }
      work(0);
    }
    if (failure) {
      std::rethrow_exception(failure);
    }
  }

 private:
  int threads_;
};

}  // namespace

std::unique_ptr<Arena::Executor> make_jthread_executor(int threads) {
  return std::make_unique<JthreadExecutor>(threads);
}

}  // namespace quintile
