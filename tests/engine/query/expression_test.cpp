// Evaluation: three-valued logic, exactness, and random conditions against row-at-a-time
// evaluation.
#include "quintile/expression.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "query/json_form.hpp"
#include "random_expression.hpp"

namespace quintile {
namespace {

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

// One column with its buffers; rows are appended.
template <class T>
class Column {
 public:
  explicit Column(T under_null) : under_null_(under_null) {}
  void add(const std::optional<T>& value) {
    if (values_.size() % 64 == 0) {
      valid_.push_back(0);
    }
    valid_.back() |= std::uint64_t{value.has_value()} << (values_.size() % 64);
    values_.push_back(value.value_or(under_null_));
  }
  [[nodiscard]] ExpressionColumnView view() const {
    return {values_.data(), valid_.data(), sizeof(T)};
  }

 private:
  T under_null_;  // must never matter
  std::vector<T> values_;
  std::vector<std::uint64_t> valid_;
};

Result<std::int64_t> seconds_from_text(std::string_view text) {
  const std::string copy(text);
  if (copy.find_first_not_of("-0123456789") != std::string::npos) {
    return Status(StatusCode::kInvalidArgument, "no");
  }
  return std::int64_t{std::stoi(copy)};
}

// The columns of random_expression.hpp.
class Table {
 public:
  void add(const query::Row& row) {
    ++rows_;
    whole_.add(row.whole);
    narrow_.add(cast<std::uint16_t>(row.narrow));
    money_.add(row.money);
    real_.add(row.real);
    word_.add(code<std::uint8_t>(row.word, 0));
    other_.add(code<std::uint32_t>(row.other, 1));
    day_.add(row.day);
    instant_.add(row.instant);
    if (rows_ % 64 == 1) {
      flag_bits_.push_back(0);
      flag_valid_.push_back(0);
    }
    flag_bits_.back() |= std::uint64_t{row.flag.value_or(true)} << ((rows_ - 1) % 64);
    flag_valid_.back() |= std::uint64_t{row.flag.has_value()} << ((rows_ - 1) % 64);
  }

  [[nodiscard]] ExpressionBinding binding() const {
    ExpressionBinding binding;
    binding.columns = columns_;
    binding.timestamp_from_text = seconds_from_text;
    binding.today = query::kToday;
    binding.now_us = query::kNow;
    return binding;
  }

  [[nodiscard]] std::vector<ExpressionColumnView> views() const {
    return {whole_.view(),
            narrow_.view(),
            money_.view(),
            real_.view(),
            word_.view(),
            other_.view(),
            {flag_bits_.data(), flag_valid_.data(), 8},
            day_.view(),
            instant_.view()};
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }

 private:
  template <class T>
  static std::optional<T> cast(const std::optional<std::int64_t>& value) {
    return value ? std::optional<T>(static_cast<T>(*value)) : std::nullopt;
  }
  // The second dictionary is the first turned round.
  template <class T>
  static std::optional<T> code(const std::optional<std::string>& value, int dictionary) {
    if (!value) {
      return std::nullopt;
    }
    const auto place = static_cast<std::size_t>(
        std::find(query::kTexts.begin(), query::kTexts.end(), *value) - query::kTexts.begin());
    return static_cast<T>(dictionary == 0 ? place : query::kTexts.size() - 1 - place);
  }

  TextList words_{{query::kTexts.begin(), query::kTexts.end()}};
  TextList others_{{query::kTexts.rbegin(), query::kTexts.rend()}};
  std::vector<ExpressionColumn> columns_ = {{"whole", DataType::kInt64, 0, nullptr},
                                            {"narrow", DataType::kInt64, 0, nullptr},
                                            {"money", DataType::kDecimal, 2, nullptr},
                                            {"real", DataType::kDouble, 0, nullptr},
                                            {"word", DataType::kCategory, 0, &words_},
                                            {"other word", DataType::kCategory, 0, &others_},
                                            {"flag", DataType::kBool, 0, nullptr},
                                            {"day", DataType::kDate, 0, nullptr},
                                            {"instant", DataType::kTimestamp, 0, nullptr}};
  std::size_t rows_ = 0;
  Column<std::int64_t> whole_{3};
  Column<std::uint16_t> narrow_{2};
  Column<std::int64_t> money_{100};
  Column<double> real_{0.5};
  Column<std::uint8_t> word_{0xFF};
  Column<std::uint32_t> other_{0xFFFFFFFF};
  Column<std::int32_t> day_{1};
  Column<std::int64_t> instant_{1};
  std::vector<std::uint64_t> flag_bits_;
  std::vector<std::uint64_t> flag_valid_;
};

// 't', 'f' or '?' per row.
std::string answers(const Table& table, const Expression& expression) {
  const Result<BoundExpression> bound = expression.bind(table.binding());
  if (!bound.ok()) {
    return std::string(bound.status().message());
  }
  const std::size_t words = (table.rows() + 63) / 64;
  std::vector<std::uint64_t> is_true(words, ~std::uint64_t{0});
  std::vector<std::uint64_t> is_null(words, ~std::uint64_t{0});
  const Status status = bound->evaluate(table.views(), table.rows(), is_true, is_null);
  EXPECT_TRUE(status.ok()) << status.message();
  std::vector<std::uint64_t> only_true(words);
  EXPECT_TRUE(bound->evaluate(table.views(), table.rows(), only_true).ok());
  EXPECT_EQ(only_true, is_true);
  std::string text;
  for (std::size_t i = 0; i < words * 64; ++i) {
    const bool t = (is_true[i / 64] >> (i % 64) & 1U) != 0;
    const bool n = (is_null[i / 64] >> (i % 64) & 1U) != 0;
    if (i >= table.rows()) {
      EXPECT_FALSE(t || n) << "bits past the last row are cleared";
      continue;
    }
    EXPECT_FALSE(t && n);
    text.push_back(t ? 't' : n ? '?' : 'f');
  }
  return text;
}

std::string answers(const Table& table, std::string_view text) {
  const Result<Expression> parsed = Expression::parse(text);
  return parsed.ok() ? answers(table, *parsed) : std::string(parsed.status().message());
}

query::Row random_row() {
  const auto known = [] { return *rc::gen::weightedElement<bool>({{3, true}, {1, false}}); };
  query::Row row;
  if (known()) row.whole = *rc::gen::inRange(-4, 5);
  if (known()) row.narrow = *rc::gen::inRange(0, 5);
  if (known()) row.money = *rc::gen::inRange(-4, 5) * 25;
  if (known()) row.real = *rc::gen::inRange(-8, 9) / 4.0;
  if (known()) row.word = *rc::gen::elementOf(query::kTexts);
  if (known()) row.other = *rc::gen::elementOf(query::kTexts);
  if (known()) row.flag = *rc::gen::arbitrary<bool>();
  if (known()) row.day = *rc::gen::inRange(-3, 4);
  if (known()) row.instant = *rc::gen::inRange(-3, 4);
  return row;
}

RC_GTEST_PROP(Expression, EqualsRowAtATimeEvaluation, ()) {
  const query::Node tree = query::random_condition(3);
  const std::string text = query::print_tree(tree);
  const Result<Expression> parsed = Expression::parse(text);
  RC_ASSERT(parsed.ok());
  Table table;
  std::string expected;
  const int rows = *rc::gen::inRange(1, 130);
  for (int i = 0; i < rows; ++i) {
    const query::Row row = random_row();
    table.add(row);
    const std::optional<bool> truth = query::naive_truth(tree, row);
    expected.push_back(!truth ? '?' : *truth ? 't' : 'f');
  }
  RC_LOG() << text << "\n";
  RC_ASSERT(answers(table, *parsed) == expected);
}

RC_GTEST_PROP(Expression, JsonHasTheSameTree, ()) {
  const query::Node tree = query::random_syntax(3);
  const std::string json = query::json_of(tree);
  RC_LOG() << json << "\n";
  const Result<query::Node> read = query::tree_of_json(json);
  RC_ASSERT(read.ok());
  RC_ASSERT(query::same_tree(*read, tree));
  RC_ASSERT(query::json_of(*read) == json);
}

RC_GTEST_PROP(Expression, PrintedTextHasTheSameTree, ()) {
  const query::Node tree = query::random_syntax(4);
  const std::string text = query::print_tree(tree);
  RC_LOG() << text << "\n";
  const Result<query::Node> parsed = query::parse_tree(text);
  RC_ASSERT(parsed.ok());
  RC_ASSERT(query::same_tree(*parsed, tree));
  RC_ASSERT(query::print_tree(*parsed) == text);
}

// Rows: flag true, false, NULL.
Table three_flags() {
  Table table;
  for (const std::optional<bool> flag : {std::optional<bool>(true), {false}, {}}) {
    query::Row row;
    row.flag = flag;
    table.add(row);
  }
  return table;
}

TEST(Expression, TruthTables) {
  const Table table = three_flags();
  EXPECT_EQ(answers(table, "flag"), "tf?");
  EXPECT_EQ(answers(table, "NOT flag"), "ft?");
  EXPECT_EQ(answers(table, "flag AND TRUE"), "tf?");
  EXPECT_EQ(answers(table, "flag AND FALSE"), "fff");
  EXPECT_EQ(answers(table, "flag AND NULL"), "?f?");
  EXPECT_EQ(answers(table, "flag OR TRUE"), "ttt");
  EXPECT_EQ(answers(table, "flag OR FALSE"), "tf?");
  EXPECT_EQ(answers(table, "flag OR NULL"), "t??");
  EXPECT_EQ(answers(table, "flag IS NULL"), "fft");
  EXPECT_EQ(answers(table, "flag IS NOT NULL"), "ttf");
  EXPECT_EQ(answers(table, "(flag AND NULL) IS NULL"), "tft");
  EXPECT_EQ(answers(table, "flag = TRUE"), "tf?");
  EXPECT_EQ(answers(table, "flag <> TRUE"), "ft?");
  EXPECT_EQ(answers(table, "flag = NULL"), "???");
  EXPECT_EQ(answers(table, "flag IS DISTINCT FROM TRUE"), "ftt");
  EXPECT_EQ(answers(table, "flag IS NOT DISTINCT FROM NULL"), "fft");
}

TEST(Expression, NullsInLists) {
  Table table;
  for (const std::optional<std::int64_t> whole : {std::optional<std::int64_t>(1), {2}, {}}) {
    query::Row row;
    row.whole = whole;
    table.add(row);
  }
  EXPECT_EQ(answers(table, "whole IN (1)"), "tf?");
  EXPECT_EQ(answers(table, "whole IN (1, NULL)"), "t??");
  EXPECT_EQ(answers(table, "whole NOT IN (1, NULL)"), "f??");
  EXPECT_EQ(answers(table, "whole IN (NULL)"), "???");
  EXPECT_EQ(answers(table, "NULL IN (1)"), "???");
  EXPECT_EQ(answers(table, "whole IN (1.0, 2.5)"), "tf?");
  EXPECT_EQ(answers(table, "1 IN (1, 2)"), "ttt");
}

TEST(Expression, NumbersCompareExactly) {
  Table table;
  for (const std::int64_t whole : {std::numeric_limits<std::int64_t>::min(), std::int64_t{0},
                                   std::numeric_limits<std::int64_t>::max()}) {
    query::Row row;
    row.whole = whole;
    row.money = whole;
    table.add(row);
  }
  EXPECT_EQ(answers(table, "whole < 9223372036854775807"), "ttf");
  EXPECT_EQ(answers(table, "whole < 9223372036854775806.5"), "ttf");
  EXPECT_EQ(answers(table, "whole > 9223372036854775806.5"), "fft");
  EXPECT_EQ(answers(table, "whole = -9223372036854775808"), "tff");
  EXPECT_EQ(answers(table, "whole = -9223372036854775808.01"), "fff");
  EXPECT_EQ(answers(table, "whole <> 0.5"), "ttt");
  EXPECT_EQ(answers(table, "whole > -99999999999999999999999999999999999999"), "ttt");
  EXPECT_EQ(answers(table, "whole < 99999999999999999999999999999999999999"), "ttt");
  EXPECT_EQ(answers(table, "money = 92233720368547758.07"), "fft");
  EXPECT_EQ(answers(table, "money <= 0.001"), "ttf");
  EXPECT_EQ(answers(table, "money < 0.001"), "ttf");
  EXPECT_EQ(answers(table, "money >= 0.001"), "fft");
  EXPECT_EQ(answers(table, "whole = money"), "ftf");
  EXPECT_EQ(answers(table, "whole < money"), "tff");
  EXPECT_EQ(answers(table, "0.1 < 0.10000000000000000000000000000000000001"), "ttt");
  EXPECT_EQ(answers(table, "-0.5 < -0.4"), "ttt");
}

TEST(Expression, LiteralsMeetDoublesAsTheNearestDouble) {
  Table table;
  query::Row row;
  row.real = 0.1;
  table.add(row);
  EXPECT_EQ(answers(table, "real = 0.1"), "t");
  EXPECT_EQ(answers(table, "real > 0.1"), "f");
  EXPECT_EQ(answers(table, "real IN (0.1, 7)"), "t");
  EXPECT_EQ(answers(table, "0.09 < real"), "t");
}

TEST(Expression, ManyRowsAndTheLimit) {
  Table table;
  query::Row row;
  row.whole = 1;
  for (std::size_t i = 0; i < kMaxExpressionChunkRows; ++i) {
    table.add(row);
  }
  EXPECT_EQ(answers(table, "whole = 1 AND narrow IS NULL"),
            std::string(kMaxExpressionChunkRows, 't'));
  table.add(row);
  const Result<BoundExpression> bound = Expression::parse("whole = 1")->bind(table.binding());
  ASSERT_TRUE(bound.ok());
  std::vector<std::uint64_t> words(2000);
  EXPECT_EQ(bound->evaluate(table.views(), table.rows(), words).code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(bound->evaluate(table.views(), 64, std::span(words).first(0)).code(),
            StatusCode::kInvalidArgument);
  EXPECT_TRUE(bound->evaluate(table.views(), 0, {}).ok());
}

TEST(Expression, SaysWhichColumnsItReads) {
  const Table table = three_flags();
  const Result<BoundExpression> bound =
      Expression::parse("flag OR money > 1 OR flag")->bind(table.binding());
  ASSERT_TRUE(bound.ok());
  EXPECT_EQ(std::vector<std::uint32_t>(bound->used_columns().begin(), bound->used_columns().end()),
            (std::vector<std::uint32_t>{2, 6}));
}

}  // namespace
}  // namespace quintile
