#include "plain_events.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>

namespace quintile::testing {
namespace {

std::string text_of(const std::optional<PlainValue>& value) {
  if (!value) {
    return "NULL";
  }
  if (const auto* integer = std::get_if<std::int64_t>(&*value)) {
    return std::to_string(*integer);
  }
  if (const auto* truth = std::get_if<bool>(&*value)) {
    return *truth ? "true" : "false";
  }
  if (const auto* text = std::get_if<std::string>(&*value)) {
    return *text;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.17g", std::get<double>(*value));
  return text.data();
}

int age_in_days(const Happening& event, const AsOf& as_of, const TimeZone& zone) {
  return zone.day_number(as_of.instant_us) - zone.day_number(event.time);
}

std::string sum_text(const std::vector<PlainValue>& values, const PlainQuestion& question) {
  if (!values.empty() && std::holds_alternative<double>(values[0])) {
    double sum = 0;
    for (const PlainValue& value : values) {
      sum += std::get<double>(value);
    }
    return text_of(question.function == "sum" ? sum : sum / static_cast<double>(values.size()));
  }
  std::int64_t sum = 0;
  for (const PlainValue& value : values) {
    sum += std::get<std::int64_t>(value);
  }
  return question.function == "sum" ? std::to_string(sum)
                                    : text_of(static_cast<double>(sum) /
                                              (static_cast<double>(values.size()) / question.unit));
}

// Functions of the values that are there.
std::string value_text(const PlainQuestion& question, const std::vector<PlainValue>& values) {
  if (question.function == "sum" || (question.function == "avg" && !values.empty())) {
    return sum_text(values, question);
  }
  std::map<PlainValue, std::size_t> counts;
  for (const PlainValue& value : values) {
    ++counts[value];
  }
  if (question.function == "distinct") {
    return std::to_string(counts.size());
  }
  if (counts.empty()) {
    return "NULL";
  }
  if (question.function == "min") {
    return text_of(counts.begin()->first);
  }
  if (question.function == "max") {
    return text_of(counts.rbegin()->first);
  }
  return text_of(std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                   return a.second < b.second;
                 })->first);  // the first of the largest
}

bool try_sequence(const std::vector<PlainStep>& steps, std::size_t next, std::int64_t last) {
  if (next == steps.size()) {
    return true;
  }
  const PlainStep* negated = steps[next].negated ? &steps[next] : nullptr;
  const std::size_t place = negated != nullptr ? next + 1 : next;
  const auto broken_before = [&](std::int64_t until) {
    return negated != nullptr &&
           std::any_of(negated->times.begin(), negated->times.end(), [&](std::int64_t time) {
             return time > last && time < until &&
                    (!negated->within_us || time - last <= *negated->within_us);
           });
  };
  if (place == steps.size()) {
    return !broken_before(INT64_MAX);
  }
  const PlainStep& step = steps[place];
  return std::any_of(step.times.begin(), step.times.end(), [&](std::int64_t time) {
    return time > last && (!step.within_us || time - last <= *step.within_us) &&
           !broken_before(time) && try_sequence(steps, place + 1, time);
  });
}

}  // namespace

std::vector<Happening> plain_orders(const std::vector<PlainLine>& lines, std::int64_t as_of,
                                    bool purchases) {
  std::vector<Happening> orders;
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> known;
  std::vector<PlainLine> sorted = lines;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const PlainLine& a, const PlainLine& b) { return a.time < b.time; });
  for (const PlainLine& line : sorted) {
    if (line.time > as_of) {
      continue;
    }
    if (line.order) {
      const auto [place, is_new] =
          known.try_emplace(std::pair(line.contact, *line.order), orders.size());
      if (!is_new) {
        auto& amount = std::get<std::int64_t>(*orders[place->second].values[0]);
        amount += line.amount;
        continue;
      }
    }
    orders.push_back({line.contact, line.time, {PlainValue(line.amount), PlainValue(line.time)}});
  }
  std::erase_if(orders, [purchases](const Happening& order) {
    return (std::get<std::int64_t>(*order.values[0]) > 0) != purchases;
  });
  return orders;
}

std::vector<Happening> plain_window(const std::vector<Happening>& all,
                                    const std::optional<Window>& window, const AsOf& as_of,
                                    const TimeZone& zone) {
  std::vector<Happening> events = all;
  std::erase_if(events, [&](const Happening& event) {
    if (event.time > as_of.instant_us) {
      return true;
    }
    if (!window) {
      return false;
    }
    if (window->unit == WindowUnit::kDays) {
      return age_in_days(event, as_of, zone) >= static_cast<int>(window->count);
    }
    const std::int64_t minutes = window->unit == WindowUnit::kHours ? 60 : 1;
    return event.time <= as_of.instant_us - minutes * window->count * 60'000'000;
  });
  return events;
}

std::string plain_value(const PlainQuestion& question, std::vector<Happening> events,
                        const AsOf& as_of, const TimeZone& zone) {
  std::stable_sort(events.begin(), events.end(),
                   [](const Happening& a, const Happening& b) { return a.time < b.time; });
  if (question.function == "count") {
    return std::to_string(events.size());
  }
  if (question.function == "days_since" || question.function == "regularly") {
    std::set<int> ages;
    for (const Happening& event : events) {
      ages.insert(std::max(0, age_in_days(event, as_of, zone)));
    }
    if (question.function == "days_since") {
      return ages.empty() ? "NULL" : std::to_string(*ages.begin());
    }
    std::set<std::uint32_t> periods;
    for (const int age : ages) {
      periods.insert(static_cast<std::uint32_t>(age / question.period_days));
    }
    const auto end = periods.lower_bound(question.periods);
    return std::distance(periods.begin(), end) >= question.required ? "true" : "false";
  }
  if (question.function == "first" || question.function == "last") {
    if (events.empty()) {
      return "NULL";
    }
    return text_of(
        (question.function == "first" ? events.front() : events.back()).values[*question.property]);
  }
  std::vector<PlainValue> values;
  for (const Happening& event : events) {
    if (event.values[*question.property]) {
      values.push_back(*event.values[*question.property]);
    }
  }
  return value_text(question, values);
}

bool plain_sequence(const std::vector<PlainStep>& steps) {
  return try_sequence(steps, 0, INT64_MIN);
}

}  // namespace quintile::testing
