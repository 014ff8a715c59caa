#include "quintile/catalogue.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quintile {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SegmentDefinition dynamic(std::string name, std::string where) {
  return {.name = std::move(name), .where = std::move(where)};
}

SegmentDefinition list(std::string name, std::vector<std::string> contacts) {
  return {.name = std::move(name),
          .kind = SegmentKind::kStatic,
          .contacts = std::make_shared<const std::vector<std::string>>(std::move(contacts))};
}

SegmentChange by(std::string author, std::int64_t time_us = 1) {
  return {.author = std::move(author), .time_us = time_us};
}

std::string message_of(const Status& status) { return std::string(status.message()); }

void expect_refused(Catalogue& catalogue, const SegmentDefinition& definition, StatusCode code,
                    const std::string& part) {
  const std::uint64_t revision = catalogue.revision();
  const std::size_t count = catalogue.segments().size();
  const Status status = catalogue.put(definition, by("ann"));
  EXPECT_EQ(status.code(), code) << message_of(status);
  EXPECT_THAT(message_of(status), HasSubstr(part));
  EXPECT_EQ(catalogue.revision(), revision);
  EXPECT_EQ(catalogue.segments().size(), count);
}

TEST(Catalogue, KeepsTheTextAndTheCanonicalForm) {
  Catalogue catalogue;
  ASSERT_TRUE(catalogue.put(dynamic("polish", "country='PL'  and vip"), by("ann", 5)).ok());
  const CatalogueSegment* segment = catalogue.find("polish");
  ASSERT_NE(segment, nullptr);
  EXPECT_EQ(segment->id, 1U);
  EXPECT_EQ(segment->definition.where, "country='PL'  and vip");
  EXPECT_EQ(segment->canonical, "country = 'PL' AND vip");
  ASSERT_EQ(segment->versions.size(), 1U);
  EXPECT_EQ(segment->versions[0].action, "created");
  EXPECT_EQ(segment->versions[0].change.author, "ann");
  EXPECT_EQ(segment->versions[0].change.time_us, 5);
  EXPECT_EQ(catalogue.find("german"), nullptr);
  EXPECT_EQ(catalogue.revision(), 1U);
}

TEST(Catalogue, RefusesNamesThatDoNotMatchTheRule) {
  Catalogue catalogue;
  for (const char* name : {"", "Upper", "-a", ".a", "_a", "a b", "\xc3\xa9t\xc3\xa9"}) {
    expect_refused(catalogue, dynamic(name, "vip"), StatusCode::kInvalidArgument,
                   "[a-z0-9][a-z0-9_.-]{0,63}");
  }
  expect_refused(catalogue, dynamic(std::string(65, 'a'), "vip"), StatusCode::kInvalidArgument, "");
  EXPECT_TRUE(catalogue.put(dynamic(std::string(64, 'a'), "vip"), by("")).ok());
  EXPECT_TRUE(catalogue.put(dynamic("0_a.b-c", "vip"), by("")).ok());
}

TEST(Catalogue, RefusesExpressionsThatAreNone) {
  Catalogue catalogue;
  expect_refused(catalogue, dynamic("a", "country ="), StatusCode::kInvalidArgument,
                 "segment 'a': 1:");
  expect_refused(catalogue, {.name = "a.b", .kind = SegmentKind::kClass},
                 StatusCode::kInvalidArgument, "by themselves");
}

TEST(Catalogue, ListsAreSortedAndHoldEachIdOnce) {
  Catalogue catalogue;
  ASSERT_TRUE(catalogue.put(list("vips", {"b", "a", "b", "\xc3\xa9"}), by("ann")).ok());
  EXPECT_THAT(*catalogue.find("vips")->definition.contacts, ElementsAre("a", "b", "\xc3\xa9"));
  EXPECT_EQ(catalogue.find("vips")->versions[0].contacts, 3U);
  ASSERT_TRUE(catalogue.put(list("vips", {"a", "c", "d"}), by("bob")).ok());
  EXPECT_EQ(catalogue.find("vips")->versions[1].action, "changed the list: 2 added, 2 removed");
  ASSERT_TRUE(catalogue.put({.name = "nobody", .kind = SegmentKind::kStatic}, by("ann")).ok());
  EXPECT_TRUE(catalogue.find("nobody")->definition.contacts->empty());
  expect_refused(catalogue, list("x", {"a", ""}), StatusCode::kInvalidArgument, "empty");
  expect_refused(catalogue, list("x", {std::string(257, 'a')}), StatusCode::kOutOfRange, "256");
  expect_refused(catalogue, list("x", {"\xff"}), StatusCode::kInvalidArgument, "ids of contacts");
}

TEST(Catalogue, EachChangeIsAVersionAndNoChangeIsNone) {
  Catalogue catalogue;
  ASSERT_TRUE(catalogue.put(dynamic("a", "x > 1"), by("ann", 1)).ok());
  ASSERT_TRUE(catalogue.put(dynamic("a", "x > 1"), by("bob", 2)).ok());
  EXPECT_EQ(catalogue.revision(), 1U);
  ASSERT_TRUE(catalogue.put(dynamic("a", "x > 2"), {"bob", 3, "as asked"}).ok());
  ASSERT_TRUE(catalogue.put(list("a", {"c"}), by("eve", 4)).ok());
  const std::vector<SegmentVersion>& versions = catalogue.find("a")->versions;
  ASSERT_EQ(versions.size(), 3U);
  EXPECT_EQ(versions[1].action, "changed the expression");
  EXPECT_EQ(versions[1].where, "x > 2");
  EXPECT_EQ(versions[1].change.note, "as asked");
  EXPECT_EQ(versions[2].action, "became static");
  EXPECT_EQ(versions[2].number, 3U);
  EXPECT_EQ(catalogue.find("a")->id, 1U);
}

TEST(Catalogue, ForgetsTheOldestVersions) {
  Catalogue catalogue;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(catalogue.put(dynamic("a", "x > " + std::to_string(i)), by("ann")).ok());
  }
  EXPECT_EQ(catalogue.find("a")->versions.size(), kMaxSegmentVersions);
  EXPECT_EQ(catalogue.find("a")->versions.back().number, 100U);
  EXPECT_EQ(catalogue.find("a")->versions.front().number, 37U);
  for (int i = 0; i < 10; ++i) {
    const std::string where = "t = '" + std::string(60'000 + static_cast<std::size_t>(i), 'x');
    ASSERT_TRUE(catalogue.put(dynamic("a", where + "'"), by("ann")).ok());
  }
  EXPECT_EQ(catalogue.find("a")->versions.size(), 4U);
}

TEST(Catalogue, UnknownNamesAreRefusedWithTheNearest) {
  Catalogue catalogue;
  ASSERT_TRUE(catalogue.put(list("opted_out", {"a"}), by("ann")).ok());
  ASSERT_TRUE(catalogue.put(dynamic("rich", "x > 1"), by("ann")).ok());
  expect_refused(catalogue, dynamic("a", "segment('opted-out')"), StatusCode::kNotFound,
                 "segment 'a': unknown segment 'opted-out', did you mean 'opted_out'?");
  expect_refused(catalogue, dynamic("a", "in_list('rich')"), StatusCode::kInvalidArgument,
                 "expected a static segment in in_list(), got 'rich'");
  EXPECT_TRUE(catalogue.put(dynamic("a", "segment('rfm.champions')"), by("ann")).ok());
  EXPECT_TRUE(
      catalogue.put(dynamic("b", "in_list('opted_out') OR segment('opted_out')"), by("ann")).ok());
  // What in_list() asks for stays a list.
  expect_refused(catalogue, dynamic("opted_out", "x > 1"), StatusCode::kInvalidArgument,
                 "segment 'b': expected a static segment in in_list()");
}

TEST(Catalogue, CirclesAreRefusedWithTheirPath) {
  Catalogue catalogue;
  expect_refused(catalogue, dynamic("a", "NOT segment('a')"), StatusCode::kInvalidArgument,
                 "a -> a");
  const std::vector<SegmentDefinition> chain = {dynamic("c", "x > 1"), dynamic("a", "segment('b')"),
                                                dynamic("b", "segment('c') AND x < 9")};
  ASSERT_TRUE(catalogue.put(chain, by("ann")).ok());
  expect_refused(catalogue, dynamic("c", "x > 1 OR segment('a')"), StatusCode::kInvalidArgument,
                 "a -> b -> c -> a");
}

TEST(Catalogue, KnowsWhoUsesWhat) {
  Catalogue catalogue;
  const std::vector<SegmentDefinition> all = {
      dynamic("a", "segment('b')"), dynamic("b", "segment('d') OR segment('c')"),
      dynamic("c", "x > 1"), list("d", {"i"}), dynamic("e", "in_list('d')")};
  ASSERT_TRUE(catalogue.put(all, by("ann")).ok());
  EXPECT_THAT(catalogue.users_of("d"), ElementsAre("b", "e"));
  EXPECT_THAT(catalogue.dependents_of("d"), ElementsAre("b", "a", "e"));
  EXPECT_THAT(catalogue.dependents_of("a"), ElementsAre());
  EXPECT_THAT(catalogue.dependents_of("nobody"), ElementsAre());
  std::vector<std::string> order;
  for (const SegmentDefinition& definition : catalogue.definitions()) {
    order.push_back(definition.name);
  }
  EXPECT_THAT(order, ElementsAre("c", "d", "b", "a", "e"));
}

TEST(Catalogue, ASegmentInUseIsNotRemoved) {
  Catalogue catalogue;
  const std::vector<SegmentDefinition> all = {dynamic("a", "segment('c')"),
                                              dynamic("b", "segment('c')"), dynamic("c", "x > 1")};
  ASSERT_TRUE(catalogue.put(all, by("ann")).ok());
  const Status refused = catalogue.remove("c", by("bob"));
  EXPECT_EQ(refused.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(message_of(refused), HasSubstr("'c', used by a, b"));
  EXPECT_EQ(catalogue.remove("z", by("bob")).code(), StatusCode::kNotFound);
  ASSERT_TRUE(catalogue.remove("a", by("bob", 7)).ok());
  ASSERT_TRUE(catalogue.remove("b", by("bob", 8)).ok());
  ASSERT_TRUE(catalogue.remove("c", by("bob", 9)).ok());
  ASSERT_EQ(catalogue.removals().size(), 3U);
  EXPECT_EQ(catalogue.removals()[0].name, "a");
  EXPECT_EQ(catalogue.removals()[0].change.time_us, 7);
  ASSERT_TRUE(catalogue.put(dynamic("a", "x > 1"), by("ann")).ok());
  EXPECT_EQ(catalogue.find("a")->id, 4U);  // not the one that is gone
}

TEST(Catalogue, ARenamedSegmentKeepsItsIdAndItsUsers) {
  Catalogue catalogue;
  const std::vector<SegmentDefinition> all = {
      dynamic("a", "segment('l')  OR  in_list('l') OR name = 'l'"), list("l", {"i"})};
  ASSERT_TRUE(catalogue.put(all, by("ann")).ok());
  EXPECT_EQ(catalogue.rename("l", "a", by("bob")).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(catalogue.rename("l", "A", by("bob")).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(catalogue.rename("z", "y", by("bob")).code(), StatusCode::kNotFound);
  ASSERT_TRUE(catalogue.rename("l", "0list", by("bob", 3)).ok());
  EXPECT_EQ(catalogue.find("l"), nullptr);
  EXPECT_EQ(catalogue.find("0list")->id, 2U);
  EXPECT_EQ(catalogue.find("0list")->versions.back().action, "renamed from 'l'");
  const CatalogueSegment* user = catalogue.find("a");
  EXPECT_EQ(user->definition.where, "segment('0list') OR in_list('0list') OR name = 'l'");
  EXPECT_EQ(user->versions.back().action, "'l' is now '0list'");
  EXPECT_EQ(user->versions.back().change.author, "bob");
  EXPECT_THAT(catalogue.users_of("0list"), ElementsAre("a"));
}

TEST(Catalogue, TakesAllDefinitionsOrNone) {
  Catalogue catalogue;
  const std::vector<SegmentDefinition> wrong = {dynamic("a", "x > 1"), dynamic("b", "x >")};
  EXPECT_FALSE(catalogue.put(wrong, by("ann")).ok());
  const std::vector<SegmentDefinition> twice = {dynamic("a", "x > 1"), dynamic("a", "x > 2")};
  EXPECT_THAT(message_of(catalogue.put(twice, by("ann"))), HasSubstr("'a' twice"));
  EXPECT_TRUE(catalogue.segments().empty());
  EXPECT_EQ(catalogue.put(dynamic("a", "x > 1"), by(std::string(257, 'a'))).code(),
            StatusCode::kOutOfRange);
  EXPECT_EQ(catalogue.put(dynamic("a", "x > 1"), by("\xff")).code(), StatusCode::kInvalidArgument);
}

TEST(Catalogue, HoldsSoManySegmentsAndNoMore) {
  std::vector<SegmentDefinition> all;
  for (std::size_t i = 0; i < kMaxSegments; ++i) {
    all.push_back(dynamic("s" + std::to_string(i), "x > 1"));
  }
  Catalogue catalogue;
  ASSERT_TRUE(catalogue.put(all, by("ann")).ok());
  expect_refused(catalogue, dynamic("one-more", "x > 1"), StatusCode::kOutOfRange, "4096");
}

}  // namespace
}  // namespace quintile
