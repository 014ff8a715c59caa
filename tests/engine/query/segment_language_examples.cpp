// Every example of docs/segment_language.md is read, printed, bound and, where it needs columns
// alone, evaluated.
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "quintile/bound_operand.hpp"
#include "quintile/expression.hpp"

namespace quintile {
namespace {

class Texts final : public ExpressionDictionary {
 public:
  explicit Texts(std::vector<std::string> texts) : texts_(std::move(texts)) {}
  [[nodiscard]] std::uint32_t size() const noexcept override {
    return static_cast<std::uint32_t>(texts_.size());
  }
  [[nodiscard]] std::string_view text(std::uint32_t code) const noexcept override {
    return texts_[code];
  }

 private:
  std::vector<std::string> texts_;
};

// The columns of the document, with one contact.
struct Contact {
  Texts countries{{"PL"}};
  Texts cities{{"Warsaw"}};
  Texts classes{{"champions"}};
  Texts urls{{"/sale/1"}};
  std::vector<ExpressionColumn> columns = {
      {"country", DataType::kCategory, 0, &countries},
      {"city", DataType::kCategory, 0, &cities},
      {"age", DataType::kInt64},
      {"balance", DataType::kDecimal, 2},
      {"spent", DataType::kDecimal, 2},
      {"vip", DataType::kBool},
      {"born", DataType::kDate},
      {"seen", DataType::kTimestamp},
      {"loyalty-points", DataType::kInt64},
      {"labels", DataType::kTags},
      {"mail", DataType::kConsent, 0, nullptr, false, "email", "marketing"},
      {"rfm.class", DataType::kCategory, 0, &classes, true},
      {"rfm.recency_days", DataType::kInt64}};
  std::vector<ExpressionEvent> events = {
      {"visit", {{"time", DataType::kTimestamp}, {"url", DataType::kCategory, 0, &urls}}},
      {"cart", {{"time", DataType::kTimestamp}}},
      {"purchase", {{"amount", DataType::kDecimal, 2}, {"time", DataType::kTimestamp}}},
      {"return", {{"amount", DataType::kDecimal, 2}, {"time", DataType::kTimestamp}}},
      {"order",
       {{"category", DataType::kCategory, 0, &urls}, {"product", DataType::kCategory, 0, &urls}}}};
  std::vector<std::string_view> segments = {"opted_out"};
  std::vector<std::string_view> lists = {"imported"};

  std::int64_t age = 30;
  std::int64_t balance = 1250;
  std::int64_t spent = 1300;
  std::int64_t seen = kNow - 3'600'000'000;
  std::int64_t points = 101;
  std::int64_t recency = 9;
  std::int32_t born = 10'955;  // 1999-12-30
  std::uint32_t code = 0;
  std::uint64_t truth = 1;
  std::uint64_t nothing = 0;
  std::vector<ExpressionColumnView> views = {{&code, nullptr, 4},
                                             {&code, nullptr, 4},
                                             {&age},
                                             {&balance},
                                             {&spent},
                                             {&truth},
                                             {&born, nullptr, 4},
                                             {&seen},
                                             {&points},
                                             {nullptr, &nothing},
                                             {&truth},
                                             {&code, nullptr, 4},
                                             {&recency}};

  static constexpr std::int32_t kToday = 20'500;
  static constexpr std::int64_t kNow = (std::int64_t{kToday} + 1) * 86'400'000'000 - 1;

  [[nodiscard]] ExpressionBinding binding() const {
    ExpressionBinding binding;
    binding.columns = columns;
    binding.timestamp_from_text = [](std::string_view /*text*/) -> Result<std::int64_t> {
      return std::int64_t{0};
    };
    binding.today = kToday;
    binding.now_us = kNow;
    binding.rows_are_contacts = true;
    binding.events = events;
    binding.segments = segments;
    binding.lists = lists;
    return binding;
  }
};

std::string document() {
  const char* root = std::getenv("QUINTILE_SOURCE_DIR");
  std::ifstream file(std::string(root == nullptr ? "." : root) + "/docs/segment_language.md");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The last cell of each row of a table, if it is code.
std::vector<std::string> examples(const std::string& text) {
  std::vector<std::string> found = {"\"loyalty-points\" > 100", "country = 'PL'",
                                    "rfm.class = 'champions'", "rfm.recency_days <= 90",
                                    "labels IS NULL"};
  for (const std::string& example : found) {
    EXPECT_NE(text.find("`" + example + "`"), std::string::npos) << example;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t cell = line.rfind(" | `");
    if (!line.starts_with("|") || cell == line.npos || !line.ends_with("` |")) {
      continue;
    }
    std::string example = line.substr(cell + 4, line.size() - cell - 7);
    for (std::size_t bar = example.find("\\|"); bar != example.npos; bar = example.find("\\|")) {
      example.erase(bar, 1);  // a bar is escaped inside of tables
    }
    found.push_back(example);
  }
  return found;
}

TEST(SegmentLanguage, ExamplesAreTrueOfTheContact) {
  const Contact contact;
  const std::vector<std::string> all = examples(document());
  EXPECT_GT(all.size(), 50U);
  std::size_t evaluated = 0;
  for (const std::string& example : all) {
    const Result<Expression> parsed = Expression::parse(example);
    ASSERT_TRUE(parsed.ok()) << example << ": " << parsed.status().message();
    EXPECT_EQ(parsed->to_string(), example);
    const Result<Expression> again = Expression::from_json(parsed->to_json());
    ASSERT_TRUE(again.ok()) << again.status().message();
    EXPECT_TRUE(*again == *parsed) << example;
    const Result<BoundExpression> bound = parsed->bind(contact.binding());
    ASSERT_TRUE(bound.ok()) << example << ": " << bound.status().message();
    if (!bound->operands().empty()) {
      continue;
    }
    ++evaluated;
    std::uint64_t is_true = 0;
    ASSERT_TRUE(bound->evaluate(contact.views, 1, {&is_true, 1}).ok());
    const bool expected = example.find("IS DISTINCT") == example.npos;
    EXPECT_EQ(is_true, expected ? 1U : 0U) << example;
  }
  EXPECT_GT(evaluated, 30U);
}

TEST(SegmentLanguage, JsonExamplesAreCanonical) {
  const std::string text = document();
  std::size_t count = 0;
  for (std::size_t at = text.find("```json\n"); at != text.npos; at = text.find("```json\n", at)) {
    at += 8;
    const std::string json = text.substr(at, text.find("\n```", at) - at);
    const Result<Expression> parsed = Expression::from_json(json);
    ASSERT_TRUE(parsed.ok()) << parsed.status().message();
    EXPECT_EQ(parsed->to_json(), json);
    EXPECT_TRUE(parsed->bind(Contact().binding()).ok());
    ++count;
  }
  EXPECT_EQ(count, 3U);
}

}  // namespace
}  // namespace quintile
