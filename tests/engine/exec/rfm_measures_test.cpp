// Tiers, grids and totals hold together with the columns they are sums of.
#include <random>

#include <gtest/gtest.h>

#include "small_engine.hpp"

namespace quintile {
namespace {

using testing::as_of;

TEST(RfmMeasures, GridsAndTiersAreSumsOverTheColumns) {
  std::mt19937_64 random(5);
  std::vector<testing::NaiveLine> lines;
  for (int i = 0; i < 4000; ++i) {
    testing::NaiveLine line;
    line.contact = std::to_string(random() % 900);
    line.time = static_cast<std::int64_t>(random() % 500) * kMicrosecondsPerDay;
    line.amount = static_cast<std::int64_t>(random() % 9000) - 1000;
    line.quantity = static_cast<std::int64_t>(random() % 5) * 1000;
    lines.push_back(line);
  }
  const auto engine = testing::make_engine("UTC", 2);
  ASSERT_NO_FATAL_FAILURE(testing::ingest(*engine, lines));
  ASSERT_TRUE(engine->define(rfm_preset("tiers3", 2).value()).ok());
  const auto generation = engine->recompute(as_of("1971-04-01")).value();
  const RfmResult& result = *generation->rfm("tiers3");
  const testing::NaiveQuestion question{nullptr, as_of("1971-04-01"), {}, {}, {}};
  for (const CrossTab& tab : result.cross_tabs()) {
    std::vector<std::uint64_t> contacts(tab.contacts.size());
    for (std::size_t row = 0; row < result.row_count(); ++row) {
      if (result.classes()[row] != kNoClass) {
        const std::size_t i = result.tiers(tab.rows)[row];
        const std::size_t j = result.tiers(tab.columns)[row];
        ++contacts[i * (static_cast<std::size_t>(tab.column_tiers) + 1) + j];
      }
    }
    EXPECT_EQ(tab.contacts, contacts);
    Int128 revenue = 0;
    for (const Int128 cell : tab.revenue)
      revenue += cell;
    EXPECT_EQ(to_text(revenue), to_text(result.total().revenue));
  }
  for (const Axis axis : {Axis::kRecency, Axis::kFrequency, Axis::kMonetary}) {
    std::uint64_t contacts = 0;
    std::uint64_t orders = 0;
    std::vector<std::uint64_t> frequency(4);
    for (std::size_t row = 0; row < result.row_count(); ++row) {
      frequency[result.tiers(axis)[row]] += result.frequency()[row];
    }
    for (std::size_t tier = 0; tier < 4; ++tier) {
      contacts += result.tier_measures(axis)[tier].contacts;
      orders += result.tier_measures(axis)[tier].orders;
      EXPECT_EQ(result.tier_measures(axis)[tier].frequency_sum, frequency[tier]);
    }
    EXPECT_EQ(contacts, result.listed_count());
    EXPECT_EQ(orders, result.total().orders);
  }
  EXPECT_EQ(result.cell_measures().size(), 64U);
  EXPECT_EQ(result.cross_tabs().size(), 3U);
}

}  // namespace
}  // namespace quintile
