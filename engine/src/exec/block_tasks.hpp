// Work that is done block by block, in parallel, until it is done, fails or is given up.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>

#include "exec/executor.hpp"
#include "quintile/selection.hpp"
#include "quintile/status.hpp"

namespace quintile {

// The first failure (by task number, so that every number of threads reports the same one) of tasks
// that run at the same time.
class FirstFailure {
 public:
  void report(std::size_t task, Status status) {
    const std::lock_guard guard(lock_);
    if (!failed_ || task < task_) {
      failed_ = true;
      task_ = task;
      status_ = std::move(status);
    }
  }
  [[nodiscard]] Status take() { return std::move(status_); }

 private:
  std::mutex lock_;
  bool failed_ = false;
  std::size_t task_ = 0;
  Status status_;
};

// kCancelled if a stop was asked for or the deadline has passed.
[[nodiscard]] inline Status check_not_given_up(const SelectOptions& options) {
  if (options.stop.stop_requested()) {
    return {StatusCode::kCancelled, "the question was stopped"};
  }
  if (options.deadline && std::chrono::steady_clock::now() >= *options.deadline) {
    return {StatusCode::kCancelled, "the deadline of the question has passed"};
  }
  return {};
}

// Runs `task(block, worker)` for all blocks, or for those that were left when it was given up.
// Returns kCancelled then, or the first failure that a task reported.
template <class Task>
Status run_blocks(std::size_t blocks, Arena::Executor& executor, const SelectOptions& options,
                  const Task& task) {
  FirstFailure failure;
  executor.run(blocks, [&](std::size_t block, int worker) {
    Status status = check_not_given_up(options);
    if (status.ok()) {
      status = task(block, worker);
    }
    if (!status.ok()) {
      failure.report(block, std::move(status));
    }
  });
  return failure.take();
}

}  // namespace quintile
