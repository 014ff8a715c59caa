#include "exec/event_functions.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <iterator>
#include <string_view>

#include "exec/event_scratch.hpp"
#include "query/nearest_double.hpp"
#include "query/power_of_ten.hpp"
#include "quintile/kernels/event_window.hpp"
#include "status/try.hpp"

namespace quintile {

namespace {

static_assert(kNoChosenEvent == kernels::kNoEvent);

using Events = std::span<const std::uint32_t>;

std::uint32_t count_values(const EventProperties& property, Events events) {
  return static_cast<std::uint32_t>(std::count_if(
      events.begin(), events.end(), [&](std::uint32_t e) { return property.has(e); }));
}

// The events that have a value, by value, ties as they come.
void sort_by_value(const EventProperties& property, Events events,
                   std::vector<std::uint32_t>& sorted) {
  sorted.clear();
  std::copy_if(events.begin(), events.end(), std::back_inserter(sorted),
               [&](std::uint32_t e) { return property.has(e); });
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return property.less(a, b); });
}

// run(first event of equal values, how many) over sorted events.
template <class Run>
void for_runs(const EventProperties& property, Events sorted, const Run& run) {
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && !property.less(sorted[begin], sorted[end])) {
      ++end;
    }
    run(sorted[begin], end - begin);
    begin = end;
  }
}

std::uint32_t extreme(const EventProperties& property, Events events, bool is_max) {
  std::uint32_t best = kNoChosenEvent;
  for (const std::uint32_t e : events) {
    if (property.has(e) &&
        (best == kNoChosenEvent || (is_max ? property.less(best, e) : property.less(e, best)))) {
      best = e;
    }
  }
  return best;
}

// The first of the earliest events, or the last of the latest.
std::uint32_t outermost(const EventRows& rows, Events events, bool is_last) {
  if (rows.by_time) {
    return events.empty() ? kNoChosenEvent : is_last ? events.back() : events.front();
  }
  const std::span<const std::int64_t> time = rows.time;
  std::uint32_t best = kNoChosenEvent;
  for (const std::uint32_t e : events) {
    if (best == kNoChosenEvent || (is_last ? time[e] >= time[best] : time[e] < time[best])) {
      best = e;
    }
  }
  return best;
}

class LoopFunctions {
 public:
  LoopFunctions(const EventQuestion& question, const EventRows& events, PickedEvents& picked)
      : question_(question), events_(events), picked_(picked) {}

  void count(OperandBuffer& out) {
    const std::span<std::int64_t> counts = out.integers(question_.rows);
    for (std::size_t c = 0; c < question_.rows; ++c) {
      counts[c] = static_cast<std::int64_t>(picked_.of(c).size());
    }
  }

  void days_since(OperandBuffer& out) {
    const std::span<std::uint16_t> days = out.tiny(question_.rows);
    const std::span<std::uint64_t> valid = out.valid(question_.rows);
    for (std::size_t c = 0; c < question_.rows; ++c) {
      std::uint16_t latest = kNoDay;
      for (const std::uint32_t e : picked_.of(c)) {
        latest = std::max(latest, events_.day[e]);
      }
      if (latest != kNoDay) {
        const std::uint16_t today = question_.scope.local_day();
        days[c] = static_cast<std::uint16_t>(today - std::min(today, latest));
        valid[c / 64] |= std::uint64_t{1} << (c % 64);
      }
    }
  }

  void regularly(OperandBuffer& out) {
    constexpr std::size_t kPeriods = 366;  // the language allows no more
    const BoundOperand& operand = question_.operand;
    const std::span<std::uint64_t> bits = out.bits(question_.rows);
    for (std::size_t c = 0; c < question_.rows; ++c) {
      std::bitset<kPeriods> seen;
      for (const std::uint32_t e : picked_.of(c)) {
        const int age = std::max(0, question_.scope.local_day() - events_.day[e]);
        const std::uint32_t period = static_cast<std::uint32_t>(age) / operand.period_days;
        if (period < operand.periods) {
          seen.set(period);
        }
      }
      bits[c / 64] |= std::uint64_t{seen.count() >= operand.required} << (c % 64);
    }
  }

  void distinct(const EventProperties& property, OperandBuffer& out) {
    const std::span<std::int64_t> counts = out.integers(question_.rows);
    std::vector<std::uint32_t> sorted;
    for (std::size_t c = 0; c < question_.rows; ++c) {
      sort_by_value(property, picked_.of(c), sorted);
      for_runs(property, sorted, [&](std::uint32_t, std::size_t) { ++counts[c]; });
    }
  }

  // first, last, min, max, mode: the value of one of the events.
  void choose(const EventProperties& property, OperandBuffer& out) {
    std::vector<std::uint32_t>& chosen = out.scratch().chosen;
    chosen.assign(question_.rows, kNoChosenEvent);
    std::vector<std::uint32_t> sorted;
    for (std::size_t c = 0; c < question_.rows; ++c) {
      chosen[c] = choose_of(property, picked_.of(c), sorted);
    }
    write_chosen(property, chosen, out);
  }

  Status sum(const EventProperties& property, OperandBuffer& out) {
    if (property.type == DataType::kDouble) {
      sum_reals(property, out);
      return {};
    }
    const std::span<std::int64_t> sums = out.integers(question_.rows);
    for (std::size_t c = 0; c < question_.rows; ++c) {
      const Int128 sum = sum_of(property, picked_.of(c));
      if (!fits_int64(sum)) {
        return {StatusCode::kOverflow,
                question_.operand.column.name + " of " +
                    contact_for_message(question_.scope, question_.block, c) +
                    ": expected a sum that fits 64 bits, got " + to_text(sum)};
      }
      sums[c] = static_cast<std::int64_t>(sum);
    }
    return {};
  }

  void avg(const EventProperties& property, OperandBuffer& out) {
    const std::span<double> means = out.reals(question_.rows);
    const std::span<std::uint64_t> valid = out.valid(question_.rows);
    const Uint128 unit = unit_of(question_.operand.column);
    for (std::size_t c = 0; c < question_.rows; ++c) {
      const Events events = picked_.of(c);
      const std::uint32_t count = count_values(property, events);
      if (count == 0) {
        continue;
      }
      means[c] = property.type == DataType::kDouble
                     ? real_sum_of(property, events) / count
                     : query::nearest_quotient(sum_of(property, events), unit * count);
      put_real(c, means, valid);
    }
  }

 private:
  std::uint32_t choose_of(const EventProperties& property, Events events,
                          std::vector<std::uint32_t>& sorted) const {
    switch (question_.operand.function) {
      case EventFunction::kMin:
        return extreme(property, events, false);
      case EventFunction::kMax:
        return extreme(property, events, true);
      case EventFunction::kFirst:
        return outermost(events_, events, false);
      case EventFunction::kLast:
        return outermost(events_, events, true);
      default:
        break;
    }
    std::uint32_t most = kNoChosenEvent;
    std::size_t most_count = 0;
    sort_by_value(property, events, sorted);
    for_runs(property, sorted, [&](std::uint32_t event, std::size_t count) {
      if (count > most_count) {
        most_count = count;
        most = event;
      }
    });
    return most;
  }

  static Int128 sum_of(const EventProperties& property, Events events) {
    Int128 sum = 0;
    for (const std::uint32_t e : events) {
      sum += property.has(e) ? property.integer(e) : 0;
    }
    return sum;
  }

  static double real_sum_of(const EventProperties& property, Events events) {
    double sum = 0;
    for (const std::uint32_t e : events) {
      sum += property.has(e) ? property.real(e) : 0;
    }
    return sum;
  }

  void sum_reals(const EventProperties& property, OperandBuffer& out) {
    const std::span<double> sums = out.reals(question_.rows);
    const std::span<std::uint64_t> valid = out.valid(question_.rows);
    for (std::size_t c = 0; c < question_.rows; ++c) {
      sums[c] = real_sum_of(property, picked_.of(c));
      put_real(c, sums, valid);
    }
  }

  // Infinities of both signs have a sum that is no number: NULL.
  static void put_real(std::size_t c, std::span<double> values,
                       std::span<std::uint64_t> valid) noexcept {
    if (std::isnan(values[c])) {
      values[c] = 0;
    } else {
      valid[c / 64] |= std::uint64_t{1} << (c % 64);
    }
  }

  const EventQuestion& question_;
  const EventRows& events_;
  PickedEvents& picked_;
};

}  // namespace

bool EventProperties::less(std::uint32_t a, std::uint32_t b) const noexcept {
  switch (type) {
    case DataType::kDouble:
      return real(a) < real(b);
    case DataType::kBool:
      return !bit(a) && bit(b);
    case DataType::kCategory: {
      if (code(a) == code(b)) {
        return false;
      }
      std::array<char, 24> left{};
      std::array<char, 24> right{};
      return texts->view(code(a), left) < texts->view(code(b), right);
    }
    default:
      return integer(a) < integer(b);
  }
}

EventProperties property_of(const EventQuestion& question, const EventRows& events) {
  const BoundStep& step = question.operand.steps[0];
  const std::uint32_t property = *question.operand.property;
  return {events.properties[property],
          question.scope.expression_events()[step.event].properties[property].type,
          question.scope.type(step.event).texts[property]};
}

Uint128 unit_of(const ExpressionColumn& column) noexcept {
  return static_cast<Uint128>(query::power_of_ten(column.decimals));
}

void write_chosen(const EventProperties& property, std::span<const std::uint32_t> chosen,
                  OperandBuffer& out) {
  const auto write = [&](const auto& values, const auto& read) {
    const std::span<std::uint64_t> valid = out.valid(chosen.size());
    for (std::size_t c = 0; c < chosen.size(); ++c) {
      if (chosen[c] != kNoChosenEvent && property.has(chosen[c])) {
        values[c] = read(chosen[c]);
        valid[c / 64] |= std::uint64_t{1} << (c % 64);
      }
    }
  };
  switch (property.type) {
    case DataType::kCategory:
      return write(out.small(chosen.size()), [&](std::uint32_t e) { return property.code(e); });
    case DataType::kDouble:
      return write(out.reals(chosen.size()), [&](std::uint32_t e) { return property.real(e); });
    case DataType::kBool: {
      const std::span<std::uint64_t> bits = out.bits(chosen.size());
      const std::span<std::uint64_t> valid = out.valid(chosen.size());
      for (std::size_t c = 0; c < chosen.size(); ++c) {
        if (chosen[c] != kNoChosenEvent && property.has(chosen[c])) {
          bits[c / 64] |= std::uint64_t{property.bit(chosen[c])} << (c % 64);
          valid[c / 64] |= std::uint64_t{1} << (c % 64);
        }
      }
      return;
    }
    default:
      return write(out.integers(chosen.size()),
                   [&](std::uint32_t e) { return property.integer(e); });
  }
}

Status evaluate_by_loops(const EventQuestion& question, const EventRows& events,
                         PickedEvents& picked, OperandBuffer& out) {
  LoopFunctions functions(question, events, picked);
  if (question.operand.kind == OperandKind::kRegularly) {
    functions.regularly(out);
    return {};
  }
  switch (question.operand.function) {
    case EventFunction::kCount:
      functions.count(out);
      return {};
    case EventFunction::kDaysSince:
      functions.days_since(out);
      return {};
    case EventFunction::kSum:
      return functions.sum(property_of(question, events), out);
    case EventFunction::kAvg:
      functions.avg(property_of(question, events), out);
      return {};
    case EventFunction::kDistinct:
      functions.distinct(property_of(question, events), out);
      return {};
    default:
      functions.choose(property_of(question, events), out);
      return {};
  }
}

}  // namespace quintile
