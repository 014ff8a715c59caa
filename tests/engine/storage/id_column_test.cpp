#include "storage/id_column.hpp"

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "arrow_batch.hpp"

namespace quintile {
namespace {

using testing::TestColumn;

// Reads a column of ids in batches, as a stream of order lines is read.
Result<std::vector<std::uint32_t>> codes_of(const TestColumn& column, IdTable& table,
                                            bool nullable = true, int threads = 1,
                                            std::size_t offset = 0) {
  const std::unique_ptr<Arena::Executor> executor = make_jthread_executor(threads);
  ArrowArrayStream stream = testing::make_stream({column}, SIZE_MAX, offset);
  ArrowReader reader(&stream);
  if (Status status = reader.open(); !status.ok()) return status;
  if (Result<bool> more = reader.next(); !more.ok()) return more.status();
  Result<IdColumn> ids =
      IdColumn::read(reader.column(0), reader.rows(), "contact", nullable, *executor);
  if (!ids.ok()) return ids.status();
  std::vector<std::uint32_t> codes(static_cast<std::size_t>(reader.rows()));
  ids->insert_into(table, codes);
  return codes;
}

TEST(IdColumn, IntegersAndTheirTextsAreOneId) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::optional<std::int64_t>> integers = {
      13085, -1, 0, kMost, kLeast, 1'000'000'000'000'000'000, 999'999'999'999'999'999, 13085};
  std::vector<std::optional<std::string>> texts;
  for (const std::optional<std::int64_t> integer : integers) {
    texts.emplace_back(std::to_string(*integer));
  }
  const std::vector<std::uint32_t> expected = {0, 1, 2, 3, 4, 5, 6, 0};
  IdTable from_integers;
  EXPECT_EQ(*codes_of(testing::integer_column("contact", integers), from_integers), expected);
  EXPECT_EQ(*codes_of(testing::text_column("contact", texts), from_integers), expected);
  std::string text;
  from_integers.texts().append(3, text);
  EXPECT_EQ(text, "9223372036854775807");
}

TEST(IdColumn, RowsWithoutAnIdGetNoCode) {
  IdTable table;
  EXPECT_EQ(*codes_of(testing::text_column("order", {std::nullopt, "", "a", "", "b", "a"}), table),
            (std::vector<std::uint32_t>{kNoCode, kNoCode, 0, kNoCode, 1, 0}));
  EXPECT_EQ(*codes_of(testing::integer_column("order", {std::nullopt, 7, std::nullopt}), table),
            (std::vector<std::uint32_t>{kNoCode, 2, kNoCode}));
}

TEST(IdColumn, TheFirstRowThatIsNoIdIsNamedWhateverTheThreads) {
  std::vector<std::optional<std::string>> texts(70'000, "fine");
  texts[69'000] = std::string(257, 'x');
  texts[40'000] = "bad\xFF";
  texts[39'999] = "g\xC3\xB3ral";
  IdTable table;
  for (const int threads : {1, 2, 7}) {
    for (const std::size_t offset : {0UL, 9UL}) {
      const auto codes =
          codes_of(testing::text_column("contact", texts), table, false, threads, offset);
      ASSERT_FALSE(codes.ok());
      EXPECT_EQ(codes.status().message(),
                "row 40000 of the batch: contact is unusable: it is not valid UTF-8");
    }
  }
  EXPECT_EQ(table.size(), 0U);
  const std::vector<std::pair<std::optional<std::string>, std::string>> bad = {
      {std::nullopt, "is null"},
      {"", "is empty"},
      {std::string("a\0b", 3), "NUL"},
      {std::string(257, 'x'), "longer than 256"}};
  for (const auto& [text, said] : bad) {
    const auto codes = codes_of(testing::text_column("contact", {"a", text}), table, false);
    ASSERT_FALSE(codes.ok());
    EXPECT_NE(codes.status().message().find("row 1 "), std::string_view::npos);
    EXPECT_NE(codes.status().message().find(said), std::string_view::npos)
        << codes.status().message();
  }
}

TEST(IdColumn, CodesDoNotDependOnThreads) {
  std::vector<std::optional<std::string>> texts;
  for (int i = 0; i < 100'000; ++i) {
    const int id = (i * 7919) % 30'011;
    texts.emplace_back(id % 3 == 0 ? std::to_string(id) : "c" + std::to_string(id / 2));
  }
  IdTable expected_table;
  const auto expected = codes_of(testing::text_column("contact", texts), expected_table);
  for (const int threads : {2, 7}) {
    IdTable table;
    EXPECT_EQ(*codes_of(testing::text_column("contact", texts), table, false, threads), *expected);
  }
}

}  // namespace
}  // namespace quintile
