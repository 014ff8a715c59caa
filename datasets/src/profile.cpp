// Who the contacts are.
#include <algorithm>

#include "contact_life.hpp"

namespace quintile::datasets {

namespace {

struct Country {
  std::string_view code;
  double weight;
  double spend;  // relative to the mean
};

constexpr std::array<Country, 14> kCountries = {{{"PL", 34, 0.85},
                                                 {"DE", 18, 1.10},
                                                 {"GB", 11, 1.05},
                                                 {"FR", 8, 1.05},
                                                 {"CZ", 6, 0.90},
                                                 {"NL", 5, 1.10},
                                                 {"IT", 4.5, 0.95},
                                                 {"ES", 4, 0.90},
                                                 {"SE", 2.5, 1.15},
                                                 {"AT", 2.2, 1.10},
                                                 {"SK", 1.8, 0.85},
                                                 {"IE", 1.4, 1.10},
                                                 {"CH", 1.1, 1.45},
                                                 {"US", 0.5, 1.30}}};

struct Channel {
  std::string_view name;
  double weight;
  double eagerness;  // how often its contacts buy, relative to the mean
};

constexpr std::array<Channel, 7> kChannels = {{{"organic", 27, 1.05},
                                               {"paid-search", 22, 0.85},
                                               {"social", 16, 0.75},
                                               {"marketplace", 11, 0.70},
                                               {"direct", 10, 1.35},
                                               {"referral", 8, 1.55},
                                               {"affiliate", 6, 0.90}}};

constexpr std::array<std::string_view, 40> kFirstNames = {
    "anna",   "piotr", "maria",  "jan",   "katarzyna", "tomasz", "agnieszka", "pawel",
    "ewa",    "marek", "lena",   "lukas", "emma",      "felix",  "sophie",    "jonas",
    "olivia", "harry", "amelia", "jack",  "chloe",     "hugo",   "lucie",     "jakub",
    "tereza", "sem",   "julia",  "luca",  "giulia",    "marco",  "lucia",     "pablo",
    "elsa",   "nils",  "sean",   "aoife", "noah",      "mia",    "zofia",     "adam"};

constexpr std::array<std::string_view, 40> kLastNames = {
    "nowak",   "kowalski", "wisniewski", "wojcik",   "kaminski", "lewandowski", "zielinski",
    "mueller", "schmidt",  "schneider",  "fischer",  "weber",    "smith",       "jones",
    "taylor",  "brown",    "wilson",     "martin",   "bernard",  "dubois",      "petit",
    "novak",   "svoboda",  "dvorak",     "de-vries", "jansen",   "bakker",      "rossi",
    "russo",   "ferrari",  "garcia",     "lopez",    "sanchez",  "andersson",   "nilsson",
    "murphy",  "kelly",    "gruber",     "huber",    "horvath"};

constexpr std::array<std::string_view, 4> kMailHosts = {"example.com", "example.org", "example.net",
                                                        "mail.example"};

// Gamma-Gamma spend: mean order values are inverse gamma distributed, which has a heavy tail.
constexpr double kSpendShape = 3.6;
constexpr double kMeanSpend = 5'400.0;
constexpr double kBusiness = 0.025;
constexpr double kLeastSpendFactor = 1e-3;

struct Tag {
  std::string_view name;
  double chance;
};

constexpr std::array<Tag, 6> kTags = {{{"app", 0.22},
                                       {"club", 0.12},
                                       {"gift-buyer", 0.09},
                                       {"student", 0.06},
                                       {"complained", 0.03},
                                       {"vip", 0.012}}};

std::string pick_email(std::uint64_t id, Random& random) {
  std::string email;
  email += kFirstNames[random.below(kFirstNames.size())];
  email += '.';
  email += kLastNames[random.below(kLastNames.size())];
  email += std::to_string(id);
  email += '@';
  email += kMailHosts[random.below(kMailHosts.size())];
  return email;
}

std::optional<bool> pick_consent(double asked, double granted, Random& random) {
  // Both numbers are always drawn, so that one answer does not shift the others.
  const bool was_asked = random.chance(asked);
  const bool said_yes = random.chance(granted);
  return was_asked ? std::optional<bool>(said_yes) : std::nullopt;
}

void pick_consents(bool has_email, Random& random, Profile& profile) {
  const double asked = has_email ? 1.0 : 0.0;
  profile.consents[0] = pick_consent(asked, 0.62, random);
  profile.consents[1] = pick_consent(asked * 0.9, 0.35, random);
  profile.consents[2] = pick_consent(0.55, 0.28, random);
  profile.consents[3] = pick_consent(0.30, 0.45, random);
}

void pick_tags(bool business, Random& random, std::string& tags) {
  tags = business ? "business" : "";
  for (const Tag& tag : kTags) {
    if (random.chance(tag.chance)) {
      tags += tags.empty() ? "" : "|";
      tags += tag.name;
    }
  }
}

}  // namespace

WeightedChoice country_choice() {
  std::vector<double> weights;
  for (const Country& country : kCountries) {
    weights.push_back(country.weight);
  }
  return WeightedChoice(weights);
}

WeightedChoice channel_choice() {
  std::vector<double> weights;
  for (const Channel& channel : kChannels) {
    weights.push_back(channel.weight);
  }
  return WeightedChoice(weights);
}

Seconds World::signup_time(std::uint64_t index, Random& random) const {
  // Contacts are numbered as they sign up; each has its own stretch of the line.
  const double share =
      (static_cast<double>(index) + random.unit()) / static_cast<double>(options_.contacts);
  const auto position = static_cast<std::uint64_t>(share * static_cast<double>(sign_ups_.length()));
  const std::uint32_t day = sign_ups_.day_at(std::min(position, sign_ups_.length() - 1));
  return season_.begin_of(day) + time_of_day_.pick(random);
}

void World::make_profile(std::uint64_t index, Profile& profile) const {
  Random random(options_.seed, Purpose::kProfile, index);
  profile.id = index + 1;
  profile.signup = signup_time(index, random);
  const Country& country = kCountries[countries_.pick(random)];
  const Channel& channel = kChannels[channels_.pick(random)];
  profile.country = country.code;
  profile.channel = channel.name;
  profile.eagerness = channel.eagerness;
  const bool business = random.chance(kBusiness);
  profile.bulk = business ? 0.45 : 0.004;
  const double spread = std::max(random.gamma(kSpendShape), kLeastSpendFactor);
  profile.spend =
      kMeanSpend * country.spend * (business ? 6.0 : 1.0) * (kSpendShape - 1.0) / spread;
  profile.engagement = random.beta(1.5, 2.5);
  profile.favourite = catalogue_.pick_category(random);
  const bool has_email = random.chance(0.93);
  profile.email.clear();
  if (has_email) {
    profile.email = pick_email(profile.id, random);
  }
  const double device = random.unit();
  profile.devices = device < 0.35 ? 0 : device < 0.87 ? 1 : 2;
  profile.birth_year.reset();
  if (random.chance(0.68)) {
    const double age = 18.0 + 50.0 * random.beta(2.0, 2.8);
    const std::chrono::year_month_day signup_date{
        std::chrono::sys_days{std::chrono::days{static_cast<int>(profile.signup / kDay)}}};
    profile.birth_year = int{signup_date.year()} - static_cast<int>(age);
  }
  pick_consents(has_email, random, profile);
  pick_tags(business, random, profile.tags);
}

}  // namespace quintile::datasets
