// Tiers, grids and totals hold together with the columns they are sums of.
#include <random>

#include <gtest/gtest.h>

#include "exec/engine_impl.hpp"
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

void expect_equal(const GroupMeasures& a, const GroupMeasures& b) {
  EXPECT_EQ(a.contacts, b.contacts);
  EXPECT_EQ(to_text(a.revenue), to_text(b.revenue));
  EXPECT_EQ(a.orders, b.orders);
  EXPECT_EQ(a.purchases, b.purchases);
  EXPECT_EQ(to_text(a.units), to_text(b.units));
  EXPECT_EQ(a.recency_contacts, b.recency_contacts);
  EXPECT_EQ(a.recency_days_sum, b.recency_days_sum);
  EXPECT_EQ(a.frequency_sum, b.frequency_sum);
  EXPECT_EQ(a.monetary_contacts, b.monetary_contacts);
  EXPECT_EQ(to_text(a.monetary_sum), to_text(b.monetary_sum));
}

void expect_equal(const RfmResult& a, const RfmResult& b) {
  ASSERT_EQ(a.cell_measures().size(), b.cell_measures().size());
  for (std::size_t cell = 0; cell < a.cell_measures().size(); ++cell) {
    SCOPED_TRACE("cell " + std::to_string(cell));
    expect_equal(a.cell_measures()[cell], b.cell_measures()[cell]);
  }
  ASSERT_EQ(a.class_infos().size(), b.class_infos().size());
  for (std::size_t code = 0; code < a.class_infos().size(); ++code) {
    SCOPED_TRACE(a.class_infos()[code].name);
    expect_equal(a.class_infos()[code].measures, b.class_infos()[code].measures);
  }
  expect_equal(a.total(), b.total());
}

// Lines with returns, and with large and negative quantities if there are any.
std::vector<testing::NaiveLine> lines_of_shop(bool quantities) {
  std::mt19937_64 random(11);
  std::vector<testing::NaiveLine> lines;
  for (int i = 0; i < 5000; ++i) {
    testing::NaiveLine line;
    line.contact = std::to_string(random() % 900);
    line.time = static_cast<std::int64_t>(random() % 700) * kMicrosecondsPerDay;
    line.amount = static_cast<std::int64_t>(random() % 9000) - 2000;
    line.order = random() % 3 == 0 ? std::to_string(random() % 2000) : "";
    if (quantities) {
      line.quantity = static_cast<std::int64_t>(random() % 9000) - 1000;
    }
    lines.push_back(line);
  }
  return lines;
}

RfmModel variant(const std::string& preset, MonetaryMeasure monetary) {
  RfmModel model = rfm_preset(preset, 2).value();
  model.monetary = monetary;
  return model;
}

TEST(RfmMeasures, WholeOrdersAndSingleLinesGiveTheSame) {
  for (const bool quantities : {false, true}) {
    const auto columns = testing::make_engine("UTC", 2);
    const auto line_by_line = testing::make_engine("UTC", 2);
    EngineInternals::of(*line_by_line).general_only = true;
    const std::vector<testing::NaiveLine> lines = lines_of_shop(quantities);
    for (Engine* engine : {columns.get(), line_by_line.get()}) {
      std::vector<testing::TestColumn> fields = testing::to_columns(lines);
      if (!quantities) {
        ASSERT_EQ(fields.back().name, "quantity");
        fields.pop_back();
      }
      ASSERT_TRUE(testing::try_ingest(*engine, std::move(fields)).ok());
    }
    for (const std::string preset : {"retail", "classic5", "grid10", "tiers3"}) {
      for (const auto monetary :
           {MonetaryMeasure::kNet, MonetaryMeasure::kGross, MonetaryMeasure::kMean}) {
        const RfmModel model = variant(preset, monetary);
        ASSERT_TRUE(columns->define(model).ok());
        ASSERT_TRUE(line_by_line->define(model).ok());
        for (const std::string day : {"1971-04-01", "1972-06-30"}) {  // some of the lines, all
          SCOPED_TRACE(preset + " as of " + day + (quantities ? ", quantities" : ""));
          const auto a = columns->recompute(as_of(day)).value();
          const auto b = line_by_line->recompute(as_of(day)).value();
          expect_equal(*a->rfm(preset), *b->rfm(preset));
        }
      }
    }
  }
}

}  // namespace
}  // namespace quintile
