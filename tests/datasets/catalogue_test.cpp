#include "catalogue.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace quintile::datasets {
namespace {

TEST(Catalogue, EveryProductHasItsOwnIdAndAnExactPrice) {
  const Catalogue catalogue(7);
  std::set<std::string> ids;
  for (std::uint32_t i = 0; i < catalogue.product_count(); ++i) {
    const Product& product = catalogue.product(i);
    ids.insert(product.id);
    EXPECT_FALSE(catalogue.category_name(product.category).empty());
    if (i >= 2) {
      EXPECT_GE(product.price, 200) << product.id;
      EXPECT_LE(product.price, 102'400) << product.id;
    }
  }
  EXPECT_EQ(ids.size(), catalogue.product_count());
  EXPECT_EQ(catalogue.product(Catalogue::kSample).price, 0);
  EXPECT_EQ(catalogue.product(Catalogue::kPostage).id, "POSTAGE");
}

TEST(Catalogue, PicksWithinCategoryAndNearThePrice) {
  const Catalogue catalogue(7);
  Random random(1, Purpose::kOrders, 1);
  for (const Cents wanted : {1, 200, 399, 400, 5'000, 60'000, 10'000'000}) {
    for (std::uint32_t category = 0; category < Catalogue::kCategories; ++category) {
      const Product& product = catalogue.product(catalogue.pick_product(category, wanted, random));
      EXPECT_EQ(product.category, category);
      if (wanted >= 200 && wanted < 51'200) {
        EXPECT_LE(product.price, 2 * wanted + 100);
        EXPECT_GE(2 * product.price, wanted);
      }
    }
  }
}

TEST(Catalogue, AFewProductsSellMost) {
  const Catalogue catalogue(7);
  Random random(1, Purpose::kOrders, 1);
  std::map<std::uint32_t, int> sold;
  for (int i = 0; i < 20'000; ++i) {
    ++sold[catalogue.pick_product(catalogue.pick_category(random), 2'000, random)];
  }
  std::vector<int> counts;
  for (const auto& [product, count] : sold) {
    counts.push_back(count);
  }
  std::sort(counts.rbegin(), counts.rend());
  int best = 0;
  for (std::size_t i = 0; i < counts.size() / 5; ++i) {
    best += counts[i];
  }
  EXPECT_GT(best, 10'000);
}

TEST(Catalogue, AnotherSeedHasOtherPrices) {
  const Catalogue first(1);
  const Catalogue second(2);
  int same = 0;
  for (std::uint32_t i = 2; i < first.product_count(); ++i) {
    same += first.product(i).price == second.product(i).price ? 1 : 0;
  }
  EXPECT_LT(same, static_cast<int>(first.product_count() / 4));
}

}  // namespace
}  // namespace quintile::datasets
