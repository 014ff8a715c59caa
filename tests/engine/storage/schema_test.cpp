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

StatusCode code_of_events(std::vector<EventType> types) {
  return EventSchema::create(std::move(types)).status().code();
}

TEST(EventSchema, KeepsTypesInOrder) {
  const Result<EventSchema> schema =
      EventSchema::create({{"visit", {{"url"}, {"value", DataType::kDecimal, 2}}, 30},
                           {"cart", {{"value", DataType::kDecimal, 2}}}});
  ASSERT_TRUE(schema.ok()) << schema.status().message();
  EXPECT_EQ(schema->types().size(), 2U);
  EXPECT_EQ(schema->find("cart"), 1U);
  EXPECT_EQ(schema->find("Cart"), std::nullopt);
  EXPECT_TRUE(EventSchema().types().empty());
}

TEST(EventSchema, RefusesWhatHasNoMeaning) {
  for (const char* name : {"", "purchase", "return", "order", "1st", "a b"}) {
    EXPECT_EQ(code_of_events({{name}}), StatusCode::kInvalidArgument) << name;
  }
  for (const char* name : {"", "contact", "identifiers", "time", "type", "a b"}) {
    EXPECT_EQ(code_of_events({{"visit", {{name}}}}), StatusCode::kInvalidArgument) << name;
  }
  for (const EventProperty& property :
       {EventProperty{"a", DataType::kTags}, EventProperty{"a", DataType::kConsent},
        EventProperty{"a", DataType::kDecimal, 19}, EventProperty{"a", DataType::kInt64, 2}}) {
    EXPECT_EQ(code_of_events({{"visit", {property}}}), StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(code_of_events({{"visit", {}, 0}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of_events({{"visit", {}, 65535}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of_events(std::vector<EventType>(1025, {"visit"})), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of_events({{"a", {{"value", DataType::kInt64}}}, {"b", {{"value"}}}}),
            StatusCode::kInvalidArgument);
}

TEST(EventSchema, RefusesTwins) {
  EXPECT_EQ(code_of_events({{"visit"}, {"visit"}}), StatusCode::kAlreadyExists);
  EXPECT_EQ(code_of_events({{"visit", {{"url"}, {"url"}}}}), StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace quintile
