#include "columns.hpp"

#include <array>

#include <gtest/gtest.h>

#include "table_reader.hpp"

namespace quintile::datasets {
namespace {

constexpr std::array<ColumnSpec, 6> kSpecs = {{{"n", ColumnType::kInt64, true},
                                               {"m", ColumnType::kMoney, true},
                                               {"t", ColumnType::kTimestamp, true},
                                               {"d", ColumnType::kDate, true},
                                               {"s", ColumnType::kText, true},
                                               {"b", ColumnType::kBool, true}}};

void add_row(Batch& batch, std::int64_t value) {
  batch[0].add_number(value);
  batch[1].add_money(-value);
  batch[2].add_number(value * 1'000'000);
  batch[3].add_date(static_cast<std::int32_t>(value));
  batch[4].add_text(std::to_string(value));
  batch[5].add_bool(value % 2 != 0);
}

ColumnData read_child(const ArrowArray& batch, std::size_t index) {
  ColumnData data;
  data.format = arrow_format(kSpecs[index].type);
  append_column(*batch.children[index], data);
  return data;
}

// Nulls may begin at any row; the rows before them must stay valid.
TEST(Columns, NullsAreWhereTheyWereAdded) {
  for (int rows = 0; rows < 20; ++rows) {
    for (int first_null = 0; first_null <= rows; ++first_null) {
      Batch batch = empty_batch(kSpecs);
      for (int row = 0; row < rows; ++row) {
        if (row == first_null || row == first_null + 9) {
          for (Column& column : batch) {
            column.add_null();
          }
        } else {
          add_row(batch, row);
        }
      }
      ArrowArray array{};
      hand_over(std::move(batch), &array);
      ASSERT_EQ(array.length, rows);
      for (std::size_t i = 0; i < kSpecs.size(); ++i) {
        const ColumnData data = read_child(array, i);
        const int expected_nulls = (first_null < rows ? 1 : 0) + (first_null + 9 < rows ? 1 : 0);
        ASSERT_EQ(array.children[i]->null_count, expected_nulls);
        for (int row = 0; row < rows; ++row) {
          const bool null = row == first_null || row == first_null + 9;
          const auto at = static_cast<std::size_t>(row);
          const bool present = i == 4 ? data.texts[at].has_value() : data.numbers[at].has_value();
          ASSERT_EQ(present, !null) << "column " << i << " row " << row << " of " << rows;
        }
      }
      array.release(&array);
    }
  }
}

TEST(Columns, ValuesComeBack) {
  Batch batch = empty_batch(kSpecs);
  add_row(batch, 3);
  add_row(batch, 1'234);
  ArrowArray array{};
  hand_over(std::move(batch), &array);
  EXPECT_EQ(read_child(array, 0).numbers[1], 1'234);
  EXPECT_EQ(read_child(array, 1).numbers[1], -1'234);
  EXPECT_EQ(read_child(array, 2).numbers[0], 3'000'000);
  EXPECT_EQ(read_child(array, 3).numbers[1], 1'234);
  EXPECT_EQ(read_child(array, 4).texts[1], "1234");
  EXPECT_EQ(read_child(array, 5).numbers[0], 1);
  EXPECT_EQ(read_child(array, 5).numbers[1], 0);
  array.release(&array);
  EXPECT_EQ(array.release, nullptr);
}

// Arrow lets a consumer move a child out and release the rest before it.
TEST(Columns, AChildMayOutliveItsBatch) {
  Batch batch = empty_batch(kSpecs);
  add_row(batch, 42);
  ArrowArray array{};
  hand_over(std::move(batch), &array);
  ArrowArray child = *array.children[4];
  array.children[4]->release = nullptr;
  array.release(&array);
  EXPECT_EQ(std::string(static_cast<const char*>(child.buffers[2]), 2), "42");
  child.release(&child);
}

TEST(Columns, SchemaNamesTypesAndNulls) {
  ArrowSchema schema{};
  describe(kSpecs, &schema);
  ASSERT_EQ(schema.n_children, 6);
  EXPECT_STREQ(schema.format, "+s");
  EXPECT_STREQ(schema.children[1]->format, "d:18,2");
  EXPECT_STREQ(schema.children[2]->format, "tsu:UTC");
  EXPECT_STREQ(schema.children[4]->name, "s");
  EXPECT_EQ(schema.children[4]->flags, ARROW_FLAG_NULLABLE);
  schema.release(&schema);
  EXPECT_EQ(schema.release, nullptr);
}

}  // namespace
}  // namespace quintile::datasets
