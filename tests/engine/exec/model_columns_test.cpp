#include "exec/model_columns.hpp"

#include <gtest/gtest.h>

namespace quintile {
namespace {

template <class T>
void fill(AlignedBuffer<T>& buffer, std::initializer_list<T> values) {
  for (const T value : values) {
    buffer.push_back(value);
  }
}

// Four contacts: a buyer, one who never bought, one outside of the population, one without a
// purchase in the monetary window.
RfmData four_contacts(bool mean) {
  RfmData data;
  data.model = "m";
  data.rows = 4;
  data.mean = mean;
  fill<std::uint64_t>(data.member, {0b1011});
  fill<std::uint16_t>(data.recency, {5, kNoRecency, 7, kNoRecency});
  fill<std::uint16_t>(data.first, {50, kNoRecency, 70, 400});
  fill<std::uint32_t>(data.frequency, {3, 0, 4, 0});
  fill<std::int64_t>(data.monetary, {12345, 0, 1, 0});
  fill<std::uint64_t>(data.monetary_valid, {0b0101});
  for (auto& tiers : data.tiers) {
    fill<std::uint8_t>(tiers, {2, 0, 1, 0});
  }
  fill<std::uint8_t>(data.classes, {0, 1, kNoClass, 2});
  for (const char* name : {"good", "prospect", "lapsed"}) {
    data.class_infos.emplace_back().name = name;
  }
  return data;
}

TEST(ModelColumns, AreWhatTheModelSaysAndNullWhereItSaysNothing) {
  const RfmData data = four_contacts(false);
  const RfmData* const models[] = {&data};
  const ModelColumns columns(models, 2);
  std::vector<std::string> names;
  std::vector<std::uint64_t> valid;
  for (std::size_t c = 0; c < columns.columns().size(); ++c) {
    names.push_back(columns.columns()[c].name);
    valid.push_back(columns.view(c, 0).valid[0]);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"m.class", "m.r", "m.f", "m.m", "m.recency_days",
                                             "m.first_days", "m.frequency", "m.monetary"}));
  EXPECT_EQ(valid, (std::vector<std::uint64_t>{0b1011, 0b1011, 0b1011, 0b1011, 0b0001, 0b1001,
                                               0b1011, 0b1011}));
  const ExpressionColumn& classes = columns.columns()[0];
  EXPECT_EQ(classes.type, DataType::kCategory);
  EXPECT_TRUE(classes.closed);
  ASSERT_EQ(classes.dictionary->size(), 3U);
  EXPECT_EQ(classes.dictionary->text(1), "prospect");
  const ExpressionColumn& monetary = columns.columns()[7];
  EXPECT_EQ(monetary.type, DataType::kDecimal);
  EXPECT_EQ(monetary.decimals, 2);
  EXPECT_EQ(static_cast<const std::int64_t*>(columns.view(7, 0).values)[0], 12345);
  EXPECT_EQ(columns.view(0, 0).value_bytes, 1);
  EXPECT_EQ(columns.view(4, 0).value_bytes, 2);
}

TEST(ModelColumns, AMeanOverNothingIsNull) {
  const RfmData data = four_contacts(true);
  const RfmData* const models[] = {&data};
  const ModelColumns columns(models, 2);
  EXPECT_EQ(columns.view(7, 0).valid[0], 0b0001U);
}

}  // namespace
}  // namespace quintile
