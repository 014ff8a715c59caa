// The orders of a shop: whole, consistent, and like those of a real one.
#include "contact_life.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace quintile::datasets {
namespace {

constexpr std::uint64_t kContacts = 20'000;

const World& world() {
  static const World instance(ShopOptions{.contacts = kContacts, .seed = 7});
  return instance;
}

template <typename Check>
void for_each_life(const Check& check) {
  ContactLife life;
  for (std::uint64_t index = 0; index < kContacts; ++index) {
    world().live(index, life);
    check(life);
  }
}

Cents amount_of(const ContactLife& life, const Order& order) {
  Cents sum = 0;
  for (std::uint32_t i = 0; i < order.line_count; ++i) {
    const Line& line = life.lines[order.first_line + i];
    sum += line.quantity * world().catalogue().product(line.product).price;
  }
  return sum;
}

TEST(ContactLife, IsTheSameWhenLivedAgainAndInAnyOrder) {
  ContactLife first;
  ContactLife second;
  for (const std::uint64_t index : {77U, 3U, 19'999U}) {
    world().live(index, first);
    world().live(1'234, second);
    world().live(index, second);
    EXPECT_EQ(first.profile.email, second.profile.email);
    ASSERT_EQ(first.orders.size(), second.orders.size());
    for (std::size_t i = 0; i < first.orders.size(); ++i) {
      EXPECT_EQ(first.orders[i].time, second.orders[i].time);
      EXPECT_EQ(amount_of(first, first.orders[i]), amount_of(second, second.orders[i]));
    }
  }
}

TEST(ContactLife, OrdersLieInTheHistoryAfterTheSignUpInOrder) {
  const Season& season = world().season();
  for_each_life([&](const ContactLife& life) {
    ASSERT_GE(life.profile.signup, season.begin());
    ASSERT_LT(life.profile.signup, season.end());
    for (std::size_t i = 0; i < life.orders.size(); ++i) {
      const Order& order = life.orders[i];
      ASSERT_EQ(order.id, life.profile.id * 10'000 + i + 1);
      ASSERT_GT(order.time, life.profile.signup);
      ASSERT_LT(order.time, season.end());
      ASSERT_GT(order.line_count, 0U);
      ASSERT_TRUE(i == 0 || order.time >= life.orders[i - 1].time);
    }
  });
}

// Every piece that goes back was bought in the order it names, and not more of them.
TEST(ContactLife, ReturnsTakeBackWhatWasBoughtBefore) {
  for_each_life([](const ContactLife& life) {
    std::map<std::uint64_t, const Order*> purchases;
    for (const Order& order : life.orders) {
      if (order.returned == 0) {
        purchases[order.id] = &order;
        continue;
      }
      ASSERT_TRUE(purchases.contains(order.returned));
      const Order& bought = *purchases[order.returned];
      ASSERT_LT(bought.time, order.time);
      std::map<std::uint32_t, std::int64_t> pieces;
      for (std::uint32_t i = 0; i < bought.line_count; ++i) {
        const Line& line = life.lines[bought.first_line + i];
        pieces[line.product] += line.quantity;
      }
      for (std::uint32_t i = 0; i < order.line_count; ++i) {
        const Line& line = life.lines[order.first_line + i];
        ASSERT_LT(line.quantity, 0);
        pieces[line.product] += line.quantity;
        ASSERT_GE(pieces[line.product], 0);
      }
    }
    ASSERT_EQ(purchases.size(), life.purchases);
  });
}

struct Totals {
  double buyers = 0;
  double one_time = 0;
  double purchases = 0;
  double returns = 0;
  double full_returns = 0;
  double free_orders = 0;
  std::uint64_t most_purchases = 0;
  std::array<double, 13> by_month{};
  std::array<double, 7> by_weekday{};
  std::vector<Cents> revenue;
};

Totals totals_of_shop() {
  Totals totals;
  for_each_life([&](const ContactLife& life) {
    totals.buyers += life.purchases > 0 ? 1 : 0;
    totals.one_time += life.purchases == 1 ? 1 : 0;
    totals.most_purchases = std::max(totals.most_purchases, life.purchases);
    Cents revenue = 0;
    for (const Order& order : life.orders) {
      const Cents amount = amount_of(life, order);
      revenue += amount;
      if (order.returned != 0) {
        const Order& bought = life.orders[order.returned % 10'000 - 1];
        totals.returns += 1;
        totals.full_returns += amount == -amount_of(life, bought) ? 1 : 0;
        continue;
      }
      totals.purchases += 1;
      totals.free_orders += amount == 0 ? 1 : 0;
      totals.by_month[month_of(order.time)] += 1;
      // 1970-01-01 was a Thursday.
      totals.by_weekday[static_cast<std::size_t>((order.time / kDay + 4) % 7)] += 1;
    }
    if (life.purchases > 0) {
      totals.revenue.push_back(revenue);
    }
  });
  return totals;
}

TEST(ContactLife, TheShopLooksReal) {
  Totals totals = totals_of_shop();
  EXPECT_NEAR(totals.buyers / double{kContacts}, 0.85, 0.02);
  EXPECT_NEAR(totals.one_time / totals.buyers, 0.50, 0.03);
  EXPECT_NEAR(totals.purchases / totals.buyers, 3.0, 0.3);
  EXPECT_NEAR(totals.returns / totals.purchases, 0.064, 0.01);
  EXPECT_GT(totals.full_returns / totals.returns, 0.5);
  EXPECT_LT(totals.full_returns / totals.returns, 0.9);
  EXPECT_NEAR(totals.free_orders / totals.purchases, 0.004, 0.002);
  EXPECT_GE(totals.most_purchases, 30U);

  std::sort(totals.revenue.rbegin(), totals.revenue.rend());
  double all = 0;
  double best = 0;
  for (std::size_t i = 0; i < totals.revenue.size(); ++i) {
    all += static_cast<double>(totals.revenue[i]);
    best += i < totals.revenue.size() / 10 ? static_cast<double>(totals.revenue[i]) : 0.0;
  }
  EXPECT_GT(best / all, 0.40);
  EXPECT_LT(best / all, 0.65);
}

TEST(ContactLife, TheSeasonIsVisible) {
  const Totals totals = totals_of_shop();
  const double autumn = totals.by_month[11] + totals.by_month[12];
  const double summer = totals.by_month[7] + totals.by_month[8];
  EXPECT_GT(autumn / summer, 1.5);
  EXPECT_GT(totals.by_weekday[0], 1.2 * totals.by_weekday[6]);
}

TEST(ContactLife, ProfilesAreMixed) {
  std::map<std::string_view, int> countries;
  std::array<int, 4> yes{};
  int emails = 0;
  int years = 0;
  for_each_life([&](const ContactLife& life) {
    const Profile& profile = life.profile;
    ++countries[profile.country];
    emails += profile.email.empty() ? 0 : 1;
    years += profile.birth_year.has_value() ? 1 : 0;
    if (profile.birth_year.has_value()) {
      ASSERT_GE(*profile.birth_year, 1950);
      ASSERT_LE(*profile.birth_year, 2010);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      yes[i] += profile.consents[i].value_or(false) ? 1 : 0;
    }
    ASSERT_FALSE(profile.email.empty() && profile.consents[0].has_value());
  });
  EXPECT_EQ(countries.size(), 14U);
  EXPECT_GT(countries["PL"], countries["DE"]);
  EXPECT_NEAR(emails / double{kContacts}, 0.93, 0.01);
  EXPECT_NEAR(years / double{kContacts}, 0.68, 0.015);
  EXPECT_GT(yes[0], yes[1]);
  EXPECT_GT(yes[1], yes[3]);
}

}  // namespace
}  // namespace quintile::datasets
