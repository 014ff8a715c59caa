// What contacts can be is reasoned about with intervals, and held against all contacts written out.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "models/class_map.hpp"
#include "random_model.hpp"

namespace quintile::models {
namespace {

using Cell = std::tuple<unsigned, unsigned, unsigned>;

std::map<Cell, std::set<std::uint64_t>> flags_by_cell(const RfmModel& model) {
  std::map<Cell, std::set<std::uint64_t>> found;
  for_each_contact(model, [&](const Contact& contact) {
    const Cell cell = {naive_tier(model, Axis::kRecency, contact.recency_days),
                       naive_tier(model, Axis::kFrequency, contact.frequency),
                       naive_tier(model, Axis::kMonetary, contact.monetary)};
    found[cell].insert(naive_flags(model, contact));
  });
  return found;
}

RC_GTEST_PROP(ValueSpace, KnowsExactlyWhatCanOccur, ()) {
  const RfmModel model = random_model(20);
  auto expected = flags_by_cell(model);
  const ValueSpace space = make_value_space(model, nullptr);
  const auto count = [&](Axis axis) { return static_cast<unsigned>(model.axis(axis).count); };
  for (unsigned r = 1; r <= count(Axis::kRecency); ++r) {
    for (unsigned f = 1; f <= count(Axis::kFrequency); ++f) {
      for (unsigned m = 1; m <= count(Axis::kMonetary); ++m) {
        const std::vector<std::uint64_t> feasible = feasible_flags(space, r, f, m);
        const std::set<std::uint64_t>& wanted = expected[Cell(r, f, m)];
        RC_ASSERT(std::equal(feasible.begin(), feasible.end(), wanted.begin(), wanted.end()));
      }
    }
  }
}

// A cell is left over if some contact in it meets no rule; classes are reachable if some contact is
// in them.
RC_GTEST_PROP(ValueSpace, CoverageAndReachabilityEqualWritingAllContactsOut, ()) {
  RfmModel model = random_model(20);
  bool left_over = false;
  std::set<std::uint8_t> reached;
  for_each_contact(model, [&](const Contact& contact) {
    const int rule = naive_rule(model, naive_tier(model, Axis::kRecency, contact.recency_days),
                                naive_tier(model, Axis::kFrequency, contact.frequency),
                                naive_tier(model, Axis::kMonetary, contact.monetary),
                                naive_flags(model, contact));
    left_over = left_over || rule < 0;
    if (rule >= 0) {
      reached.insert(model.rules[static_cast<std::size_t>(rule)].code);
    } else if (model.otherwise) {
      reached.insert(*model.otherwise);
    }
  });
  RC_ASSERT(describe_uncovered(model, CellWinners(model)).empty() == !left_over);
  const RfmReachability reach = rfm_reachability(model);
  for (std::uint8_t code = 0; code < model.map_class_count(); ++code) {
    RC_ASSERT((reach.classes[code] == ClassReach::kReachable) == reached.contains(code));
  }
}

}  // namespace
}  // namespace quintile::models
