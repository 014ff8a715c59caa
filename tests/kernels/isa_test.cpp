#include "quintile/kernels/isa.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "each_isa.hpp"
#include "kernel_table.hpp"
#include "quintile/kernels/aggregate.hpp"

namespace quintile::kernels {
namespace {

TEST(Isa, ScalarIsBuiltFirstAndRunsEverywhere) {
  ASSERT_FALSE(built().empty());
  EXPECT_EQ(built().front(), Isa::kScalar);
  EXPECT_TRUE(supported(Isa::kScalar));
}

TEST(Isa, NamesRoundTripThroughSelect) {
  const Isa before = active();
  for (const Isa isa : built()) {
    if (!supported(isa)) continue;
    EXPECT_EQ(select(name(isa)), IsaError::kNone);
    EXPECT_EQ(active(), isa) << name(isa);
  }
  ASSERT_EQ(select(name(before)), IsaError::kNone);
}

TEST(Isa, SelectOfNothingTakesTheBestThatRuns) {
  const Isa before = active();
  ASSERT_EQ(select(""), IsaError::kNone);
  Isa best = Isa::kScalar;
  for (const Isa isa : built()) {
    if (supported(isa)) best = isa;
  }
  EXPECT_EQ(active(), best);
  ASSERT_EQ(select(name(before)), IsaError::kNone);
}

TEST(Isa, UnknownNameIsRefusedAndChangesNothing) {
  const Isa before = active();
  EXPECT_EQ(select("avx9"), IsaError::kUnknownName);
  EXPECT_EQ(select("AVX2"), IsaError::kUnknownName);
  EXPECT_EQ(active(), before);
}

TEST(Isa, UnsupportedNameIsRefused) {
  const auto lacking =
      std::find_if(built().begin(), built().end(), [](Isa isa) { return !supported(isa); });
  if (lacking == built().end()) {
    GTEST_SKIP() << "this processor runs every instruction set of the build";
  }
  EXPECT_EQ(select(name(*lacking)), IsaError::kUnsupported);
}

TEST(Isa, DescribeNamesWhatWasAskedAndWhatThereIs) {
  std::array<char, 200> text;
  const std::string sentence(describe(IsaError::kUnknownName, "avx9", text));
  EXPECT_NE(sentence.find("\"avx9\""), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("scalar"), std::string::npos) << sentence;
  EXPECT_EQ(sentence.find("absent"), std::string::npos) << sentence;
}

TEST(Isa, DescribeIsCutToItsBuffer) {
  std::array<char, 10> text;
  EXPECT_EQ(describe(IsaError::kUnknownName, "avx9", text), "unknown i");
  EXPECT_EQ(text.back(), '\0');
  EXPECT_EQ(describe(IsaError::kUnknownName, "avx9", {}), "");
}

TEST(Isa, StartFollowsTheEnvironment) {
  const char* wanted = std::getenv("QUINTILE_ISA");
  EXPECT_EQ(requested_name(), wanted == nullptr ? "" : wanted);
  if (wanted == nullptr) {
    EXPECT_EQ(startup_error(), IsaError::kNone);
  } else if (startup_error() == IsaError::kNone) {
    EXPECT_EQ(name(active()), wanted);
  } else {
    EXPECT_EQ(active(), Isa::kScalar);
  }
}

TEST(Isa, ForcedGuardsNest) {
  const Isa before = active();
  {
    const ForcedIsa outer(Isa::kScalar);
    EXPECT_EQ(active(), Isa::kScalar);
    {
      const ForcedIsa inner(before);
      EXPECT_EQ(active(), before);
    }
    EXPECT_EQ(active(), Isa::kScalar);
  }
  EXPECT_EQ(active(), before);
}

class IsaDeathTest : public testing::EachIsa {};

TEST_P(IsaDeathTest, BrokenPreconditionsStopTheProcess) {
  std::array<std::uint16_t, 3> days{};
  std::array<std::uint16_t, 2> too_short{};
  EXPECT_DEATH(ages_in_days(days, 10, too_short), "");
}

QUINTILE_EACH_ISA_SUITE(IsaDeathTest);

class ForcedIsaIsActive : public testing::EachIsa {};

// The name alone would prove nothing: the calls must go through a table of the set's own.
TEST_P(ForcedIsaIsActive, AndCallsGoThroughItsOwnTable) {
  EXPECT_EQ(active(), GetParam());
  const KernelTable forced = active_table();
  for (const Isa other : built()) {
    if (other == GetParam() || !supported(other)) continue;
    const ForcedIsa guard(other);
    const KernelTable& table = active_table();
    EXPECT_NE(table.rfm->score, forced.rfm->score) << name(other);
    EXPECT_NE(table.aggregate->reduce_orders, forced.aggregate->reduce_orders) << name(other);
    EXPECT_NE(table.bitmap->code_bitmaps, forced.bitmap->code_bitmaps) << name(other);
    EXPECT_NE(table.tally->count_codes, forced.tally->count_codes) << name(other);
    EXPECT_NE(table.order_statistics->count_values_u16, forced.order_statistics->count_values_u16)
        << name(other);
    EXPECT_NE(table.predicate->mark_list_u32, forced.predicate->mark_list_u32) << name(other);
    EXPECT_NE(table.boolean->evaluate_boolean, forced.boolean->evaluate_boolean) << name(other);
    EXPECT_NE(table.event_window->sum_events, forced.event_window->sum_events) << name(other);
  }
}

QUINTILE_EACH_ISA_SUITE(ForcedIsaIsActive);

}  // namespace
}  // namespace quintile::kernels
