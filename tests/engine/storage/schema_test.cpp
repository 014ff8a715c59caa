#include "quintile/schema.hpp"

#include <gtest/gtest.h>

namespace quintile {
namespace {

StatusCode code_of(std::vector<Attribute> attributes) {
  return Schema::create(std::move(attributes)).status().code();
}

TEST(Schema, KeepsAttributesInOrder) {
  const Result<Schema> schema =
      Schema::create({{"country", DataType::kCategory},
                      {"ltv", DataType::kDecimal, 2},
                      {"mail", DataType::kConsent, 0, "email", "marketing"}});
  ASSERT_TRUE(schema.ok());
  EXPECT_EQ(schema->attributes().size(), 3U);
  EXPECT_EQ(schema->find("ltv"), 1U);
  EXPECT_EQ(schema->find("LTV"), std::nullopt);
  EXPECT_TRUE(Schema().attributes().empty());
}

TEST(Schema, RefusesWhatHasNoMeaning) {
  for (const char* name : {"", "contact", "identifiers", "1st", "a b", "na\xC3\xAFve"}) {
    EXPECT_EQ(code_of({{name, DataType::kInt64}}), StatusCode::kInvalidArgument) << name;
  }
  EXPECT_EQ(code_of({{std::string(65, 'a'), DataType::kInt64}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of({{"a", DataType::kDecimal, 19}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of({{"a", DataType::kDecimal, -1}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of({{"a", DataType::kInt64, 2}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of({{"a", DataType::kConsent}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of({{"a", DataType::kConsent, 0, "email", ""}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of({{"a", DataType::kBool, 0, "email", "news"}}), StatusCode::kInvalidArgument);
}

TEST(Schema, RefusesTwins) {
  EXPECT_EQ(code_of({{"a", DataType::kBool}, {"a", DataType::kInt64}}), StatusCode::kAlreadyExists);
  EXPECT_EQ(code_of({{"a", DataType::kConsent, 0, "email", "news"},
                     {"b", DataType::kConsent, 0, "email", "news"}}),
            StatusCode::kAlreadyExists);
  EXPECT_EQ(code_of({{"a", DataType::kConsent, 0, "email", "news"},
                     {"b", DataType::kConsent, 0, "email", "offers"}}),
            StatusCode::kOk);
}

}  // namespace
}  // namespace quintile
