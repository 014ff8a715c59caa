// What the C++ programs of bench/peers share: the commands of worker.py, and answers in JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <sstream>
#include <string>

namespace quintile::peers {

template <class Work>
double seconds_of(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <class Values>
std::string json_list(const Values& values) {
  std::ostringstream out;
  out << '[';
  for (std::size_t i = 0; i < values.size(); ++i)
    out << (i == 0 ? "" : ", ") << values[i];
  out << ']';
  return out.str();
}

// The answer to `run`; `result` is JSON.
std::string timed_answer(double seconds, const std::string& result);
std::string count_answer(double seconds, std::uint64_t count);

// Answers the commands on standard input until it ends. `start(threads)` gives the function that
// answers one command; what it throws ends the program.
using Answer = std::function<std::string(const std::string& line)>;
int serve(int argc, char** argv, const std::function<Answer(int threads)>& start);

}  // namespace quintile::peers
