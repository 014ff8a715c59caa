// Events and links: who may be named when, what comes after what.
#include "behaviour.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace quintile::datasets {
namespace {

constexpr std::uint64_t kContacts = 5'000;

const World& world() {
  static const World instance(ShopOptions{.contacts = kContacts, .seed = 7});
  return instance;
}

template <typename Check>
void for_each_behaviour(const Check& check) {
  const BehaviourModel model(world());
  ContactLife life;
  Behaviour behaviour;
  for (std::uint64_t index = 0; index < kContacts; ++index) {
    world().live(index, life);
    model.act(index, life, behaviour);
    check(life, behaviour);
  }
}

TEST(Behaviour, EventsLieInTheHistoryInOrder) {
  for_each_behaviour([](const ContactLife&, const Behaviour& behaviour) {
    Seconds before = world().season().begin();
    for (const Event& event : behaviour.events) {
      ASSERT_GE(event.time, before);
      ASSERT_LT(event.time, world().season().end());
      before = event.time;
    }
  });
}

TEST(Behaviour, NobodyIsNamedBeforeTheSignUp) {
  for_each_behaviour([](const ContactLife& life, const Behaviour& behaviour) {
    for (const Event& event : behaviour.events) {
      ASSERT_TRUE(event.known || event.device != 0);
      ASSERT_TRUE(!event.known || event.time >= life.profile.signup);
    }
  });
}

// A contact and a device are named together only once the device is linked.
TEST(Behaviour, DevicesAreLinkedBeforeTheyAreNamed) {
  std::size_t anonymous = 0;
  std::size_t links = 0;
  for_each_behaviour([&](const ContactLife& life, const Behaviour& behaviour) {
    std::map<int, Seconds> linked;
    for (const Link& link : behaviour.links) {
      ASSERT_TRUE(linked.emplace(link.device, link.time).second);
      ASSERT_GE(link.time, life.profile.signup);
      ASSERT_LE(link.device, life.profile.devices);
    }
    links += behaviour.links.size();
    for (const Event& event : behaviour.events) {
      anonymous += event.known ? 0 : 1;
      if (event.known && event.device != 0) {
        ASSERT_TRUE(linked.contains(event.device));
        ASSERT_GE(event.time, linked[event.device]);
      }
    }
  });
  EXPECT_GT(links, kContacts / 2);
  EXPECT_GT(anonymous, kContacts / 2);
}

TEST(Behaviour, MailIsSentOnlyWithConsentAndOpenedAfterwards) {
  std::array<std::size_t, kEventNames.size()> counts{};
  for_each_behaviour([&](const ContactLife& life, const Behaviour& behaviour) {
    std::map<std::int32_t, int> steps;
    for (const Event& event : behaviour.events) {
      ++counts[static_cast<std::size_t>(event.type)];
      if (event.campaign == kNothing) {
        continue;
      }
      ASSERT_TRUE(life.profile.consents[0].value_or(false));
      const int step = static_cast<int>(event.type) - static_cast<int>(EventType::kEmailSent);
      ASSERT_EQ(steps[event.campaign], step) << "sent, then opened, then clicked";
      ++steps[event.campaign];
    }
  });
  for (const std::size_t count : counts) {
    EXPECT_GT(count, 0U);
  }
  const auto count_of = [&](EventType type) { return counts[static_cast<std::size_t>(type)]; };
  EXPECT_GT(count_of(EventType::kEmailSent), 2 * count_of(EventType::kEmailOpened));
  EXPECT_GT(count_of(EventType::kEmailOpened), 2 * count_of(EventType::kEmailClicked));
  EXPECT_GT(count_of(EventType::kVisit), count_of(EventType::kCart));
}

TEST(Behaviour, EachTypeHasItsProperties) {
  std::set<int> scores;
  for_each_behaviour([&](const ContactLife&, const Behaviour& behaviour) {
    for (const Event& event : behaviour.events) {
      ASSERT_EQ(event.page != Page::kNone, event.type == EventType::kVisit);
      ASSERT_EQ(event.source != Source::kNone, event.type == EventType::kVisit);
      ASSERT_EQ(!event.phrase.empty(), event.type == EventType::kSearch);
      ASSERT_EQ(event.score != kNothing, event.type == EventType::kSurvey);
      if (event.type == EventType::kSurvey) {
        scores.insert(event.score);
      }
    }
  });
  ASSERT_FALSE(scores.empty());
  EXPECT_GE(*scores.begin(), 0);
  EXPECT_EQ(*scores.rbegin(), 10);
  EXPECT_GE(scores.size(), 8U);
}

TEST(Behaviour, VisitorsStayAnonymous) {
  const BehaviourModel model(world());
  Behaviour behaviour;
  for (std::uint64_t index = 0; index < 1'000; ++index) {
    model.wander(index, behaviour);
    ASSERT_TRUE(behaviour.links.empty());
    ASSERT_FALSE(behaviour.events.empty());
    for (const Event& event : behaviour.events) {
      ASSERT_FALSE(event.known);
      ASSERT_EQ(event.device, 1);
    }
  }
}

TEST(Behaviour, DeviceIdsAreDifferent) {
  const BehaviourModel model(world());
  std::set<std::string> ids;
  for (std::uint64_t index = 0; index < 10'000; ++index) {
    ids.insert(model.contact_device(index, 1));
    ids.insert(model.contact_device(index, 2));
    ids.insert(model.visitor_device(index));
  }
  EXPECT_EQ(ids.size(), 30'000U);
  EXPECT_EQ(ids.begin()->size(), 16U);
}

TEST(Behaviour, TheRateMakesThemBusier) {
  std::array<std::size_t, 3> events{};
  constexpr std::array<double, 3> kRates = {0.25, 1.0, 4.0};
  for (std::size_t i = 0; i < kRates.size(); ++i) {
    const World other(ShopOptions{.contacts = 1'000, .seed = 7, .event_rate = kRates[i]});
    const BehaviourModel model(other);
    ContactLife life;
    Behaviour behaviour;
    for (std::uint64_t index = 0; index < 1'000; ++index) {
      other.live(index, life);
      model.act(index, life, behaviour);
      events[i] += behaviour.events.size();
    }
  }
  EXPECT_LT(events[0] * 3, events[1]);
  EXPECT_GT(events[2], events[1] * 3 / 2);
}

}  // namespace
}  // namespace quintile::datasets
