#include "quintile/store_config.hpp"

#include <gtest/gtest.h>

namespace quintile {
namespace {

constexpr const char* kConfig = R"(time_zone: Europe/Warsaw
currency: {code: EUR, decimals: 2}
contacts:
  files: [contacts.parquet]
  map: {contact: who}
  identifiers: {email: email, anonymous: anonymous_id}
  attributes:
    country: category
    mail: {type: consent, channel: email, purpose: marketing, column: news}
orders:
  files: [a.csv, b.csv]
  map: {contact: contact, amount: total}
  properties: {returned_order: int64}
  delimiter: ";"
  date_format: "%d.%m.%Y"
events:
  files: events.parquet
  identifiers: {anonymous: anonymous_id}
  types:
    visit: {url: category}
    ping:
  retention: {visit: 400}
links:
  files: [links.parquet]
  map: {contact: contact, time: time}
  identifiers: {anonymous: anonymous_id}
models: {rfm: retail, own: models/own.yaml}
segments: {polish: "country = 'PL'"}
)";

TEST(StoreConfig, SaysWhatAStoreIsMadeOf) {
  const Result<StoreConfig> config = parse_store_config(kConfig, "quintile.yaml");
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->time_zone, "Europe/Warsaw");
  EXPECT_EQ(config->currency, "EUR");
  EXPECT_EQ(config->contacts.columns[0].second, "who");
  EXPECT_EQ(config->contacts.identifiers.size(), 2U);
  EXPECT_EQ(config->contacts.values[1].second, "news");
  EXPECT_EQ(config->attributes.attributes()[1].purpose, "marketing");
  EXPECT_EQ(config->orders.files.size(), 2U);
  EXPECT_EQ(config->orders.delimiter, ';');
  EXPECT_EQ(config->orders.date_format, "%d.%m.%Y");
  EXPECT_EQ(config->line_properties[0].type, DataType::kInt64);
  EXPECT_EQ(config->events.files[0], "events.parquet");
  ASSERT_EQ(config->event_types.types().size(), 2U);
  EXPECT_EQ(config->event_types.types()[0].retention_days, 400U);
  EXPECT_EQ(config->event_types.types()[1].name, "ping");
  EXPECT_EQ(config->models[1].name, "own");
  EXPECT_EQ(config->models[1].source, "models/own.yaml");
  EXPECT_EQ(config->segments[0].where, "country = 'PL'");
}

TEST(StoreConfig, MostOfItMayBeLeftOut) {
  const Result<StoreConfig> config =
      parse_store_config("orders: {files: o.csv}\nmodels: [retail]", "c");
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->time_zone, "UTC");
  EXPECT_EQ(config->currency_decimals, 2);
  EXPECT_TRUE(config->contacts.files.empty());
  EXPECT_EQ(config->models[0].source, "retail");
  EXPECT_EQ(parse_store_config("currency: JPY", "c")->currency_decimals, 0);
}

TEST(StoreConfig, WhatIsWrongIsSaidWithItsPlaceAndTheNearestName) {
  const auto refusal = [](const char* yaml) {
    const Result<StoreConfig> config = parse_store_config(yaml, "c");
    EXPECT_FALSE(config.ok()) << yaml;
    return std::string(config.status().message());
  };
  const auto expect_in = [&](const char* yaml, const char* part) {
    EXPECT_NE(refusal(yaml).find(part), std::string::npos) << refusal(yaml);
  };
  expect_in("order: {files: o.csv}", "c:1:1: unknown key 'order'");
  expect_in("order: {files: o.csv}", "'orders'");
  expect_in("orders:\n  map: {contct: who}", "c:2:9: unknown key 'contct'");
  expect_in("orders: {files: []}", "c:1:17: expected a file or a list of files");
  expect_in("orders: {properties: {a: double}}", "expected category, int64 or bool");
  expect_in("orders: {properties: {quantity: int64}}", "'quantity' in the map of roles");
  expect_in("orders: {rates: r.csv}", "rates need the currency");
  expect_in("orders: {delimiter: ab}", "expected one character, or tab, got 'ab'");
  expect_in("orders: {date_format: '%Q'}", "c:1:23: ");
  expect_in("time_zone: Europe/Warsow", "Europe/Warsaw");
  expect_in("currency: euro", "c:1:11: expected a code of ISO 4217 such as EUR, got 'euro'");
  expect_in("contacts: {identifiers: {Email: e}}", "expected a namespace");
  expect_in("contacts: {attributes: {contact: int64}}", "c:1:24: attribute 'contact': expected");
  expect_in("events: {files: e.csv}", "c:1:9: expected 'types'");
  expect_in("events: {types: {purchase: {}}}", "event type 'purchase': expected a name");
  expect_in("events: {types: {visit: {}}, retention: {vist: 3}}", "'visit'");
  expect_in("links: {files: l.csv, map: {contact: c}}", "expected 'identifiers'");
  expect_in("models: retail", "expected a list of presets and files");
  expect_in("models: {RFM: retail}", "expected a model name");
  expect_in("segments: {a: 'country ='}", "c:1:15: in 'a' at 1:");
  expect_in("", "expected a map");
}

}  // namespace
}  // namespace quintile
