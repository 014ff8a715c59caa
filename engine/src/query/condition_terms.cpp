// Terms over the results of other terms.
#include <algorithm>
#include <utility>

#include "query/term.hpp"

namespace quintile::query {
namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};

class Constant final : public Term {
 public:
  Constant(bool is_true, bool is_null) : is_true_(is_true), is_null_(is_null) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    std::fill_n(out.is_true, chunk.words(), is_true_ ? kAll : 0);
    std::fill_n(out.is_null, chunk.words(), is_null_ ? kAll : 0);
  }
  [[nodiscard]] TermShape shape() const noexcept override {
    return shape::Constant{is_true_, is_null_};
  }

 private:
  bool is_true_;
  bool is_null_;
};

class Not final : public Term {
 public:
  explicit Not(TermPointer operand) : operand_(std::move(operand)) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    operand_->evaluate(chunk, out);
    for (std::size_t w = 0; w < chunk.words(); ++w) {
      out.is_true[w] = ~(out.is_true[w] | out.is_null[w]);
    }
  }
  [[nodiscard]] std::size_t depth() const noexcept override { return operand_->depth(); }
  [[nodiscard]] TermShape shape() const noexcept override { return shape::Not{*operand_}; }

 private:
  TermPointer operand_;
};

std::size_t deepest(const std::vector<TermPointer>& operands) {
  std::size_t depth = 0;
  for (const TermPointer& operand : operands) {
    depth = std::max(depth, operand->depth());
  }
  return depth;
}

class And final : public Term {
 public:
  explicit And(std::vector<TermPointer> operands)
      : operands_(std::move(operands)), depth_(deepest(operands_) + 1) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    operands_.front()->evaluate(chunk, out);
    const Truth next = chunk.take();
    for (std::size_t i = 1; i < operands_.size(); ++i) {
      operands_[i]->evaluate(chunk, next);
      for (std::size_t w = 0; w < chunk.words(); ++w) {
        const std::uint64_t both = out.is_true[w] & next.is_true[w];
        const std::uint64_t neither_false =
            (out.is_true[w] | out.is_null[w]) & (next.is_true[w] | next.is_null[w]);
        out.is_true[w] = both;
        out.is_null[w] = neither_false & ~both;
      }
    }
    chunk.give_back();
  }
  [[nodiscard]] std::size_t depth() const noexcept override { return depth_; }
  [[nodiscard]] TermShape shape() const noexcept override { return shape::And{operands_}; }

 private:
  std::vector<TermPointer> operands_;
  std::size_t depth_;
};

class Or final : public Term {
 public:
  explicit Or(std::vector<TermPointer> operands)
      : operands_(std::move(operands)), depth_(deepest(operands_) + 1) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    operands_.front()->evaluate(chunk, out);
    const Truth next = chunk.take();
    for (std::size_t i = 1; i < operands_.size(); ++i) {
      operands_[i]->evaluate(chunk, next);
      for (std::size_t w = 0; w < chunk.words(); ++w) {
        out.is_true[w] |= next.is_true[w];
        out.is_null[w] = (out.is_null[w] | next.is_null[w]) & ~out.is_true[w];
      }
    }
    chunk.give_back();
  }
  [[nodiscard]] std::size_t depth() const noexcept override { return depth_; }
  [[nodiscard]] TermShape shape() const noexcept override { return shape::Or{operands_}; }

 private:
  std::vector<TermPointer> operands_;
  std::size_t depth_;
};

class IsNull final : public Term {
 public:
  explicit IsNull(TermPointer operand) : operand_(std::move(operand)) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    operand_->evaluate(chunk, out);
    std::copy_n(out.is_null, chunk.words(), out.is_true);
    std::fill_n(out.is_null, chunk.words(), 0);
  }
  [[nodiscard]] std::size_t depth() const noexcept override { return operand_->depth(); }
  [[nodiscard]] TermShape shape() const noexcept override { return shape::IsNull{*operand_}; }

 private:
  TermPointer operand_;
};

// Two conditions side by side.
class BoolPair final : public Term {
 public:
  enum class Kind : std::uint8_t { kEqual, kDistinct };
  BoolPair(Kind kind, TermPointer left, TermPointer right)
      : kind_(kind), left_(std::move(left)), right_(std::move(right)) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    left_->evaluate(chunk, out);
    const Truth right = chunk.take();
    right_->evaluate(chunk, right);
    for (std::size_t w = 0; w < chunk.words(); ++w) {
      const std::uint64_t differ = out.is_true[w] ^ right.is_true[w];
      if (kind_ == Kind::kEqual) {
        out.is_null[w] |= right.is_null[w];
        out.is_true[w] = ~differ & ~out.is_null[w];
      } else {
        out.is_true[w] = differ | (out.is_null[w] ^ right.is_null[w]);
        out.is_null[w] = 0;
      }
    }
    chunk.give_back();
  }
  [[nodiscard]] std::size_t depth() const noexcept override {
    return std::max(left_->depth(), right_->depth() + 1);
  }
  [[nodiscard]] TermShape shape() const noexcept override {
    if (kind_ == Kind::kEqual) {
      return shape::BoolEqual{*left_, *right_};
    }
    return shape::BoolDistinct{*left_, *right_};
  }

 private:
  Kind kind_;
  TermPointer left_;
  TermPointer right_;
};

class Distinct final : public Term {
 public:
  Distinct(TermPointer equal, TermPointer left_is_null, TermPointer right_is_null)
      : equal_(std::move(equal)),
        left_is_null_(std::move(left_is_null)),
        right_is_null_(std::move(right_is_null)) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    equal_->evaluate(chunk, out);
    const Truth left = chunk.take();
    left_is_null_->evaluate(chunk, left);
    const Truth right = chunk.take();
    right_is_null_->evaluate(chunk, right);
    for (std::size_t w = 0; w < chunk.words(); ++w) {
      const std::uint64_t both_null = left.is_true[w] & right.is_true[w];
      out.is_true[w] = ~(out.is_true[w] | both_null);
      out.is_null[w] = 0;
    }
    chunk.give_back();
    chunk.give_back();
  }
  [[nodiscard]] std::size_t depth() const noexcept override {
    return std::max({equal_->depth(), left_is_null_->depth() + 1, right_is_null_->depth() + 2});
  }
  [[nodiscard]] TermShape shape() const noexcept override {
    return shape::Distinct{*equal_, *left_is_null_, *right_is_null_};
  }

 private:
  TermPointer equal_;
  TermPointer left_is_null_;
  TermPointer right_is_null_;
};

}  // namespace

TermPointer make_constant(bool is_true, bool is_null) {
  return std::make_unique<Constant>(is_true, is_null);
}

TermPointer make_not(TermPointer operand) { return std::make_unique<Not>(std::move(operand)); }

TermPointer make_and(std::vector<TermPointer> operands) {
  return std::make_unique<And>(std::move(operands));
}

TermPointer make_or(std::vector<TermPointer> operands) {
  return std::make_unique<Or>(std::move(operands));
}

TermPointer make_is_null(TermPointer operand) {
  return std::make_unique<IsNull>(std::move(operand));
}

TermPointer make_bool_equal(TermPointer left, TermPointer right) {
  return std::make_unique<BoolPair>(BoolPair::Kind::kEqual, std::move(left), std::move(right));
}

TermPointer make_bool_distinct(TermPointer left, TermPointer right) {
  return std::make_unique<BoolPair>(BoolPair::Kind::kDistinct, std::move(left), std::move(right));
}

TermPointer make_distinct(TermPointer equal, TermPointer left_is_null, TermPointer right_is_null) {
  return std::make_unique<Distinct>(std::move(equal), std::move(left_is_null),
                                    std::move(right_is_null));
}

}  // namespace quintile::query
