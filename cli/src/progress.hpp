// Progress and messages on standard error, so that results on standard output stay clean.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quintile::cli {

// One named step after another: a bar that is redrawn on a terminal, plain lines otherwise. Quiet
// shows nothing but warn(). One thread at a time.
//
//   Progress progress(quiet);
//   progress.start("Read orders.csv", bytes);
//   progress.advance(done_bytes);          // as often as wanted
//   progress.finish("541,909 lines");
class Progress {
 public:
  struct Step {
    std::string name;
    double seconds = 0;
  };

  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Begin a step of `total` units; 0 when the size is not known.
  void start(std::string_view name, std::uint64_t total = 0);
  void advance(std::uint64_t done);
  // The same when the total becomes known only on the way.
  void advance(std::uint64_t done, std::uint64_t total);
  // End the step and show `result` and the time it took. Return that time in seconds.
  double finish(std::string_view result);

  // Take the bar away; the step has failed.
  void stop();

  // A line of information, a warning.
  void note(std::string_view line);
  void warn(std::string_view line);

  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  [[nodiscard]] double total_seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  void draw(std::uint64_t done);
  void erase();

  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  bool running_ = false;
  std::uint64_t total_ = 0;
  std::string name_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point step_begun_ = Clock::now();
  Clock::time_point last_shown_ = Clock::now();
  std::vector<Step> steps_;
};

// "12 ms", "3.4 s", "2 min 5 s".
[[nodiscard]] std::string shown_seconds(double seconds);

}  // namespace quintile::cli
