// quintile's side of `./dev bench peers`: the commands of worker.py, and `bandwidth` and `isa`.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "order_totals.hpp"
#include "quintile/kernels/isa.hpp"
#include "shop_file.hpp"
#include "shop_model.hpp"

namespace quintile::peers {
namespace {

constexpr int kCurrencyDecimals = 2;

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

struct TotalSums {
  std::int64_t last_day = 0;
  std::int64_t first_day = 0;
  std::int64_t frequency = 0;
  std::int64_t monetary = 0;
};

class Session {
 public:
  explicit Session(int threads) : executor_(make_tbb_executor(threads)) {}

  // Returns the answer to one command, a line of JSON.
  std::string answer(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    if (command == "load") return load(line.substr(5));
    if (command == "run") return run(words);
    if (command == "save") return save(words);
    if (command == "bandwidth") return bandwidth();
    if (command == "isa") {
      return R"({"isa": ")" + std::string(kernels::name(kernels::active())) + R"("})";
    }
    throw std::runtime_error("unknown command: " + line);
  }

 private:
  std::string load(const std::string& folder);
  std::string run(std::istringstream& words);
  std::string run_model(const std::string& task, std::istringstream& words);
  std::string run_aggregate();
  std::string save(std::istringstream& words);
  std::string bandwidth();
  [[nodiscard]] TotalSums sum_totals() const;

  std::unique_ptr<Arena::Executor> executor_;
  std::optional<ShopModel> model_;
  Orders orders_;
  std::optional<OrderTotals> order_totals_;
  std::optional<Totals> totals_;
};

std::string Session::load(const std::string& folder) {
  Result<RfmModel> model = rfm_preset("classic5", kCurrencyDecimals);
  if (!model.ok()) throw std::runtime_error(std::string(model.status().message()));
  std::string classes;
  for (const std::string& name : model->classes) {
    classes += (classes.empty() ? "\"" : ", \"") + name + "\"";
  }
  model_.emplace(std::move(*model), read_column<std::uint16_t>(folder, "recency"),
                 read_column<std::uint32_t>(folder, "frequency"),
                 read_column<std::int64_t>(folder, "monetary"), *executor_);
  orders_ = {read_column<std::uint32_t>(folder, "contact"),
             read_column<std::uint16_t>(folder, "day"),
             read_column<std::int64_t>(folder, "amount")};
  order_totals_.emplace(model_->contacts(), orders_.contact.size(), *executor_);
  totals_.emplace(model_->contacts());
  return R"({"version": "", "classes": [)" + classes + "]}";
}

std::string Session::run(std::istringstream& words) {
  if (!model_) throw std::runtime_error("run before load");
  std::string task;
  std::string form;
  words >> task >> form;
  return task == "aggregate" ? run_aggregate() : run_model(task, words);
}

std::string Session::run_model(const std::string& task, std::istringstream& words) {
  for (std::size_t axis = 0; task == "rescore" && axis < kAxisCount; ++axis) {
    std::string text;
    words >> text;
    std::istringstream numbers(text);
    std::vector<std::int64_t> cuts;
    for (std::string number; std::getline(numbers, number, ',');)
      cuts.push_back(std::stoll(number));
    model_->set_cuts(static_cast<Axis>(axis), std::move(cuts));
  }
  const double seconds = seconds_of([&] {
    if (task == "recompute") model_->compute_cuts();
    model_->score();
  });
  const auto& cuts = model_->data().cuts;
  std::ostringstream out;
  out.precision(9);
  out << R"({"seconds": )" << seconds << R"(, "result": {"cuts": {"recency": )"
      << json_list(cuts[0].cuts) << R"(, "frequency": )" << json_list(cuts[1].cuts)
      << R"(, "monetary": )" << json_list(cuts[2].cuts) << R"(}, "counts": )"
      << json_list(model_->class_counts()) << "}}";
  return out.str();
}

TotalSums Session::sum_totals() const {
  std::vector<TotalSums> parts((model_->contacts() + kRowsPerBlock - 1) / kRowsPerBlock);
  executor_->run(parts.size(), [&](std::size_t block, int) {
    TotalSums sums;
    const std::size_t end = std::min<std::size_t>((block + 1) * kRowsPerBlock, model_->contacts());
    for (std::size_t i = block * kRowsPerBlock; i < end; ++i) {
      const bool bought = totals_->frequency[i] != 0;
      sums.last_day += bought ? totals_->last_day[i] : 0;
      sums.first_day += bought ? totals_->first_day[i] : 0;
      sums.frequency += totals_->frequency[i];
      sums.monetary += totals_->monetary[i];
    }
    parts[block] = sums;
  });
  TotalSums total;
  for (const TotalSums& sums : parts) {
    total.last_day += sums.last_day;
    total.first_day += sums.first_day;
    total.frequency += sums.frequency;
    total.monetary += sums.monetary;
  }
  return total;
}

std::string Session::run_aggregate() {
  TotalSums sums;
  // The sums are timed too, as they are in the other engines.
  const double seconds = seconds_of([&] {
    order_totals_->compute(orders_, *totals_);
    sums = sum_totals();
  });
  std::ostringstream out;
  out.precision(9);
  out << R"({"seconds": )" << seconds << R"(, "result": {"last_day": )" << sums.last_day
      << R"(, "first_day": )" << sums.first_day << R"(, "frequency": )" << sums.frequency
      << R"(, "monetary": )" << sums.monetary << "}}";
  return out.str();
}

std::string Session::save(std::istringstream& words) {
  std::string what;
  std::string folder;
  words >> what >> std::ws;
  std::getline(words, folder);
  if (what == "codes") {
    const RfmData& data = model_->data();
    write_column(folder, "r", data.tiers[0]);
    write_column(folder, "f", data.tiers[1]);
    write_column(folder, "m", data.tiers[2]);
    write_column(folder, "class", data.classes);
    return R"({"columns": {"r": "|u1", "f": "|u1", "m": "|u1", "class": "|u1"}})";
  }
  write_column(folder, "last_day", totals_->last_day);
  write_column(folder, "first_day", totals_->first_day);
  write_column(folder, "frequency", totals_->frequency);
  write_column(folder, "monetary", totals_->monetary);
  return R"({"columns": {"last_day": "<u2", "first_day": "<u2", "frequency": "<u4", )"
         R"("monetary": "<i8"}})";
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
  int threads = 0;
  const std::string text = argc == 2 ? argv[1] : "";
  std::from_chars(text.data(), text.data() + text.size(), threads);
  if (threads < 1) {
    std::cerr << "usage: quintile_peer THREADS\n";
    return 2;
  }
  try {
    quintile::peers::Session session(threads);
    for (std::string line; std::getline(std::cin, line);) {
      std::cout << session.answer(line) << std::endl;
    }
  } catch (const std::exception& error) {
    std::cerr << "quintile_peer: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
