// The tables as a reader sees them.
#include "quintile/datasets/shop.hpp"

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "shop_digest.hpp"
#include "table_reader.hpp"

namespace quintile::datasets {
namespace {

std::string source_file(const std::string& path) {
  const char* root = std::getenv("QUINTILE_SOURCE_DIR");
  return std::string(root == nullptr ? "." : root) + "/" + path;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') {
      lines.push_back(line);
    }
  }
  return lines;
}

// The wall against any change of the process by accident, and against compilers that round.
TEST(Shop, ChecksumsAreAsCommitted) {
  EXPECT_EQ(digest_lines(), lines_of(source_file("datasets/checksums.txt")))
      << "the rows of a seed have changed; if that is wanted, write the lines of shop_digest there";
}

TEST(Shop, ThreadsDoNotChangeTheRows) {
  for (const Table table : kTables) {
    ShopOptions options{.contacts = 30'000, .seed = 3, .threads = 1};
    const std::uint64_t expected = digest_of(read_table(options, table));
    for (const unsigned threads : {2U, 7U}) {
      options.threads = threads;
      EXPECT_EQ(digest_of(read_table(options, table)), expected)
          << table_name(table) << " with " << threads << " threads";
    }
  }
}

TEST(Shop, SeedsChangeEveryTable) {
  for (const Table table : kTables) {
    const ShopOptions one{.contacts = 500, .seed = 1};
    const ShopOptions two{.contacts = 500, .seed = 2};
    EXPECT_NE(digest_of(read_table(one, table)), digest_of(read_table(two, table)));
  }
}

TEST(Shop, EventsDoNotChangeTheOrders) {
  ShopOptions options{.contacts = 2'000, .seed = 5};
  const std::uint64_t orders = digest_of(read_table(options, Table::kOrders));
  const std::uint64_t contacts = digest_of(read_table(options, Table::kContacts));
  options.event_rate = 0;
  EXPECT_EQ(digest_of(read_table(options, Table::kOrders)), orders);
  EXPECT_EQ(digest_of(read_table(options, Table::kContacts)), contacts);
}

TEST(Shop, ChunkEdgesLoseNobody) {
  for (const std::uint64_t contacts : {1U, 2U, 8'191U, 8'192U, 8'193U, 16'384U}) {
    const TableData table =
        read_table(ShopOptions{.contacts = contacts, .seed = 1}, Table::kContacts);
    ASSERT_EQ(table.rows, contacts);
    for (std::uint64_t i = 0; i < contacts; ++i) {
      ASSERT_EQ(table.numbers("contact")[i], static_cast<std::int64_t>(i + 1));
    }
  }
}

TEST(Shop, SchemasAreAsCommitted) {
  for (const Table table : kTables) {
    std::vector<std::string> lines;
    for (const ColumnData& column : read_table(ShopOptions{.contacts = 1}, table).columns) {
      lines.push_back(column.name + " " + column.format +
                      (column.nullable ? " nullable" : " required"));
    }
    const std::string name(table_name(table));
    EXPECT_EQ(lines, lines_of(source_file("datasets/schemas/" + name + ".txt")));
  }
}

TEST(Shop, RequiredColumnsHaveNoNulls) {
  for (const Table table : kTables) {
    for (const ColumnData& column :
         read_table(ShopOptions{.contacts = 9'000, .seed = 2}, table).columns) {
      bool nulls = false;
      for (const Number& number : column.numbers) {
        nulls = nulls || !number.has_value();
      }
      for (const Text& text : column.texts) {
        nulls = nulls || !text.has_value();
      }
      EXPECT_EQ(nulls, column.nullable) << table_name(table) << "." << column.name;
    }
  }
}

TEST(Shop, AmountIsQuantityTimesPrice) {
  const TableData orders = read_table(ShopOptions{.contacts = 5'000, .seed = 2}, Table::kOrders);
  for (std::size_t i = 0; i < orders.rows; ++i) {
    ASSERT_EQ(orders.numbers("amount")[i].value(),
              orders.numbers("quantity")[i].value() * orders.numbers("price")[i].value());
  }
}

TEST(Shop, TablesReferToEachOther) {
  const ShopOptions options{.contacts = 9'000, .seed = 4};
  const TableData contacts = read_table(options, Table::kContacts);
  const TableData links = read_table(options, Table::kLinks);
  const TableData events = read_table(options, Table::kEvents);
  const TableData orders = read_table(options, Table::kOrders);
  const auto known = [](const Number& contact) { return *contact >= 1 && *contact <= 9'000; };
  for (const Number& contact : orders.numbers("contact")) {
    ASSERT_TRUE(known(contact));
  }
  std::map<std::string, std::int64_t> owner;
  std::map<std::string, std::int64_t> since;
  for (std::size_t i = 0; i < links.rows; ++i) {
    const std::string device = links.texts("anonymous_id")[i].value();
    ASSERT_TRUE(known(links.numbers("contact")[i]));
    ASSERT_TRUE(owner.emplace(device, *links.numbers("contact")[i]).second);
    since[device] = *links.numbers("time")[i];
  }
  for (std::size_t i = 0; i < contacts.rows; ++i) {
    if (const Text& device = contacts.texts("anonymous_id")[i]) {
      ASSERT_EQ(owner[*device], contacts.numbers("contact")[i]);
    }
  }
  std::size_t became_known = 0;
  std::size_t strangers = 0;
  for (std::size_t i = 0; i < events.rows; ++i) {
    const Number& contact = events.numbers("contact")[i];
    const Text& device = events.texts("anonymous_id")[i];
    ASSERT_TRUE(contact.has_value() || device.has_value());
    if (contact.has_value() && device.has_value()) {
      ASSERT_EQ(owner[*device], *contact);
      ASSERT_GE(events.numbers("time")[i].value(), since[*device]);
    } else if (device.has_value()) {
      const bool linked = since.contains(*device);
      ASSERT_TRUE(!linked || *events.numbers("time")[i] < since[*device]);
      became_known += linked ? 1 : 0;
      strangers += linked ? 0 : 1;
    }
  }
  EXPECT_GT(became_known, 3'000U);
  EXPECT_GT(strangers, 3'000U);
}

TEST(Shop, RefusesWhatItCannotGenerate) {
  using namespace std::chrono;
  EXPECT_FALSE(check_options({}).has_value());
  const std::vector<ShopOptions> wrong = {{.contacts = 0},
                                          {.contacts = 1'000'000'001},
                                          {.days = 29},
                                          {.days = 7'306},
                                          {.last_day = sys_days{2079y / 6 / 6}},
                                          {.last_day = sys_days{1971y / 1 / 1}},
                                          {.event_rate = -0.1},
                                          {.event_rate = 100.5},
                                          {.event_rate = std::numeric_limits<double>::quiet_NaN()},
                                          {.threads = 257}};
  for (const ShopOptions& options : wrong) {
    EXPECT_TRUE(check_options(options).has_value());
  }
}

TEST(Shop, EdgesOfTheHistoryWork) {
  using namespace std::chrono;
  for (const ShopOptions& options :
       {ShopOptions{.contacts = 300, .last_day = sys_days{1970y / 1 / 30}, .days = 30},
        ShopOptions{.contacts = 300, .last_day = sys_days{2079y / 6 / 5}, .days = 7'305}}) {
    ASSERT_FALSE(check_options(options).has_value());
    const std::int64_t begin =
        (options.last_day - days{options.days - 1}).time_since_epoch().count() * 86'400'000'000;
    const std::int64_t end =
        (options.last_day + days{1}).time_since_epoch().count() * 86'400'000'000;
    for (const Table table : {Table::kOrders, Table::kEvents, Table::kLinks}) {
      const TableData data = read_table(options, table);
      EXPECT_GT(data.rows, 0U);
      for (const Number& time : data.numbers("time")) {
        ASSERT_GE(*time, begin);
        ASSERT_LT(*time, end);
      }
    }
  }
}

TEST(Shop, ACancelledShopFailsItsStreams) {
  Shop shop(ShopOptions{.contacts = 100'000}, {Table::kOrders});
  ArrowArrayStream stream{};
  shop.open(Table::kOrders, &stream);
  shop.cancel("enough");
  try {
    (void)read_stream(stream);
    FAIL() << "the stream should fail";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "enough");
  }
}

// A reader that goes away must not hold up the others.
TEST(Shop, AReaderMayLeave) {
  Shop shop(ShopOptions{.contacts = 100'000, .threads = 1}, {Table::kContacts, Table::kOrders});
  ArrowArrayStream contacts{};
  ArrowArrayStream orders{};
  shop.open(Table::kContacts, &contacts);
  shop.open(Table::kOrders, &orders);
  orders.release(&orders);
  EXPECT_EQ(read_stream(contacts).rows, 100'000U);
  EXPECT_EQ(shop.contacts_done(), 100'000U);
}

TEST(Shop, AStreamMayOutliveTheShop) {
  ArrowArrayStream stream{};
  {
    Shop shop(ShopOptions{.contacts = 20'000, .threads = 2}, {Table::kContacts});
    shop.open(Table::kContacts, &stream);
  }
  EXPECT_EQ(read_stream(stream).rows, 20'000U);
}

// However slow a reader is, only a few chunks are made ahead of it.
TEST(Shop, MemoryIsBoundedByTheSlowestReader) {
  Shop shop(ShopOptions{.contacts = 500'000, .threads = 2}, {Table::kContacts});
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_LE(shop.facts().contacts, 5U * 8'192U);
  shop.cancel("enough");
}

}  // namespace
}  // namespace quintile::datasets
