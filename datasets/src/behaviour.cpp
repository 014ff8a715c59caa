#include "behaviour.hpp"

#include <algorithm>
#include <cstdio>

namespace quintile::datasets {

namespace {

constexpr std::uint32_t kDaysBetweenCampaigns = 61;
constexpr std::uint32_t kFirstCampaignDay = 20;
constexpr double kCampaignAudience = 0.6;
constexpr double kDaysBetweenVisits = 90.0;
constexpr double kLongestGapDays = 40'000.0;
constexpr std::uint32_t kMostVisits = 100'000;
constexpr double kSurveyed = 0.06;
// Number of the first visitor's device, far above those of contacts.
constexpr std::uint64_t kVisitorDevices = std::uint64_t{1} << 62U;

constexpr std::array<double, 5> kSourceWeights = {30, 34, 14, 14, 8};
constexpr std::array<std::string_view, 12> kSeasons = {"winter", "winter", "spring", "spring",
                                                       "spring", "summer", "summer", "summer",
                                                       "autumn", "autumn", "autumn", "winter"};

std::string campaign_name(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  const auto month = static_cast<unsigned>(date.month());
  std::array<char, 40> text{};
  const std::string_view season = kSeasons[month - 1];
  const int length = std::snprintf(text.data(), text.size(), "%s-%04d-%02u-%02u", season.data(),
                                   int{date.year()}, month, static_cast<unsigned>(date.day()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

// One contact or visitor while its events are being made.
class BehaviourModel::Actor {
 public:
  Actor(const BehaviourModel& model, Purpose purpose, std::uint64_t index, Behaviour& out)
      : model_(model),
        catalogue_(model.world_.catalogue()),
        season_(model.world_.season()),
        random_(model.world_.options().seed, purpose, index),
        out_(out) {
    out_.events.clear();
    out_.links.clear();
  }

  void discover(const ContactLife& life);
  void browse(const ContactLife& life);
  void prepare_orders(const ContactLife& life);
  void read_mail(const ContactLife& life);
  void answer_surveys(const ContactLife& life);
  void wander();
  void finish();

 private:
  void add(Event event);
  void visit(Seconds time, Source source, bool known, std::uint8_t device);
  void search(Seconds time, std::uint32_t category, std::uint8_t device);
  void cart(Seconds time, std::uint32_t product, std::uint8_t device);
  [[nodiscard]] Seconds shortly() { return 20 + random_.below(10 * kMinute); }
  [[nodiscard]] Source pick_source() {
    return static_cast<Source>(1 + model_.sources_.pick(random_));
  }
  [[nodiscard]] std::uint8_t device_at(Seconds time);
  [[nodiscard]] bool often_enough() { return model_.rate_ >= 1 || random_.chance(model_.rate_); }

  const BehaviourModel& model_;
  const Catalogue& catalogue_;
  const Season& season_;
  Random random_;
  Behaviour& out_;
  std::uint32_t favourite_ = 0;
};

void BehaviourModel::Actor::add(Event event) {
  if (event.time < season_.begin() || event.time >= season_.end()) {
    return;
  }
  event.arrival = static_cast<std::uint32_t>(out_.events.size());
  out_.events.push_back(event);
}

void BehaviourModel::Actor::visit(Seconds time, Source source, bool known, std::uint8_t device) {
  Event event{.time = time, .known = known, .device = device, .source = source};
  const double unit = random_.unit();
  const std::uint32_t category =
      random_.chance(0.5) ? favourite_ : catalogue_.pick_category(random_);
  if (unit < 0.25) {
    event.page = Page::kHome;
  } else if (unit < 0.6) {
    event.page = Page::kCategory;
    event.category = static_cast<std::int32_t>(category);
  } else if (unit < 0.88) {
    event.page = Page::kProduct;
    const auto price = static_cast<Cents>(random_.gamma(2.0) * 2'000.0);
    event.product = static_cast<std::int32_t>(catalogue_.pick_product(category, price, random_));
  } else {
    event.page = Page::kSale;
    event.category = static_cast<std::int32_t>(category);
  }
  add(event);
}

void BehaviourModel::Actor::search(Seconds time, std::uint32_t category, std::uint8_t device) {
  add({.time = time,
       .type = EventType::kSearch,
       .device = device,
       .phrase = catalogue_.search_phrase(category, random_)});
}

void BehaviourModel::Actor::cart(Seconds time, std::uint32_t product, std::uint8_t device) {
  add({.time = time,
       .type = EventType::kCart,
       .device = device,
       .product = static_cast<std::int32_t>(product)});
}

// Of the devices that are linked by then.
std::uint8_t BehaviourModel::Actor::device_at(Seconds time) {
  std::uint8_t known = 0;
  for (const Link& link : out_.links) {
    known = link.time <= time ? link.device : known;
  }
  return known == 2 && random_.chance(0.5) ? std::uint8_t{1} : known;
}

// Visits before the contact has a name, on its first device; later the same on a second one.
void BehaviourModel::Actor::discover(const ContactLife& life) {
  favourite_ = life.profile.favourite;
  const Seconds interest = std::min(life.active_until, season_.end()) - life.profile.signup;
  for (std::uint32_t device = 1; device <= life.profile.devices; ++device) {
    const auto number = static_cast<std::uint8_t>(device);
    const auto after = static_cast<Seconds>(random_.unit() * static_cast<double>(interest));
    const Seconds linked =
        life.profile.signup + (device == 1 ? 0 : 1 + std::max(after, Seconds{0}));
    const std::uint32_t visits = 1 + random_.below(3);
    for (std::uint32_t i = 0; i < visits; ++i) {
      const Seconds before = 1 + static_cast<Seconds>(random_.unit() * 10.0 * double{kDay});
      if (often_enough()) {
        visit(linked - before, pick_source(), false, number);
      }
    }
    if (linked < season_.end()) {
      out_.links.push_back({.time = linked, .device = number});
    }
  }
}

void BehaviourModel::Actor::browse(const ContactLife& life) {
  const Seconds until = std::min(life.active_until, season_.end() - 1);
  const std::uint64_t last = season_.position_of(std::max(until, life.profile.signup));
  const double per_day = (0.2 + 2.0 * life.profile.engagement) * model_.rate_ / kDaysBetweenVisits;
  std::uint64_t position = season_.position_of(life.profile.signup);
  for (std::uint32_t i = 0; i < kMostVisits; ++i) {
    const double gap = random_.exponential() / per_day;
    if (!(gap < kLongestGapDays)) {
      return;
    }
    position += 1 + static_cast<std::uint64_t>(gap * double{kOrdinaryDay});
    if (position > last) {
      return;
    }
    const Seconds day = season_.begin_of(season_.day_at(position));
    const Seconds time =
        std::max(day + model_.world_.time_of_day().pick(random_), life.profile.signup + kMinute);
    const std::uint8_t device = device_at(time);
    visit(time, pick_source(), true, device);
    if (random_.chance(0.2)) {
      search(time + shortly(), favourite_, device);
    }
    if (random_.chance(0.12)) {
      const std::uint32_t category = catalogue_.pick_category(random_);
      // One draw per statement: the order in which arguments are evaluated is the compiler's.
      const Seconds added = time + shortly();
      cart(added, catalogue_.pick_product(category, 2'500, random_), device);
    }
  }
}

void BehaviourModel::Actor::prepare_orders(const ContactLife& life) {
  for (const Order& order : life.orders) {
    const Line& line = life.lines[order.first_line];
    if (order.returned != 0 || !often_enough()) {
      continue;
    }
    const Seconds arrived = order.time - kMinute - shortly();
    const bool known = arrived >= life.profile.signup;
    const std::uint8_t device = device_at(order.time);
    if (known || device != 0) {
      visit(arrived, pick_source(), known, device);
    }
    if (known && random_.chance(0.25)) {
      search(arrived + 30, catalogue_.product(line.product).category % Catalogue::kCategories,
             device);
    }
    cart(std::max(order.time - 40, life.profile.signup), line.product, device);
  }
}

void BehaviourModel::Actor::read_mail(const ContactLife& life) {
  if (!life.profile.consents[0].value_or(false)) {
    return;
  }
  for (std::size_t i = 0; i < model_.campaigns_.size(); ++i) {
    const Seconds sent = model_.campaigns_[i].time + random_.below(2 * kHour);
    if (!random_.chance(kCampaignAudience * std::min(model_.rate_, 1.0)) ||
        sent < life.profile.signup) {
      continue;
    }
    const auto campaign = static_cast<std::int32_t>(i);
    add({.time = sent, .type = EventType::kEmailSent, .campaign = campaign});
    const bool active = sent < life.active_until;
    const double opens = (active ? 0.10 : 0.02) + (active ? 0.65 : 0.15) * life.profile.engagement;
    if (!random_.chance(opens)) {
      continue;
    }
    const Seconds opened = sent + kMinute + random_.below(30 * kHour);
    add({.time = opened, .type = EventType::kEmailOpened, .campaign = campaign});
    if (random_.chance(0.08 + 0.3 * life.profile.engagement)) {
      const Seconds clicked = opened + 5 + random_.below(2 * kMinute);
      add({.time = clicked, .type = EventType::kEmailClicked, .campaign = campaign});
      visit(clicked + 2, Source::kEmail, true, device_at(clicked));
    }
  }
}

void BehaviourModel::Actor::answer_surveys(const ContactLife& life) {
  const double content = 6.2 + 2.6 * life.profile.engagement;
  for (const Order& order : life.orders) {
    if (!random_.chance(kSurveyed * std::min(model_.rate_, 1.0))) {
      continue;
    }
    const double answer =
        content + 1.9 * random_.normal() - (order.returned == 0 ? 0.0 : 2.0) + 0.5;
    add({.time = order.time + 3 * kDay + random_.below(5 * kDay),
         .type = EventType::kSurvey,
         .score = static_cast<std::int8_t>(std::clamp(answer, 0.0, 10.0))});
  }
}

void BehaviourModel::Actor::wander() {
  favourite_ = catalogue_.pick_category(random_);
  const auto position =
      static_cast<std::uint64_t>(random_.unit() * static_cast<double>(season_.length()));
  Seconds time = season_.begin_of(season_.day_at(std::min(position, season_.length() - 1))) +
                 model_.world_.time_of_day().pick(random_);
  do {
    visit(time, pick_source(), false, 1);
    time += kHour + random_.below(14 * kDay);
  } while (random_.chance(0.4));
}

void BehaviourModel::Actor::finish() {
  std::sort(out_.events.begin(), out_.events.end(), [](const Event& a, const Event& b) {
    return a.time != b.time ? a.time < b.time : a.arrival < b.arrival;
  });
}

BehaviourModel::BehaviourModel(const World& world)
    : world_(world),
      rate_(world.options().event_rate),
      sources_(kSourceWeights),
      device_key_(mix64(mix64(world.options().seed) + 1)) {
  for (std::uint32_t day = kFirstCampaignDay; day < world.options().days;
       day += kDaysBetweenCampaigns) {
    const std::chrono::sys_days date =
        first_day(world.options()) + std::chrono::days{static_cast<int>(day)};
    campaigns_.push_back(
        {.time = world.season().begin_of(day) + 8 * kHour, .name = campaign_name(date)});
  }
}

void BehaviourModel::act(std::uint64_t index, const ContactLife& life, Behaviour& out) const {
  Actor actor(*this, Purpose::kBehaviour, index, out);
  actor.discover(life);
  actor.browse(life);
  actor.prepare_orders(life);
  actor.read_mail(life);
  actor.answer_surveys(life);
  actor.finish();
}

void BehaviourModel::wander(std::uint64_t index, Behaviour& out) const {
  Actor actor(*this, Purpose::kVisitor, index, out);
  actor.wander();
  actor.finish();
}

std::string BehaviourModel::contact_device(std::uint64_t contact, std::uint8_t device) const {
  return device_id(contact * 2 + device);
}

std::string BehaviourModel::visitor_device(std::uint64_t visitor) const {
  return device_id(kVisitorDevices + visitor);
}

// mix64 is a bijection, so different numbers never meet.
std::string BehaviourModel::device_id(std::uint64_t number) const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint64_t bits = mix64(device_key_ + number);
  std::string text(16, '0');
  for (char& digit : text) {
    digit = kDigits[bits >> 60U];
    bits <<= 4U;
  }
  return text;
}

}  // namespace quintile::datasets
