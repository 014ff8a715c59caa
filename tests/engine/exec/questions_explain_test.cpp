// Explanations and near misses against plain loops.
#include <algorithm>

#include <gtest/gtest.h>

#include "people.hpp"
#include "quintile/query.hpp"

namespace quintile {
namespace {

using testing::Person;

class QuestionsExplainTest : public ::testing::Test {
 protected:
  QuestionsExplainTest()
      : people_(testing::draw_people(66'000, 5)),
        engine_(testing::make_people_engine(people_, 2)),
        questions_(*engine_, engine_->recompute(testing::as_of("2026-01-31")).value()) {}

  std::vector<Person> people_;
  std::unique_ptr<Engine> engine_;
  Questions questions_;
};

TEST_F(QuestionsExplainTest, TermsHaveValuesAndTruth) {
  const Expression expression =
      Expression::parse("age >= 30 AND (country = 'PL' OR NOT vip) AND count(purchase, 90d) >= 1")
          .value();
  const RowSet members = questions_.select(expression)->members;
  for (std::size_t i = 0; i < people_.size(); i += 6'543) {
    const Person& person = people_[i];
    const Result<ExplainedTerm> got = questions_.explain(expression, person.id);
    ASSERT_TRUE(got.ok()) << got.status().message();
    EXPECT_EQ(got->truth == TruthValue::kTrue, members.contains(to_row(i)));
    ASSERT_EQ(got->terms.size(), 3U);
    const ExplainedTerm& age = got->terms[0];
    EXPECT_EQ(age.text, "age >= 30");
    EXPECT_EQ(age.truth, !person.age         ? TruthValue::kUnknown
                         : *person.age >= 30 ? TruthValue::kTrue
                                             : TruthValue::kFalse);
    ASSERT_EQ(age.operands.size(), 1U);
    EXPECT_EQ(age.operands[0].value, person.age ? std::to_string(*person.age) : "NULL");
    ASSERT_EQ(got->terms[1].terms.size(), 2U);
    EXPECT_EQ(got->terms[1].terms[1].terms[0].operands[0].text, "vip");
    EXPECT_EQ(got->terms[2].operands[0].text, "count(purchase, 90d)");
    EXPECT_EQ(got->terms[2].operands[0].value,
              std::to_string(questions_.generation().rfm("retail")->frequency()[i]));
  }
}

TEST_F(QuestionsExplainTest, ModelsAreOpenedUp) {
  const Expression expression = Expression::parse("retail.class = 'loyal'").value();
  const RfmResult& rfm = *questions_.generation().rfm("retail");
  for (std::size_t i = 0; i < 300; i += 3) {
    const ExplainedTerm got = questions_.explain(expression, people_[i].id).value();
    const std::string& name = rfm.class_infos()[rfm.classes()[i]].name;
    ASSERT_EQ(got.operands.size(), 1U);
    EXPECT_EQ(got.operands[0].value, name);
    ASSERT_EQ(got.reasons.size(), 4U);
    EXPECT_NE(got.reasons[0].find("recency " + std::to_string(rfm.recency_days()[i])),
              std::string::npos)
        << got.reasons[0];
    EXPECT_NE(got.reasons[0].find("-> r " + std::to_string(rfm.tiers(Axis::kRecency)[i])),
              std::string::npos);
    EXPECT_NE(got.reasons[3].find("class " + name + ","), std::string::npos) << got.reasons[3];
  }
  const ExplainedTerm prospect = questions_.explain(expression, people_[1].id).value();
  EXPECT_NE(prospect.reasons[3].find("never purchased"), std::string::npos);
}

TEST_F(QuestionsExplainTest, NearMissesCountContactsThatFailOneTermAlone) {
  const NearMisses got =
      questions_.near_misses(Expression::parse("age >= 30 AND country = 'PL' AND vip").value())
          .value();
  NearMisses expected;
  expected.terms = {{"age >= 30"}, {"country = 'PL'"}, {"vip"}};
  for (const Person& p : people_) {
    const std::vector<bool> passes = {p.age && *p.age >= 30, p.country == "PL", p.vip == true};
    const std::vector<bool> unknown = {!p.age, !p.country, !p.vip};
    const auto failed = static_cast<std::size_t>(std::count(passes.begin(), passes.end(), false));
    expected.members += failed == 0 ? 1 : 0;
    for (std::size_t t = 0; t < 3 && failed == 1; ++t) {
      expected.terms[t].count += passes[t] ? 0 : 1;
      expected.terms[t].unknown += !passes[t] && unknown[t] ? 1 : 0;
    }
  }
  EXPECT_EQ(got.members, expected.members);
  ASSERT_EQ(got.terms.size(), 3U);
  for (std::size_t t = 0; t < 3; ++t) {
    EXPECT_EQ(got.terms[t].term, expected.terms[t].term);
    EXPECT_EQ(got.terms[t].count, expected.terms[t].count);
    EXPECT_EQ(got.terms[t].unknown, expected.terms[t].unknown);
  }
}

TEST_F(QuestionsExplainTest, RefusesUnknownContactsAndNames) {
  const Expression expression = Expression::parse("age >= 30").value();
  EXPECT_EQ(questions_.explain(expression, "nobody").status().code(), StatusCode::kNotFound);
  const Status status =
      questions_.explain(Expression::parse("aeg >= 30").value(), people_[0].id).status();
  EXPECT_NE(status.message().find("did you mean 'age'"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace quintile
