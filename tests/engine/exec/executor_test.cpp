#include "exec/executor.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace quintile {
namespace {

std::vector<std::unique_ptr<Arena::Executor>> executors() {
  std::vector<std::unique_ptr<Arena::Executor>> all;
  for (const int threads : {1, 2, 7}) {
    all.push_back(make_jthread_executor(threads));
  }
#ifndef QUINTILE_PLAIN_THREADS
  for (int threads = 1; threads <= std::min(tbb_thread_limit(), 4); ++threads) {
    all.push_back(make_tbb_executor(threads));
  }
#endif
  return all;
}

TEST(Executor, RunsEveryTaskOnceOnAWorkerOfItsOwn) {
  for (const auto& executor : executors()) {
    for (const std::size_t count : {0UL, 1UL, 5UL, 1000UL}) {
      std::vector<std::atomic<int>> runs(count);
      std::vector<std::atomic<int>> busy(static_cast<std::size_t>(executor->thread_count()));
      executor->run(count, [&](std::size_t i, int worker) {
        ASSERT_LT(worker, executor->thread_count());
        EXPECT_EQ(busy[static_cast<std::size_t>(worker)]++, 0);
        ++runs[i];
        --busy[static_cast<std::size_t>(worker)];
      });
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(runs[i], 1);
      }
    }
  }
}

TEST(Executor, PassesOnAnException) {
  for (const auto& executor : executors()) {
    EXPECT_THROW(executor->run(100,
                               [](std::size_t i, int) {
                                 if (i == 57) throw std::length_error("57");
                               }),
                 std::length_error);
    std::atomic<int> runs{0};
    executor->run(10, [&](std::size_t, int) { ++runs; });
    EXPECT_EQ(runs, 10);
  }
}

}  // namespace
}  // namespace quintile
