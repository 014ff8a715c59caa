// rescore and recompute, by the engine's own steps.
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "column_file.hpp"
#include "protocol.hpp"
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
               read_column<std::int64_t>(folder, "monetary"), executor) {}

  std::string run(const std::string& task, std::istringstream& words) override {
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

  ShopModel model_;
};

}  // namespace

std::unique_ptr<Tasks> contact_tasks(const std::string& folder, Arena::Executor& executor) {
  return std::make_unique<ContactTasks>(folder, executor);
}

}  // namespace quintile::peers
