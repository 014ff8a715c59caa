#include "config/declared_columns.hpp"

#include <gtest/gtest.h>

namespace quintile::config {
namespace {

models::YamlNode tree(std::string_view yaml) {
  return models::read_yaml(yaml, "c.yaml", 10'000).value();
}

std::string refusal(std::string_view yaml) {
  NamePairs columns;
  return std::string(read_properties("c.yaml", tree(yaml), columns).status().message());
}

TEST(DeclaredColumns, AreNamesWithTypesAndColumns) {
  NamePairs columns;
  const auto attributes = read_attributes(
      "c.yaml",
      tree("country: {type: category, column: Land}\nspent: decimal:3\nshare: {type: decimal, "
           "decimals: 1}\nmail: {type: consent, channel: email, purpose: news}\nlabels: tags\n"),
      columns);
  ASSERT_TRUE(attributes.ok()) << attributes.status().message();
  ASSERT_EQ(attributes->size(), 5U);
  EXPECT_EQ((*attributes)[0].type, DataType::kCategory);
  EXPECT_EQ((*attributes)[1].decimals, 3);
  EXPECT_EQ((*attributes)[2].decimals, 1);
  EXPECT_EQ((*attributes)[3].channel, "email");
  EXPECT_EQ((*attributes)[4].type, DataType::kTags);
  EXPECT_EQ(columns[0], (std::pair<std::string, std::string>("country", "Land")));
  EXPECT_EQ(columns[1].second, "spent");
}

TEST(DeclaredColumns, OneColumnFillsAPropertyOfAllTypes) {
  NamePairs columns;
  EXPECT_TRUE(read_properties("c.yaml", tree("url: category"), columns).ok());
  EXPECT_TRUE(read_properties("c.yaml", tree("url: category\nscore: int64"), columns).ok());
  EXPECT_EQ(columns.size(), 2U);
  const auto other =
      read_properties("c.yaml", tree("url: {type: category, column: link}"), columns);
  EXPECT_EQ(other.status().message(),
            "c.yaml:1:1: expected 'url' in column 'url' as in the types before, got 'link'");
}

TEST(DeclaredColumns, WhatIsWrongIsSaidWithItsPlace) {
  EXPECT_EQ(refusal("- url"), "c.yaml:1:1: expected a map NAME: TYPE, got a list");
  EXPECT_NE(refusal("url: categry").find("c.yaml:1:6: expected one of bool, int64"),
            std::string::npos);
  EXPECT_NE(refusal("url: categry").find("category"), std::string::npos);
  EXPECT_EQ(refusal("url: {column: u}"), "c.yaml:1:6: expected the key 'type', got none");
  EXPECT_NE(refusal("url: {typ: category}").find("unknown key 'typ'"), std::string::npos);
  EXPECT_NE(refusal("v: decimal:19").find("outside 0 to 18"), std::string::npos);
  EXPECT_EQ(refusal("a: int64\nt: tags"),
            "c.yaml:2:4: expected a single value: tags and consents are of contacts");
}

}  // namespace
}  // namespace quintile::config
