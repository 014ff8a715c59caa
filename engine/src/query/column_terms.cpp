// Terms over columns.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "query/column_access.hpp"
#include "query/nearest_double.hpp"
#include "query/power_of_ten.hpp"
#include "query/term.hpp"

namespace quintile::query {
namespace {

// Write is_null from the validity of a column.
void write_nulls(const ExpressionColumnView& view, std::size_t words, std::uint64_t* is_null) {
  for (std::size_t w = 0; w < words; ++w) {
    is_null[w] = view.valid == nullptr ? 0 : ~view.valid[w];
  }
}

// Set bit i of `bits` where test(i) holds.
template <class Test>
void write_bits(std::size_t rows, std::uint64_t* bits, const Test& test) {
  for (std::size_t begin = 0; begin < rows; begin += 64) {
    const std::size_t count = std::min<std::size_t>(64, rows - begin);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) {
      word |= std::uint64_t{test(begin + i)} << i;
    }
    bits[begin / 64] = word;
  }
}

void clear_nulls(std::size_t words, Truth out) {
  for (std::size_t w = 0; w < words; ++w) {
    out.is_true[w] &= ~out.is_null[w];
  }
}

class BoolColumn final : public Term {
 public:
  explicit BoolColumn(std::uint32_t column) : column_(column) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    const ExpressionColumnView& view = chunk.column(column_);
    write_nulls(view, chunk.words(), out.is_null);
    std::copy_n(static_cast<const std::uint64_t*>(view.values), chunk.words(), out.is_true);
    clear_nulls(chunk.words(), out);
  }
  [[nodiscard]] TermShape shape() const noexcept override { return shape::BoolColumn{column_}; }

 private:
  std::uint32_t column_;
};

class Interval final : public Term {
 public:
  Interval(std::uint32_t column, std::int64_t low, std::int64_t high, bool negated)
      : column_(column), low_(low), high_(high), negated_(negated) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    const ExpressionColumnView& view = chunk.column(column_);
    write_nulls(view, chunk.words(), out.is_null);
    with_numbers(view, [&](const auto* values) {
      write_bits(chunk.rows(), out.is_true, [&](std::size_t i) {
        const auto value = static_cast<std::int64_t>(values[i]);
        return (value >= low_ && value <= high_) != negated_;
      });
    });
    clear_nulls(chunk.words(), out);
  }
  [[nodiscard]] TermShape shape() const noexcept override {
    return shape::Interval{column_, low_, high_, negated_};
  }

 private:
  std::uint32_t column_;
  std::int64_t low_;
  std::int64_t high_;
  bool negated_;
};

// What is not in a set that has a NULL in it is unknown.
void make_rest_null(std::size_t words, bool has_null, Truth out) {
  for (std::size_t w = 0; w < words && has_null; ++w) {
    out.is_null[w] = ~out.is_true[w];
  }
}

class NumberSet final : public Term {
 public:
  NumberSet(std::uint32_t column, std::vector<std::int64_t> values, bool has_null)
      : column_(column), values_(std::move(values)), has_null_(has_null) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    const ExpressionColumnView& view = chunk.column(column_);
    write_nulls(view, chunk.words(), out.is_null);
    with_numbers(view, [&](const auto* values) {
      write_bits(chunk.rows(), out.is_true, [&](std::size_t i) {
        return std::binary_search(values_.begin(), values_.end(),
                                  static_cast<std::int64_t>(values[i]));
      });
    });
    clear_nulls(chunk.words(), out);
    make_rest_null(chunk.words(), has_null_, out);
  }
  [[nodiscard]] TermShape shape() const noexcept override {
    return shape::NumberSet{column_, values_, has_null_};
  }

 private:
  std::uint32_t column_;
  std::vector<std::int64_t> values_;
  bool has_null_;
};

class CodeSet final : public Term {
 public:
  CodeSet(std::uint32_t column, std::vector<std::uint64_t> codes, bool has_null)
      : column_(column), codes_(std::move(codes)), has_null_(has_null) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    const ExpressionColumnView& view = chunk.column(column_);
    write_nulls(view, chunk.words(), out.is_null);
    with_codes(view, [&](const auto* codes) {
      write_bits(chunk.rows(), out.is_true, [&](std::size_t i) {
        const std::size_t code = codes[i];
        return code / 64 < codes_.size() && (codes_[code / 64] >> (code % 64) & 1U) != 0;
      });
    });
    clear_nulls(chunk.words(), out);
    make_rest_null(chunk.words(), has_null_, out);
  }
  [[nodiscard]] TermShape shape() const noexcept override {
    return shape::CodeSet{column_, codes_, has_null_};
  }

 private:
  std::uint32_t column_;
  std::vector<std::uint64_t> codes_;
  bool has_null_;
};

// Two columns: NULL where either is.
class ColumnPair : public OpaqueTerm {
 public:
  ColumnPair(Comparison comparison, std::uint32_t left, std::uint32_t right)
      : comparison_(comparison), left_(left), right_(right) {}

 protected:
  void write_pair(TermKey& key) const {
    key.number(comparison_);
    key.column(left_);
    key.column(right_);
  }
  void write_pair_nulls(const Chunk& chunk, Truth out) const {
    write_nulls(chunk.column(left_), chunk.words(), out.is_null);
    const std::uint64_t* valid = chunk.column(right_).valid;
    for (std::size_t w = 0; w < chunk.words() && valid != nullptr; ++w) {
      out.is_null[w] |= ~valid[w];
    }
  }

  Comparison comparison_;
  std::uint32_t left_;
  std::uint32_t right_;
};

class NumberPair final : public ColumnPair {
 public:
  NumberPair(Comparison comparison, std::uint32_t left, int left_scale, std::uint32_t right,
             int right_scale)
      : ColumnPair(comparison, left, right),
        left_factor_(power_of_ten(std::max(0, right_scale - left_scale))),
        right_factor_(power_of_ten(std::max(0, left_scale - right_scale))) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    write_pair_nulls(chunk, out);
    with_numbers(chunk.column(left_), [&](const auto* left) {
      with_numbers(chunk.column(right_), [&](const auto* right) {
        write_bits(chunk.rows(), out.is_true, [&](std::size_t i) {
          return holds(comparison_, Int128{left[i]} * left_factor_,
                       Int128{right[i]} * right_factor_);
        });
      });
    });
    clear_nulls(chunk.words(), out);
  }
  void write_key(TermKey& key) const override {
    key.number('n');
    write_pair(key);
    key.number(left_factor_);
    key.number(right_factor_);
  }

 private:
  Int128 left_factor_;
  Int128 right_factor_;
};

class RankPair final : public ColumnPair {
 public:
  RankPair(Comparison comparison, std::uint32_t left, std::vector<std::uint32_t> left_ranks,
           std::uint32_t right, std::vector<std::uint32_t> right_ranks)
      : ColumnPair(comparison, left, right),
        left_ranks_(std::move(left_ranks)),
        right_ranks_(std::move(right_ranks)) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    write_pair_nulls(chunk, out);
    with_codes(chunk.column(left_), [&](const auto* left) {
      with_codes(chunk.column(right_), [&](const auto* right) {
        write_bits(chunk.rows(), out.is_true, [&](std::size_t i) {
          return left[i] < left_ranks_.size() && right[i] < right_ranks_.size() &&
                 holds(comparison_, left_ranks_[left[i]], right_ranks_[right[i]]);
        });
      });
    });
    clear_nulls(chunk.words(), out);
  }
  void write_key(TermKey& key) const override {
    key.number('r');
    write_pair(key);
    key.numbers(left_ranks_);
    key.numbers(right_ranks_);
  }

 private:
  std::vector<std::uint32_t> left_ranks_;
  std::vector<std::uint32_t> right_ranks_;
};

class DoublePair final : public OpaqueTerm {
 public:
  DoublePair(Comparison comparison, const DoubleSide& left, const DoubleSide& right)
      : comparison_(comparison), left_(left), right_(right) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    std::fill_n(out.is_null, chunk.words(), 0);
    add_nulls(chunk, left_, out.is_null);
    add_nulls(chunk, right_, out.is_null);
    with_side(chunk, left_, [&](const auto& left) {
      with_side(chunk, right_, [&](const auto& right) {
        write_bits(chunk.rows(), out.is_true,
                   [&](std::size_t i) { return holds<double>(comparison_, left(i), right(i)); });
      });
    });
    clear_nulls(chunk.words(), out);
  }
  void write_key(TermKey& key) const override {
    key.number('d');
    key.number(comparison_);
    write_side(left_, key);
    write_side(right_, key);
  }

 private:
  static void write_side(const DoubleSide& side, TermKey& key) {
    key.number(side.is_column);
    if (side.is_column) {
      key.column(side.column);
      key.number(side.type);
      key.number(side.scale);
    } else {
      key.number(side.constant);
    }
  }

  static void add_nulls(const Chunk& chunk, const DoubleSide& side, std::uint64_t* is_null) {
    const std::uint64_t* valid = side.is_column ? chunk.column(side.column).valid : nullptr;
    for (std::size_t w = 0; w < chunk.words() && valid != nullptr; ++w) {
      is_null[w] |= ~valid[w];
    }
  }

  template <class Use>
  static void with_side(const Chunk& chunk, const DoubleSide& side, const Use& use) {
    if (!side.is_column) {
      use([value = side.constant](std::size_t) { return value; });
    } else if (side.type == DataType::kDouble) {
      const auto* values = static_cast<const double*>(chunk.column(side.column).values);
      use([values](std::size_t i) { return values[i]; });
    } else {
      with_numbers(chunk.column(side.column), [&](const auto* values) {
        use([values, scale = side.scale](std::size_t i) {
          return nearest_double(values[i], scale);
        });
      });
    }
  }

  Comparison comparison_;
  DoubleSide left_;
  DoubleSide right_;
};

// Doubles in [low, high], or outside it.
class RealInterval final : public Term {
 public:
  RealInterval(std::uint32_t column, double low, double high, bool negated)
      : column_(column), low_(low), high_(high), negated_(negated) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    const ExpressionColumnView& view = chunk.column(column_);
    write_nulls(view, chunk.words(), out.is_null);
    const auto* values = static_cast<const double*>(view.values);
    write_bits(chunk.rows(), out.is_true, [&](std::size_t i) {
      return (values[i] >= low_ && values[i] <= high_) != negated_;
    });
    clear_nulls(chunk.words(), out);
  }
  [[nodiscard]] TermShape shape() const noexcept override {
    return shape::RealInterval{column_, low_, high_, negated_};
  }

 private:
  std::uint32_t column_;
  double low_;
  double high_;
  bool negated_;
};

// A column of doubles against a number, which is finite.
TermPointer compare_to_constant(Comparison comparison, std::uint32_t column, double constant) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (comparison) {
    case Comparison::kEqual:
    case Comparison::kNotEqual:
      return std::make_shared<RealInterval>(column, constant, constant,
                                            comparison == Comparison::kNotEqual);
    case Comparison::kLess:
      return std::make_shared<RealInterval>(column, -kInfinity,
                                            std::nextafter(constant, -kInfinity), false);
    case Comparison::kLessEqual:
      return std::make_shared<RealInterval>(column, -kInfinity, constant, false);
    case Comparison::kGreater:
      return std::make_shared<RealInterval>(column, std::nextafter(constant, kInfinity), kInfinity,
                                            false);
    case Comparison::kGreaterEqual:
      break;
  }
  return std::make_shared<RealInterval>(column, constant, kInfinity, false);
}

class ColumnIsNull final : public Term {
 public:
  explicit ColumnIsNull(std::uint32_t column) : column_(column) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    write_nulls(chunk.column(column_), chunk.words(), out.is_true);
    std::fill_n(out.is_null, chunk.words(), 0);
  }
  [[nodiscard]] TermShape shape() const noexcept override { return shape::ColumnIsNull{column_}; }

 private:
  std::uint32_t column_;
};

}  // namespace

TermPointer make_bool_column(std::uint32_t column) { return std::make_unique<BoolColumn>(column); }

TermPointer make_interval(std::uint32_t column, std::int64_t low, std::int64_t high, bool negated) {
  return std::make_unique<Interval>(column, low, high, negated);
}

TermPointer make_number_set(std::uint32_t column, std::vector<std::int64_t> values, bool has_null) {
  return std::make_unique<NumberSet>(column, std::move(values), has_null);
}

TermPointer make_number_pair(Comparison comparison, std::uint32_t left, int left_scale,
                             std::uint32_t right, int right_scale) {
  return std::make_unique<NumberPair>(comparison, left, left_scale, right, right_scale);
}

TermPointer make_double_pair(Comparison comparison, const DoubleSide& left,
                             const DoubleSide& right) {
  if (left.is_column && left.type == DataType::kDouble && !right.is_column) {
    return compare_to_constant(comparison, left.column, right.constant);
  }
  if (right.is_column && right.type == DataType::kDouble && !left.is_column) {
    return compare_to_constant(mirrored(comparison), right.column, left.constant);
  }
  return std::make_unique<DoublePair>(comparison, left, right);
}

TermPointer make_code_set(std::uint32_t column, std::vector<std::uint64_t> codes, bool has_null) {
  return std::make_unique<CodeSet>(column, std::move(codes), has_null);
}

TermPointer make_rank_pair(Comparison comparison, std::uint32_t left,
                           std::vector<std::uint32_t> left_ranks, std::uint32_t right,
                           std::vector<std::uint32_t> right_ranks) {
  return std::make_unique<RankPair>(comparison, left, std::move(left_ranks), right,
                                    std::move(right_ranks));
}

TermPointer make_column_is_null(std::uint32_t column) {
  return std::make_unique<ColumnIsNull>(column);
}

}  // namespace quintile::query
