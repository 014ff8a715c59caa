// aggregate: unsorted orders to totals per contact.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "column_file.hpp"
#include "order_totals.hpp"
#include "protocol.hpp"
#include "quintile/types.hpp"
#include "tasks.hpp"

namespace quintile::peers {
namespace {

struct TotalSums {
  std::int64_t last_day = 0;
  std::int64_t first_day = 0;
  std::int64_t frequency = 0;
  std::int64_t monetary = 0;
};

class OrderTasks final : public Tasks {
 public:
  OrderTasks(const std::string& folder, std::size_t contacts, Arena::Executor& executor)
      : executor_(executor),
        contacts_(contacts),
        orders_{read_column<std::uint32_t>(folder, "contact"),
                read_column<std::uint16_t>(folder, "day"),
                read_column<std::int64_t>(folder, "amount")},
        order_totals_(contacts, orders_.contact.size(), executor),
        totals_(contacts) {}

  std::string run(const std::string&, const std::string&, std::istringstream&) override {
    TotalSums sums;
    // The sums are timed too, as they are in the other engines.
    const double seconds = seconds_of([&] {
      order_totals_.compute(orders_, totals_);
      sums = sum_totals();
    });
    std::ostringstream out;
    out << R"({"last_day": )" << sums.last_day << R"(, "first_day": )" << sums.first_day
        << R"(, "frequency": )" << sums.frequency << R"(, "monetary": )" << sums.monetary << '}';
    return timed_answer(seconds, out.str());
  }

  std::string save(const std::string& folder) override {
    write_column(folder, "last_day", totals_.last_day);
    write_column(folder, "first_day", totals_.first_day);
    write_column(folder, "frequency", totals_.frequency);
    write_column(folder, "monetary", totals_.monetary);
    return R"({"columns": {"last_day": "<u2", "first_day": "<u2", "frequency": "<u4", )"
           R"("monetary": "<i8"}})";
  }

 private:
  [[nodiscard]] TotalSums sum_totals() const;

  Arena::Executor& executor_;
  std::size_t contacts_;
  Orders orders_;
  OrderTotals order_totals_;
  Totals totals_;
};

TotalSums OrderTasks::sum_totals() const {
  std::vector<TotalSums> parts((contacts_ + kRowsPerBlock - 1) / kRowsPerBlock);
  executor_.run(parts.size(), [&](std::size_t block, int) {
    TotalSums sums;
    const std::size_t end = std::min<std::size_t>((block + 1) * kRowsPerBlock, contacts_);
    for (std::size_t i = block * kRowsPerBlock; i < end; ++i) {
      const bool bought = totals_.frequency[i] != 0;
      sums.last_day += bought ? totals_.last_day[i] : 0;
      sums.first_day += bought ? totals_.first_day[i] : 0;
      sums.frequency += totals_.frequency[i];
      sums.monetary += totals_.monetary[i];
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

}  // namespace

std::unique_ptr<Tasks> order_tasks(const std::string& folder, Arena::Executor& executor) {
  return std::make_unique<OrderTasks>(folder, contacts_of(folder), executor);
}

}  // namespace quintile::peers
