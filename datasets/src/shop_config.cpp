// The configuration that loads a generated shop.
#include <string>

#include "contact_life.hpp"
#include "quintile/datasets/shop.hpp"
#include "tables.hpp"

namespace quintile::datasets {

namespace {

std::string date_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  const std::string year = std::to_string(int{date.year()});
  const std::string month = std::to_string(static_cast<unsigned>(date.month()));
  const std::string day_of_month = std::to_string(static_cast<unsigned>(date.day()));
  return year + (month.size() == 1 ? "-0" : "-") + month + (day_of_month.size() == 1 ? "-0" : "-") +
         day_of_month;
}

std::string head_text(const ShopOptions& options) {
  return "# A generated shop: " + std::to_string(options.contacts) + " contacts, seed " +
         std::to_string(options.seed) + ", " + date_text(first_day(options)) + " to " +
         date_text(options.last_day) +
         ".\n# Paths are relative to this file. Times carry their offset (UTC).\n"
         "time_zone: UTC\n"
         "currency: {code: EUR, decimals: 2}\n";
}

std::string files_text(Table table, std::string_view format) {
  const std::string name(table_name(table));
  return "\n" + name + ":\n  files: [" + name + "." + std::string(format) + "]\n";
}

// What follows is the same for every shop.
constexpr std::string_view kContacts = R"(  map: {contact: contact}
  identifiers: {email: email, anonymous: anonymous_id}
  attributes:
    country: category
    channel: category
    signup_date: date
    birth_year: int64
    tags: tags
    consent_email_marketing: {type: consent, channel: email, purpose: marketing}
    consent_email_profiling: {type: consent, channel: email, purpose: profiling}
    consent_sms_marketing: {type: consent, channel: sms, purpose: marketing}
    consent_push_marketing: {type: consent, channel: push, purpose: marketing}
)";

constexpr std::string_view kOrders =
    R"(  map: {contact: contact, order: order, time: time, product: product, category: category,
        quantity: quantity, amount: amount}
  properties:
    returned_order: int64
)";

constexpr std::string_view kEvents =
    R"(  map: {contact: contact, time: time, type: type}
  identifiers: {anonymous: anonymous_id}
  types:
    visit: {url: category, source: category}
    search: {phrase: category}
    cart: {product: category}
    email_sent: {campaign: category}
    email_opened: {campaign: category}
    email_clicked: {campaign: category}
    survey: {score: int64}
)";

constexpr std::string_view kLinks = R"(  map: {contact: contact, time: time}
  identifiers: {anonymous: anonymous_id}
)";

}  // namespace

std::string shop_config(const ShopOptions& options, std::string_view format) {
  std::string text = head_text(options);
  text += files_text(Table::kContacts, format);
  text += kContacts;
  text += files_text(Table::kOrders, format);
  text += kOrders;
  if (options.event_rate > 0.0) {
    text += files_text(Table::kEvents, format);
    text += kEvents;
    text += files_text(Table::kLinks, format);
    text += kLinks;
  }
  text += "\nmodels: {rfm: retail}\n";
  return text;
}

}  // namespace quintile::datasets
