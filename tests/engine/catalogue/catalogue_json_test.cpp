#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "quintile/catalogue.hpp"

namespace quintile {
namespace {

using ::testing::HasSubstr;

Catalogue example() {
  Catalogue catalogue;
  const std::vector<SegmentDefinition> all = {
      {.name = "polish", .where = "country = 'PL' OR city = 'a\"b\\c\n'"},
      {.name = "rest", .where = "NOT segment('polish') AND NOT in_list('vips')"},
      {.name = "vips",
       .kind = SegmentKind::kStatic,
       .contacts = std::make_shared<const std::vector<std::string>>(
           std::vector<std::string>{"\xc5\x82ukasz", "1"})}};
  EXPECT_TRUE(catalogue.put(all, {"ann", 1'700'000'000'000'000, "the first"}).ok());
  EXPECT_TRUE(catalogue.put({.name = "gone", .where = "vip"}, {"bob", -5}).ok());
  EXPECT_TRUE(catalogue.remove("gone", {"bob", 6, "no more"}).ok());
  EXPECT_TRUE(catalogue.rename("polish", "from-poland", {"eve", 7}).ok());
  return catalogue;
}

TEST(CatalogueJson, ComesBackAsItWas) {
  const Catalogue catalogue = example();
  const std::string json = catalogue.to_json().value();
  const Result<Catalogue> back = Catalogue::from_json(json);
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(back->to_json().value(), json);
  EXPECT_EQ(back->revision(), catalogue.revision());
  ASSERT_EQ(back->segments().size(), 3U);
  const CatalogueSegment* rest = back->find("rest");
  EXPECT_EQ(rest->canonical, "NOT segment('from-poland') AND NOT in_list('vips')");
  EXPECT_EQ(rest->versions.size(), 2U);
  EXPECT_EQ(rest->versions[0].change.note, "the first");
  EXPECT_EQ(*back->find("vips")->definition.contacts, *catalogue.find("vips")->definition.contacts);
  EXPECT_EQ(back->removals()[0].change.note, "no more");
  const std::string empty = Catalogue().to_json().value();
  EXPECT_EQ(Catalogue::from_json(empty)->to_json().value(), empty);
}

struct Damage {
  const char* from;
  const char* to;
  const char* message;
};

TEST(CatalogueJson, RefusesWhatPutWouldRefuse) {
  const std::string json = example().to_json().value();
  const auto damages = std::to_array<Damage>({
      {"quintile.catalogue", "other", "catalogue: /: expected the format 'quintile.catalogue'"},
      {"\"version\":1,\"revision\"", "\"version\":0,\"revision\"", "version from 1"},
      {"\"next_id\":5", "\"next_id\":4", "/removed/0: expected an id"},
      {"\"next_id\":5", "\"next_id\":\"5\"", "/next_id: expected a whole number"},
      {"\"id\":2", "\"id\":1", "1 twice"},
      {"\"id\":2", "\"id\":0", "/segments/1: expected an id from 1"},
      {"\"name\":\"rest\"", "\"name\":\"Rest\"", "/segments/1: expected a name"},
      {"\"name\":\"rest\"", "\"name\":\"a\"", "/segments/1: expected names that ascend"},
      {"\"where\":\"NOT segment('from-poland')", "\"where\":\"NOT segment('rest')", "rest -> rest"},
      {"\"where\":\"NOT segment('from-poland')", "\"where\":\"NOT segment('x')", "unknown segment"},
      {"\"where\":\"NOT segment('from-poland')", "\"where\":\"NOT (",
       "/segments/1: segment 'rest'"},
      {"\"contacts\":[", "\"contacts\":[7,", "/segments/2/contacts: expected ids as text"},
      {"\"contacts\":[", "\"where\":\"vip\",\"contacts\":[", "expected either"},
      {"{\"version\":2", "{\"version\":1", "ascending numbers"},
      {"\"removed\":[", "\"gone\":[", "/removed: expected a list"},
      {"\"author\":\"ann\"", "\"author\":[]", "/author: expected text"},
      {"]}\n", "]\n", "expected JSON"},
  });
  for (const Damage& damage : damages) {
    std::string bad = json;
    const std::size_t place = bad.find(damage.from);
    ASSERT_NE(place, bad.npos) << damage.from;
    bad.replace(place, std::string_view(damage.from).size(), damage.to);
    const Result<Catalogue> read = Catalogue::from_json(bad);
    ASSERT_FALSE(read.ok()) << damage.to;
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(damage.message));
  }
}

TEST(CatalogueJson, RefusesAFormatOfALaterRelease) {
  std::string json = Catalogue().to_json().value();
  json.replace(json.find("\"version\":1"), 11, "\"version\":2");
  EXPECT_EQ(Catalogue::from_json(json).status().code(), StatusCode::kUnavailable);
}

TEST(CatalogueJson, EveryTruncationIsRefused) {
  const std::string json = example().to_json().value();
  for (std::size_t size = 0; size + 1 < json.size(); ++size) {  // the last byte is a line feed
    EXPECT_FALSE(Catalogue::from_json(std::string_view(json).substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace quintile
