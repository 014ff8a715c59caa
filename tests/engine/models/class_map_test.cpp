#include "models/class_map.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "random_model.hpp"

namespace quintile::models {
namespace {

RC_GTEST_PROP(ClassTable, EqualsNaiveFirstMatch, ()) {
  const RfmModel model = random_model();
  const ClassTable table = make_class_table(model, find_winners(model));
  const auto count = [&](Axis axis) { return static_cast<unsigned>(model.axis(axis).count); };
  RC_ASSERT(table.condition_count == model.conditions.size());
  std::size_t entries = 0;
  for (unsigned r = 0; r <= count(Axis::kRecency); ++r) {
    for (unsigned f = 0; f <= count(Axis::kFrequency); ++f) {
      for (unsigned m = 0; m <= count(Axis::kMonetary); ++m) {
        for (unsigned flags = 0; flags < 1U << model.conditions.size(); ++flags) {
          const std::size_t index = table.index(r, f, m, flags);
          RC_ASSERT(index == entries++);
          if (r == 0 || f == 0 || m == 0) {
            continue;
          }
          const int rule = naive_rule(model, r, f, m, flags);
          const std::uint8_t expected = rule >= 0 ? model.rules[static_cast<std::size_t>(rule)].code
                                                  : model.otherwise.value_or(kNoClass);
          RC_ASSERT(table.codes[index] == expected);
        }
      }
    }
  }
  RC_ASSERT(table.codes.size() == entries);
}

TEST(ClassTable, WithARecencyWindowTheLastConditionTellsLapsedFromProspect) {
  const Result<RfmModel> model = parse_rfm_model(
      "name: a\nwindow: 30d\ntiers: {recency: {quantile: 2}, frequency: {quantile: 2}, monetary: "
      "{quantile: 2}}\nclasses:\n  - fresh: {recency_days: \"<= 7\"}\n  - old: {}\n",
      "a.yaml", 2);
  ASSERT_TRUE(model.ok()) << model.status().message();
  ASSERT_EQ(model->conditions.size(), 2U);
  const ValueCondition ever{ValueColumn::kFirstDays, 0, kMaxDays};
  EXPECT_EQ(model->conditions[1], ever);
  const auto at = [&](unsigned r, unsigned f, unsigned m, unsigned flags) {
    return model->classes[model->table.codes[model->table.index(r, f, m, flags)]];
  };
  EXPECT_EQ(at(0, 0, 0, 0), "prospect");
  EXPECT_EQ(at(0, 0, 0, 2), "lapsed");
  EXPECT_EQ(at(1, 1, 1, 2), "old");
  EXPECT_EQ(at(1, 1, 1, 3), "fresh");
}

}  // namespace
}  // namespace quintile::models
