#include "storage/contact_directory.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "test_seed.hpp"

namespace quintile {
namespace {

std::vector<std::uint32_t> resolve(ContactDirectory& directory,
                                   const std::vector<std::string>& ids) {
  std::vector<IdKey> keys;
  for (const std::string& id : ids) {
    keys.push_back(make_id_key(id));
  }
  std::vector<std::uint32_t> rows(keys.size());
  directory.resolve(keys, rows);
  return rows;
}

StatusCode link(ContactDirectory& directory, std::vector<ContactDirectory::NewLink> links) {
  return directory.link(links).status().code();
}

TEST(ContactDirectory, RowsFollowTheFirstSight) {
  ContactDirectory directory;
  EXPECT_EQ(resolve(directory, {"b", "13085", "b", "a"}), (std::vector<std::uint32_t>{0, 1, 0, 2}));
  EXPECT_EQ(directory.find("id:13085"), to_row(1));
  EXPECT_EQ(directory.find("id:013085"), std::nullopt);
  EXPECT_EQ(directory.find("13085"), std::nullopt);
  EXPECT_EQ(directory.find("id:"), std::nullopt);
  EXPECT_EQ(directory.find("mail:13085"), std::nullopt);
}

TEST(ContactDirectory, OneContactHasManyIdentifiers) {
  ContactDirectory directory;
  resolve(directory, {"a", "b"});
  EXPECT_EQ(link(directory, {{1, "email:b@example.org"}, {1, "cookie:77"}, {0, "cookie:78"}}),
            StatusCode::kOk);
  EXPECT_EQ(link(directory, {{1, "email:b@example.net"}, {1, "cookie:77"}}), StatusCode::kOk);
  EXPECT_EQ(directory.find("cookie:78"), to_row(0));
  EXPECT_EQ(directory.find("email:b@example.net"), to_row(1));
  EXPECT_EQ(directory.identifiers(to_row(1)),
            (std::vector<std::string>{"id:b", "email:b@example.org", "cookie:77",
                                      "email:b@example.net"}));
  EXPECT_EQ(directory.identifiers(to_row(0)), (std::vector<std::string>{"id:a", "cookie:78"}));
}

TEST(ContactDirectory, AFailedLinkChangesNothing) {
  ContactDirectory directory;
  resolve(directory, {"a", "b"});
  ASSERT_EQ(link(directory, {{0, "cookie:1"}}), StatusCode::kOk);
  for (const char* bad : {"cookie:1", "nonamespace", ":x", "id:z", "Cookie:9", "cookie:"}) {
    EXPECT_EQ(link(directory, {{1, "cookie:2"}, {1, bad}}), StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(directory.find("cookie:2"), std::nullopt);
  }
  EXPECT_EQ(link(directory, {{0, "cookie:3"}, {1, "cookie:3"}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(directory.find("cookie:3"), std::nullopt);
  const Status status =
      directory.link(std::vector<ContactDirectory::NewLink>{{1, "cookie:1"}}).status();
  EXPECT_NE(status.message().find("belongs to contact 'a'"), std::string_view::npos);
}

TEST(ContactDirectory, NamespacesAreLimited) {
  ContactDirectory directory;
  resolve(directory, {"a"});
  std::vector<std::string> names;
  for (int i = 0; i < 65; ++i) {
    names.push_back("n" + std::to_string(i) + ":1");
  }
  std::vector<ContactDirectory::NewLink> links;
  for (const std::string& name : names) {
    links.push_back({0, name});
  }
  EXPECT_EQ(link(directory, links), StatusCode::kOutOfRange);
  links.pop_back();
  EXPECT_EQ(link(directory, links), StatusCode::kOk);
  EXPECT_EQ(link(directory, {{0, "n64:1"}}), StatusCode::kOutOfRange);
}

TEST(IdDefect, FindsWhatIsNoId) {
  EXPECT_EQ(id_defect("z\xC5\x82oty"), "");
  EXPECT_EQ(id_defect(std::string(256, 'x')), "");
  EXPECT_EQ(id_defect("\xF0\x9F\x98\x80"), "");
  EXPECT_NE(id_defect(""), "");
  EXPECT_NE(id_defect(std::string(257, 'x')), "");
  EXPECT_NE(id_defect(std::string("a\0b", 3)), "");
  for (const char* bad : {"\xFF", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xC3(", "\xE2\x82"}) {
    EXPECT_NE(id_defect(bad), "");
  }
}

TEST(IdOrder, IsByteOrderOfTexts) {
  for (const std::uint64_t seed : testing::test_seeds(20)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    std::vector<std::string> ids;
    for (int i = 0; i < 300; ++i) {
      const std::string number = std::to_string(random() % 100'000'000'000 >> (random() % 30));
      ids.push_back(random() % 3 == 0 ? "contact-" + number : number);
      if (random() % 10 == 0) ids.back() = "\xC3\xA9" + ids.back();
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::vector<std::string> shuffled = ids;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    ContactDirectory directory;
    resolve(directory, shuffled);
    std::vector<IdOrderKey> keys;
    for (std::uint32_t row = 0; row < directory.size(); ++row) {
      keys.push_back(make_id_order_key(directory.ids(), row));
    }
    std::sort(keys.begin(), keys.end(), [&](const IdOrderKey& a, const IdOrderKey& b) {
      return id_order_less(directory.ids(), a, b);
    });
    for (std::size_t i = 0; i < ids.size(); ++i) {
      ASSERT_EQ(shuffled[keys[i].row], ids[i]);
    }
  }
}

}  // namespace
}  // namespace quintile
