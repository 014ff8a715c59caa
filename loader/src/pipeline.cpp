#include "pipeline.hpp"

#include <algorithm>
#include <utility>

#include "error.hpp"
#include "open_source.hpp"

namespace quintile::loader {

Pipeline::Pipeline(const Request& request, const Converter& converter,
                   std::vector<std::unique_ptr<Source>> opened)
    : request_(request),
      converter_(converter),
      opened_(std::move(opened)),
      max_tasks_(std::size_t{2} * request.threads + 2) {
  threads_.emplace_back([this] { read_files(); });
  for (unsigned i = 0; i < request.threads; ++i) {
    threads_.emplace_back([this] { convert_tasks(); });
  }
}

Pipeline::~Pipeline() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool Pipeline::next(Outcome& outcome) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] {
    return (!tasks_.empty() && tasks_.front()->is_done) || (tasks_.empty() && is_complete_);
  });
  if (tasks_.empty()) {
    return false;
  }
  outcome = std::move(tasks_.front()->outcome);
  tasks_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return true;
}

void Pipeline::read_files() {
  for (std::size_t file = 0; file < request_.files.size(); ++file) {
    auto failure = std::make_unique<Task>();
    failure->outcome.file = file;
    failure->is_taken = true;
    failure->is_done = true;
    try {
      const std::string& path = request_.files[file];
      const std::unique_ptr<Source> source =
          opened_[file] != nullptr ? std::move(opened_[file])
                                   : open_source(path, request_.delimiter, request_.block_bytes);
      source->select(locate(converter_.layout(), request_, source->columns(), path));
      read_file(file, *source);
      continue;
    } catch (...) {
      failure->outcome.error = std::current_exception();
    }
    push(std::move(failure));
    break;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_complete_ = true;
  }
  changed_.notify_all();
}

void Pipeline::read_file(std::size_t file, Source& source) {
  while (std::unique_ptr<Job> job = source.next()) {
    auto task = std::make_unique<Task>();
    task->job = std::move(job);
    task->outcome.file = file;
    task->outcome.bytes_read = source.bytes_read();
    if (!push(std::move(task))) {
      return;
    }
  }
}

// Add a task once there is room. False if the work is to stop.
bool Pipeline::push(std::unique_ptr<Task> task) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return is_stopping_ || tasks_.size() < max_tasks_; });
  if (is_stopping_) {
    return false;
  }
  tasks_.push_back(std::move(task));
  lock.unlock();
  changed_.notify_all();
  return true;
}

void Pipeline::convert_tasks() {
  const auto first_free = [this] {
    return std::find_if(tasks_.begin(), tasks_.end(),
                        [](const std::unique_ptr<Task>& task) { return !task->is_taken; });
  };
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock,
                  [&] { return is_stopping_ || first_free() != tasks_.end() || is_complete_; });
    const auto found = first_free();
    if (is_stopping_ || found == tasks_.end()) {
      return;
    }
    Task& task = **found;  // stays where it is until it is done
    task.is_taken = true;
    lock.unlock();
    convert(task);
    lock.lock();
    task.is_done = true;
    changed_.notify_all();
  }
}

void Pipeline::convert(Task& task) const {
  try {
    task.job->read([this, &task](const Slice& slice) {
      task.outcome.batches.push_back(converter_.convert(slice));
    });
  } catch (...) {
    task.outcome.error = std::current_exception();
  }
  task.job.reset();
}

}  // namespace quintile::loader
