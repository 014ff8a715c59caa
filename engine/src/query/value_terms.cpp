#include "query/value_terms.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "query/column_access.hpp"
#include "query/nearest_double.hpp"

namespace quintile::query {
namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};

template <class T>
using Pointer = std::shared_ptr<const Values<T>>;

class NumberColumn final : public Values<Int128> {
 public:
  explicit NumberColumn(std::uint32_t column) : column_(column) {}
  std::uint64_t evaluate(const Chunk& chunk, std::size_t word,
                         Int128* out) const noexcept override {
    const ExpressionColumnView& view = chunk.column(column_);
    const std::size_t rows = rows_of_word(chunk, word);
    with_numbers(view,
                 [&](const auto* values) { std::copy_n(values + word * kWordRows, rows, out); });
    std::fill(out + rows, out + kWordRows, Int128{0});
    return valid_word(view, word);
  }
  void write_key(TermKey& key) const override {
    key.number('c');
    key.column(column_);
  }

 private:
  std::uint32_t column_;
};

class RealColumn final : public Values<double> {
 public:
  explicit RealColumn(std::uint32_t column) : column_(column) {}
  std::uint64_t evaluate(const Chunk& chunk, std::size_t word,
                         double* out) const noexcept override {
    const ExpressionColumnView& view = chunk.column(column_);
    const std::size_t rows = rows_of_word(chunk, word);
    std::copy_n(static_cast<const double*>(view.values) + word * kWordRows, rows, out);
    std::fill(out + rows, out + kWordRows, 0.0);
    return valid_word(view, word);
  }
  void write_key(TermKey& key) const override {
    key.number('C');
    key.column(column_);
  }

 private:
  std::uint32_t column_;
};

template <class T>
class ConstantValue final : public Values<T> {
 public:
  explicit ConstantValue(T value) : value_(value) {}
  std::uint64_t evaluate(const Chunk& /*chunk*/, std::size_t /*word*/,
                         T* out) const noexcept override {
    std::fill_n(out, kWordRows, value_);
    return kAll;
  }
  void write_key(TermKey& key) const override {
    key.number('k');
    key.number(value_);
  }

 private:
  T value_;
};

class Scaled final : public Values<Int128> {
 public:
  Scaled(Numbers numbers, Int128 factor) : numbers_(std::move(numbers)), factor_(factor) {}
  std::uint64_t evaluate(const Chunk& chunk, std::size_t word,
                         Int128* out) const noexcept override {
    const std::uint64_t valid = numbers_->evaluate(chunk, word, out);
    for (std::size_t i = 0; i < kWordRows; ++i) {
      out[i] *= factor_;
    }
    return valid;
  }
  void write_key(TermKey& key) const override {
    key.number('s');
    key.number(factor_);
    numbers_->write_key(key);
  }

 private:
  Numbers numbers_;
  Int128 factor_;
};

class RealOfNumber final : public Values<double> {
 public:
  RealOfNumber(Numbers numbers, int scale) : numbers_(std::move(numbers)), scale_(scale) {}
  std::uint64_t evaluate(const Chunk& chunk, std::size_t word,
                         double* out) const noexcept override {
    Int128 values[kWordRows];
    const std::uint64_t valid = numbers_->evaluate(chunk, word, values);
    for (std::size_t i = 0; i < kWordRows; ++i) {
      out[i] = nearest_double(values[i], scale_);
    }
    return valid;
  }
  void write_key(TermKey& key) const override {
    key.number('d');
    key.number(scale_);
    numbers_->write_key(key);
  }

 private:
  Numbers numbers_;
  int scale_;
};

// Bits of the rows whose value is a number.
std::uint64_t numbers_only(const double* values) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < kWordRows; ++i) {
    word |= std::uint64_t{!std::isnan(values[i])} << i;
  }
  return word;
}

std::uint64_t numbers_only(const Int128* /*values*/) { return kAll; }

template <class T>
class Computed final : public Values<T> {
 public:
  Computed(Arithmetic arithmetic, Pointer<T> left, Pointer<T> right)
      : arithmetic_(arithmetic), left_(std::move(left)), right_(std::move(right)) {}
  std::uint64_t evaluate(const Chunk& chunk, std::size_t word, T* out) const noexcept override {
    T right[kWordRows];
    const std::uint64_t valid =
        left_->evaluate(chunk, word, out) & right_->evaluate(chunk, word, right);
    switch (arithmetic_) {
      case Arithmetic::kAdd:
        for (std::size_t i = 0; i < kWordRows; ++i) {
          out[i] += right[i];
        }
        break;
      case Arithmetic::kSubtract:
        for (std::size_t i = 0; i < kWordRows; ++i) {
          out[i] -= right[i];
        }
        break;
      case Arithmetic::kMultiply:
        for (std::size_t i = 0; i < kWordRows; ++i) {
          out[i] *= right[i];
        }
        break;
    }
    return valid & numbers_only(out);
  }
  void write_key(TermKey& key) const override {
    key.number('a');
    key.number(arithmetic_);
    left_->write_key(key);
    right_->write_key(key);
  }

 private:
  Arithmetic arithmetic_;
  Pointer<T> left_;
  Pointer<T> right_;
};

template <class T>
class FirstKnownValue final : public Values<T> {
 public:
  explicit FirstKnownValue(std::vector<Pointer<T>> items) : items_(std::move(items)) {}
  std::uint64_t evaluate(const Chunk& chunk, std::size_t word, T* out) const noexcept override {
    std::uint64_t known = items_.front()->evaluate(chunk, word, out);
    for (std::size_t item = 1; item < items_.size() && known != kAll; ++item) {
      T next[kWordRows];
      const std::uint64_t valid = items_[item]->evaluate(chunk, word, next);
      for (std::size_t i = 0; i < kWordRows; ++i) {
        if ((known >> i & 1U) == 0 && (valid >> i & 1U) != 0) {
          out[i] = next[i];
        }
      }
      known |= valid;
    }
    return known;
  }
  void write_key(TermKey& key) const override {
    key.number('f');
    key.number(items_.size());
    for (const Pointer<T>& item : items_) {
      item->write_key(key);
    }
  }

 private:
  std::vector<Pointer<T>> items_;
};

template <class T>
class ValueComparison final : public OpaqueTerm {
 public:
  ValueComparison(Comparison comparison, Pointer<T> left, Pointer<T> right)
      : comparison_(comparison), left_(std::move(left)), right_(std::move(right)) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    T left[kWordRows];
    T right[kWordRows];
    for (std::size_t w = 0; w < chunk.words(); ++w) {
      const std::uint64_t known =
          left_->evaluate(chunk, w, left) & right_->evaluate(chunk, w, right);
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < kWordRows; ++i) {
        word |= std::uint64_t{holds<T>(comparison_, left[i], right[i])} << i;
      }
      out.is_true[w] = word & known;
      out.is_null[w] = ~known;
    }
  }
  void write_key(TermKey& key) const override {
    key.number('v');
    key.number(sizeof(T));
    key.number(comparison_);
    left_->write_key(key);
    right_->write_key(key);
  }

 private:
  Comparison comparison_;
  Pointer<T> left_;
  Pointer<T> right_;
};

class WideComparison final : public OpaqueTerm {
 public:
  WideComparison(Comparison comparison, Numbers left, int left_scale, Numbers right,
                 int right_scale)
      : comparison_(comparison),
        left_(std::move(left)),
        right_(std::move(right)),
        left_scale_(left_scale),
        right_scale_(right_scale) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    Int128 left[kWordRows];
    Int128 right[kWordRows];
    for (std::size_t w = 0; w < chunk.words(); ++w) {
      const std::uint64_t known =
          left_->evaluate(chunk, w, left) & right_->evaluate(chunk, w, right);
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < kWordRows; ++i) {
        const int order = order_of_scaled(left[i], left_scale_, right[i], right_scale_);
        word |= std::uint64_t{holds(comparison_, order, 0)} << i;
      }
      out.is_true[w] = word & known;
      out.is_null[w] = ~known;
    }
  }
  void write_key(TermKey& key) const override {
    key.number('w');
    key.number(comparison_);
    key.number(left_scale_);
    key.number(right_scale_);
    left_->write_key(key);
    right_->write_key(key);
  }

 private:
  Comparison comparison_;
  Numbers left_;
  Numbers right_;
  int left_scale_;
  int right_scale_;
};

template <class T>
class ValueIsNull final : public OpaqueTerm {
 public:
  explicit ValueIsNull(Pointer<T> values) : values_(std::move(values)) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    T values[kWordRows];
    for (std::size_t w = 0; w < chunk.words(); ++w) {
      out.is_true[w] = ~values_->evaluate(chunk, w, values);
      out.is_null[w] = 0;
    }
  }
  void write_key(TermKey& key) const override {
    key.number('u');
    key.number(sizeof(T));
    values_->write_key(key);
  }

 private:
  Pointer<T> values_;
};

class ValueSet final : public OpaqueTerm {
 public:
  ValueSet(Numbers numbers, std::vector<Int128> values, bool has_null)
      : numbers_(std::move(numbers)), values_(std::move(values)), has_null_(has_null) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    Int128 numbers[kWordRows];
    for (std::size_t w = 0; w < chunk.words(); ++w) {
      const std::uint64_t known = numbers_->evaluate(chunk, w, numbers);
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < kWordRows; ++i) {
        word |= std::uint64_t{std::binary_search(values_.begin(), values_.end(), numbers[i])} << i;
      }
      out.is_true[w] = word & known;
      out.is_null[w] = has_null_ ? ~out.is_true[w] : ~known;
    }
  }
  void write_key(TermKey& key) const override {
    key.number('m');
    key.number(has_null_);
    key.numbers(values_);
    numbers_->write_key(key);
  }

 private:
  Numbers numbers_;
  std::vector<Int128> values_;
  bool has_null_;
};

}  // namespace

Numbers make_numbers(std::uint32_t column) { return std::make_shared<NumberColumn>(column); }
Numbers make_numbers(Int128 constant) { return std::make_shared<ConstantValue<Int128>>(constant); }

Numbers make_scaled(Numbers numbers, Int128 factor) {
  return factor == 1 ? std::move(numbers) : std::make_shared<Scaled>(std::move(numbers), factor);
}

Numbers make_arithmetic(Arithmetic arithmetic, Numbers left, Numbers right) {
  return std::make_shared<Computed<Int128>>(arithmetic, std::move(left), std::move(right));
}

Numbers make_first_known(std::vector<Numbers> items) {
  return std::make_shared<FirstKnownValue<Int128>>(std::move(items));
}

Reals make_reals(std::uint32_t column) { return std::make_shared<RealColumn>(column); }
Reals make_reals(double constant) { return std::make_shared<ConstantValue<double>>(constant); }

Reals make_reals(Numbers numbers, int scale) {
  return std::make_shared<RealOfNumber>(std::move(numbers), scale);
}

Reals make_arithmetic(Arithmetic arithmetic, Reals left, Reals right) {
  return std::make_shared<Computed<double>>(arithmetic, std::move(left), std::move(right));
}

Reals make_first_known(std::vector<Reals> items) {
  return std::make_shared<FirstKnownValue<double>>(std::move(items));
}

TermPointer make_comparison(Comparison comparison, Numbers left, Numbers right) {
  return std::make_shared<ValueComparison<Int128>>(comparison, std::move(left), std::move(right));
}

TermPointer make_wide_comparison(Comparison comparison, Numbers left, int left_scale, Numbers right,
                                 int right_scale) {
  return std::make_shared<WideComparison>(comparison, std::move(left), left_scale, std::move(right),
                                          right_scale);
}

TermPointer make_comparison(Comparison comparison, Reals left, Reals right) {
  return std::make_shared<ValueComparison<double>>(comparison, std::move(left), std::move(right));
}

TermPointer make_is_null(Numbers numbers) {
  return std::make_shared<ValueIsNull<Int128>>(std::move(numbers));
}

TermPointer make_is_null(Reals reals) {
  return std::make_shared<ValueIsNull<double>>(std::move(reals));
}

TermPointer make_number_set(Numbers numbers, std::vector<Int128> values, bool has_null) {
  return std::make_shared<ValueSet>(std::move(numbers), std::move(values), has_null);
}

}  // namespace quintile::query
