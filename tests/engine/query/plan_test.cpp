// A plan against its expressions one by one.
#include "query/plan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "query/term.hpp"
#include "random_expression.hpp"

namespace quintile::query {
namespace {

using Words = std::vector<std::uint64_t>;

constexpr std::array<std::size_t, 9> kSizes = {0, 1, 63, 64, 65, 1000, 4096, 65535, 65536};

class TextList final : public ExpressionDictionary {
 public:
  explicit TextList(std::vector<std::string> texts) : texts_(std::move(texts)) {}
  [[nodiscard]] std::uint32_t size() const noexcept override {
    return static_cast<std::uint32_t>(texts_.size());
  }
  [[nodiscard]] std::string_view text(std::uint32_t code) const noexcept override {
    return texts_[code];
  }

 private:
  std::vector<std::string> texts_;
};

Result<std::int64_t> number_from_text(std::string_view text) {
  return std::int64_t{std::stoi(std::string(text))};
}

// The values of one column or operand, of a type, with or without nulls.
class Values {
 public:
  Values(DataType type, std::size_t rows, std::mt19937_64& random, std::uint64_t codes = 8) {
    const std::size_t words = (rows + 63) / 64;
    const auto die = [&random](std::uint64_t sides) { return random() % sides; };
    valid_.resize(words);
    const std::uint64_t nulls = die(5);  // none without a bitmap, none, some, many, all
    for (std::uint64_t& word : valid_) {
      word = nulls <= 1   ? ~std::uint64_t{0}
             : nulls == 4 ? 0
                          : random() | (nulls == 2 ? random() : 0);
    }
    view_.valid = nulls == 0 ? nullptr : valid_.data();
    if (type == DataType::kBool) {
      bits_.resize(words);
      const std::uint64_t density = die(4);
      for (std::uint64_t& word : bits_) {
        word = density == 0 ? 0 : density == 1 ? ~std::uint64_t{0} : random();
      }
      view_.values = bits_.data();
    } else if (type == DataType::kDouble) {
      reals_.resize(rows);
      for (double& real : reals_) {
        real = real_of(die(32));
      }
      view_.values = reals_.data();
    } else {
      const bool is_text = type == DataType::kCategory;
      view_.value_bytes = 1 << die(is_text ? 3 : 4);
      bytes_.resize(rows * 8);
      for (std::size_t i = 0; i < rows; ++i) {
        put(i, is_text ? static_cast<std::int64_t>(die(codes)) : number_of(die(32)));
      }
      view_.values = bytes_.data();
    }
  }

  [[nodiscard]] const ExpressionColumnView& view() const { return view_; }

 private:
  static double real_of(std::uint64_t kind) {
    constexpr std::array<double, 6> kEdges = {-0.0, 0.0, INFINITY, -INFINITY, 5e-324, 1e300};
    return kind < kEdges.size() ? kEdges[kind] : (static_cast<double>(kind) - 19) / 4;
  }
  static std::int64_t number_of(std::uint64_t kind) {
    constexpr std::array<std::int64_t, 8> kEdges = {INT64_MIN, INT64_MAX, 255,       256,
                                                    65535,     65536,     INT32_MIN, INT32_MAX};
    return kind < kEdges.size() ? kEdges[kind] : static_cast<std::int64_t>(kind) - 15;
  }
  // What does not fit wraps.
  void put(std::size_t i, std::int64_t value) {
    std::memcpy(bytes_.data() + i * static_cast<std::size_t>(view_.value_bytes), &value,
                static_cast<std::size_t>(view_.value_bytes));
  }

  ExpressionColumnView view_;
  Words valid_;
  Words bits_;
  std::vector<double> reals_;
  std::vector<std::byte> bytes_;
};

// More than bytes can hold.
std::vector<std::string> many_texts() {
  std::vector<std::string> texts;
  for (int i = 0; i < 1000; ++i) {
    texts.push_back("t" + std::to_string(i));
  }
  return texts;
}

// What expressions are bound to: the columns of random_expression.hpp and things beside them.
struct Names {
  TextList words{{kTexts.begin(), kTexts.end()}};
  TextList towns{many_texts()};
  TextList others{{kTexts.rbegin(), kTexts.rend()}};
  std::vector<ExpressionColumn> columns = {{"whole", DataType::kInt64, 0, nullptr},
                                           {"narrow", DataType::kInt64, 0, nullptr},
                                           {"money", DataType::kDecimal, 2, nullptr},
                                           {"real", DataType::kDouble, 0, nullptr},
                                           {"word", DataType::kCategory, 0, &words},
                                           {"other word", DataType::kCategory, 0, &others},
                                           {"flag", DataType::kBool, 0, nullptr},
                                           {"day", DataType::kDate, 0, nullptr},
                                           {"instant", DataType::kTimestamp, 0, nullptr},
                                           {"labels", DataType::kTags, 0, nullptr},
                                           {"town", DataType::kCategory, 0, &towns}};
  std::vector<ExpressionEvent> events = {{"visit", {{"amount", DataType::kDecimal, 2}}}};
  std::vector<std::string_view> segments = {"s0", "s1", "s2", "s3", "outside"};
  std::vector<std::string_view> lists = {"invited"};

  [[nodiscard]] ExpressionBinding binding() const {
    ExpressionBinding binding;
    binding.columns = columns;
    binding.timestamp_from_text = number_from_text;
    binding.today = kToday;
    binding.now_us = kNow;
    binding.rows_are_contacts = true;
    binding.events = events;
    binding.segments = segments;
    binding.lists = lists;
    return binding;
  }
};

const Names& names() {
  static const Names kNames;
  return kNames;
}

// The rows of a block, all values random; operands have them by their names.
class Block final : public PlanBlock {
 public:
  Block(std::size_t rows, std::uint64_t seed) : rows_(rows), random_(seed) {
    for (const ExpressionColumn& column : names().columns) {
      columns_.emplace_back(column.type == DataType::kTags ? DataType::kBool : column.type, rows,
                            random_, column.name == "town" ? 1100 : 8);
      views_.push_back(columns_.back().view());
    }
  }

  // To begin a plan.
  void reset(std::span<const BoundOperand> operands) {
    operands_ = operands;
    asked_.assign(operands.size(), 0);
    truths_.clear();
    counts_.clear();
  }

  Result<ExpressionColumnView> operand(std::uint32_t index) override {
    ++asked_.at(index);
    return values(operands_[index]);
  }

  Status take(std::uint32_t expression, const ExpressionTruth& truth) override {
    EXPECT_EQ(expression, truths_.size());
    Words all(truth.is_true.begin(), truth.is_true.end());
    all.insert(all.end(), truth.is_null.begin(), truth.is_null.end());
    all.resize(truth.is_true.size() * 2);  // no nulls: zeros
    truths_.push_back(std::move(all));
    counts_.push_back(truth.counts);
    return {};
  }

  [[nodiscard]] ExpressionColumnView values(const BoundOperand& operand) {
    const auto [place, is_new] = by_name_.try_emplace(operand.column.name, 0);
    if (is_new) {
      place->second = columns_.size();
      columns_.emplace_back(operand.column.type, rows_, random_);
    }
    return columns_[place->second].view();
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::span<const ExpressionColumnView> views() const { return views_; }
  [[nodiscard]] const std::vector<int>& asked() const { return asked_; }
  [[nodiscard]] const std::vector<Words>& truths() const { return truths_; }
  [[nodiscard]] const std::vector<kernels::TruthCounts>& counts() const { return counts_; }

 private:
  std::size_t rows_;
  std::mt19937_64 random_;
  std::deque<Values> columns_;
  std::vector<ExpressionColumnView> views_;
  std::map<std::string, std::size_t> by_name_;
  std::span<const BoundOperand> operands_;
  std::vector<int> asked_;
  std::vector<Words> truths_;
  std::vector<kernels::TruthCounts> counts_;
};

// Bitmaps of all expressions, where each is true and then where it is NULL. Segment i is expression
// i while that comes before.
std::vector<Words> one_by_one(const std::vector<BoundExpression>& expressions,
                              std::span<const std::uint32_t> segment_expressions, Block& block) {
  const std::size_t words = (block.rows() + 63) / 64;
  std::vector<Words> truths;
  for (const BoundExpression& expression : expressions) {
    std::vector<ExpressionColumnView> views(block.views().begin(), block.views().end());
    for (const BoundOperand& operand : expression.operands()) {
      if (operand.kind == OperandKind::kSegment && operand.source < segment_expressions.size() &&
          segment_expressions[operand.source] != kNoExpression) {
        views.push_back({truths.at(segment_expressions[operand.source]).data(), nullptr, 8});
      } else {
        views.push_back(block.values(operand));
      }
    }
    Words truth(2 * words);
    const Status status = expression.evaluate(views, block.rows(), std::span(truth).first(words),
                                              std::span(truth).subspan(words));
    EXPECT_TRUE(status.ok()) << status.to_string();
    truths.push_back(std::move(truth));
  }
  return truths;
}

std::uint64_t count_ones(std::span<const std::uint64_t> words) {
  std::uint64_t count = 0;
  for (const std::uint64_t word : words) {
    count += static_cast<std::uint64_t>(std::popcount(word));
  }
  return count;
}

void expect_counts(const std::vector<Words>& truths,
                   const std::vector<kernels::TruthCounts>& counts) {
  ASSERT_EQ(counts.size(), truths.size());
  for (std::size_t e = 0; e < truths.size(); ++e) {
    const std::span<const std::uint64_t> words(truths[e]);
    EXPECT_EQ(counts[e].is_true, count_ones(words.first(words.size() / 2))) << "expression " << e;
    EXPECT_EQ(counts[e].is_null, count_ones(words.subspan(words.size() / 2))) << "expression " << e;
  }
}

// Holds a plan against its expressions over a block, for words and for counts.
void expect_same(const Plan& plan, PlanScratch& scratch,
                 const std::vector<BoundExpression>& expressions,
                 std::span<const std::uint32_t> segment_expressions, Block& block) {
  const std::vector<Words> expected = one_by_one(expressions, segment_expressions, block);
  for (const Answer answer : {Answer::kWords, Answer::kCounts}) {
    block.reset(plan.operands());
    const Status status = plan.evaluate(block.views(), block.rows(), answer, block, scratch);
    ASSERT_TRUE(status.ok()) << status.to_string();
    expect_counts(expected, block.counts());
    EXPECT_TRUE(std::all_of(block.asked().begin(), block.asked().end(),
                            [](int count) { return count <= 1; }));
    for (std::size_t e = 0; e < expected.size() && answer == Answer::kWords; ++e) {
      EXPECT_EQ(block.truths()[e], expected[e]) << "expression " << e;
    }
  }
}

std::vector<BoundExpression> bind_all(const std::vector<std::string>& texts) {
  std::vector<BoundExpression> bound;
  for (const std::string& text : texts) {
    const Result<Expression> expression = Expression::parse(text);
    EXPECT_TRUE(expression.ok()) << text << ": " << expression.status().to_string();
    Result<BoundExpression> one = expression->bind(names().binding());
    EXPECT_TRUE(one.ok()) << text << ": " << one.status().to_string();
    bound.push_back(std::move(one).value());
  }
  return bound;
}

// Over blocks of all sizes, by one scratch.
void expect_same(const std::vector<std::string>& texts,
                 std::span<const std::uint32_t> segment_expressions = {}) {
  const std::vector<BoundExpression> expressions = bind_all(texts);
  const Result<Plan> plan = Plan::create(expressions, segment_expressions);
  ASSERT_TRUE(plan.ok()) << plan.status().to_string();
  PlanScratch scratch(*plan);
  for (const std::size_t rows : kSizes) {
    for (std::uint64_t seed = 0; seed < (rows < 5000 ? 6U : 1U); ++seed) {
      SCOPED_TRACE(std::to_string(rows) + " rows, seed " + std::to_string(seed));
      Block block(rows, seed);
      expect_same(*plan, scratch, expressions, segment_expressions, block);
    }
  }
}

TEST(Plan, comparesColumnsOfAnyWidth) {
  std::vector<std::string> texts;
  for (const char* column : {"whole", "narrow"}) {
    for (const char* bound :
         {"-9223372036854775809", "-9223372036854775808", "-2147483649", "-1", "0", "3", "255",
          "256", "65535", "65536", "2147483648", "9223372036854775807", "9223372036854775808"}) {
      for (const char* comparison : {"=", "<>", "<", ">="}) {
        texts.push_back(std::string(column) + comparison + bound);
      }
    }
    texts.push_back(std::string(column) + " BETWEEN -3 AND 300");
    texts.push_back(std::string(column) + " NOT BETWEEN 5 AND 2");
    texts.push_back(std::string(column) + " BETWEEN 70000 AND 80000");
  }
  texts.insert(texts.end(), {"money > 0.02", "money = 0.055", "money BETWEEN -0.1 AND 0.10",
                             "day >= DATE '1970-01-03'", "instant < TIMESTAMP '3'"});
  expect_same(texts);
}

TEST(Plan, comparesDoubles) {
  expect_same({"real = 0", "real <> 0", "real < 0", "real <= 0", "real > 0", "real >= 0",
               "0.25 < real", "real BETWEEN -1 AND 1.25", "real IN (0.5, 0, NULL)",
               "real > 99999999999999999999999999999999999999", "real = whole", "real < money",
               "real IS NULL OR real > 1"});
}

TEST(Plan, looksUpSets) {
  const auto list = [](int from, int to, int step) {
    std::string text = "(";
    for (int i = from; i < to; i += step) {
      text += std::to_string(i) + (i + step < to ? ", " : ")");
    }
    return text;
  };
  std::vector<std::string> texts;
  for (const char* column : {"whole", "narrow", "money"}) {
    for (const std::string& values :
         {list(3, 4, 1), list(-2, 5, 1), list(-9, 9, 2), list(-9, 70, 3), list(-9, 700, 2),
          std::string("(0.5, 3, 255)"), std::string("(1, 5, NULL)"), std::string("(NULL)"),
          std::string("(99999999999999999999)"), list(200, 66000, 200)}) {
      texts.push_back(std::string(column) + " IN " + values);
      texts.push_back(std::string(column) + " NOT IN " + values);
    }
  }
  texts.insert(texts.end(),
               {"word = 'a'", "word IN ('a', 'b') OR word = 'ab'", "word <> 'zz'",
                "word LIKE 'a%' AND word <> 'ab'", "\"other word\" NOT IN ('a', NULL)",
                "\"other word\" < 'b'", "town = 't999'", "town LIKE 't9%'",
                "town IN ('t1', 't300', 't301', 't2')", "town = 't900' OR town LIKE 't9%'",
                "town = 't900' AND town LIKE 't9%'", "town NOT LIKE 't3%' OR town IS NULL",
                "word = \"other word\""});
  expect_same(texts);
}

TEST(Plan, foldsConstants) {
  expect_same({"TRUE",
               "FALSE",
               "NULL",
               "NOT NULL",
               "flag AND FALSE",
               "flag OR TRUE",
               "flag AND TRUE",
               "flag OR NULL",
               "flag AND NULL",
               "NOT NOT flag",
               "flag AND flag",
               "flag AND NOT flag",
               "flag IS NULL AND flag IS NOT NULL",
               "(flag IS NULL) IS NULL",
               "flag = TRUE",
               "flag = NULL",
               "flag IS TRUE",
               "flag IS NOT FALSE",
               "NULL IS NULL",
               "flag IS DISTINCT FROM NULL",
               "(NOT flag) IS NULL",
               "(flag IS TRUE) = (whole > 3)"});
}

TEST(Plan, sharesPartsOfExpressions) {
  expect_same({"flag AND (whole > 3 OR money < 0)", "(whole > 3 OR money < 0) AND word = 'a'",
               "NOT (whole > 3 OR money < 0)", "(whole > 3 OR money < 0) IS NULL",
               "COALESCE(whole > 3 OR money < 0, flag)", "whole > 3 OR money < 0",
               "(whole > 3 OR money < 0) IS DISTINCT FROM (flag AND day > DATE '1970-01-01')",
               "whole > 3", "flag", "flag"});
}

TEST(Plan, asksOtherSegments) {
  const std::vector<std::uint32_t> segments = {0, 1, 2, 3};
  expect_same({"whole > 3", "flag AND segment('s0')", "NOT segment('s1') AND segment('outside')",
               "segment('s2') OR segment('s0') IS NULL", "segment('s3')",
               "NOT segment('s3') OR in_list('invited')"},
              segments);
  // Of roots that are one side of something, constant, or a bitmap as it is.
  expect_same({"(flag OR whole > 3) IS NULL", "segment('s0')", "NULL", "flag", "segment('s2')",
               "segment('s1') AND segment('s3')", "NOT segment('s0')"},
              segments);
}

TEST(Plan, takesSegmentsOnlyFromBefore) {
  const std::vector<BoundExpression> expressions = bind_all({"segment('s1')", "flag"});
  const std::vector<std::uint32_t> segments = {0, 1};
  const Result<Plan> plan = Plan::create(expressions, segments);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(plan.status().message(),
            "expected a segment before those that use it, got segment('s1') in expression 0 for "
            "expression 1");
}

TEST(Plan, evaluatesOperands) {
  expect_same({"count(visit, 7d) >= 2 AND whole > 0", "count(visit, 7d) >= 2 OR tag('vip')",
               "sum(visit.amount) > 3.5 AND NOT tag('vip') AND flag",
               "(flag AND regularly(visit, 2 of 3 weeks)) OR (whole < 2 AND split('x', 50))",
               "days_since(visit) IS NULL", "days_since(visit) + whole > 3",
               "avg(visit.amount) > 0.5 AND (tag('vip') OR split('x', 50))"});
}

// Expensive operands are left alone when cheap conditions decide every row.
TEST(Plan, leavesOutWhatCannotMatter) {
  const auto asked = [](const std::string& text) {
    const std::vector<BoundExpression> expressions = bind_all({text});
    const Plan plan = Plan::create(expressions).value();
    PlanScratch scratch(plan);
    Block block(1000, 1);
    expect_same(plan, scratch, expressions, {}, block);
    return block.asked();
  };
  const std::string nothing = "COALESCE(narrow < -1 AND narrow > -1, FALSE)";
  EXPECT_EQ(asked("count(visit) > 3 AND " + nothing), std::vector<int>{0});
  EXPECT_EQ(asked("count(visit) > 3 OR NOT " + nothing), std::vector<int>{0});
  EXPECT_EQ(asked("count(visit) > 3 OR " + nothing), std::vector<int>{1});
  // The cheapest of the expensive ones first.
  EXPECT_EQ(asked("count(visit) > 3 AND tag('vip') AND " + nothing), (std::vector<int>{0, 0}));
  EXPECT_EQ(asked("tag('vip') AND (count(visit) > 3 AND " + nothing + " OR " + nothing + ")"),
            (std::vector<int>{1, 0}));
}

TEST(Plan, handsOnErrors) {
  class Broken final : public PlanBlock {
   public:
    Result<ExpressionColumnView> operand(std::uint32_t) override {
      return Status(StatusCode::kUnavailable, "gone");
    }
    Status take(std::uint32_t expression, const ExpressionTruth&) override {
      return expression == 1 ? Status(StatusCode::kCancelled, "enough") : Status();
    }
  };
  const std::vector<BoundExpression> expressions =
      bind_all({"flag", "whole > 3", "count(visit) > 3"});
  const Plan plan = Plan::create(expressions).value();
  PlanScratch scratch(plan);
  Block block(10, 1);
  Broken broken;
  EXPECT_EQ(plan.evaluate(block.views(), 10, Answer::kWords, broken, scratch).message(), "enough");
  const Plan other = Plan::create(std::span(expressions).subspan(2)).value();
  PlanScratch other_scratch(other);
  EXPECT_EQ(other.evaluate(block.views(), 10, Answer::kWords, broken, other_scratch).message(),
            "gone");
  EXPECT_FALSE(plan.evaluate(block.views(), 65537, Answer::kWords, broken, scratch).ok());
  EXPECT_FALSE(plan.evaluate(block.views().first(3), 10, Answer::kWords, broken, scratch).ok());
}

// Conditions on what is no column, beside those of random_expression.hpp.
Node random_operand_condition() {
  return *parse_tree(*rc::gen::element<std::string>(
      "segment('s0')", "segment('s1')", "segment('s2')", "segment('outside')", "in_list('invited')",
      "tag('vip')", "split('x', 50)", "count(visit, 7d) >= 2", "count(visit, 7d) > 5",
      "sum(visit.amount) < 0.5", "days_since(visit) BETWEEN 0 AND 5", "days_since(visit) IS NULL",
      "avg(visit.amount) > 1", "regularly(visit, 2 of 3 weeks)"));
}

// A condition made of a few parts that others are made of as well.
Node random_mixture(const std::vector<Node>& parts, int depth) {
  if (depth == 0 || *rc::gen::inRange(0, 4) == 0) {
    return *rc::gen::elementOf(parts);
  }
  const NodeKind kind = *rc::gen::element(NodeKind::kAnd, NodeKind::kOr, NodeKind::kNot,
                                          NodeKind::kCompare, NodeKind::kIsDistinct);
  Node node = leaf(kind);
  const int count = kind == NodeKind::kNot                            ? 1
                    : kind == NodeKind::kAnd || kind == NodeKind::kOr ? *rc::gen::inRange(2, 5)
                                                                      : 2;
  for (int i = 0; i < count; ++i) {
    node.children.push_back(random_mixture(parts, depth - 1));
  }
  return node;
}

RC_GTEST_PROP(Plan, answersAsItsExpressionsDo, ()) {
  std::vector<Node> parts;
  for (int i = 0; i < 8; ++i) {
    parts.push_back(i < 5 ? random_condition(2) : random_operand_condition());
  }
  std::vector<BoundExpression> expressions;
  const int count = *rc::gen::inRange(1, 7);
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    const Node tree = random_mixture(parts, 3);
    texts.push_back(print_tree(tree));
    Result<BoundExpression> bound = bind_expression(tree, names().binding());
    RC_PRE(bound.ok());
    // Segments 0 to 2 are expressions of the plan from number 3 on.
    const bool is_early =
        i < 3 && std::any_of(bound->operands().begin(), bound->operands().end(),
                             [](const BoundOperand& operand) {
                               return operand.kind == OperandKind::kSegment && operand.source < 3;
                             });
    RC_PRE(!is_early);
    expressions.push_back(std::move(bound).value());
  }
  RC_LOG() << ::testing::PrintToString(texts) << "\n";
  const std::vector<std::uint32_t> segments = {0, 1, 2};
  const std::span<const std::uint32_t> known(segments.data(), count > 3 ? 3 : 0);
  const Result<Plan> plan = Plan::create(expressions, known);
  RC_ASSERT(plan.ok());
  PlanScratch scratch(*plan);
  for (int i = 0; i < 3; ++i) {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    Block block(*rc::gen::elementOf(kSizes), seed);
    expect_same(*plan, scratch, expressions, known, block);
    RC_ASSERT(!::testing::Test::HasFailure());
  }
}

}  // namespace
}  // namespace quintile::query
