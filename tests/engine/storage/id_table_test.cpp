#include "storage/id_table.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "test_seed.hpp"

namespace quintile {
namespace {

std::string text_of(const IdTexts& texts, std::uint32_t code) {
  std::string text;
  texts.append(code, text);
  return text;
}

TEST(CanonicalInteger, TakesOnlyTheOneSpelling) {
  EXPECT_EQ(canonical_integer("0"), 0);
  EXPECT_EQ(canonical_integer("-1"), -1);
  EXPECT_EQ(canonical_integer("999999999999999999"), 999'999'999'999'999'999);
  EXPECT_EQ(canonical_integer("-999999999999999999"), -999'999'999'999'999'999);
  for (const char* text : {"", "-", "-0", "00", "01", "+1", "1.0", " 1", "1 ", "1a", "1e3",
                           "1000000000000000000", "0x1", "--1"}) {
    EXPECT_EQ(canonical_integer(text), std::nullopt) << text;
  }
}

TEST(IdTable, GivesTextsBackByteByByte) {
  IdTable table;
  const std::vector<std::string> texts{"0",        "-5",  "007",
                                       "13085",    "A-1", std::string(256, 'x'),
                                       "\xC3\xA9", "",    "1000000000000000000",
                                       "-"};
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(table.insert(make_id_key(texts[i])), i);
  }
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(table.insert(make_id_key(texts[i])), i);
    EXPECT_EQ(table.find(make_id_key(texts[i])), i);
    EXPECT_EQ(text_of(table.texts(), i), texts[i]);
  }
  EXPECT_EQ(table.find(make_id_key(std::int64_t{13085})), 3U);
  EXPECT_EQ(table.find(make_id_key("7")), kNoCode);
}

TEST(IdTable, EqualsAMapOverRandomIds) {
  for (const std::uint64_t seed : testing::test_seeds(10)) {
    SCOPED_TRACE(testing::seed_trace(seed));
    std::mt19937_64 random(seed);
    IdTable table;
    std::map<std::string, std::uint32_t> shadow;
    for (int round = 0; round < 40; ++round) {
      std::vector<std::string> ids;
      for (int i = 0; i < 500; ++i) {
        const std::string number = std::to_string(random() % 5000);
        ids.push_back(random() % 2 == 0 ? number : "key" + number);
      }
      std::vector<IdKey> keys;
      for (const std::string& id : ids) {
        keys.push_back(make_id_key(id));
      }
      std::vector<std::uint32_t> codes(keys.size());
      table.insert_all(keys, codes);
      for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto known = shadow.try_emplace(ids[i], static_cast<std::uint32_t>(shadow.size()));
        ASSERT_EQ(codes[i], known.first->second);
      }
    }
    ASSERT_EQ(table.size(), shadow.size());
    for (const auto& [id, code] : shadow) {
      ASSERT_EQ(text_of(table.texts(), code), id);
    }
  }
}

// The hash only finds candidates: keys with one hash are still told apart by their text.
TEST(IdTable, EqualHashesAreNotEqualIds) {
  IdTable table;
  IdKey a = make_id_key("order-a");
  IdKey b = make_id_key("order-b");
  b.hash = a.hash;
  EXPECT_EQ(table.insert(a), 0U);
  EXPECT_EQ(table.find(b), kNoCode);
  EXPECT_EQ(table.insert(b), 1U);
  EXPECT_EQ(table.find(a), 0U);
  EXPECT_EQ(table.find(b), 1U);
}

TEST(IdTable, TruncatingForgetsTheLastCodes) {
  IdTable table;
  for (int i = 0; i < 100'000; ++i) {
    table.insert(make_id_key("contact " + std::to_string(i)));
  }
  const IdTexts before = table.texts();
  table.truncate(70'000);
  EXPECT_EQ(table.find(make_id_key("contact 70000")), kNoCode);
  EXPECT_EQ(table.find(make_id_key("contact 69999")), 69'999U);
  EXPECT_EQ(table.insert(make_id_key("another")), 70'000U);
  EXPECT_EQ(text_of(before, 69'999), "contact 69999");
}

TEST(IdTable, TextsStayReadableWhileTheTableGrows) {
  IdTable table;
  table.insert(make_id_key("first"));
  const IdTexts early = table.texts();
  for (int i = 0; i < 200'000; ++i) {
    table.insert(make_id_key("more " + std::to_string(i)));
  }
  EXPECT_EQ(early.size(), 1U);
  EXPECT_EQ(text_of(early, 0), "first");
}

}  // namespace
}  // namespace quintile
