// The seam between work and threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "quintile/engine.hpp"

namespace quintile {

// Runs tasks on the threads of an arena.
class Arena::Executor {
 public:
  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  [[nodiscard]] virtual int thread_count() const noexcept = 0;

  // Calls task(i, worker) once for every i below `count`, in any order and at the same time;
  // worker is below thread_count() and no two running calls have the same one, so it can name
  // scratch memory. Returns when all are done; rethrows one of the exceptions of the tasks, after
  // which some tasks may not have run. Tasks must not call run() of the same executor.
  using Task = std::function<void(std::size_t index, int worker)>;
  virtual void run(std::size_t count, const Task& task) = 0;
};

// Executors on oneTBB (work stealing, threads shared with other arenas of the process) and on plain
// std::jthreads started for each run: what the thread sanitizer can follow.
std::unique_ptr<Arena::Executor> make_tbb_executor(int threads);
// How many threads oneTBB runs at most: one per core that the process may use. It ignores, with a
// warning on standard error, wishes for more.
int tbb_thread_limit() noexcept;
std::unique_ptr<Arena::Executor> make_jthread_executor(int threads);

}  // namespace quintile
