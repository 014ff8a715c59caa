#include "models/class_map.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "random_model.hpp"

namespace quintile::models {
namespace {

RC_GTEST_PROP(ClassTable, EqualsNaiveFirstMatch, ()) {
  const RfmModel model = random_model();
  const ClassTable table = make_class_table(model, CellWinners(model));
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

// With any number of conditions, with and without a table.
RC_GTEST_PROP(ClassCode, EqualsNaiveFirstMatch, ()) {
  RfmModel model = random_model(30);
  if (model.conditions.size() <= kMaxTableConditions) {
    model.table = make_class_table(model, CellWinners(model));
  }
  for_each_contact(model, [&](const Contact& contact) {
    const unsigned r = naive_tier(model, Axis::kRecency, contact.recency_days);
    const unsigned f = naive_tier(model, Axis::kFrequency, contact.frequency);
    const unsigned m = naive_tier(model, Axis::kMonetary, contact.monetary);
    const std::uint64_t flags = model.condition_flags(contact.recency_days, contact.first_days,
                                                      contact.frequency, contact.monetary);
    RC_ASSERT(flags == naive_flags(model, contact));
    const int rule = naive_rule(model, r, f, m, flags);
    const std::uint8_t expected = rule >= 0 ? model.rules[static_cast<std::size_t>(rule)].code
                                            : model.otherwise.value_or(kNoClass);
    RC_ASSERT(model.class_code(r, f, m, flags) == expected);
  });
}

// A ladder of ten bands is an ordinary map.
TEST(ClassCode, ALadderOfManyBands) {
  std::string yaml =
      "name: a\nwindow: 90d\ntiers: {recency: {quantile: 2}, frequency: {quantile: 2}, monetary: "
      "{quantile: 2}}\nclasses:\n";
  for (int band = 10; band >= 1; --band) {
    yaml +=
        "  - b" + std::to_string(band) + ": {monetary: \">= " + std::to_string(band) + "00\"}\n";
  }
  const Result<RfmModel> refused = parse_rfm_model(yaml, "a.yaml", 2);
  EXPECT_NE(refused.status().message().find("not monetary >= 100.00"), std::string::npos)
      << refused.status().message();
  const Result<RfmModel> model =
      parse_rfm_model(yaml + "  - rest: {monetary: \"< 100\"}\n", "a.yaml", 2);
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ(model->conditions.size(), 12U);
  EXPECT_TRUE(model->table.codes.empty());
  EXPECT_TRUE(rfm_reachability(*model).everything_reachable());
  const auto class_at = [&](std::int64_t money) {
    return model->classes[model->class_code(1, 1, 1, model->condition_flags(5, 5, 1, money))];
  };
  EXPECT_EQ(class_at(100000), "b10");
  EXPECT_EQ(class_at(99999), "b9");
  EXPECT_EQ(class_at(10000), "b1");
  EXPECT_EQ(class_at(9999), "rest");
  // Days of 0xFFFF meet no condition.
  const auto without = [&](std::int64_t first) {
    return model->classes[model->class_code(0, 0, 0, model->condition_flags(0xFFFF, first, 0, 0))];
  };
  EXPECT_EQ(without(0xFFFF), "prospect");
  EXPECT_EQ(without(400), "lapsed");
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
