#include "exec/event_functions.hpp"

#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "plain_events.hpp"
#include "test_seed.hpp"

namespace quintile {
namespace {

using testing::EventWorld;
using testing::Happening;
using testing::PlainEvent;
using testing::PlainLine;
using testing::PlainQuestion;

// One zone, and the times around which events happen: clocks change there.
struct Place {
  const char* zone;
  const char* middle;
};
// In the last, the clock went from 00:01 back to 23:01 of the day before.
constexpr std::array<Place, 3> kPlaces = {{{"UTC", "2026-03-15"},
                                           {"Europe/Warsaw", "2026-03-29 01:00"},
                                           {"America/St_Johns", "2008-11-02 02:31"}}};

struct Property {
  const char* name;
  std::size_t place;
  const char* functions;  // those that take it
  double unit = 1;
};
constexpr const char* kAll = "sum avg min max first last mode distinct ";
constexpr std::array<Property, 6> kVisit = {{{"url", 0, "min max first last mode distinct "},
                                             {"value", 1, kAll, 0.01},
                                             {"score", 2, kAll},
                                             {"paid", 3, "first last mode distinct "},
                                             {"day", 4, "min max first last mode distinct "},
                                             {"time", 5, "min max first last mode distinct "}}};
constexpr std::array<Property, 2> kOrder = {
    {{"amount", 0, kAll, 0.01}, {"time", 1, "min max first last mode distinct "}}};
constexpr std::array<Property, 5> kLine = {{{"amount", 0, "sum avg min max mode distinct ", 0.01},
                                            {"time", 1, "min max first last mode distinct "},
                                            {"category", 2, "min max mode distinct "},
                                            {"pieces", 3, "sum avg min max mode distinct "},
                                            {"gift", 4, "mode distinct "}}};

// A type of events, all of its events, and a condition on them.
struct Asked {
  std::string type;
  std::span<const Property> properties;
  std::vector<Happening> events;
  std::string where;  // empty: none
};

class RandomWorld {
 public:
  explicit RandomWorld(std::uint64_t seed)
      : random_(seed),
        place_(kPlaces[seed % kPlaces.size()]),
        world_(make_world(seed, place_)),
        span_us_(std::int64_t{1} << (30 + random_() % 14)) {
    for (int batch = 0; batch < 2; ++batch) {
      add_visits();
      add_lines();
    }
  }

  EventWorld& world() { return world_; }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  void choose_as_of() {
    const bool is_date = below(2) == 0;
    const std::string text = format_instant(a_time() + span_us_ / 8, world_.zone());
    world_.set_as_of(is_date ? text.substr(0, 10) : text);
  }

  Asked ask() {
    switch (below(4)) {
      case 0:
        return orders("purchase", true);
      case 1:
        return orders("return", false);
      case 2:
        return lines();
      default:
        return visits();
    }
  }

  Asked visits() {
    Asked asked{"visit", kVisit, {}, {}};
    for (const PlainEvent& event : visits_) {
      Happening& happening = asked.events.emplace_back();
      happening.contact = event.contact;
      happening.time = event.time;
      happening.values = {event.url, event.value, event.score, event.paid, event.day, event.time};
    }
    if (below(2) == 0) {
      asked.where = "url IN ('a', '12') OR paid";
      std::erase_if(asked.events, [](const Happening& event) {
        const bool url = event.values[0] == testing::PlainValue(std::string("a")) ||
                         event.values[0] == testing::PlainValue(std::string("12"));
        return !url && event.values[3] != testing::PlainValue(true);
      });
    }
    return asked;
  }

  std::optional<Window> window(std::string& text) {
    if (below(3) == 0) {
      return {};
    }
    constexpr std::array<const char*, 3> kUnits = {"d", "h", "m"};
    const std::uint64_t unit = below(3);
    const Window window{static_cast<std::uint32_t>(1 + below(below(2) == 0 ? 3 : 100)),
                        static_cast<WindowUnit>(unit)};
    text += ", " + std::to_string(window.count) + kUnits[unit];
    return window;
  }

 private:
  static EventWorld make_world(std::uint64_t seed, const Place& place) {
    std::string error;
    return EventWorld(seed % 5 == 0 ? 1 : 40, *TimeZone::find(place.zone, error));
  }

  // Full of ties, some of them at local midnight.
  std::int64_t a_time() {
    const auto off = static_cast<std::int64_t>(below(64)) - 32;
    std::int64_t time = testing::at(place_.middle) + off * (span_us_ / 64);
    if (below(4) == 0) {
      const std::int64_t local = local_begin_of_day(world_.zone().day_number(time));
      time = world_.zone().to_instant(local) - static_cast<std::int64_t>(below(2));
    }
    return time;
  }

  template <class T, class Make>
  std::optional<T> maybe(const Make& make) {
    return below(5) == 0 ? std::nullopt : std::optional<T>(make());
  }

  std::uint32_t a_contact() {
    // Some have none, and some many.
    const std::uint64_t contact = below(world_.contacts());
    return static_cast<std::uint32_t>(below(2) == 0 ? contact : contact / 7);
  }

  void add_visits() {
    constexpr std::array<const char*, 4> kUrls = {"a", "b", "12", "3"};
    std::vector<PlainEvent> batch(below(400));
    for (PlainEvent& event : batch) {
      event.contact = a_contact();
      event.time = a_time();
      event.url = maybe<std::string>([&] { return kUrls[below(4)]; });
      event.value = maybe<std::int64_t>([&] { return static_cast<std::int64_t>(below(7)) - 3; });
      event.score = maybe<double>([&] { return static_cast<double>(below(9)) / 4 - 1; });
      event.paid = maybe<bool>([&] { return below(2) == 0; });
      event.day = maybe<std::int64_t>([&] { return static_cast<std::int64_t>(below(5)); });
    }
    world_.add_visits(batch);
    visits_.insert(visits_.end(), batch.begin(), batch.end());
  }

  void add_lines() {
    std::vector<PlainLine> batch(1 + below(300));
    for (PlainLine& line : batch) {
      line.contact = a_contact();
      line.time = a_time();
      line.amount = static_cast<std::int64_t>(below(9)) - 3;
      line.order = maybe<std::string>([&] { return std::to_string(below(30)); });
      line.category = maybe<std::string>([&] { return below(2) == 0 ? "toys" : "books"; });
      line.pieces = maybe<std::int64_t>([&] { return static_cast<std::int64_t>(below(4)); });
      line.gift = maybe<bool>([&] { return below(2) == 0; });
    }
    world_.add_lines(batch);
    lines_.insert(lines_.end(), batch.begin(), batch.end());
  }

  Asked orders(const std::string& type, bool purchases) {
    Asked asked{type, kOrder, plain_orders(lines_, world_.as_of().instant_us, purchases), {}};
    if (below(2) == 0) {
      asked.where = "amount <> 0.02";
      std::erase_if(asked.events, [](const Happening& event) {
        return event.values[0] == testing::PlainValue(std::int64_t{2});
      });
    }
    return asked;
  }

  Asked lines() {
    Asked asked{"order", kLine, {}, {}};
    for (const PlainLine& line : lines_) {
      Happening& happening = asked.events.emplace_back();
      happening.contact = line.contact;
      happening.time = line.time;
      happening.values = {line.amount, line.time, line.category, line.pieces, line.gift};
    }
    if (below(2) == 0) {
      asked.where = "category = 'toys' AND \"order\" IS NOT NULL";
      std::size_t i = 0;
      std::erase_if(asked.events, [&](const Happening& event) {
        const bool has_order = lines_[i++].order.has_value();
        return !has_order || event.values[2] != testing::PlainValue(std::string("toys"));
      });
    }
    return asked;
  }

  std::mt19937_64 random_;
  Place place_;
  EventWorld world_;
  std::int64_t span_us_;
  std::vector<PlainEvent> visits_;
  std::vector<PlainLine> lines_;
};

// A function of `asked`, and what it says.
struct Sample {
  std::string text;
  PlainQuestion question;
};

Sample random_sample(RandomWorld& random, const Asked& asked) {
  Sample sample;
  PlainQuestion& question = sample.question;
  const std::string where = asked.where.empty() ? "" : " WHERE " + asked.where;
  const std::uint64_t kind = random.below(8);
  if (kind == 0) {
    question.function = "regularly";
    question.periods = static_cast<std::uint32_t>(1 + random.below(6));
    question.required = static_cast<std::uint32_t>(1 + random.below(question.periods));
    question.period_days = random.below(2) == 0 ? 7 : 1;
    sample.text = "regularly(" + asked.type + where + ", " + std::to_string(question.required) +
                  " of " + std::to_string(question.periods) +
                  (question.period_days == 7 ? " weeks)" : " days)");
    return sample;
  }
  std::string subject = asked.type;
  if (kind == 1) {
    question.function = "days_since";
  } else if (kind == 2) {
    question.function = "count";
  } else {
    const Property& property = asked.properties[random.below(asked.properties.size())];
    std::vector<std::string> functions;
    for (std::string rest = property.functions; !rest.empty(); rest.erase(0, rest.find(' ') + 1)) {
      functions.push_back(rest.substr(0, rest.find(' ')));
    }
    question.function = functions[random.below(functions.size())];
    question.property = property.place;
    question.unit = property.unit;
    subject += std::string(".") + property.name;
  }
  sample.text = question.function + "(" + subject + where;
  question.window = random.window(sample.text);
  sample.text += ")";
  return sample;
}

std::vector<std::string> expected(const Sample& sample, const Asked& asked,
                                  const EventWorld& world) {
  std::vector<std::vector<Happening>> by_contact(world.contacts());
  for (const Happening& event :
       plain_window(asked.events, sample.question.window, world.as_of(), world.zone())) {
    by_contact[event.contact].push_back(event);
  }
  std::vector<std::string> values;
  for (const std::vector<Happening>& events : by_contact) {
    values.push_back(plain_value(sample.question, events, world.as_of(), world.zone()));
  }
  return values;
}

TEST(EventFunctions, EqualTheDefinition) {
  for (const std::uint64_t seed : testing::test_seeds(60)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    RandomWorld random(seed);
    for (int round = 0; round < 40; ++round) {
      random.choose_as_of();
      const Asked asked = random.ask();
      const Sample sample = random_sample(random, asked);
      ASSERT_EQ(random.world().values(sample.text), expected(sample, asked, random.world()))
          << sample.text << " as of " << random.world().as_of().text;
    }
  }
}

// More events and contacts than a chunk of rows, a word or a block holds.
TEST(EventFunctions, EqualTheDefinitionAcrossBlocks) {
  EventWorld world(kRowsPerBlock + 1000);
  std::mt19937_64 random(7);
  Asked asked{"visit", kVisit, {}, {}};
  std::vector<PlainEvent> events(200'000);
  for (PlainEvent& event : events) {
    const std::uint64_t contact = random() % (4 * std::uint64_t{kRowsPerBlock});
    event.contact = contact < world.contacts()
                        ? static_cast<std::uint32_t>(contact)
                        : kRowsPerBlock - static_cast<std::uint32_t>(contact % 3);
    event.time =
        testing::at("2026-03-31") - static_cast<std::int64_t>(random() % (1U << 23)) * 1'000'000;
    event.value = static_cast<std::int64_t>(random() % 10'000);
    event.paid = random() % 2 == 0;
    asked.events.push_back(
        {event.contact, event.time, {event.url, event.value, event.score, event.paid}});
  }
  world.add_visits(events);
  Sample sample;
  sample.question.window = Window{30, WindowUnit::kDays};
  for (const char* function : {"count", "days_since", "sum", "max", "last", "distinct"}) {
    const bool of_events =
        std::string(function) == "count" || std::string(function) == "days_since";
    sample.question.function = function;
    sample.question.property = of_events ? std::nullopt : std::optional<std::size_t>(1);
    sample.text = std::string(function) + (of_events ? "(visit, 30d)" : "(visit.value, 30d)");
    EXPECT_TRUE(world.values(sample.text) == expected(sample, asked, world)) << sample.text;
  }
  std::erase_if(asked.events, [](const Happening& event) {
    return event.values[3] != testing::PlainValue(true);
  });
  sample.question = {"count"};
  sample.text = "count(visit WHERE paid)";
  EXPECT_TRUE(world.values(sample.text) == expected(sample, asked, world));
}

}  // namespace
}  // namespace quintile
