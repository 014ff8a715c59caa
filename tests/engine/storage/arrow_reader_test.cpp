#include "storage/arrow_reader.hpp"

#include <gtest/gtest.h>

#include "arrow_batch.hpp"

namespace quintile {
namespace {

using testing::TestColumn;

TEST(ArrowReader, ReadsEveryTypeAtEveryOffset) {
  for (const std::size_t offset : {0UL, 1UL, 9UL}) {
    for (const std::size_t batch_rows : {1UL, 2UL, 100UL}) {
      ArrowArrayStream stream = testing::make_stream(
          {{.name = "t", .format = "u", .texts = {"a", std::nullopt, "ccc"}},
           {.name = "T", .format = "U", .texts = {"", "bb", std::nullopt}},
           {.name = "l", .format = "l", .integers = {1, -2, std::nullopt}},
           {.name = "i", .format = "i", .integers = {std::nullopt, -2, 3}},
           {.name = "s", .format = "tsu:UTC", .integers = {1, 2, 3}},
           {.name = "d", .format = "tdD", .integers = {-1, std::nullopt, 19000}},
           {.name = "b", .format = "b", .booleans = {true, false, std::nullopt}},
           {.name = "g", .format = "g", .reals = {0.5, std::nullopt, -2.0}},
           {.name = "L",
            .format = "+l",
            .lists = {std::vector<std::string>{"x", "yy"}, std::nullopt,
                      std::vector<std::string>{}}}},
          batch_rows, offset);
      std::string seen;
      {
        ArrowReader reader(&stream);
        ASSERT_TRUE(reader.open().ok());
        ASSERT_EQ(reader.fields().size(), 9U);
        EXPECT_EQ(reader.find("nothing"), std::nullopt);
        while (true) {
          const Result<bool> more = reader.next();
          ASSERT_TRUE(more.ok()) << more.status().message();
          if (!*more) break;
          for (std::int64_t row = 0; row < reader.rows(); ++row) {
            for (std::size_t field = 0; field < reader.fields().size(); ++field) {
              const ArrowColumn column = reader.column(field);
              if (column.is_null(row)) {
                seen += "-";
              } else if (is_text(column.type())) {
                seen += "'" + std::string(column.text(row)) + "'";
              } else if (column.type() == ArrowType::kBool) {
                seen += column.boolean(row) ? "T" : "F";
              } else if (column.type() == ArrowType::kDouble) {
                seen += column.real(row) == 0.5 ? "half" : "other";
              } else if (column.type() == ArrowType::kUtf8List) {
                seen += "[";
                for (auto i = column.list_begin(row); i < column.list_end(row); ++i) {
                  seen += std::string(column.items().text(i)) + ";";
                }
                seen += "]";
              } else {
                seen += std::to_string(column.integer(row));
              }
              seen += " ";
            }
            seen += "| ";
          }
        }
      }
      EXPECT_EQ(seen,
                "'a' '' 1 - 1 -1 T half [x;yy;] | - 'bb' -2 -2 2 - F - - | "
                "'ccc' - - 3 3 19000 - other [] | ");
      EXPECT_EQ(testing::live_streams(), 0);
      EXPECT_EQ(testing::live_arrays(), 0);
    }
  }
}

TEST(ArrowReader, PassesOnWhatTheStreamSays) {
  for (const std::string message : {"orders.csv: disk on fire", ""}) {
    ArrowArrayStream stream = testing::make_stream({testing::integer_column("l", {1, 2})}, 1, 0,
                                                   {.after_batches = 1, .message = message});
    ArrowReader reader(&stream);
    ASSERT_TRUE(reader.open().ok());
    ASSERT_TRUE(*reader.next());
    const Result<bool> broken = reader.next();
    EXPECT_EQ(broken.status().code(), StatusCode::kIo);
    EXPECT_EQ(broken.status().message(),
              message.empty() ? "the stream broke off: Input/output error" : message);
  }
  EXPECT_EQ(testing::live_streams(), 0);
  EXPECT_EQ(testing::live_arrays(), 0);
}

TEST(ArrowReader, RefusesWhatIsNoStreamOfStructs) {
  ArrowReader nothing(nullptr);
  EXPECT_EQ(nothing.open().code(), StatusCode::kInvalidArgument);
  ArrowArrayStream released{};
  ArrowReader empty(&released);
  EXPECT_EQ(empty.open().code(), StatusCode::kInvalidArgument);
}

// A producer may hand over arrays that contradict themselves: they are refused before they are
// read.
TEST(ArrowReader, RefusesMalformedArrays) {
  const auto refuses = [](void (*spoil)(ArrowArray&)) {
    static void (*spoiler)(ArrowArray&);
    static int (*next)(ArrowArrayStream*, ArrowArray*);
    spoiler = spoil;
    ArrowArrayStream stream = testing::make_stream({testing::text_column("t", {"abc", "de"})});
    next = stream.get_next;
    stream.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
      const int code = next(self, out);
      spoiler(*out);
      return code;
    };
    ArrowReader reader(&stream);
    EXPECT_TRUE(reader.open().ok());
    const Result<bool> batch = reader.next();
    return !batch.ok() && batch.status().code() == StatusCode::kInvalidArgument;
  };
  EXPECT_FALSE(refuses([](ArrowArray&) {}));
  EXPECT_TRUE(refuses([](ArrowArray& batch) { batch.children[0]->length = 1; }));
  EXPECT_TRUE(refuses([](ArrowArray& batch) { batch.children[0]->offset = -1; }));
  EXPECT_TRUE(refuses([](ArrowArray& batch) { batch.children[0]->n_buffers = 2; }));
  EXPECT_TRUE(refuses([](ArrowArray& batch) { batch.children[0]->buffers[1] = nullptr; }));
  EXPECT_TRUE(refuses([](ArrowArray& batch) { batch.children[0]->buffers[2] = nullptr; }));
  EXPECT_TRUE(refuses([](ArrowArray& batch) { batch.length = -1; }));
  EXPECT_TRUE(refuses([](ArrowArray& batch) { batch.null_count = 1; }));
  EXPECT_TRUE(refuses([](ArrowArray& batch) {
    static const std::int32_t descending[3] = {0, 3, 1};
    batch.children[0]->buffers[1] = descending;
  }));
  EXPECT_TRUE(refuses([](ArrowArray& batch) {
    static const std::int32_t negative[3] = {-1, 3, 4};
    batch.children[0]->buffers[1] = negative;
  }));
}

}  // namespace
}  // namespace quintile
