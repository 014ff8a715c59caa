#include "quintile/status.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "status/try.hpp"

namespace quintile {
namespace {

TEST(Status, IsOkByDefault) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kOk);
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.to_string(), "ok");
}

TEST(Status, KeepsCodeAndMessage) {
  const Status status(StatusCode::kNotFound, "expected a, got b");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "expected a, got b");
  EXPECT_EQ(status.to_string(), "not_found: expected a, got b");
}

TEST(Status, AnErrorWithCodeOkIsInternal) {
  const Status status(StatusCode::kOk, "odd");
  EXPECT_EQ(status.code(), StatusCode::kInternal);
}

TEST(Status, CopiesAreIndependent) {
  Status first(StatusCode::kIo, "one");
  const Status second = first;
  first = Status(StatusCode::kOverflow, "two");
  EXPECT_EQ(second.message(), "one");
  EXPECT_EQ(first.message(), "two");
}

TEST(Status, MovesLeaveSuccessBehind) {
  Status first(StatusCode::kIo, "one");
  const Status second = std::move(first);
  EXPECT_EQ(second.code(), StatusCode::kIo);
  EXPECT_TRUE(first.ok());  // NOLINT(bugprone-use-after-move): what is promised
}

TEST(Status, EveryCodeHasAName) {
  const std::vector<std::string> names = {
      "ok",          "invalid_argument", "not_found", "already_exists", "out_of_range", "overflow",
      "unavailable", "cancelled",        "io",        "internal"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(status_code_name(static_cast<StatusCode>(i)), names[i]);
  }
}

TEST(Result, HoldsAValue) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result.status().ok());
  EXPECT_EQ(**result, 7);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Result, HoldsAnError) {
  const Result<std::string> result = Status(StatusCode::kCancelled, "stop");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), StatusCode::kCancelled);
}

TEST(Result, MadeOfAnOkStatusIsAnInternalError) {
  const Result<int> result = Status();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), StatusCode::kInternal);
}

TEST(Result, AssignmentReplacesValueAndError) {
  Result<std::string> result = Status(StatusCode::kIo, "no");
  EXPECT_FALSE(result.ok());
  result = std::string("yes");
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(*result, "yes");
  const Result<std::string> copy = result;
  result = Status(StatusCode::kIo, "no");
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(*copy, "yes");
}

TEST(ResultDeathTest, ReadingTheValueOfAnErrorEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Result<int> result = Status(StatusCode::kIo, "no");
  EXPECT_FALSE(result.ok());
  EXPECT_DEATH((void)result.value(), "");
}

Result<int> half(int number) {
  if (number % 2 != 0) {
    return Status(StatusCode::kInvalidArgument, "odd");
  }
  return number / 2;
}

Status check_quarter(int number, int& quarter) {
  QUINTILE_ASSIGN_OR_RETURN(const int first, half(number));
  QUINTILE_ASSIGN_OR_RETURN(quarter, half(first));
  QUINTILE_TRY(half(quarter).status());
  return {};
}

TEST(Try, ReturnsTheFirstError) {
  int quarter = 0;
  EXPECT_TRUE(check_quarter(8, quarter).ok());
  EXPECT_EQ(quarter, 2);
  EXPECT_EQ(check_quarter(6, quarter).message(), "odd");
  EXPECT_EQ(quarter, 2);
  EXPECT_EQ(check_quarter(12, quarter).message(), "odd");
  EXPECT_EQ(quarter, 3);
}

}  // namespace
}  // namespace quintile
