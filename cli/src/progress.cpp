#include "progress.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#include <utility>

namespace quintile::cli {
namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr double kPlainLineSeconds = 5.0;
constexpr std::size_t kBarWidth = 28;

double seconds_between(std::chrono::steady_clock::time_point from,
                       std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

bool is_live_terminal() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

void print_line(std::string_view line) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

}  // namespace

std::string shown_seconds(double seconds) {
  std::array<char, 48> text{};
  if (seconds < 0.9995) {
    std::snprintf(text.data(), text.size(), "%.*f ms", seconds < 0.00995 ? 1 : 0, seconds * 1e3);
  } else if (seconds < 60) {
    std::snprintf(text.data(), text.size(), "%.1f s", seconds);
  } else {
    const int whole = static_cast<int>(seconds + 0.5);
    std::snprintf(text.data(), text.size(), "%d min %d s", whole / 60, whole % 60);
  }
  return text.data();
}

Progress::Progress(bool quiet) : quiet_(quiet), terminal_(is_live_terminal()) {}

Progress::~Progress() { erase(); }

void Progress::start(std::string_view name, std::uint64_t total) {
  name_ = name;
  total_ = total;
  running_ = true;
  step_begun_ = last_shown_ = Clock::now();
  if (!quiet_ && terminal_) {
    draw(0);
  }
}

void Progress::advance(std::uint64_t done) {
  if (quiet_ || !running_) {
    return;
  }
  const Clock::time_point now = Clock::now();
  if (seconds_between(last_shown_, now) < (terminal_ ? kRedrawSeconds : kPlainLineSeconds)) {
    return;
  }
  last_shown_ = now;
  if (terminal_) {
    draw(done);
  } else if (total_ > 0) {
    print_line(name_ + ": " + std::to_string(std::min(done, total_) * 100 / total_) + "%");
  }
}

void Progress::advance(std::uint64_t done, std::uint64_t total) {
  total_ = total;
  advance(done);
}

double Progress::finish(std::string_view result) {
  const double seconds = seconds_between(step_begun_, Clock::now());
  running_ = false;
  steps_.push_back({name_, seconds});
  std::string line = name_;
  if (!result.empty()) {
    line.append(": ").append(result);
  }
  note(line + " (" + shown_seconds(seconds) + ")");
  return seconds;
}

void Progress::stop() {
  running_ = false;
  erase();
}

void Progress::note(std::string_view line) {
  if (!quiet_) {
    erase();
    print_line(line);
  }
}

void Progress::warn(std::string_view line) {
  erase();
  print_line("warning: " + std::string(line));
}

double Progress::total_seconds() const { return seconds_between(begun_, Clock::now()); }

void Progress::draw(std::uint64_t done) {
  std::string line = "\r\x1b[K" + name_;
  if (total_ > 0) {
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
    const std::size_t filled = static_cast<std::size_t>(part * static_cast<double>(kBarWidth));
    line += " [" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] " +
            std::to_string(static_cast<int>(part * 100)) + "%";
  } else {
    line += " ...";
  }
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::erase() {
  if (drawn_) {
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    drawn_ = false;
  }
}

}  // namespace quintile::cli
