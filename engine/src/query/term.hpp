// Bound conditions: each writes, for the rows of a chunk, where it is true and where it is NULL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "query/term_shape.hpp"
#include "query/tree.hpp"
#include "quintile/bound_operand.hpp"
#include "quintile/expression.hpp"

namespace quintile::query {

// Two bitmaps of one chunk. No bit is set in both; bits past the last row mean nothing.
struct Truth {
  std::uint64_t* is_true = nullptr;
  std::uint64_t* is_null = nullptr;
};

// The rows in work, and room for the results of operands.
class Chunk {
 public:
  // `scratch` holds 2 * words() words for every level of Term::depth().
  Chunk(std::span<const ExpressionColumnView> columns, std::size_t rows,
        std::span<std::uint64_t> scratch) noexcept
      : columns_(columns), rows_(rows), words_((rows + 63) / 64), scratch_(scratch) {}
  // The same with views in other places: `places` says where, by column.
  Chunk(std::span<const ExpressionColumnView> views, std::span<const std::uint32_t> places,
        std::size_t rows, std::span<std::uint64_t> scratch) noexcept
      : Chunk(views, rows, scratch) {
    places_ = places;
  }

  [[nodiscard]] const ExpressionColumnView& column(std::uint32_t index) const noexcept {
    return columns_[places_.empty() ? index : places_[index]];
  }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t words() const noexcept { return words_; }

  // Room for one operand; give it back in reverse order.
  [[nodiscard]] Truth take() noexcept {
    std::uint64_t* base = scratch_.data() + taken_ * 2 * words_;
    ++taken_;
    return {base, base + words_};
  }
  void give_back() noexcept { --taken_; }

 private:
  std::span<const ExpressionColumnView> columns_;
  std::span<const std::uint32_t> places_;
  std::size_t rows_;
  std::size_t words_;
  std::span<std::uint64_t> scratch_;
  std::size_t taken_ = 0;
};

class Term {
 public:
  virtual ~Term() = default;
  virtual void evaluate(Chunk& chunk, Truth out) const noexcept = 0;
  // How many scratch results evaluate() holds at once, those of its operands included.
  [[nodiscard]] virtual std::size_t depth() const noexcept { return 0; }
  [[nodiscard]] virtual TermShape shape() const noexcept = 0;
};

// A term that only evaluate() knows to compute; its depth is 0.
class OpaqueTerm : public Term {
 public:
  [[nodiscard]] TermShape shape() const noexcept final { return shape::Opaque{*this}; }
  virtual void write_key(TermKey& key) const = 0;
};
using TermPointer = std::shared_ptr<const Term>;  // operands may share terms

// A number on one side of a comparison of doubles: a column divided by 10^scale, or a constant.
struct DoubleSide {
  bool is_column = false;
  std::uint32_t column = 0;
  DataType type = DataType::kDouble;
  int scale = 0;
  double constant = 0;
};

// TRUE, FALSE and NULL.
[[nodiscard]] TermPointer make_constant(bool is_true, bool is_null);
[[nodiscard]] TermPointer make_bool_column(std::uint32_t column);
// A column of whole numbers (integers, decimals, dates, timestamps) in [low, high], or outside it.
[[nodiscard]] TermPointer make_interval(std::uint32_t column, std::int64_t low, std::int64_t high,
                                        bool negated);
// The same in a set; `values` are sorted. With `has_null` what is not in it is NULL.
[[nodiscard]] TermPointer make_number_set(std::uint32_t column, std::vector<std::int64_t> values,
                                          bool has_null);
// Two columns of whole numbers with their scales.
[[nodiscard]] TermPointer make_number_pair(Comparison comparison, std::uint32_t left,
                                           int left_scale, std::uint32_t right, int right_scale);
[[nodiscard]] TermPointer make_double_pair(Comparison comparison, const DoubleSide& left,
                                           const DoubleSide& right);
// A text column whose code has its bit in `codes`. With `has_null` what has not is NULL.
[[nodiscard]] TermPointer make_code_set(std::uint32_t column, std::vector<std::uint64_t> codes,
                                        bool has_null);
// Two text columns; ranks by code, in one order over both dictionaries.
[[nodiscard]] TermPointer make_rank_pair(Comparison comparison, std::uint32_t left,
                                         std::vector<std::uint32_t> left_ranks, std::uint32_t right,
                                         std::vector<std::uint32_t> right_ranks);
[[nodiscard]] TermPointer make_column_is_null(std::uint32_t column);

[[nodiscard]] TermPointer make_not(TermPointer operand);
[[nodiscard]] TermPointer make_and(std::vector<TermPointer> operands);
[[nodiscard]] TermPointer make_or(std::vector<TermPointer> operands);
[[nodiscard]] TermPointer make_is_null(TermPointer operand);
[[nodiscard]] TermPointer make_bool_equal(TermPointer left, TermPointer right);
// IS DISTINCT FROM of two conditions; never NULL.
[[nodiscard]] TermPointer make_bool_distinct(TermPointer left, TermPointer right);
// IS DISTINCT FROM of two operands, given their equality and where each is NULL; never NULL.
[[nodiscard]] TermPointer make_distinct(TermPointer equal, TermPointer left_is_null,
                                        TermPointer right_is_null);

// What binding finds beside the terms.
struct BoundNames {
  std::vector<bool> used;  // by column
  std::vector<BoundOperand> operands;
};

// Bind a tree to columns.
[[nodiscard]] Result<TermPointer> bind_tree(const Node& root, const ExpressionBinding& binding,
                                            BoundNames& names);

// The same, as a program.
[[nodiscard]] Result<BoundExpression> bind_expression(const Node& root,
                                                      const ExpressionBinding& binding);

}  // namespace quintile::query

namespace quintile {

class BoundExpression::Program {
 public:
  query::TermPointer root;
  std::size_t column_count = 0;
  std::vector<std::uint32_t> used_columns;
  std::vector<BoundOperand> operands;
};

}  // namespace quintile
