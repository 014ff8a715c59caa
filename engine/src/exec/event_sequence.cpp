#include "exec/event_sequence.hpp"

#include <algorithm>
#include <utility>

#include "query/duration.hpp"

namespace quintile {

namespace {

// Whether no event of the negated step follows `time` so soon that it would break a sequence,
// whatever comes next.
bool is_free(const SequenceStep* negated, std::int64_t time) {
  if (negated == nullptr) {
    return true;
  }
  const auto next = std::upper_bound(negated->times.begin(), negated->times.end(), time);
  return next == negated->times.end() || (negated->within_us && *next > time + *negated->within_us);
}

// Whether no event of the negated step lies strictly between.
bool is_clear(const SequenceStep* negated, std::int64_t time, std::int64_t until) {
  if (negated == nullptr) {
    return true;
  }
  const auto next = std::upper_bound(negated->times.begin(), negated->times.end(), time);
  return next == negated->times.end() || *next >= until;
}

// The times of `step` at which a sequence can stand that stood at one of `from` before. The latest
// time before is the best to come from, unless a negated event lies between: that then lies behind
// all earlier ones too, and only those from which it is too far away are left.
std::vector<std::int64_t> advance(std::span<const std::int64_t> from, const SequenceStep* negated,
                                  const SequenceStep& step) {
  std::vector<std::int64_t> reached;
  std::size_t before = 0;
  std::optional<std::int64_t> latest;
  std::optional<std::int64_t> latest_free;
  for (const std::int64_t time : step.times) {
    for (; before < from.size() && from[before] < time; ++before) {
      latest = from[before];
      if (is_free(negated, *latest)) {
        latest_free = latest;
      }
    }
    const bool clear = latest && is_clear(negated, *latest, time);
    const std::optional<std::int64_t>& origin = clear ? latest : latest_free;
    if (origin && (!step.within_us || time - *origin <= *step.within_us)) {
      reached.push_back(time);
    }
  }
  return reached;
}

}  // namespace

bool has_sequence(std::span<const SequenceStep> steps) {
  std::vector<std::int64_t> reached = steps[0].times;
  const SequenceStep* negated = nullptr;
  for (const SequenceStep& step : steps.subspan(1)) {
    if (step.negated) {
      negated = &step;
      continue;
    }
    reached = advance(reached, negated, step);
    negated = nullptr;
  }
  return std::any_of(reached.begin(), reached.end(),
                     [&](std::int64_t time) { return is_free(negated, time); });
}

void evaluate_sequence(const EventQuestion& question, std::span<const StepColumns> events,
                       OperandBuffer& out) {
  std::vector<SequenceStep> steps;
  std::vector<PickedEvents> picked;
  for (std::size_t i = 0; i < question.operand.steps.size(); ++i) {
    const BoundStep& bound = question.operand.steps[i];
    SequenceStep& step = steps.emplace_back();
    step.negated = bound.negated;
    if (bound.within) {
      step.within_us = query::duration_us(*bound.within);
    }
    picked.emplace_back(events[i].rows, events[i].picked.span());
  }
  const std::span<std::uint64_t> bits = out.bits(question.rows);
  for (std::size_t c = 0; c < question.rows; ++c) {
    bool possible = true;
    for (std::size_t i = 0; i < steps.size() && possible; ++i) {
      std::vector<std::int64_t>& times = steps[i].times;
      times.clear();
      for (const std::uint32_t e : picked[i].of(c)) {
        times.push_back(events[i].rows.time[e]);
      }
      if (!events[i].rows.by_time) {
        std::sort(times.begin(), times.end());
      }
      possible = steps[i].negated || !times.empty();
    }
    bits[c / 64] |= std::uint64_t{possible && has_sequence(steps)} << (c % 64);
  }
}

}  // namespace quintile
