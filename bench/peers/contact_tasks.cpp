// rescore and recompute, by the engine's own steps; counts of contacts by a condition on a column.
#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "column_file.hpp"
#include "protocol.hpp"
#include "quintile/kernels/bitmap.hpp"
#include "quintile/kernels/predicate.hpp"
#include "shop_model.hpp"
#include "tasks.hpp"

namespace quintile::peers {
namespace {

constexpr int kCurrencyDecimals = 2;

RfmModel classic5() {
  Result<RfmModel> model = rfm_preset("classic5", kCurrencyDecimals);
  if (!model.ok()) throw std::runtime_error(std::string(model.status().message()));
  return std::move(*model);
}

class ContactTasks final : public Tasks {
 public:
  ContactTasks(const std::string& folder, Arena::Executor& executor)
      : model_(classic5(), read_column<std::uint16_t>(folder, "recency"),
               read_column<std::uint32_t>(folder, "frequency"),
               read_column<std::int64_t>(folder, "monetary"), executor),
        executor_(executor),
        countries_(read_column<std::uint8_t>(folder, "country")) {}

  std::string run(const std::string& task, const std::string&, std::istringstream& words) override {
    if (task == "range") return count_range(words);
    if (task == "category") return count_countries(words);
    if (task == "rescore") set_cuts(words);
    const double seconds = seconds_of([&] {
      if (task == "recompute") model_.compute_cuts();
      model_.score();
    });
    const auto& cuts = model_.data().cuts;
    return timed_answer(seconds, R"({"cuts": {"recency": )" + json_list(cuts[0].cuts) +
                                     R"(, "frequency": )" + json_list(cuts[1].cuts) +
                                     R"(, "monetary": )" + json_list(cuts[2].cuts) +
                                     R"(}, "counts": )" + json_list(model_.class_counts()) + "}");
  }

  std::string save(const std::string& folder) override {
    const RfmData& data = model_.data();
    write_column(folder, "r", data.tiers[0]);
    write_column(folder, "f", data.tiers[1]);
    write_column(folder, "m", data.tiers[2]);
    write_column(folder, "class", data.classes);
    return R"({"columns": {"r": "|u1", "f": "|u1", "m": "|u1", "class": "|u1"}})";
  }

 private:
  void set_cuts(std::istringstream& words) {
    for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
      std::string text;
      words >> text;
      std::istringstream numbers(text);
      std::vector<std::int64_t> cuts;
      for (std::string number; std::getline(numbers, number, ',');)
        cuts.push_back(std::stoll(number));
      model_.set_cuts(static_cast<Axis>(axis), std::move(cuts));
    }
  }

  // The arguments: both ends of the interval.
  std::string count_range(std::istringstream& words) {
    kernels::Interval<std::int64_t> interval;
    words >> interval.low >> interval.high;
    const auto& money = model_.data().monetary;
    return count_marked([&](std::size_t first, std::size_t rows, auto out) {
      kernels::mark_interval_i64(money.span().subspan(first, rows), interval, {},
                                 {.is_true = out, .is_null = {}});
    });
  }

  // The arguments: codes of countries.
  std::string count_countries(std::istringstream& words) {
    std::array<std::uint64_t, 4> table{};
    for (unsigned code = 0; words >> code;)
      table.at(code / 64) |= std::uint64_t{1} << code % 64;
    return count_marked([&](std::size_t first, std::size_t rows, auto out) {
      kernels::mark_codes_u8(std::as_const(countries_).span().subspan(first, rows), table, false,
                             {}, {.is_true = out, .is_null = {}});
    });
  }

  template <class Mark>
  std::string count_marked(const Mark& mark) {
    const std::size_t rows = countries_.size();
    std::vector<std::uint64_t> counts((rows + kernels::kBlockRows - 1) / kernels::kBlockRows);
    std::uint64_t total = 0;
    const double seconds = seconds_of([&] {
      executor_.run(counts.size(), [&](std::size_t block, int) {
        const std::size_t first = block * kernels::kBlockRows;
        const std::size_t here = std::min(kernels::kBlockRows, rows - first);
        std::array<std::uint64_t, kernels::kBlockWords> words;
        const auto used = std::span(words).first(kernels::words_for(here));
        mark(first, here, used);
        counts[block] = kernels::count_bits(used);
      });
      total = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    });
    return count_answer(seconds, total);
  }

  ShopModel model_;
  Arena::Executor& executor_;
  AlignedBuffer<std::uint8_t> countries_;
};

}  // namespace

std::unique_ptr<Tasks> contact_tasks(const std::string& folder, Arena::Executor& executor) {
  return std::make_unique<ContactTasks>(folder, executor);
}

}  // namespace quintile::peers
