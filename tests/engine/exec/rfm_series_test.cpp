#include <map>

#include <gtest/gtest.h>

#include "exec/engine_impl.hpp"
#include "small_engine.hpp"

namespace quintile {
namespace {

using testing::as_of;
using testing::instant;

std::map<std::string, std::string> show(const Series& series, int group) {
  std::map<std::string, std::string> periods;
  for (std::size_t p = 0; p < series.periods.size(); ++p) {
    const std::size_t at = static_cast<std::size_t>(group) * series.periods.size() + p;
    if (series.revenue[at] != 0 || series.purchases[at] != 0) {
      periods[format_day_number(series.periods[p])] =
          to_text(series.revenue[at]) + "/" + std::to_string(series.purchases[at]);
    }
  }
  return periods;
}

using Periods = std::map<std::string, std::string>;

TEST(RfmSeries, CountsByMondaysAndFirstsOfMonths) {
  for (const bool general_only : {false, true}) {
    const auto engine = testing::make_engine();
    EngineInternals::of(*engine).general_only = general_only;
    ASSERT_NO_FATAL_FAILURE(testing::ingest(
        *engine, {{"once", instant("2011-01-30 10:00:00"), 500},   // a Sunday
                  {"twice", instant("2011-01-31 00:00:00"), 100},  // a Monday
                  {"twice", instant("2011-02-06 23:00:00"), 200},  // the Sunday after
                  {"twice", instant("2011-02-07 00:00:00"), -50},
                  {"twice", instant("2011-12-07 00:00:00"), 999}}));  // after as_of
    ASSERT_TRUE(engine
                    ->define(testing::parse_model(
                        "name: m\nwindow: 10d\ntiers:\n  recency: {fixed: [90, 10]}\n"
                        "  frequency: {fixed: [1, 2]}\n  monetary: {fixed: [\"0\", \"1\"]}\n"
                        "classes:\n  - good: {f: 2}\notherwise: other\n"))
                    .ok());
    const auto generation = engine->recompute(as_of("2011-02-08"), {.series = true}).value();
    const RfmResult& result = *generation->rfm("m");
    const Series& weeks = result.class_series().weeks;
    ASSERT_EQ(weeks.groups, 4);
    EXPECT_EQ(show(weeks, 0), (Periods{{"2011-01-31", "300/2"}, {"2011-02-07", "-50/0"}}));
    EXPECT_EQ(show(weeks, 1), (Periods{{"2011-01-24", "500/1"}}));  // the window is of no concern
    const Series& months = result.class_series().months;
    EXPECT_EQ(show(months, 0), (Periods{{"2011-01-01", "100/1"}, {"2011-02-01", "150/1"}}));
    EXPECT_EQ(show(result.tier_series(Axis::kFrequency).months, 2), show(months, 0));
    EXPECT_EQ(show(result.tier_series(Axis::kFrequency).months, 1),
              (Periods{{"2011-01-01", "500/1"}}));
    ASSERT_FALSE(weeks.periods.empty());
    for (std::size_t p = 1; p < weeks.periods.size(); ++p) {
      EXPECT_EQ(weeks.periods[p], weeks.periods[p - 1] + 7);
    }
    EXPECT_TRUE(engine->recompute(as_of("2011-02-08"))
                    .value()
                    ->rfm("m")
                    ->class_series()
                    .weeks.periods.empty());
  }
}

TEST(RfmSeries, NoOrdersNoPeriods) {
  const auto engine = testing::make_engine();
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, {{"a", instant("2011-01-30"), 500}}));
  ASSERT_TRUE(engine->define(rfm_preset("classic5", 2).value()).ok());
  const auto generation = engine->recompute(as_of("2010-01-01"), {.series = true}).value();
  EXPECT_TRUE(generation->rfm("classic5")->class_series().weeks.periods.empty());
}

}  // namespace
}  // namespace quintile
