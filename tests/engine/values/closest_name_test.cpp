#include "quintile/closest_name.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace quintile {
namespace {

TEST(ClosestName, FindsSlips) {
  const std::vector<std::string_view> known = {"contact", "time", "order", "amount", "Country"};
  EXPECT_EQ(closest_name("contcat", known), "contact");
  EXPECT_EQ(closest_name("amont", known), "amount");
  EXPECT_EQ(closest_name("TIME", known), "time");
  EXPECT_EQ(closest_name("country", known), "Country");
  EXPECT_EQ(closest_name("oder", known), "order");
}

TEST(ClosestName, LeavesStrangersAlone) {
  const std::vector<std::string_view> known = {"contact", "time"};
  EXPECT_EQ(closest_name("revenue", known), "");
  EXPECT_EQ(closest_name("", known), "");
  EXPECT_EQ(closest_name(std::string(1000, 'a'), known), "");
  EXPECT_EQ(closest_name("time", {}), "");
}

TEST(ClosestName, TheFirstOfEquals) {
  const std::vector<std::string_view> known = {"cart", "cast"};
  EXPECT_EQ(closest_name("cat", known), "cart");
}

TEST(ClosestName, CountsASwapOfNeighboursAsOne) {
  const std::vector<std::string_view> known = {"cart", "count"};
  EXPECT_EQ(closest_name("coutn", known), "count");
}

TEST(ClosestName, WordsCutShortAreClose) {
  const std::vector<std::string_view> known = {"tier", "recency_days", "presence"};
  EXPECT_EQ(closest_name("recency", known), "recency_days");
  EXPECT_EQ(closest_name("REC", known), "recency_days");
  EXPECT_EQ(closest_name("re", known), "");
  // One edit is closer.
  const std::vector<std::string_view> both = {"recency_days", "regency"};
  EXPECT_EQ(closest_name("recency", both), "regency");
}

}  // namespace
}  // namespace quintile
