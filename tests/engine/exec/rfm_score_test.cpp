// The steps from columns to cut points, tiers, classes and segments against plain loops over sorted
// values: distributions that mislead a sample, every number of threads.
#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "peers/shop_model.hpp"
#include "test_seed.hpp"

namespace quintile {
namespace {

using peers::ShopModel;

constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

struct Columns {
  AlignedBuffer<std::uint16_t> recency;
  AlignedBuffer<std::uint32_t> frequency;
  AlignedBuffer<std::int64_t> monetary;

  explicit Columns(std::size_t rows) : recency(rows), frequency(rows), monetary(rows) {}
  [[nodiscard]] Columns copy() const {
    Columns same(0);
    same.recency.append(recency.span());
    same.frequency.append(frequency.span());
    same.monetary.append(monetary.span());
    return same;
  }
};

// One value per row from its number; every twentieth row has bought nothing.
using MoneyAt = std::function<std::int64_t(std::size_t row, std::mt19937_64& random)>;

Columns columns_of(std::size_t rows, std::mt19937_64& random, const MoneyAt& money) {
  Columns columns(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const bool buyer = random() % 20 != 0;
    columns.recency[row] =
        buyer ? static_cast<std::uint16_t>(random() % (1 + random() % 3000)) : kNoRecency;
    columns.frequency[row] =
        buyer ? 1 + static_cast<std::uint32_t>(random() % (1 + random() % 600)) : 0;
    columns.monetary[row] = buyer ? money(row, random) : 77;  // never looked at
  }
  return columns;
}

RfmModel model_of(int tiers) {
  const std::string axis = "{quantile: " + std::to_string(tiers) + "}";
  Result<RfmModel> model = parse_rfm_model(
      "name: m\ntiers:\n  recency: " + axis + "\n  frequency: " + axis + "\n  monetary: " + axis +
          "\nclasses:\n  - best: {r: " + std::to_string(tiers) + ", m: [2, " +
          std::to_string(tiers) + "]}\n  - often: {f: " + std::to_string(tiers) +
          "}\n  - rich: {m: " + std::to_string(tiers) + ", monetary: \">= 3\"}\notherwise: other\n",
      "test", 2);
  EXPECT_TRUE(model.ok()) << model.status().message();
  return std::move(*model);
}

void expect_axis(const AxisCuts& cuts, std::vector<std::int64_t> values, std::size_t tiers) {
  ASSERT_EQ(cuts.population, values.size());
  if (values.empty()) {
    EXPECT_TRUE(cuts.cuts.empty());
    return;
  }
  std::sort(values.begin(), values.end());
  EXPECT_EQ(cuts.min, values.front());
  EXPECT_EQ(cuts.max, values.back());
  ASSERT_EQ(cuts.cuts.size(), tiers - 1);
  for (std::size_t i = 1; i < tiers; ++i) {
    EXPECT_EQ(cuts.cuts[i - 1], values[(i * values.size() + tiers - 1) / tiers - 1]) << i;
  }
}

std::uint8_t tier_of(std::int64_t value, const AxisCuts& cuts, bool reversed) {
  const auto below = std::count_if(cuts.cuts.begin(), cuts.cuts.end(),
                                   [value](std::int64_t cut) { return cut < value; });
  return static_cast<std::uint8_t>(reversed ? cuts.tiers - below : 1 + below);
}

void expect_result(const Columns& columns, const ShopModel& shop) {
  const RfmModel& model = shop.model();
  const RfmData& data = shop.data();
  const auto tiers = static_cast<std::size_t>(model.axis(Axis::kMonetary).count);
  std::array<std::vector<std::int64_t>, kAxisCount> values;
  for (std::size_t row = 0; row < columns.recency.size(); ++row) {
    if (columns.frequency[row] != 0) {
      values[0].push_back(columns.recency[row]);
      values[1].push_back(columns.frequency[row]);
      values[2].push_back(columns.monetary[row]);
    }
  }
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    SCOPED_TRACE("axis " + std::to_string(axis));
    ASSERT_NO_FATAL_FAILURE(expect_axis(data.cuts[axis], values[axis], tiers));
  }
  std::vector<std::uint64_t> counts(model.classes.size());
  for (std::size_t row = 0; row < columns.recency.size(); ++row) {
    const bool buyer = columns.frequency[row] != 0;
    const std::uint8_t r = buyer ? tier_of(columns.recency[row], data.cuts[0], true) : 0;
    const std::uint8_t f = buyer ? tier_of(columns.frequency[row], data.cuts[1], false) : 0;
    const std::uint8_t m = buyer ? tier_of(columns.monetary[row], data.cuts[2], false) : 0;
    ASSERT_EQ(data.tiers[0][row], r) << row;
    ASSERT_EQ(data.tiers[1][row], f) << row;
    ASSERT_EQ(data.tiers[2][row], m) << row;
    const std::uint64_t flags = model.condition_flags(
        columns.recency[row], kNoRecency, columns.frequency[row], columns.monetary[row]);
    const std::uint8_t code = model.class_code(r, f, m, flags);
    ASSERT_EQ(data.classes[row], code) << row;
    ++counts[code];
  }
  EXPECT_EQ(shop.class_counts(), counts);
  for (std::size_t code = 0; code < counts.size(); ++code) {
    RowId last{};
    for (const RowId row : data.segments[code]) {
      ASSERT_EQ(data.classes[to_index(row)], code);
      last = row;
    }
    if (counts[code] != 0) {
      EXPECT_LT(to_index(last), columns.recency.size());
    }
  }
}

void expect_recompute(std::size_t rows, int tiers, std::uint64_t seed, const MoneyAt& money) {
  SCOPED_TRACE(testing::seed_trace(seed) + ", " + std::to_string(rows) + " rows, " +
               std::to_string(tiers) + " tiers");
  std::mt19937_64 random(seed);
  const Columns columns = columns_of(rows, random, money);
  for (const int threads : {1, 2, 7}) {
    SCOPED_TRACE(std::to_string(threads) + " threads");
    const auto executor = make_jthread_executor(threads);
    Columns given = columns.copy();
    ShopModel shop(model_of(tiers), std::move(given.recency), std::move(given.frequency),
                   std::move(given.monetary), *executor);
    shop.compute_cuts();
    shop.score();
    ASSERT_NO_FATAL_FAILURE(expect_result(columns, shop));
    if (threads == 2) {  // once more over what the first left behind
      shop.compute_cuts();
      shop.score();
      ASSERT_NO_FATAL_FAILURE(expect_result(columns, shop));
    }
  }
}

constexpr std::size_t kSampled = 3 * 65536 + 123;  // enough blocks for a sample

struct Distribution {
  const char* name;
  MoneyAt money;
};

const std::vector<Distribution>& distributions() {
  using Random = std::mt19937_64;
  static const std::vector<Distribution> all = {
      {"tail",
       [](std::size_t, Random& random) {
         return static_cast<std::int64_t>((random() >> 44) >> (random() % 16)) - 500;
       }},
      {"wide", [](std::size_t, Random& random) { return static_cast<std::int64_t>(random()); }},
      {"equal", [](std::size_t, Random&) { return std::int64_t{5000}; }},
      {"two values",
       [](std::size_t, Random& random) { return random() % 5 < 2 ? std::int64_t{-9} : 1999; }},
      {"heavy tie at a cut",
       [](std::size_t, Random& random) {
         const std::uint64_t kind = random() % 100;
         const auto spread = static_cast<std::int64_t>(random() % 100'000);
         return kind < 30 ? std::int64_t{50'000} : kind < 65 ? spread - 100'000 : 50'001 + spread;
       }},
      {"sorted", [](std::size_t row, Random&) { return static_cast<std::int64_t>(row) * 3; }},
      {"reverse", [](std::size_t row, Random&) { return -static_cast<std::int64_t>(row) * 3; }},
      {"first block differs",
       [](std::size_t row, Random& random) {
         return row < 65536 ? static_cast<std::int64_t>(row)
                            : 1'000'000 + static_cast<std::int64_t>(random() % 1000);
       }},
      // Runs of the sample begin every 256 rows here: they see one value, everybody else others.
      {"the sample is misled",
       [](std::size_t row, Random& random) {
         return row % 256 < 8 ? std::int64_t{1}
                              : 10'000 + static_cast<std::int64_t>(random() % 999);
       }},
      {"alternating",
       [](std::size_t row, Random&) { return row % 2 == 0 ? kSmallest + 5 : kLargest - 5; }},
      {"extremes",
       [](std::size_t, Random& random) {
         const std::array<std::int64_t, 6> values = {kSmallest, kSmallest + 1, -1,
                                                     0,         kLargest - 1,  kLargest};
         return values[random() % values.size()];
       }},
      {"around 32 bits",
       [](std::size_t, Random& random) {
         return std::int64_t{std::numeric_limits<std::int32_t>::max()} - 50 +
                static_cast<std::int64_t>(random() % 100);
       }},
  };
  return all;
}

TEST(Recompute, EqualsPlainLoopsOverAllDistributions) {
  const std::uint64_t seed = testing::test_seeds(1).front();
  for (const Distribution& distribution : distributions()) {
    SCOPED_TRACE(distribution.name);
    ASSERT_NO_FATAL_FAILURE(expect_recompute(kSampled, 5, seed, distribution.money));
  }
}

TEST(Recompute, EqualsPlainLoopsForFewRowsAndManyTiers) {
  for (const std::uint64_t seed : testing::test_seeds(4)) {
    std::mt19937_64 random(seed);
    const auto& distribution = distributions()[random() % distributions().size()];
    SCOPED_TRACE(distribution.name);
    const int tiers = 2 + static_cast<int>(random() % 9);
    ASSERT_NO_FATAL_FAILURE(expect_recompute(1 + random() % 2000, tiers, seed, distribution.money));
    ASSERT_NO_FATAL_FAILURE(
        expect_recompute(kSampled + random() % 500, tiers, seed, distribution.money));
  }
}

TEST(Recompute, NobodyHasBought) {
  for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, kSampled}) {
    const auto executor = make_jthread_executor(2);
    Columns columns(rows);
    for (std::uint16_t& days : columns.recency) {
      days = kNoRecency;
    }
    Columns given = columns.copy();
    ShopModel shop(model_of(5), std::move(given.recency), std::move(given.frequency),
                   std::move(given.monetary), *executor);
    shop.compute_cuts();
    shop.score();
    ASSERT_NO_FATAL_FAILURE(expect_result(columns, shop));
  }
}

}  // namespace
}  // namespace quintile
