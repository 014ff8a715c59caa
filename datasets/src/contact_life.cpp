#include "contact_life.hpp"

#include <algorithm>

namespace quintile::datasets {

namespace {

// The purchase process is BG/NBD (Fader, Hardie, Lee, 2005): after its first purchase a contact
// buys as a Poisson process whose rate is gamma distributed over contacts, and after every purchase
// it drops out for good with a chance that is beta distributed. Time is the season's: see Season.
constexpr double kRateShape = 0.62;
constexpr double kRateScaleDays = 62.0;  // mean rate = shape / scale
constexpr double kDropOutA = 0.75;
constexpr double kDropOutB = 2.4;
constexpr double kNeverBuys = 0.14;
constexpr double kBuysAtOnce = 0.55;
constexpr double kDaysToFirstPurchase = 30.0;
constexpr double kDaysOfInterest = 45.0;
constexpr double kLongestGapDays = 40'000.0;
constexpr std::uint64_t kMostPurchases = 2'000;

// Gamma-Gamma spend: the value of an order is gamma distributed around the contact's own mean.
constexpr double kOrderShape = 3.0;
constexpr double kLeastOrder = 150.0;
constexpr double kMostOrder = 2'000'000.0;

constexpr double kFreeSample = 0.004;
constexpr double kFavouriteCategory = 0.45;
constexpr double kHighestReturnRate =
    0.20;  // times the square of a uniform number: 0.067 on average
constexpr double kFullReturn = 0.5;
constexpr std::uint32_t kFirstReturnDay = 2;
constexpr std::uint32_t kReturnDays = 28;

// An order's number is the contact's times this plus its own, so that it is unique in the shop.
constexpr std::uint64_t kOrdersPerContact = 10'000;
static_assert(2 * kMostPurchases < kOrdersPerContact);

constexpr std::array<double, 12> kLineCountWeights = {44, 23,  12, 7,   4.5, 3,
                                                      2,  1.4, 1,  0.8, 0.6, 0.5};

std::int64_t pick_quantity(double bulk, Random& random) {
  if (random.chance(bulk)) {
    return 5 * (1 + static_cast<std::int64_t>(random.below(10)));
  }
  const double unit = random.unit();
  if (unit < 0.78) {
    return 1;
  }
  if (unit < 0.92) {
    return 2;
  }
  return unit < 0.97 ? 3 : 4 + static_cast<std::int64_t>(random.below(3));
}

// Order numbers by time; a return still names its purchase by position in the list so far.
void number_orders(ContactLife& life) {
  for (std::size_t i = 0; i < life.orders.size(); ++i) {
    life.orders[i].id = i;
  }
  std::stable_sort(life.orders.begin(), life.orders.end(),
                   [](const Order& a, const Order& b) { return a.time < b.time; });
  std::vector<std::uint64_t>& numbers = life.numbers;
  numbers.resize(life.orders.size());
  for (std::size_t i = 0; i < life.orders.size(); ++i) {
    numbers[life.orders[i].id] = life.profile.id * kOrdersPerContact + i + 1;
  }
  for (Order& order : life.orders) {
    order.id = numbers[order.id];
    order.returned = order.returned == 0 ? 0 : numbers[order.returned - 1];
  }
}

}  // namespace

World::World(const ShopOptions& options)
    : options_(options),
      season_(first_day(options), options.days, 0.0),
      sign_ups_(first_day(options), options.days, 0.8),
      catalogue_(options.seed),
      countries_(country_choice()),
      channels_(channel_choice()),
      line_counts_(kLineCountWeights) {}

void World::live(std::uint64_t index, ContactLife& life) const {
  life.orders.clear();
  life.lines.clear();
  life.purchases = 0;
  make_profile(index, life.profile);
  Random random(options_.seed, Purpose::kOrders, index);
  buy(random, life);
  add_returns(random, life);
  number_orders(life);
}

void World::buy(Random& random, ContactLife& life) const {
  const Seconds signup = life.profile.signup;
  life.active_until =
      signup + static_cast<Seconds>(random.exponential() * kDaysOfInterest * double{kDay});
  if (random.chance(kNeverBuys)) {
    return;
  }
  Seconds time = signup + 2 * kMinute + random.below(38 * kMinute);
  if (!random.chance(kBuysAtOnce)) {
    const double wait = random.exponential() * kDaysToFirstPurchase;
    const std::uint64_t position =
        season_.position_of(signup) + static_cast<std::uint64_t>(wait * double{kOrdinaryDay});
    if (position >= season_.length()) {
      return;
    }
    const Seconds day = season_.begin_of(season_.day_at(position));
    time = std::max(time, day + time_of_day_.pick(random));
  }
  const double rate = random.gamma(kRateShape) / kRateScaleDays * life.profile.eagerness;
  const double drop_out = random.beta(kDropOutA, kDropOutB);
  std::uint64_t position = time < season_.end() ? season_.position_of(time) : season_.length();
  while (position < season_.length()) {
    add_purchase(time, random, life);
    if (random.chance(drop_out)) {
      life.active_until =
          time + static_cast<Seconds>(random.exponential() * kDaysOfInterest * double{kDay});
      return;
    }
    const double gap = random.exponential() / rate;
    // Written so that no number at all, from a rate of 0, ends the history too.
    if (!(gap < kLongestGapDays) || life.purchases == kMostPurchases) {
      break;
    }
    position += 1 + static_cast<std::uint64_t>(gap * double{kOrdinaryDay});
    if (position < season_.length()) {
      time = season_.begin_of(season_.day_at(position)) + time_of_day_.pick(random);
    }
  }
  life.active_until = std::max(life.active_until, season_.end());
}

void World::add_purchase(Seconds time, Random& random, ContactLife& life) const {
  // Two orders of one day get their times of day by chance; the first purchase stays the first.
  const Seconds not_before = life.orders.empty() ? time : life.orders.front().time;
  Order order{.time = std::max(time, not_before),
              .first_line = static_cast<std::uint32_t>(life.lines.size())};
  if (random.chance(kFreeSample)) {
    life.lines.push_back({.product = Catalogue::kSample, .quantity = 1});
  } else {
    add_goods(random, life);
  }
  order.line_count = static_cast<std::uint32_t>(life.lines.size()) - order.first_line;
  life.orders.push_back(order);
  ++life.purchases;
}

void World::add_goods(Random& random, ContactLife& life) const {
  const Profile& profile = life.profile;
  const double value =
      std::clamp(profile.spend * random.gamma(kOrderShape) / kOrderShape, kLeastOrder, kMostOrder);
  const std::uint32_t count = 1 + line_counts_.pick(random);
  Cents total = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const double share = value / count * (0.4 + 1.2 * random.unit());
    const std::int64_t quantity = pick_quantity(profile.bulk, random);
    const std::uint32_t category =
        random.chance(kFavouriteCategory) ? profile.favourite : catalogue_.pick_category(random);
    const auto price = static_cast<Cents>(share / static_cast<double>(quantity));
    const std::uint32_t product = catalogue_.pick_product(category, price, random);
    life.lines.push_back({.product = product, .quantity = quantity});
    total += quantity * catalogue_.product(product).price;
  }
  if (total < Catalogue::kFreeDeliveryFrom) {
    life.lines.push_back({.product = Catalogue::kPostage, .quantity = 1});
  }
}

void World::add_returns(Random& random, ContactLife& life) const {
  const double unit = random.unit();
  const double rate = kHighestReturnRate * unit * unit;
  for (std::size_t i = 0; i < life.purchases; ++i) {
    if (random.chance(rate) &&
        life.lines[life.orders[i].first_line].product != Catalogue::kSample) {
      add_return(i, random, life);
    }
  }
}

void World::add_return(std::size_t purchase, Random& random, ContactLife& life) const {
  const Order bought = life.orders[purchase];
  const Seconds days = kFirstReturnDay + random.below(kReturnDays);
  const Seconds bought_day = (bought.time - season_.begin()) / kDay * kDay + season_.begin();
  Order order{.time = bought_day + days * kDay + time_of_day_.pick(random),
              .first_line = static_cast<std::uint32_t>(life.lines.size()),
              .returned = purchase + 1};
  if (order.time >= season_.end()) {
    return;
  }
  if (bought.line_count == 1 || random.chance(kFullReturn)) {
    for (std::uint32_t i = 0; i < bought.line_count; ++i) {
      const Line line = life.lines[bought.first_line + i];
      life.lines.push_back({.product = line.product, .quantity = -line.quantity});
    }
  } else {
    // The postage, always the last line, is paid back only with everything else.
    const bool postage =
        life.lines[bought.first_line + bought.line_count - 1].product == Catalogue::kPostage;
    const std::uint32_t goods = bought.line_count - (postage ? 1 : 0);
    const Line line = life.lines[bought.first_line + random.below(goods)];
    const auto pieces =
        1 + static_cast<std::int64_t>(random.below(static_cast<std::uint32_t>(line.quantity)));
    life.lines.push_back({.product = line.product, .quantity = -pieces});
  }
  order.line_count = static_cast<std::uint32_t>(life.lines.size()) - order.first_line;
  life.orders.push_back(order);
}

}  // namespace quintile::datasets
