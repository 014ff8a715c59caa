// Step 5: revenue and purchases by week and month, per tier and class.
#include <tuple>

#include "exec/order_fold.hpp"
#include "exec/rfm_context.hpp"

namespace quintile {

namespace {

constexpr std::size_t kGroupings = kAxisCount + 1;  // the axes' tiers, then classes

// From days to consecutive weeks and months.
class Calendar {
 public:
  Calendar(std::uint16_t first_day, std::uint16_t last_day) : first_day_(first_day) {
    for (std::uint32_t day = first_day; day <= last_day; ++day) {
      const auto number = static_cast<std::uint16_t>(day);
      const std::string date = format_day_number(number);
      if (weeks_.empty() || day % 7 == kMondayRemainder) {
        const std::uint32_t back = (day + 7 - kMondayRemainder) % 7;
        weeks_.push_back(static_cast<std::uint16_t>(day > back ? day - back : 1));
      }
      if (months_.empty() || date.ends_with("-01")) {
        const auto of_month = static_cast<std::uint32_t>(std::stoi(date.substr(date.size() - 2)));
        months_.push_back(static_cast<std::uint16_t>(day + 1 - of_month));
      }
      week_of_.push_back(static_cast<std::uint16_t>(weeks_.size() - 1));
      month_of_.push_back(static_cast<std::uint16_t>(months_.size() - 1));
    }
  }

  [[nodiscard]] std::span<const std::uint16_t> weeks() const noexcept { return weeks_; }
  [[nodiscard]] std::span<const std::uint16_t> months() const noexcept { return months_; }
  [[nodiscard]] std::size_t week(std::uint16_t day) const noexcept {
    return week_of_[static_cast<std::size_t>(day - first_day_)];
  }
  [[nodiscard]] std::size_t month(std::uint16_t day) const noexcept {
    return month_of_[static_cast<std::size_t>(day - first_day_)];
  }

 private:
  static constexpr std::uint32_t kMondayRemainder = 1;  // day 1, 1900-01-01, was a Monday

  std::uint16_t first_day_;
  std::vector<std::uint16_t> weeks_;
  std::vector<std::uint16_t> months_;
  std::vector<std::uint16_t> week_of_;
  std::vector<std::uint16_t> month_of_;
};

using Groupings = std::array<PeriodSeries, kGroupings>;

Groupings empty_groupings(const RfmContext& context, const RfmData& data,
                          const Calendar& calendar) {
  Groupings groupings;
  for (std::size_t g = 0; g < kGroupings; ++g) {
    const int groups =
        g < kAxisCount ? data.cuts[g].tiers + 1 : static_cast<int>(context.model.classes.size());
    for (auto [series, periods] : {std::pair(&groupings[g].weeks, calendar.weeks()),
                                   std::pair(&groupings[g].months, calendar.months())}) {
      series->periods.assign(periods.begin(), periods.end());
      series->groups = groups;
      series->revenue.resize(static_cast<std::size_t>(groups) * periods.size());
      series->purchases.resize(series->revenue.size());
    }
  }
  return groupings;
}

void add_order(const Calendar& calendar, const std::array<std::size_t, kGroupings>& groups,
               std::uint16_t day, Int128 amount, bool purchase, Groupings& into) noexcept {
  const std::size_t week = calendar.week(day);
  const std::size_t month = calendar.month(day);
  for (std::size_t g = 0; g < kGroupings; ++g) {
    const std::size_t at_week = groups[g] * calendar.weeks().size() + week;
    const std::size_t at_month = groups[g] * calendar.months().size() + month;
    into[g].weeks.revenue[at_week] += amount;
    into[g].months.revenue[at_month] += amount;
    into[g].weeks.purchases[at_week] += purchase ? 1 : 0;
    into[g].months.purchases[at_month] += purchase ? 1 : 0;
  }
}

void add_block(const RfmContext& context, const RfmData& data, const Calendar& calendar,
               std::size_t block, Groupings& into) {
  const OrderBlock& orders = context.blocks[block];
  OrderFold fold(context, block);
  for (std::size_t i = 0; i < context.block_rows(block); ++i) {
    const std::size_t row = context.block_begin(block) + i;
    if (data.classes[row] == kNoClass) {
      continue;
    }
    const std::array<std::size_t, kGroupings> groups{data.tiers[0][row], data.tiers[1][row],
                                                     data.tiers[2][row], data.classes[row]};
    if (context.whole_orders[block] == 0) {
      for (const SeenOrder& order : fold.orders(i)) {
        add_order(calendar, groups, order.day, order.amount, order.amount >= context.min_purchase,
                  into);
      }
      continue;
    }
    for (std::uint32_t o = orders.contact_orders[i]; o < orders.contact_orders[i + 1]; ++o) {
      if (orders.order_day[o] <= context.local_day) {
        add_order(calendar, groups, orders.order_day[o], orders.order_amount[o],
                  orders.order_amount[o] >= context.min_purchase, into);
      }
    }
  }
}

void add_series(Series& into, const Series& more) noexcept {
  for (std::size_t i = 0; i < more.revenue.size(); ++i) {
    into.revenue[i] += more.revenue[i];
    into.purchases[i] += more.purchases[i];
  }
}

}  // namespace

Status compute_series(const RfmContext& context, RfmData& data) {
  std::int64_t first_time = context.instant_us;
  std::int64_t last_time = std::numeric_limits<std::int64_t>::min();
  for (const OrderBlock& block : context.blocks) {
    if (block.lines() != 0 && block.first_time <= context.instant_us) {
      first_time = std::min(first_time, block.first_time);
      last_time = std::max(last_time, std::min(block.last_time, context.instant_us));
    }
  }
  if (last_time < first_time) {
    return {};
  }
  const Calendar calendar(context.zone.day_number(first_time), context.zone.day_number(last_time));
  std::vector<Groupings> workers(static_cast<std::size_t>(context.executor.thread_count()));
  Status status = for_each_block(context, [&](std::size_t block, int worker) -> Status {
    Groupings& own = workers[static_cast<std::size_t>(worker)];
    if (own[0].weeks.groups == 0) {
      own = empty_groupings(context, data, calendar);
    }
    add_block(context, data, calendar, block, own);
    return {};
  });
  Groupings sums = empty_groupings(context, data, calendar);
  for (const Groupings& own : workers) {
    for (std::size_t g = 0; g < kGroupings; ++g) {
      add_series(sums[g].weeks, own[g].weeks);
      add_series(sums[g].months, own[g].months);
    }
  }
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    data.tier_series[axis] = std::move(sums[axis]);
  }
  data.class_series = std::move(sums[kAxisCount]);
  return status;
}

}  // namespace quintile
