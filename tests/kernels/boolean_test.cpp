#include "quintile/kernels/boolean.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "each_isa.hpp"

namespace quintile::kernels {
namespace {

using Words = std::vector<std::uint64_t>;
using Program = std::vector<BooleanStep>;

struct OwnedTerm {
  Words is_true;
  Words is_null;
};

class Boolean : public testing::EachIsa {
 protected:
  std::vector<OwnedTerm> random_terms(std::size_t count, std::size_t rows, bool nulls) {
    std::vector<OwnedTerm> terms(count);
    for (OwnedTerm& term : terms) {
      term.is_true = bits(rows + 64);
      if (!nulls || below(3) == 0) continue;
      term.is_null = bits(rows + 64);
      for (std::size_t w = 0; w < term.is_null.size(); ++w)
        term.is_null[w] &= ~term.is_true[w];
    }
    return terms;
  }

  // Unaligned: each bitmap begins at its second word.
  static std::vector<BooleanTerm> views(const std::vector<OwnedTerm>& terms) {
    std::vector<BooleanTerm> result;
    for (const OwnedTerm& term : terms) {
      result.push_back({std::span(term.is_true).subspan(1), {}});
      if (!term.is_null.empty()) result.back().is_null = std::span(term.is_null).subspan(1);
    }
    return result;
  }

  Program random_program(std::size_t terms) {
    const auto any_term = [&] { return static_cast<std::uint16_t>(below(terms)); };
    const auto any_join = [&] { return static_cast<BooleanOp>(1 + below(4)); };
    Program program = {{BooleanOp::kPush, any_term()}};
    std::size_t depth = 1;
    for (std::uint64_t left = below(20); left > 0; --left) {
      const std::uint64_t kind = below(8);
      if (kind < 2 && depth < kBooleanStackMax) {
        program.push_back({BooleanOp::kPush, any_term()});
        ++depth;
      } else if (kind < 4 && depth > 1) {
        program.push_back({any_join(), kFromStack});
        --depth;
      } else if (kind == 4) {
        program.push_back({below(4) == 0 ? BooleanOp::kIsNull : BooleanOp::kNot, kFromStack});
      } else {
        program.push_back({any_join(), any_term()});
      }
    }
    for (; depth > 1; --depth)
      program.push_back({any_join(), kFromStack});
    return program;
  }
};

TEST_P(Boolean, ExampleOfTheHeader) {
  const Words a = {0b0011};
  const Words b = {0b0101};
  const std::array<BooleanTerm, 2> terms = {BooleanTerm{a, {}}, BooleanTerm{b, {}}};
  const Program program = {{BooleanOp::kPush, 0}, {BooleanOp::kAndNot, 1}};
  Words is_true = {7};
  const TruthCounts counts = evaluate_boolean(program, terms, 4, {is_true, {}});
  EXPECT_EQ(is_true, Words{0b0010});
  EXPECT_EQ(counts.is_true, 1U);
  EXPECT_EQ(counts.is_null, 0U);
}

// Rows 0 to 8: (false, true, unknown) x (false, true, unknown), the first operand changing slowest.
TEST_P(Boolean, TruthTablesAreThoseOfSql) {
  const Words a_true = {0b000111000};
  const Words a_null = {0b111000000};
  const Words b_true = {0b010010010};
  const Words b_null = {0b100100100};
  const std::array<BooleanTerm, 2> terms = {BooleanTerm{a_true, a_null},
                                            BooleanTerm{b_true, b_null}};
  const auto expect = [&](const Program& program, std::uint64_t is_true, std::uint64_t is_null) {
    Words true_words = {0};
    Words null_words = {0};
    evaluate_boolean(program, terms, 9, {true_words, null_words});
    EXPECT_EQ(true_words[0], is_true);
    EXPECT_EQ(null_words[0], is_null);
  };
  const auto both = [&](BooleanOp op, std::uint64_t is_true, std::uint64_t is_null) {
    expect({{BooleanOp::kPush, 0}, {op, 1}}, is_true, is_null);
    expect({{BooleanOp::kPush, 0}, {BooleanOp::kPush, 1}, {op, kFromStack}}, is_true, is_null);
  };
  both(BooleanOp::kAnd, 0b000010000, 0b110100000);
  both(BooleanOp::kOr, 0b010111010, 0b101000100);
  both(BooleanOp::kAndNot, 0b000001000, 0b101100000);
  both(BooleanOp::kXor, 0b000001010, 0b111100100);
  expect({{BooleanOp::kPush, 0}, {BooleanOp::kNot, kFromStack}}, 0b000000111, 0b111000000);
  expect({{BooleanOp::kPush, 0}, {BooleanOp::kIsNull, kFromStack}}, 0b111000000, 0);
}

TEST_P(Boolean, ProgramsEqualScalar) {
  for (const std::size_t rows : testing::sizes_to_block()) {
    for (int repeat = 0; repeat < 6; ++repeat) {
      const std::vector<OwnedTerm> owned = random_terms(1 + below(9), rows, repeat % 2 == 0);
      const std::vector<BooleanTerm> terms = views(owned);
      const Program program = random_program(terms.size());
      ASSERT_TRUE(is_well_formed(program, terms.size()));
      const bool wants_true = below(3) != 0;
      const bool wants_null = below(3) != 0;
      const auto compute = [&] {
        Words is_true(wants_true ? words_for(rows) + 1 : 0, 0x5555);
        Words is_null(wants_null ? words_for(rows) + 1 : 0, 0xAAAA);
        const TruthCounts counts = evaluate_boolean(program, terms, rows, {is_true, is_null});
        return std::tuple{is_true, is_null, counts.is_true, counts.is_null};
      };
      ASSERT_EQ(compute(), on_scalar(compute)) << rows << " rows, " << program.size() << " steps";
    }
  }
}

TEST_P(Boolean, TheStackGoesAsDeepAsStated) {
  const std::vector<OwnedTerm> owned = random_terms(kBooleanStackMax, 5000, true);
  const std::vector<BooleanTerm> terms = views(owned);
  Program program;
  for (std::uint16_t i = 0; i < kBooleanStackMax; ++i)
    program.push_back({BooleanOp::kPush, i});
  for (std::size_t i = 1; i < kBooleanStackMax; ++i)
    program.push_back({i % 2 == 0 ? BooleanOp::kOr : BooleanOp::kAnd, kFromStack});
  const auto compute = [&] {
    Words is_true(words_for(5000));
    evaluate_boolean(program, terms, 5000, {is_true, {}});
    return is_true;
  };
  EXPECT_EQ(compute(), on_scalar(compute));
  program.insert(program.begin(), {BooleanOp::kPush, 0});
  EXPECT_FALSE(is_well_formed(program, terms.size()));
}

TEST(BooleanProgram, WhatCannotRunIsToldApart) {
  const auto well_formed = [](const Program& program) { return is_well_formed(program, 2); };
  EXPECT_TRUE(well_formed({{BooleanOp::kPush, 1}}));
  EXPECT_FALSE(well_formed({}));
  EXPECT_FALSE(well_formed({{BooleanOp::kPush, 2}}));
  EXPECT_FALSE(well_formed({{BooleanOp::kPush, kFromStack}}));
  EXPECT_FALSE(well_formed({{BooleanOp::kAnd, 0}}));
  EXPECT_FALSE(well_formed({{BooleanOp::kPush, 0}, {BooleanOp::kAnd, kFromStack}}));
  EXPECT_FALSE(well_formed({{BooleanOp::kPush, 0}, {BooleanOp::kPush, 1}}));
  EXPECT_FALSE(well_formed({{BooleanOp::kNot, kFromStack}}));
  EXPECT_FALSE(well_formed({{BooleanOp::kPush, 0}, {BooleanOp::kNot, 1}}));
  EXPECT_FALSE(well_formed({{BooleanOp::kPush, 0}, {static_cast<BooleanOp>(7), kFromStack}}));
}

QUINTILE_EACH_ISA_SUITE(Boolean);

}  // namespace
}  // namespace quintile::kernels
