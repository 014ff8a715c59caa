#include "exec/scope.hpp"

#include <gtest/gtest.h>

#include "arrow_batch.hpp"
#include "small_engine.hpp"

namespace quintile {
namespace {

// 70,000 contacts, so that the second block is met, without attributes.
class ScopeTest : public ::testing::Test {
 protected:
  ScopeTest() : attributes_(Schema()) {
    for (int i = 0; i < kContacts; ++i) {
      (void)ids_.insert(make_id_key(i));
    }
    attributes_.extend(kContacts);
    segments_["odd"] = RowSet::of({to_row(1), to_row(69'999)});
    segments_["rfm.loyal"] = RowSet();
    lists_["vips"] = RowSet::of({to_row(65'536), to_row(69'999)});
  }

  Result<std::vector<std::uint32_t>> rows_where(const std::string& text, ScopeSource source) {
    const Scope scope(source);
    const Result<BoundExpression> bound = Expression::parse(text)->bind(scope.binding());
    if (!bound.ok()) {
      return bound.status();
    }
    std::vector<std::uint32_t> rows;
    for (std::size_t block = 0; block < scope.blocks(); ++block) {
      std::vector<std::uint64_t> words(kRowsPerBlock / 64);
      const Status status = evaluate_block(scope, *bound, block, words);
      EXPECT_TRUE(status.ok()) << status.message();
      for (std::uint32_t i = 0; i < scope.block_rows(block); ++i) {
        if ((words[i / 64] >> (i % 64) & 1U) != 0) {
          rows.push_back(static_cast<std::uint32_t>(block * kRowsPerBlock) + i);
        }
      }
    }
    return rows;
  }
  ScopeSource source() {
    return {.attributes = attributes_,
            .zone = zone_,
            .ids = ids_.texts(),
            .as_of = testing::as_of("2026-01-31"),
            .segments = &segments_,
            .lists = &lists_};
  }

  static constexpr std::int64_t kContacts = 70'000;
  AttributeStore attributes_;
  TimeZone zone_;
  IdTable ids_;
  NamedRowSets segments_;
  NamedRowSets lists_;
};

TEST_F(ScopeTest, SeesSegmentsAndListsInEveryBlock) {
  EXPECT_EQ(*rows_where("segment('odd')", source()), (std::vector<std::uint32_t>{1, 69'999}));
  EXPECT_EQ(*rows_where("segment('odd') AND in_list('vips')", source()),
            (std::vector<std::uint32_t>{69'999}));
  EXPECT_EQ(rows_where("NOT segment('rfm.loyal')", source())->size(), 70'000U);
}

TEST_F(ScopeTest, KnowsItsInstant) {
  EXPECT_EQ(rows_where("today() = DATE '2026-01-31'", source())->size(), 70'000U);
  EXPECT_EQ(rows_where("now() < TIMESTAMP '2026-02-01'", source())->size(), 70'000U);
}

TEST_F(ScopeTest, RefusesWhatItWasNotGiven) {
  const Status unknown = rows_where("segment('ood')", source()).status();
  EXPECT_NE(unknown.message().find("did you mean 'odd'"), std::string::npos) << unknown.message();
  ScopeSource alone = source();
  alone.segments = nullptr;
  alone.lists = nullptr;
  EXPECT_EQ(rows_where("segment('odd')", alone).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(rows_where("in_list('vips')", alone).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace quintile
