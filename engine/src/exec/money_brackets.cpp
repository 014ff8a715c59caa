#include "exec/money_brackets.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quintile {

namespace {

constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

// Of a rank in the sample, in standard deviations. Half as many would miss a cut point in one of
// twenty recomputes; a miss costs twice the pass, half of the width saves a tenth of it.
constexpr double kMargin = 4.0;

// A place keeps values in rooms of so many.
constexpr std::size_t kRoomValues = 4 * std::size_t{kRowsPerBlock};

// Keeping more than one value in so many, and more than a few, means that the sample has told
// nothing.
constexpr std::uint64_t kKeptShare = 2;
constexpr std::uint64_t kKeptAlways = 4 * std::uint64_t{kRowsPerBlock};

// An extreme value is frequent when one row of the sample in so many has it.
constexpr std::uint64_t kHeavyShare = 256;

}  // namespace

MoneyBrackets::MoneyBrackets(MoneySample sample, std::uint64_t tiers) {
  if (sample.empty()) {
    return;
  }
  const std::uint64_t n = sample.size();
  const std::uint64_t few = 1 + n / kHeavyShare;
  std::vector<std::uint64_t> ranks{1, few, n + 1 - few, n};
  for (std::uint64_t i = 1; i < tiers; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(tiers);
    const double middle = share * static_cast<double>(n);
    const double margin = 1.0 + kMargin * std::sqrt(middle * (1.0 - share));
    for (const double at : {middle - margin, middle + margin}) {
      ranks.push_back(static_cast<std::uint64_t>(std::clamp(at, 1.0, static_cast<double>(n))));
    }
  }
  std::vector<std::uint64_t> sorted = ranks;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::int64_t> values(sorted.size());
  ArraySource<std::int64_t> source;
  source.parts.emplace_back(sample);
  find_in_arrays<MonetaryBins>(source, sorted, values);
  const auto value_at = [&](std::size_t rank) {
    return values[static_cast<std::size_t>(
        std::lower_bound(sorted.begin(), sorted.end(), ranks[rank]) - sorted.begin())];
  };
  add_extreme(value_at(0), value_at(1), kSmallest);
  for (std::size_t i = 4; i < ranks.size(); i += 2) {
    add(value_at(i), value_at(i + 1));
  }
  add_extreme(value_at(3), value_at(2), kLargest);
  set_thresholds();
}

// From the extreme value of the sample to the end of the type. A value that is extreme and frequent
// gets a bracket of its own, so that it is only counted.
void MoneyBrackets::add_extreme(std::int64_t extreme, std::int64_t near, std::int64_t end) {
  if (extreme != near) {
    add(std::min(extreme, end), std::max(extreme, end));
  } else if (end == kSmallest) {
    if (extreme != end) {
      add(end, extreme - 1);
    }
    add(extreme, extreme);
  } else {
    add(extreme, extreme);
    if (extreme != end) {
      add(extreme + 1, end);
    }
  }
}

// Brackets come in ascending order of their ends; those that overlap become one, unless one of them
// is a single value.
void MoneyBrackets::add(std::int64_t low, std::int64_t high) {
  if (brackets_.empty() || low > brackets_.back().high) {
    brackets_.push_back({low, high});
    return;
  }
  Bracket& last = brackets_.back();
  if (last.is_one_value()) {
    if (high > last.high) {
      brackets_.push_back({last.high + 1, high});
    }
  } else if (low == high && high == last.high) {
    last.high = low - 1;
    brackets_.push_back({low, high});
  } else {
    last.high = std::max(last.high, high);
  }
}

void MoneyBrackets::set_thresholds() {
  for (Bracket& bracket : brackets_) {
    if (bracket.low != kSmallest &&
        (thresholds_.empty() || thresholds_.back() != bracket.low - 1)) {
      thresholds_.push_back(bracket.low - 1);
    }
    bracket.place = thresholds_.size();
    if (bracket.high != kLargest) {
      thresholds_.push_back(bracket.high);
    }
  }
}

void MoneyBrackets::Worker::place(const MoneyBrackets& brackets,
                                  std::span<const std::int64_t> values,
                                  std::span<const std::uint64_t> valid) {
  if (counts_.empty()) {
    counts_.resize(brackets.thresholds_.size() + 1);
    kept_.resize(counts_.size());
    rooms_.resize(counts_.size());
  }
  if (!too_many_) {
    make_room(brackets, values.size());
  }
  kernels::place_values_i64(values, valid, brackets.thresholds_, counts_, kept_);
  if (!too_many_) {
    check_share(brackets);
  }
}

void MoneyBrackets::Worker::make_room(const MoneyBrackets& brackets, std::size_t rows) {
  for (const Bracket& bracket : brackets.brackets_) {
    kernels::KeptValues<std::int64_t>& kept = kept_[bracket.place];
    if (bracket.is_one_value() || kept.room.size() - kept.used >= rows) {
      continue;
    }
    std::vector<Room>& rooms = rooms_[bracket.place];
    rooms.push_back({std::make_unique_for_overwrite<std::int64_t[]>(kRoomValues), 0});
    kept = {{rooms.back().memory.get(), kRoomValues}, 0};
  }
}

void MoneyBrackets::Worker::check_share(const MoneyBrackets& brackets) {
  std::uint64_t placed = 0;
  std::uint64_t inside = 0;
  for (const std::uint64_t count : counts_) {
    placed += count;
  }
  for (const Bracket& bracket : brackets.brackets_) {
    inside += bracket.is_one_value() ? 0 : counts_[bracket.place];
    if (!rooms_[bracket.place].empty()) {
      rooms_[bracket.place].back().used = kept_[bracket.place].used;
    }
  }
  if (inside > kKeptAlways && inside > placed / kKeptShare) {
    too_many_ = true;
    rooms_.clear();
    kept_.assign(counts_.size(), {});
  }
}

std::uint64_t MoneyBrackets::population(std::span<const Worker> workers) noexcept {
  std::uint64_t population = 0;
  for (const Worker& worker : workers) {
    for (const std::uint64_t count : worker.counts_) {
      population += count;
    }
  }
  return population;
}

// Groups the ranks by bracket; empty if one lies in none, or in one that was not kept.
std::vector<MoneyBrackets::RanksInside> MoneyBrackets::ranks_inside(
    std::span<const Worker> workers, std::span<const std::uint64_t> ranks) const {
  const bool all_kept =
      std::none_of(workers.begin(), workers.end(), [](const Worker& w) { return w.too_many_; });
  std::vector<RanksInside> groups;
  std::uint64_t below = 0;
  std::size_t rank = 0;
  std::size_t bracket = 0;
  for (std::size_t place = 0; place <= thresholds_.size() && rank < ranks.size(); ++place) {
    std::uint64_t inside = 0;
    for (const Worker& worker : workers) {
      inside += worker.count_at(place);
    }
    const std::size_t first = rank;
    while (rank < ranks.size() && ranks[rank] <= below + inside) {
      ++rank;
    }
    while (bracket < brackets_.size() && brackets_[bracket].place < place) {
      ++bracket;
    }
    if (rank > first) {
      const bool is_inside = bracket < brackets_.size() && brackets_[bracket].place == place;
      if (!is_inside || (!all_kept && !brackets_[bracket].is_one_value())) {
        return {};
      }
      groups.push_back({bracket, below, first, rank - first});
    }
    below += inside;
  }
  return groups;
}

void MoneyBrackets::find_inside(std::span<const Worker> workers, const RanksInside& inside,
                                std::span<const std::uint64_t> ranks,
                                std::span<std::int64_t> found) const {
  const Bracket& bracket = brackets_[inside.bracket];
  const std::span<std::int64_t> wanted = found.subspan(inside.first, inside.count);
  if (bracket.is_one_value()) {
    std::fill(wanted.begin(), wanted.end(), bracket.low);
    return;
  }
  ArraySource<std::int64_t> source;
  for (const Worker& worker : workers) {
    if (worker.rooms_.empty()) {
      continue;
    }
    for (const Worker::Room& room : worker.rooms_[bracket.place]) {
      source.parts.emplace_back(room.memory.get(), room.used);
    }
  }
  std::vector<std::uint64_t> local;
  for (const std::uint64_t rank : ranks.subspan(inside.first, inside.count)) {
    local.push_back(rank - inside.below);
  }
  find_in_arrays<MonetaryBins>(source, local, wanted);
}

bool MoneyBrackets::find(std::span<const Worker> workers, std::span<const std::uint64_t> ranks,
                         std::span<std::int64_t> found, Arena::Executor& executor) const {
  const std::vector<RanksInside> groups = ranks_inside(workers, ranks);
  if (groups.empty()) {
    return ranks.empty();
  }
  executor.run(groups.size(),
               [&](std::size_t group, int) { find_inside(workers, groups[group], ranks, found); });
  return true;
}

}  // namespace quintile
