// One thread that cuts files into jobs, a few that convert them, and results in the order of the
// files.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "converter.hpp"
#include "source.hpp"

namespace quintile::loader {

// What one job became, or why there is nothing.
struct Outcome {
  std::size_t file = 0;  // position among the files
  std::vector<Batch> batches;
  std::exception_ptr error;
  std::int64_t bytes_read = 0;  // of that file, so far
};

// Reads ahead of the consumer by a bounded number of jobs. What comes out does not depend on the
// number of threads. `next` is for one thread.
class Pipeline {
 public:
  // `opened` has one per file: null for those that are to be opened when it is their turn. The
  // converter must outlive the pipeline.
  Pipeline(const Request& request, const Converter& converter,
           std::vector<std::unique_ptr<Source>> opened);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Wait for the next outcome. False at the end. After an outcome with an error there is no other.
  bool next(Outcome& outcome);

 private:
  struct Task {
    std::unique_ptr<Job> job;  // null once it is converted, or if the outcome is an error
    Outcome outcome;
    bool is_taken = false;
    bool is_done = false;
  };

  void read_files();
  void read_file(std::size_t file, Source& source);
  bool push(std::unique_ptr<Task> task);
  void convert_tasks();
  void convert(Task& task) const;

  const Request& request_;
  const Converter& converter_;
  std::vector<std::unique_ptr<Source>> opened_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Task>> tasks_;  // in order; the consumer takes the first
  bool is_complete_ = false;                 // no task will be added
  bool is_stopping_ = false;
  std::size_t max_tasks_;
  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace quintile::loader
