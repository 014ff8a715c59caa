// One contact: who it is, what it buys and what it sends back.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "quintile/datasets/shop.hpp"
#include "random.hpp"
#include "season.hpp"

namespace quintile::datasets {

struct Profile {
  std::uint64_t id = 0;
  Seconds signup = 0;
  std::string email;          // empty: none given
  std::uint32_t devices = 0;  // 0 to 2: by which it was known before it had a name
  std::string_view country;
  std::string_view channel;  // that brought it to the shop
  std::optional<std::int64_t> birth_year;
  std::string tags;                             // joined by '|'; empty: none
  std::array<std::optional<bool>, 4> consents;  // as kConsentNames; none: never asked
  double spend = 0;                             // mean value of its orders, in cents
  double bulk = 0;                              // how likely a line is for many pieces
  double engagement = 0;                        // 0 to 1: how readily it opens, clicks, comes back
  double eagerness = 1;                         // how often it buys, relative to the mean
  std::uint32_t favourite = 0;                  // category
};

inline constexpr std::array<std::string_view, 4> kConsentNames = {
    "consent_email_marketing", "consent_email_profiling", "consent_sms_marketing",
    "consent_push_marketing"};

struct Line {
  std::uint32_t product = 0;
  std::int64_t quantity = 0;  // below 0 in a return
};

struct Order {
  Seconds time = 0;
  std::uint64_t id = 0;
  std::uint32_t first_line = 0;
  std::uint32_t line_count = 0;
  std::uint64_t returned = 0;  // id of the order that is taken back; 0 in a purchase
};

// Filled again and again, so that its vectors are allocated once per thread.
struct ContactLife {
  Profile profile;
  std::vector<Order> orders;  // by time
  std::vector<Line> lines;
  std::vector<std::uint64_t> numbers;  // scratch
  std::uint64_t purchases = 0;
  Seconds active_until = 0;  // afterwards it has lost interest
};

// What all contacts of a shop have in common.
class World {
 public:
  explicit World(const ShopOptions& options);

  // Live the life of contact `index` (0 to contacts - 1).
  void live(std::uint64_t index, ContactLife& life) const;

  [[nodiscard]] const ShopOptions& options() const noexcept { return options_; }
  [[nodiscard]] const Catalogue& catalogue() const noexcept { return catalogue_; }
  [[nodiscard]] const Season& season() const noexcept { return season_; }
  [[nodiscard]] const TimeOfDay& time_of_day() const noexcept { return time_of_day_; }

 private:
  void make_profile(std::uint64_t index, Profile& profile) const;
  void buy(Random& random, ContactLife& life) const;
  void add_purchase(Seconds time, Random& random, ContactLife& life) const;
  void add_goods(Random& random, ContactLife& life) const;
  void add_returns(Random& random, ContactLife& life) const;
  void add_return(std::size_t purchase, Random& random, ContactLife& life) const;
  [[nodiscard]] Seconds signup_time(std::uint64_t index, Random& random) const;

  ShopOptions options_;
  Season season_;
  Season sign_ups_;
  Catalogue catalogue_;
  TimeOfDay time_of_day_;
  WeightedChoice countries_;
  WeightedChoice channels_;
  WeightedChoice line_counts_;
};

[[nodiscard]] WeightedChoice country_choice();
[[nodiscard]] WeightedChoice channel_choice();

// The first day of the history.
[[nodiscard]] inline std::chrono::sys_days first_day(const ShopOptions& options) {
  return options.last_day - std::chrono::days{static_cast<int>(options.days) - 1};
}

}  // namespace quintile::datasets
