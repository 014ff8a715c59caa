#include "naive_rfm.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace quintile::testing {

namespace {

struct NaiveOrder {
  std::int64_t time = 0;
  Int128 amount = 0;
  Int128 units = 0;
  int day = 0;
  bool purchase = false;
  std::size_t arrival = 0;  // of its earliest line: settles ties of time
};

std::vector<NaiveOrder> group(const std::vector<const NaiveLine*>& lines,
                              const NaiveQuestion& question) {
  std::map<std::string, NaiveOrder> named;
  std::vector<NaiveOrder> orders;
  for (std::size_t arrival = 0; arrival < lines.size(); ++arrival) {
    const NaiveLine* line = lines[arrival];
    NaiveOrder single{line->time, line->amount, line->quantity.value_or(1000), 0, false, arrival};
    if (line->order.empty()) {
      orders.push_back(single);
      continue;
    }
    const auto [order, is_new] = named.try_emplace(line->order, single);
    if (!is_new) {
      if (line->time < order->second.time) {
        order->second.time = line->time;
        order->second.arrival = arrival;
      }
      order->second.amount += line->amount;
      order->second.units += single.units;
    }
  }
  for (const auto& [id, order] : named) {
    orders.push_back(order);
  }
  for (NaiveOrder& order : orders) {
    order.day = question.zone.day_number(order.time);
    order.purchase = question.model->zero_is_purchase ? order.amount >= 0 : order.amount > 0;
  }
  std::sort(orders.begin(), orders.end(), [](const NaiveOrder& a, const NaiveOrder& b) {
    return std::pair(a.time, a.arrival) < std::pair(b.time, b.arrival);
  });
  return orders;
}

void cancel(std::vector<NaiveOrder>& orders) {
  std::set<std::size_t> gone;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (orders[i].purchase) {
      continue;
    }
    for (std::size_t j = orders.size(); j-- > 0;) {
      if (orders[j].purchase && orders[j].time < orders[i].time && !gone.contains(j) &&
          orders[j].amount == -orders[i].amount) {
        gone.insert(i);
        gone.insert(j);
        break;
      }
    }
  }
  std::vector<NaiveOrder> kept;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (!gone.contains(i)) {
      kept.push_back(orders[i]);
    }
  }
  orders = kept;
}

bool in_window(const NaiveOrder& order, const NaiveQuestion& question, Axis axis) {
  const std::optional<Window>& window = question.model->tiers[to_index(axis)].window;
  if (!window) {
    return true;
  }
  const std::int64_t count = window->count;
  if (window->unit == WindowUnit::kDays) {
    return question.zone.day_number(question.as_of.instant_us) - order.day < count;
  }
  const std::int64_t minutes = window->unit == WindowUnit::kHours ? count * 60 : count;
  return order.time > question.as_of.instant_us - minutes * 60'000'000;
}

NaiveRow fold(const std::vector<NaiveOrder>& orders, const NaiveQuestion& question) {
  const int today = question.zone.day_number(question.as_of.instant_us);
  NaiveRow row;
  std::int64_t purchases_in_window = 0;
  Int128 gross = 0;
  for (const NaiveOrder& order : orders) {
    if (order.purchase) {
      row.first_days = std::max(row.first_days.value_or(0), today - order.day);
      if (in_window(order, question, Axis::kRecency)) {
        row.recency_days = std::min(row.recency_days.value_or(today), today - order.day);
      }
      row.frequency += in_window(order, question, Axis::kFrequency) ? 1 : 0;
    }
    if (in_window(order, question, Axis::kMonetary)) {
      row.revenue += order.amount;
      row.units += order.units;
      ++row.orders;
      row.purchases += order.purchase ? 1 : 0;
      gross += order.purchase ? order.amount : 0;
      purchases_in_window += order.purchase ? 1 : 0;
    }
  }
  row.monetary_purchase = purchases_in_window > 0;
  row.monetary = question.model->monetary == MonetaryMeasure::kNet ? row.revenue : gross;
  if (question.model->monetary == MonetaryMeasure::kMean) {
    row.monetary_empty = purchases_in_window == 0;
    if (!row.monetary_empty) {
      const Int128 floor = gross / purchases_in_window;  // gross is never negative
      const Int128 rest = gross % purchases_in_window;
      const bool up =
          rest * 2 > purchases_in_window || (rest * 2 == purchases_in_window && floor % 2 != 0);
      row.monetary = floor + (up ? 1 : 0);
    }
  }
  return row;
}

std::optional<std::int64_t> value_of(const NaiveRow& row, Axis axis) {
  switch (axis) {
    case Axis::kRecency:
      return row.recency_days ? std::optional<std::int64_t>(*row.recency_days) : std::nullopt;
    case Axis::kFrequency:
      return row.frequency > 0 ? std::optional<std::int64_t>(row.frequency) : std::nullopt;
    case Axis::kMonetary:
      break;
  }
  return row.monetary_purchase ? std::optional(static_cast<std::int64_t>(row.monetary))
                               : std::nullopt;
}

int& tier_of(NaiveRow& row, Axis axis) {
  return axis == Axis::kRecency ? row.r : axis == Axis::kFrequency ? row.f : row.m;
}

void cut(std::map<std::string, NaiveRow>& rows, const NaiveQuestion& question, Axis axis) {
  const RfmTiers& tiers = question.model->tiers[to_index(axis)];
  const auto k = static_cast<std::size_t>(tiers.count);
  std::vector<std::pair<std::int64_t, NaiveRow*>> ranked;  // worst first, ties by id
  for (auto& [id, row] : rows) {
    if (const std::optional<std::int64_t> value = value_of(row, axis)) {
      ranked.emplace_back(axis == Axis::kRecency ? -*value : *value, &row);
    }
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::size_t n = ranked.size();
  if (tiers.method == TierMethod::kNtile) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t large = n % k * (n / k + 1);  // positions in the buckets that hold one more
      const std::size_t bucket =
          i < large ? i / (n / k + 1) : n % k + (i - large) / std::max<std::size_t>(n / k, 1);
      tier_of(*ranked[i].second, axis) = static_cast<int>(bucket) + 1;
    }
    return;
  }
  std::vector<std::int64_t> values;
  for (const auto& [value, row] : ranked) {
    values.push_back(axis == Axis::kRecency ? -value : value);
  }
  std::sort(values.begin(), values.end());
  std::vector<std::int64_t> cuts = tiers.fixed_cuts;
  if (tiers.method == TierMethod::kQuantile) {
    for (std::size_t i = 1; i < k && n > 0; ++i) {
      cuts.push_back(values[(i * n + k - 1) / k - 1]);
    }
  }
  for (auto& [value, row] : ranked) {
    const std::int64_t own = axis == Axis::kRecency ? -value : value;
    const auto below = static_cast<int>(
        std::count_if(cuts.begin(), cuts.end(), [&](std::int64_t c) { return c < own; }));
    tier_of(*row, axis) = axis == Axis::kRecency ? tiers.count - below : 1 + below;
  }
}

bool holds(const ValueCondition& condition, const NaiveRow& row) {
  std::optional<std::int64_t> value;
  switch (condition.column) {
    case ValueColumn::kRecencyDays:
      value = row.recency_days;
      break;
    case ValueColumn::kFirstDays:
      value = row.first_days;
      break;
    case ValueColumn::kFrequency:
      value = row.frequency;
      break;
    case ValueColumn::kMonetary:
      value = static_cast<std::int64_t>(row.monetary);
      break;
  }
  return value && *value >= condition.low && *value <= condition.high;
}

std::string class_of(const NaiveRow& row, const RfmModel& model) {
  if (row.r == 0 || row.f == 0 || row.m == 0) {
    return row.first_days ? "lapsed" : "prospect";
  }
  const auto within = [](const TierRange& range, int tier) {
    return tier >= range.low && tier <= range.high;
  };
  for (const ClassRule& rule : model.rules) {
    bool match = within(rule.r, row.r) && within(rule.f, row.f) && within(rule.m, row.m) &&
                 within(rule.fm, (row.f + row.m + 1) / 2);
    for (std::size_t i = 0; i < model.conditions.size(); ++i) {
      match = match && ((rule.conditions >> i & 1) == 0 || holds(model.conditions[i], row));
    }
    if (match) {
      return model.classes[rule.code];
    }
  }
  return model.otherwise ? model.classes[*model.otherwise] : "(none)";
}

}  // namespace

std::map<std::string, NaiveRow> naive_rfm(const std::vector<NaiveLine>& lines,
                                          const NaiveQuestion& question) {
  std::map<std::string, std::vector<const NaiveLine*>> by_contact;
  for (const NaiveLine& line : lines) {
    if (line.time <= question.as_of.instant_us &&
        (!question.population || question.population(line.contact))) {
      std::vector<const NaiveLine*>& own = by_contact[line.contact];
      if (!question.where || question.where(line)) {
        own.push_back(&line);
      }
    }
  }
  std::map<std::string, NaiveRow> rows;
  for (const auto& [contact, own] : by_contact) {
    std::vector<NaiveOrder> orders = group(own, question);
    if (question.model->returns == ReturnsRule::kMatch) {
      cancel(orders);
    }
    rows[contact] = fold(orders, question);
  }
  for (const Axis axis : {Axis::kRecency, Axis::kFrequency, Axis::kMonetary}) {
    cut(rows, question, axis);
  }
  for (auto& [contact, row] : rows) {
    row.class_name = class_of(row, *question.model);
  }
  return rows;
}

std::vector<TestColumn> to_columns(const std::vector<NaiveLine>& lines) {
  TestColumn contact{.name = "contact", .format = "u"};
  TestColumn time{.name = "time", .format = "tsu:UTC"};
  TestColumn amount{.name = "amount", .format = "l"};
  TestColumn order{.name = "order", .format = "U"};
  TestColumn category{.name = "category", .format = "u"};
  TestColumn quantity{.name = "quantity", .format = "l"};
  for (const NaiveLine& line : lines) {
    contact.texts.emplace_back(line.contact);
    time.integers.emplace_back(line.time);
    amount.integers.emplace_back(line.amount);
    order.texts.push_back(line.order.empty() ? std::nullopt : std::optional(line.order));
    category.texts.push_back(line.category.empty() ? std::nullopt : std::optional(line.category));
    quantity.integers.push_back(line.quantity);
  }
  return {contact, time, amount, order, category, quantity};
}

}  // namespace quintile::testing
