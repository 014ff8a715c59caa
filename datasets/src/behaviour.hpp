// What contacts and anonymous visitors do besides buying.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "contact_life.hpp"

namespace quintile::datasets {

enum class EventType : std::uint8_t {
  kVisit,
  kSearch,
  kCart,
  kEmailSent,
  kEmailOpened,
  kEmailClicked,
  kSurvey
};

inline constexpr std::array<std::string_view, 7> kEventNames = {
    "visit", "search", "cart", "email_sent", "email_opened", "email_clicked", "survey"};

enum class Page : std::uint8_t { kNone, kHome, kCategory, kProduct, kSale };
enum class Source : std::uint8_t { kNone, kDirect, kSearch, kSocial, kAds, kReferral, kEmail };

inline constexpr std::array<std::string_view, 7> kSourceNames = {
    "", "direct", "search", "social", "ads", "referral", "email"};

inline constexpr std::int32_t kNothing = -1;

struct Event {
  Seconds time = 0;
  std::uint32_t arrival = 0;  // orders events of one second
  EventType type = EventType::kVisit;
  bool known = true;        // carries the contact
  std::uint8_t device = 0;  // 1, 2; 0: none seen
  Page page = Page::kNone;
  Source source = Source::kNone;
  std::int8_t score = kNothing;
  std::int32_t product = kNothing;
  std::int32_t category = kNothing;
  std::int32_t campaign = kNothing;
  std::string_view phrase = {};
};

// From `time` on, the device is known to be the contact's.
struct Link {
  Seconds time = 0;
  std::uint8_t device = 0;
};

struct Behaviour {
  std::vector<Event> events;  // by time
  std::vector<Link> links;    // by time
};

struct Campaign {
  Seconds time = 0;
  std::string name;  // "autumn-2025-10-14"
};

class BehaviourModel {
 public:
  explicit BehaviourModel(const World& world);

  // What the contact at `index` does, given its life.
  void act(std::uint64_t index, const ContactLife& life, Behaviour& out) const;
  // What anonymous visitor `index` does; its device is number 1.
  void wander(std::uint64_t index, Behaviour& out) const;

  [[nodiscard]] const Campaign& campaign(std::int32_t index) const {
    return campaigns_[static_cast<std::size_t>(index)];
  }

  // Sixteen hexadecimal digits, different for every device of every contact and visitor.
  [[nodiscard]] std::string contact_device(std::uint64_t contact, std::uint8_t device) const;
  [[nodiscard]] std::string visitor_device(std::uint64_t visitor) const;

 private:
  class Actor;
  [[nodiscard]] std::string device_id(std::uint64_t number) const;

  const World& world_;
  double rate_;
  std::vector<Campaign> campaigns_;
  WeightedChoice sources_;
  std::uint64_t device_key_;
};

}  // namespace quintile::datasets
