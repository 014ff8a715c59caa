// quintile's side of `./dev bench peers`: the commands of worker.py, and `bandwidth` and `isa`.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "exec/executor.hpp"
#include "protocol.hpp"
#include "quintile/kernels/isa.hpp"
#include "quintile/model.hpp"
#include "storage/aligned_buffer.hpp"
#include "tasks.hpp"

namespace quintile::peers {

std::string Tasks::save(const std::string&) {
  throw std::runtime_error("there are no columns to save");
}

namespace {

class Session {
 public:
  explicit Session(int threads) : executor_(make_tbb_executor(threads)) {}

  // Returns the answer to one command, a line of JSON.
  std::string answer(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    std::string name;
    words >> command;
    if (command == "bandwidth") return bandwidth();
    if (command == "isa") {
      return R"({"isa": ")" + std::string(kernels::name(kernels::active())) + R"("})";
    }
    words >> name >> std::ws;
    if (command == "load") return load(name, rest_of(words));
    if (!tasks_) throw std::runtime_error("nothing is loaded for: " + line);
    if (command == "save") return tasks_->save(rest_of(words));
    if (command != "run") throw std::runtime_error("unknown command: " + line);
    std::string form;
    words >> form;
    return tasks_->run(name, form, words);
  }

 private:
  static std::string rest_of(std::istringstream& words) {
    std::string rest;
    std::getline(words, rest);
    return rest;
  }

  std::string load(const std::string& group, const std::string& folder);
  std::string bandwidth();

  std::unique_ptr<Arena::Executor> executor_;
  std::unique_ptr<Tasks> tasks_;
};

std::string Session::load(const std::string& group, const std::string& folder) {
  if (group == "contacts") {
    tasks_ = contact_tasks(folder, *executor_);
  } else if (group == "orders") {
    tasks_ = order_tasks(folder, *executor_);
  } else if (group == "events") {
    tasks_ = event_tasks(folder, *executor_);
  } else if (group == "files") {
    tasks_ = file_tasks(folder, *executor_);
  } else if (group == "segments") {
    tasks_ = segment_tasks(folder, *executor_);
  } else {
    throw std::runtime_error("unknown group: " + group);
  }
  return R"({"version": ""})";
}

// What a plain sum over memory well past the caches reaches on the same threads.
std::string Session::bandwidth() {
  constexpr std::size_t kWords = std::size_t{1} << 25;  // 256 MiB
  constexpr std::size_t kPart = std::size_t{1} << 16;
  constexpr int kTries = 5;
  AlignedBuffer<std::uint64_t> memory;
  memory.assign(kWords, 1);
  std::vector<std::uint64_t> sums(kWords / kPart);
  double best = 0;
  for (int i = 0; i < kTries; ++i) {
    const double seconds = seconds_of([&] {
      executor_->run(sums.size(), [&](std::size_t part, int) {
        std::uint64_t sum = 0;
        for (const std::uint64_t word : memory.span().subspan(part * kPart, kPart))
          sum += word;
        sums[part] = sum;
      });
    });
    best = std::max(best, static_cast<double>(kWords * 8) / seconds);
  }
  std::uint64_t sum = 0;
  for (const std::uint64_t part : sums)
    sum += part;
  if (sum != kWords) throw std::runtime_error("memory was not read");
  std::ostringstream out;
  out.precision(12);
  out << R"({"bytes_per_second": )" << best << "}";
  return out.str();
}

}  // namespace
}  // namespace quintile::peers

int main(int argc, char** argv) {
  using quintile::peers::Session;
  return quintile::peers::serve(argc, argv, [](int threads) {
    const auto session = std::make_shared<Session>(threads);
    return [session](const std::string& line) { return session->answer(line); };
  });
}
