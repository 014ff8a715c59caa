#include <set>

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "quintile/datasets/shop.hpp"
#include "table_reader.hpp"

namespace quintile::datasets {
namespace {

std::set<std::string> columns_of(Table table) {
  std::set<std::string> names;
  for (const ColumnData& column : read_table(ShopOptions{.contacts = 1}, table).columns) {
    names.insert(column.name);
  }
  return names;
}

// Every column is used once, and nothing is named that is not there.
TEST(ShopConfig, NamesEveryColumn) {
  const YAML::Node config = YAML::Load(shop_config({}, "parquet"));
  for (const Table table : kTables) {
    const YAML::Node part = config[std::string(table_name(table))];
    EXPECT_EQ(part["files"][0].as<std::string>(), std::string(table_name(table)) + ".parquet");
    std::set<std::string> named;
    for (const char* section : {"map", "identifiers"}) {
      for (const auto& entry : part[section]) {
        named.insert(entry.second.as<std::string>());
      }
    }
    for (const char* section : {"attributes", "properties"}) {
      for (const auto& entry : part[section]) {
        named.insert(entry.first.as<std::string>());
      }
    }
    for (const auto& type : part["types"]) {
      for (const auto& property : type.second) {
        named.insert(property.first.as<std::string>());
      }
    }
    std::set<std::string> wanted = columns_of(table);
    wanted.erase("price");  // the amount is the money; a loader takes one or the other
    EXPECT_EQ(named, wanted) << table_name(table);
  }
}

TEST(ShopConfig, DeclaresEveryEventType) {
  const YAML::Node types = YAML::Load(shop_config({}, "csv"))["events"]["types"];
  std::set<std::string> declared;
  for (const auto& type : types) {
    declared.insert(type.first.as<std::string>());
  }
  std::set<std::string> seen;
  const TableData events = read_table(ShopOptions{.contacts = 2'000}, Table::kEvents);
  for (const Text& type : events.texts("type")) {
    seen.insert(*type);
  }
  EXPECT_EQ(declared, seen);
}

TEST(ShopConfig, LeavesEventsOutWithThem) {
  const YAML::Node config = YAML::Load(shop_config(ShopOptions{.event_rate = 0}, "csv"));
  EXPECT_FALSE(config["events"]);
  EXPECT_FALSE(config["links"]);
  EXPECT_EQ(config["orders"]["files"][0].as<std::string>(), "orders.csv");
  EXPECT_EQ(config["models"]["rfm"].as<std::string>(), "retail");
  EXPECT_EQ(config["currency"]["decimals"].as<int>(), 2);
}

}  // namespace
}  // namespace quintile::datasets
