// The four presets, cell by cell, spelled out a second time.
#include "models/presets.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "quintile/model.hpp"

namespace quintile {
namespace {

// What a contact of one cell has beside its tiers.
struct Values {
  std::int64_t recency_days = 90;
  std::int64_t first_days = 400;
};

std::string class_of(const RfmModel& model, unsigned r, unsigned f, unsigned m, Values values) {
  unsigned flags = 0;
  for (std::size_t i = 0; i < model.conditions.size(); ++i) {
    const ValueCondition& condition = model.conditions[i];
    const bool is_recency = condition.column == ValueColumn::kRecencyDays;
    EXPECT_TRUE(is_recency || condition.column == ValueColumn::kFirstDays);
    const std::int64_t value = is_recency ? values.recency_days : values.first_days;
    flags |= static_cast<unsigned>(condition.low <= value && value <= condition.high) << i;
  }
  return model.classes[model.table.codes[model.table.index(r, f, m, flags)]];
}

RfmModel preset(std::string_view name) {
  Result<RfmModel> model = rfm_preset(name, 2);
  EXPECT_TRUE(model.ok()) << model.status().message();
  return std::move(model).value();
}

const std::map<char, std::string> kLetters = {{'C', "champions"},
                                              {'L', "loyal"},
                                              {'P', "potential_loyalist"},
                                              {'N', "new"},
                                              {'p', "promising"},
                                              {'A', "need_attention"},
                                              {'S', "about_to_sleep"},
                                              {'K', "cant_lose"},
                                              {'R', "at_risk"},
                                              {'H', "hibernating"},
                                              {'X', "lost"}};

// [r - 1][f - 1][m - 1]
using Cells = std::array<std::array<std::string_view, 5>, 5>;

void expect_cells(const RfmModel& model, const Cells& cells, Values values) {
  for (unsigned r = 1; r <= 5; ++r) {
    for (unsigned f = 1; f <= 5; ++f) {
      for (unsigned m = 1; m <= 5; ++m) {
        EXPECT_EQ(class_of(model, r, f, m, values), kLetters.at(cells[r - 1][f - 1][m - 1]))
            << model.name << " r" << r << " f" << f << " m" << m << " recency "
            << values.recency_days << " first " << values.first_days;
      }
    }
  }
}

// A cell with a 0 in it is of contacts without a purchase (in a window).
void expect_zero_cells(const RfmModel& model) {
  const auto count = [&](Axis axis) { return static_cast<unsigned>(model.axis(axis).count); };
  for (unsigned r = 0; r <= count(Axis::kRecency); ++r) {
    for (unsigned f = 0; f <= count(Axis::kFrequency); ++f) {
      for (unsigned m = 0; m <= count(Axis::kMonetary); ++m) {
        if (r == 0 || f == 0 || m == 0) {
          EXPECT_EQ(class_of(model, r, f, m, {}), r == 0 ? "prospect" : "lapsed")
              << r << " " << f << " " << m;
        }
      }
    }
  }
}

// Of a model without windows.
void expect_everything_reachable(const RfmModel& model) {
  const RfmReachability reach = rfm_reachability(model);
  EXPECT_TRUE(reach.everything_reachable());
  EXPECT_TRUE(reach.describe(model).empty());
}

TEST(Presets, AreFourWithRetailFirst) {
  const auto names = rfm_preset_names();
  ASSERT_EQ(names.size(), 4U);
  EXPECT_EQ(names[0], "retail");
  EXPECT_EQ(names[1], "classic5");
  EXPECT_EQ(names[2], "grid10");
  EXPECT_EQ(names[3], "tiers3");
  for (const std::string_view name : names) {
    EXPECT_EQ(preset(name).name, name);
    const Result<std::string_view> yaml = rfm_preset_yaml(name);
    ASSERT_TRUE(yaml.ok());
    EXPECT_NE(yaml->find("name: " + std::string(name) + "\n"), std::string_view::npos);
    EXPECT_EQ(yaml->substr(0, 2), "# ") << "a preset explains itself";
  }
}

TEST(Presets, AnUnknownNameIsNotFoundAndTheNearestIsOffered) {
  const Status status = rfm_preset("clasic5", 2).status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_EQ(status.message(),
            "expected a preset: one of retail, classic5, grid10, tiers3; got 'clasic5', did you "
            "mean 'classic5'?");
  EXPECT_EQ(rfm_preset_yaml("").status().code(), StatusCode::kNotFound);
}

TEST(Presets, EveryClassCanBeReached) {
  for (const std::string_view name : rfm_preset_names()) {
    expect_everything_reachable(preset(name));
  }
}

TEST(Presets, RetailCellByCell) {
  const RfmModel model = preset("retail");
  // f is counted: bounds 1, 2, 3, 5, 10.
  EXPECT_EQ(model.axis(Axis::kFrequency).method, TierMethod::kFixed);
  EXPECT_EQ(model.axis(Axis::kFrequency).fixed_cuts, (std::vector<std::int64_t>{1, 2, 4, 9}));
  EXPECT_EQ(model.axis(Axis::kFrequency).worst_bound, 1);
  for (const Axis axis : {Axis::kRecency, Axis::kMonetary}) {
    EXPECT_EQ(model.axis(axis).method, TierMethod::kQuantile);
    EXPECT_EQ(model.axis(axis).count, 5);
  }
  const Cells usual = {{{{"XXXXX", "XXXHH", "HHRRR", "RRKKK", "RKKKK"}},
                        {{"HHHHH", "HHHRR", "RRRRR", "RRRRK", "RRRKK"}},
                        {{"SSSSS", "AAAAA", "AALLL", "LLLLL", "LLLLL"}},
                        {{"ppppp", "PPPPP", "LLLLL", "LLLLC", "LLLCC"}},
                        {{"ppppp", "PPPPP", "LLLCC", "LLCCC", "LCCCC"}}}};
  expect_cells(model, usual, {90, 400});
  expect_cells(model, usual, {0, 31});
  expect_cells(model, usual, {179, 180});
  // Nobody who stayed away for 180 days is a champion.
  Cells stale = usual;
  stale[3] = {{"ppppp", "PPPPP", "LLLLL", "LLLLL", "LLLLL"}};
  stale[4] = {{"ppppp", "PPPPP", "LLLLL", "LLLLL", "LLLLL"}};
  expect_cells(model, stale, {180, 400});
  // One purchase, within 30 days.
  Cells fresh = usual;
  for (auto& row : fresh) {
    row[0] = "NNNNN";
  }
  expect_cells(model, fresh, {30, 30});
  expect_cells(model, fresh, {0, 0});
  expect_zero_cells(model);
}

TEST(Presets, RetailNeverCallsAOneTimeBuyerLoyal) {
  const RfmModel model = preset("retail");
  for (unsigned r = 1; r <= 5; ++r) {
    for (unsigned m = 1; m <= 5; ++m) {
      for (const Values values : {Values{10, 10}, Values{100, 100}, Values{500, 500}}) {
        const std::string name = class_of(model, r, 1, m, values);
        EXPECT_TRUE(name != "loyal" && name != "champions" && name != "potential_loyalist");
      }
    }
  }
}

TEST(Presets, Classic5CellByCell) {
  const RfmModel model = preset("classic5");
  EXPECT_TRUE(model.conditions.empty());
  // fm, half up, is 1 for (1,1); 2 for (1,2) (2,1) (2,2) (1,3) (3,1); and so on.
  const Cells cells = {{{{"XHHRR", "HHRRK", "HRRKK", "RRKKK", "RKKKK"}},
                        {{"HSSRR", "SSRRR", "SRRRR", "RRRRR", "RRRRR"}},
                        {{"pAAAA", "AAAAL", "AAALL", "AALLL", "ALLLL"}},
                        {{"pPPPP", "PPPPL", "PPPLL", "PPLLC", "PLLCC"}},
                        {{"NPPPP", "PPPPC", "PPPCC", "PPCCC", "PCCCC"}}}};
  expect_cells(model, cells, {});
  expect_zero_cells(model);
  EXPECT_EQ(model.classes,
            (std::vector<std::string>{"champions", "loyal", "potential_loyalist", "new",
                                      "promising", "need_attention", "about_to_sleep", "cant_lose",
                                      "at_risk", "hibernating", "lost", "prospect", "lapsed"}));
}

TEST(Presets, Grid10CellByCell) {
  const RfmModel model = preset("grid10");
  const Cells cells = {{{{"HHHHH", "HHHHH", "RRRRR", "RRRRR", "KKKKK"}},
                        {{"HHHHH", "HHHHH", "RRRRR", "RRRRR", "KKKKK"}},
                        {{"SSSSS", "SSSSS", "AAAAA", "LLLLL", "LLLLL"}},
                        {{"ppppp", "PPPPP", "PPPPP", "LLLLL", "LLLLL"}},
                        {{"NNNNN", "PPPPP", "PPPPP", "CCCCC", "CCCCC"}}}};
  expect_cells(model, cells, {});
  expect_zero_cells(model);
  EXPECT_EQ(model.map_class_count(), 10U);
}

TEST(Presets, Tiers3CellByCell) {
  const RfmModel model = preset("tiers3");
  EXPECT_FALSE(model.axis(Axis::kRecency).window);
  const Window year{365, WindowUnit::kDays};
  EXPECT_EQ(model.axis(Axis::kFrequency).window, year);
  EXPECT_EQ(model.axis(Axis::kMonetary).window, year);
  const std::vector<std::string> best_first = {
      "short-often-premium",       "short-often-average",       "short-often-economical",
      "short-regular-premium",     "short-regular-average",     "short-regular-economical",
      "short-occasional-premium",  "short-occasional-average",  "short-occasional-economical",
      "medium-often-premium",      "medium-often-average",      "medium-often-economical",
      "medium-regular-premium",    "medium-regular-average",    "medium-regular-economical",
      "medium-occasional-premium", "medium-occasional-average", "medium-occasional-economical",
      "long-often-premium",        "long-often-average",        "long-often-economical",
      "long-regular-premium",      "long-regular-average",      "long-regular-economical",
      "long-occasional-premium",   "long-occasional-average",   "long-occasional-economical"};
  std::vector<std::string> all = best_first;
  all.insert(all.end(), {"prospect", "lapsed"});
  EXPECT_EQ(model.classes, all);
  std::size_t next = 0;
  for (unsigned r = 3; r >= 1; --r) {
    for (unsigned f = 3; f >= 1; --f) {
      for (unsigned m = 3; m >= 1; --m) {
        EXPECT_EQ(class_of(model, r, f, m, {}), best_first[next++]);
      }
    }
  }
  expect_zero_cells(model);
}

}  // namespace
}  // namespace quintile
