#include <map>
#include <mutex>

#include <gtest/gtest.h>

#include "quintile/datasets/shop.hpp"
#include "table_reader.hpp"

namespace quintile::datasets {
namespace {

std::vector<TableFile> all_files() {
  std::vector<TableFile> files;
  for (const Table table : kTables) {
    files.push_back({table, std::string(table_name(table))});
  }
  return files;
}

const auto kGoOn = [](std::uint64_t) { return true; };

TEST(WriteShop, GivesEveryTableToTheWriterAndCounts) {
  std::mutex mutex;
  std::map<std::string, std::size_t> rows;
  const TableWriter write = [&](const std::string& path, ArrowArrayStream* stream) {
    const TableData table = read_stream(*stream);
    const std::scoped_lock lock(mutex);
    rows[path] = table.rows;
    return std::optional<std::string>();
  };
  const ShopOptions options{.contacts = 20'000, .seed = 7};
  ShopFacts facts;
  EXPECT_EQ(write_shop(options, all_files(), write, kGoOn, &facts), std::nullopt);
  EXPECT_EQ(facts.contacts, 20'000U);
  EXPECT_EQ(rows["contacts"], 20'000U);
  EXPECT_EQ(rows["orders"], facts.lines);
  EXPECT_EQ(rows["events"], facts.events);
  EXPECT_EQ(rows["links"], facts.links);
  EXPECT_EQ(facts.visitors, 8'000U);
  EXPECT_GT(facts.buyers, facts.one_time_buyers);
  EXPECT_GT(facts.purchases, facts.returns);
}

TEST(WriteShop, OneWriterThatFailsEndsAllWithItsReason) {
  const TableWriter write = [](const std::string& path,
                               ArrowArrayStream* stream) -> std::optional<std::string> {
    if (path == "events") {
      return "disk full";
    }
    try {
      (void)read_stream(*stream);
    } catch (const std::runtime_error& error) {
      stream->release = nullptr;
      return "second: " + std::string(error.what());
    }
    return std::nullopt;
  };
  ShopFacts facts;
  EXPECT_EQ(write_shop(ShopOptions{.contacts = 1'000'000}, all_files(), write, kGoOn, &facts),
            "disk full");
}

TEST(WriteShop, AWriterThatThrowsIsAFailure) {
  const TableWriter write = [](const std::string&,
                               ArrowArrayStream*) -> std::optional<std::string> {
    throw std::runtime_error("thrown");
  };
  ShopFacts facts;
  EXPECT_EQ(write_shop(ShopOptions{.contacts = 100'000}, all_files(), write, kGoOn, &facts),
            "thrown");
}

TEST(WriteShop, IsGivenUpWhenProgressSaysSo) {
  const TableWriter write = [](const std::string&,
                               ArrowArrayStream* stream) -> std::optional<std::string> {
    try {
      (void)read_stream(*stream);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return std::nullopt;
  };
  ShopFacts facts;
  const auto give_up = [](std::uint64_t) { return false; };
  EXPECT_EQ(write_shop(ShopOptions{.contacts = 1'000'000}, all_files(), write, give_up, &facts),
            "cancelled");
  EXPECT_LT(facts.contacts, 1'000'000U);
}

}  // namespace
}  // namespace quintile::datasets
