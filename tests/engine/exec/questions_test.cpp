// The questions of query.hpp against plain loops over the people that went in.
#include "exec/questions.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "people.hpp"

namespace quintile {
namespace {

using testing::Person;

class QuestionsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    people_ = new std::vector<Person>(testing::draw_people(70'001, 11));
    engine_ = testing::make_people_engine(*people_, 3).release();
    auto now = engine_->recompute(testing::as_of("2026-01-31"));
    ASSERT_TRUE(now.ok()) << now.status().message();
    questions_ = new Questions(*engine_, *now);
  }
  static void TearDownTestSuite() {
    delete questions_;
    delete engine_;
    delete people_;
  }
  static const Person& person(RowId row) { return (*people_)[to_index(row)]; }
  static RowSet where(const std::string& text) {
    const Result<Selection> selection = questions_->select(*Expression::parse(text));
    EXPECT_TRUE(selection.ok()) << selection.status().message();
    return selection->members;
  }
  // The members for which a test on the person holds.
  template <class Test>
  static std::vector<RowId> rows_where(const Test& test) {
    std::vector<RowId> rows;
    for (std::size_t i = 0; i < people_->size(); ++i) {
      if (test((*people_)[i])) rows.push_back(to_row(i));
    }
    return rows;
  }

  static inline std::vector<Person>* people_ = nullptr;
  static inline Engine* engine_ = nullptr;
  static inline Questions* questions_ = nullptr;
};

TEST_F(QuestionsTest, MembershipNamesTheSegmentsOfEachContact) {
  const std::vector<std::string> segments = questions_->generation().segment_names();
  const std::vector<std::string> contacts = {person(to_row(0)).id, "nobody", person(to_row(1)).id};
  const auto got = questions_->membership(contacts, segments);
  ASSERT_TRUE(got.ok()) << got.status().message();
  ASSERT_EQ(got->size(), 3U);
  EXPECT_TRUE((*got)[1].empty());
  for (const std::size_t c : {0U, 2U}) {
    const RowId row = *engine_->find_contact("id:" + contacts[c]);
    ASSERT_EQ((*got)[c].size(), 1U);
    EXPECT_TRUE(questions_->generation().segment(segments[(*got)[c][0]])->contains(row));
  }
  const std::vector<std::string> misspelt = {"retail.loyl"};
  const Status status = questions_->membership(contacts, misspelt).status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_NE(status.message().find("'retail.loyal'"), std::string::npos) << status.message();
  const std::vector<std::string> many(kMaxMembershipContacts + 1);
  EXPECT_EQ(questions_->membership(many, segments).status().code(), StatusCode::kOutOfRange);
}

TEST_F(QuestionsTest, PagesOfIdsCoverTheMembersOnceInOrder) {
  const RowSet members = where("country = 'PL' AND age < 50");
  std::vector<std::string> expected;
  for (const RowId row :
       rows_where([](const Person& p) { return p.country == "PL" && p.age && *p.age < 50; })) {
    expected.push_back(person(row).id);
  }
  std::vector<std::string> got;
  std::string cursor;
  do {
    const Result<IdPage> page = questions_->ids(members, 1000, cursor);
    ASSERT_TRUE(page.ok());
    EXPECT_LE(page->ids.size(), 1000U);
    got.insert(got.end(), page->ids.begin(), page->ids.end());
    cursor = page->cursor;
  } while (!cursor.empty());
  EXPECT_EQ(got, expected);
  EXPECT_TRUE(questions_->ids(RowSet(), 10)->ids.empty());
  EXPECT_TRUE(questions_->ids(RowSet::of({to_row(5)}), 1)->cursor.empty());
  EXPECT_EQ(questions_->ids(members, 0).status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(questions_->ids(members, 1, "x").status().code(), StatusCode::kInvalidArgument);
}

TEST_F(QuestionsTest, RowsComeInTheOrderAskedForWithNullsLast) {
  const RowSet members = where("vip");
  RowsRequest request;
  request.columns = {"contact", "country", "spent", "tags"};
  request.order_by = {{"country", false}, {"score", true}, {"spent", false}};
  request.limit = 20'000;  // past the members, so that NULLs of every key are met
  const Result<RowsAnswer> got = questions_->rows(members, request);
  ASSERT_TRUE(got.ok()) << got.status().message();
  std::vector<RowId> expected = rows_where([](const Person& p) { return p.vip == true; });
  std::stable_sort(expected.begin(), expected.end(), [](RowId a, RowId b) {
    const Person& p = person(a);
    const Person& q = person(b);
    if (p.country != q.country) {
      return p.country && (!q.country || *p.country < *q.country);
    }
    if (p.score != q.score) {
      return p.score && (!q.score || *p.score > *q.score);
    }
    return p.spent != q.spent && p.spent && (!q.spent || *p.spent < *q.spent);
  });
  if (expected.size() > request.limit) expected.resize(request.limit);
  EXPECT_EQ(got->rows, expected);
  for (std::size_t i = 0; i < got->rows.size(); i += 997) {
    const Person& p = person(got->rows[i]);
    EXPECT_EQ(got->values[i][0], Value(p.id));
    EXPECT_EQ(got->values[i][1], p.country ? Value(*p.country) : Value());
    EXPECT_EQ(got->values[i][2], p.spent ? Value(*p.spent) : Value());
    std::vector<std::string> tags = p.tags.value_or(std::vector<std::string>());
    std::sort(tags.begin(), tags.end());
    EXPECT_EQ(got->values[i][3], p.tags ? Value(tags) : Value());
  }
  request.limit = 100;  // the hundred first are the first hundred
  expected.resize(100);
  EXPECT_EQ(questions_->rows(members, request)->rows, expected);
}

TEST_F(QuestionsTest, RowsMayNameFunctionsAndOrderByContact) {
  RowsRequest request;
  request.columns = {"contact", "count(purchase, 90d)", "tag('hot')", "retail.class"};
  request.order_by = {{"contact", true}};
  request.limit = 50;
  const Result<RowsAnswer> got = questions_->rows(where("TRUE"), request);
  ASSERT_TRUE(got.ok()) << got.status().message();
  std::vector<std::string> ids;
  for (const Person& p : *people_)
    ids.push_back(p.id);
  std::sort(ids.rbegin(), ids.rend());
  const RfmResult& rfm = *questions_->generation().rfm("retail");
  for (std::size_t i = 0; i < 50; ++i) {
    const RowId row = got->rows[i];
    EXPECT_EQ(got->values[i][0], Value(ids[i]));
    EXPECT_EQ(got->values[i][1], Value(std::int64_t{rfm.frequency()[to_index(row)]}));
    const auto& tags = person(row).tags;
    EXPECT_EQ(got->values[i][2],
              tags ? Value(std::count(tags->begin(), tags->end(), "hot") == 1) : Value());
    EXPECT_EQ(got->values[i][3], Value(rfm.class_infos()[rfm.classes()[to_index(row)]].name));
  }
  for (const char* wrong : {"spend", "age + 1", "today()", "count(visit"}) {
    request.columns = {wrong};
    EXPECT_EQ(questions_->rows(where("TRUE"), request).status().code(),
              StatusCode::kInvalidArgument)
        << wrong;
  }
  request.columns = {};
  request.order_by = {{"tags", false}};
  EXPECT_EQ(questions_->rows(where("TRUE"), request).status().code(), StatusCode::kInvalidArgument);
}

TEST_F(QuestionsTest, ASampleIsExactAndTheSameHoweverContactsWereLoaded) {
  const RowSet members = where("country = 'DE'");
  const std::vector<RowId> got = questions_->sample(members, 500, "spring").value();
  EXPECT_EQ(got.size(), 500U);
  EXPECT_TRUE(std::is_sorted(got.begin(), got.end()));
  for (const RowId row : got)
    EXPECT_TRUE(members.contains(row));
  const std::vector<RowId> smaller = questions_->sample(members, 50, "spring").value();
  EXPECT_TRUE(std::includes(got.begin(), got.end(), smaller.begin(), smaller.end()));
  EXPECT_NE(questions_->sample(members, 500, "autumn").value(), got);
  EXPECT_EQ(questions_->sample(RowSet::first(10), 500, "spring").value().size(), 10U);

  std::vector<Person> backwards(people_->rbegin(), people_->rend());
  const auto other = testing::make_people_engine(backwards, 1);
  const Questions asked(*other, other->recompute(testing::as_of("2026-01-31")).value());
  const RowSet same = asked.select(*Expression::parse("country = 'DE'"))->members;
  std::set<std::string> ids;
  std::set<std::string> other_ids;
  for (const RowId row : got)
    ids.insert(person(row).id);
  const std::vector<RowId> sampled = asked.sample(same, 500, "spring").value();
  for (const RowId row : sampled) {
    other_ids.insert(backwards[to_index(row)].id);
  }
  EXPECT_EQ(ids, other_ids);
}

TEST_F(QuestionsTest, FacetsCountEveryKindOfValue) {
  const RowSet members = where("age >= 20");
  std::map<std::string, std::uint64_t> countries;
  std::map<std::string, std::uint64_t> tags;
  std::map<std::int64_t, std::uint64_t> ages;
  std::uint64_t no_country = 0;
  std::uint64_t no_tags = 0;
  for (const Person& p : *people_) {
    if (!p.age || *p.age < 20) continue;
    ++ages[*p.age];
    p.country ? ++countries[*p.country] : ++no_country;
    if (!p.tags) ++no_tags;
    for (const std::string& tag : p.tags.value_or(std::vector<std::string>()))
      ++tags[tag];
  }
  const Facet by_country = questions_->facet(members, "country").value();
  EXPECT_EQ(by_country.null_count, no_country);
  ASSERT_EQ(by_country.values.size(), countries.size());
  for (std::size_t i = 0; i < by_country.values.size(); ++i) {
    const FacetValue& value = by_country.values[i];
    EXPECT_EQ(value.count, countries[std::get<std::string>(value.value)]);
    EXPECT_TRUE(i == 0 || by_country.values[i - 1].count >= value.count);
  }
  const Facet by_tag = questions_->facet(members, "tags").value();
  EXPECT_EQ(by_tag.null_count, no_tags);
  for (const FacetValue& value : by_tag.values) {
    EXPECT_EQ(value.count, tags[std::get<std::string>(value.value)]);
  }
  const Facet by_age = questions_->facet(members, "age", 10).value();
  EXPECT_EQ(by_age.values.size(), 10U);
  EXPECT_EQ(by_age.other_values, ages.size() - 10);
  std::uint64_t all = by_age.other_count;
  for (const FacetValue& value : by_age.values)
    all += value.count;
  EXPECT_EQ(all, members.count());
  const Facet classes = questions_->facet(members, "retail.class").value();
  for (const FacetValue& value : classes.values) {
    EXPECT_EQ(value.count, members.and_count(*questions_->generation().segment(
                               "retail." + std::get<std::string>(value.value))));
  }
  EXPECT_EQ(questions_->facet(members, "score").status().code(), StatusCode::kInvalidArgument);
}

TEST_F(QuestionsTest, SummariesAreExact) {
  const RowSet members = where("country = 'CZ'");
  std::vector<std::int64_t> spent;
  std::vector<double> scores;
  std::uint64_t nulls = 0;
  for (const Person& p : *people_) {
    if (p.country != "CZ") continue;
    p.spent ? spent.push_back(*p.spent) : void(++nulls);
    if (p.score) scores.push_back(*p.score);
  }
  std::sort(spent.begin(), spent.end());
  Int128 sum = 0;
  for (const std::int64_t value : spent)
    sum += value;
  const std::vector<std::uint32_t> quantiles = {0, 250'000, 500'000, 999'999, 1'000'000};
  const ColumnSummary got = questions_->summarize(members, "spent", quantiles).value();
  EXPECT_EQ(got.count, spent.size());
  EXPECT_EQ(got.null_count, nulls);
  EXPECT_EQ(std::get<Int128>(got.sum), sum);
  EXPECT_EQ(got.min, Value(spent.front()));
  EXPECT_EQ(got.max, Value(spent.back()));
  for (std::size_t q = 0; q < quantiles.size(); ++q) {
    std::size_t rank = 1;  // the smallest with rank / n >= quantile
    while (rank * 1'000'000 < quantiles[q] * spent.size())
      ++rank;
    EXPECT_EQ(got.quantiles[q], Value(spent[rank - 1])) << quantiles[q];
  }
  const auto n = static_cast<Int128>(spent.size());
  const Int128 twice_error = 2 * (std::get<Int128>(*got.mean) * n - sum * 1'000'000);
  EXPECT_TRUE(twice_error <= n && twice_error >= -n);
  EXPECT_EQ(got.mean_decimals, 8);
  const ColumnSummary real = questions_->summarize(members, "score", quantiles).value();
  double real_sum = 0;  // eighths: exact in any order
  for (const double value : scores)
    real_sum += value;
  std::sort(scores.begin(), scores.end());
  EXPECT_EQ(std::get<double>(real.sum), real_sum);
  EXPECT_EQ(real.quantiles[2], Value(scores[(scores.size() + 1) / 2 - 1]));
  const ColumnSummary none = questions_->summarize(RowSet(), "age", quantiles).value();
  EXPECT_EQ(none.min, Value());
  EXPECT_EQ(none.quantiles[0], Value());
  EXPECT_FALSE(none.mean);
  EXPECT_EQ(questions_->summarize(members, "country").status().code(),
            StatusCode::kInvalidArgument);
}

TEST_F(QuestionsTest, CrossTablesCountPairs) {
  const RowSet members = where("age < 60");
  std::map<std::pair<Value, Value>, std::uint64_t> pairs;
  for (const Person& p : *people_) {
    if (p.age && *p.age < 60) {
      ++pairs[{p.country ? Value(*p.country) : Value(), p.vip ? Value(*p.vip) : Value()}];
    }
  }
  const CrossTable got = questions_->cross_table(members, "country", "vip").value();
  ASSERT_EQ(got.counts.size(), pairs.size());
  for (std::size_t i = 0; i < got.rows.size(); ++i) {
    for (std::size_t j = 0; j < got.columns.size(); ++j) {
      EXPECT_EQ(got.counts[i * got.columns.size() + j], (pairs[{got.rows[i], got.columns[j]}]));
    }
  }
  EXPECT_EQ(questions_->cross_table(members, "tags", "vip").status().code(),
            StatusCode::kInvalidArgument);
}

TEST_F(QuestionsTest, OverlapsCountEveryIntersection) {
  const std::vector<std::string> names = {"retail.prospect", "retail.loyal", "retail.new",
                                          "retail.prospect"};
  const auto got = questions_->overlap(names).value();
  ASSERT_EQ(got.size(), 15U);
  for (std::size_t choice = 1; choice < 16; ++choice) {
    RowSet both = RowSet::first(questions_->generation().contact_count());
    std::string name;
    for (std::size_t i = 0; i < 4; ++i) {
      if ((choice >> i & 1U) != 0) {
        both &= *questions_->generation().segment(names[i]);
        name += (name.empty() ? "" : "&") + names[i];
      }
    }
    EXPECT_EQ(got[choice - 1].name, name);
    EXPECT_EQ(got[choice - 1].count, both.count()) << name;
  }
  EXPECT_EQ(questions_->overlap(std::vector<std::string>(9, "retail.new")).status().code(),
            StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace quintile
