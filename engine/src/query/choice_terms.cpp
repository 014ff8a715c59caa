// COALESCE of texts and of conditions.
#include <algorithm>
#include <optional>
#include <utility>

#include "query/column_access.hpp"
#include "query/value_terms.hpp"

namespace quintile::query {
namespace {

// Call use(row in word, code) for the rows of `wanted` in which a column is not NULL; return these.
template <class Use>
std::uint64_t for_codes(const Chunk& chunk, std::uint32_t column, std::size_t word,
                        std::uint64_t wanted, const Use& use) {
  const ExpressionColumnView& view = chunk.column(column);
  const std::uint64_t known = wanted & valid_word(view, word);
  const std::size_t rows = rows_of_word(chunk, word);
  with_codes(view, [&](const auto* codes) {
    for (std::size_t i = 0; i < rows; ++i) {
      if ((known >> i & 1U) != 0) {
        use(i, std::size_t{codes[word * kWordRows + i]});
      }
    }
  });
  return known;
}

void write_column(std::optional<std::uint32_t> column, TermKey& key) {
  key.number(column.has_value());
  if (column) {
    key.column(*column);
  }
}

class TextTest final : public OpaqueTerm {
 public:
  TextTest(std::vector<CodeTest> leaves, bool has_null)
      : leaves_(std::move(leaves)), has_null_(has_null) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    for (std::size_t w = 0; w < chunk.words(); ++w) {
      std::uint64_t open = ~std::uint64_t{0};
      std::uint64_t passed = 0;
      for (const CodeTest& leaf : leaves_) {
        if (!leaf.column) {
          passed |= leaf.passes ? open : 0;
          open = 0;
          break;
        }
        open &= ~for_codes(chunk, *leaf.column, w, open, [&](std::size_t i, std::size_t code) {
          const bool passes =
              code / 64 < leaf.codes.size() && (leaf.codes[code / 64] >> (code % 64) & 1U) != 0;
          passed |= std::uint64_t{passes} << i;
        });
      }
      out.is_true[w] = passed;
      out.is_null[w] = has_null_ ? ~passed : open;
    }
  }
  void write_key(TermKey& key) const override {
    key.number('t');
    key.number(has_null_);
    key.number(leaves_.size());
    for (const CodeTest& leaf : leaves_) {
      write_column(leaf.column, key);
      key.numbers(leaf.codes);
      key.number(leaf.passes);
    }
  }

 private:
  std::vector<CodeTest> leaves_;
  bool has_null_;
};

class TextComparison final : public OpaqueTerm {
 public:
  TextComparison(Comparison comparison, std::vector<TextRanks> left, std::vector<TextRanks> right)
      : comparison_(comparison), left_(std::move(left)), right_(std::move(right)) {}
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    Ranks left;
    Ranks right;
    for (std::size_t w = 0; w < chunk.words(); ++w) {
      const std::uint64_t known = find(chunk, w, left_, left) & find(chunk, w, right_, right);
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < kWordRows; ++i) {
        const bool listed = left.values[i] != kNoRank && right.values[i] != kNoRank;
        word |= std::uint64_t{listed && holds(comparison_, left.values[i], right.values[i])} << i;
      }
      out.is_true[w] = word & known;
      out.is_null[w] = ~known;
    }
  }
  void write_key(TermKey& key) const override {
    key.number('T');
    key.number(comparison_);
    for (const auto* side : {&left_, &right_}) {
      key.number(side->size());
      for (const TextRanks& leaf : *side) {
        write_column(leaf.column, key);
        key.numbers(leaf.ranks);
      }
    }
  }

 private:
  static constexpr std::uint32_t kNoRank = 0xFFFFFFFF;  // a code past the dictionary
  struct Ranks {
    std::uint32_t values[kWordRows];
  };
  static std::uint64_t find(const Chunk& chunk, std::size_t word,
                            const std::vector<TextRanks>& leaves, Ranks& out) {
    std::fill_n(out.values, kWordRows, kNoRank);
    std::uint64_t open = ~std::uint64_t{0};
    for (const TextRanks& leaf : leaves) {
      if (!leaf.column) {
        for (std::size_t i = 0; i < kWordRows; ++i) {
          out.values[i] = (open >> i & 1U) != 0 ? leaf.ranks.front() : out.values[i];
        }
        return ~std::uint64_t{0};
      }
      open &= ~for_codes(chunk, *leaf.column, word, open, [&](std::size_t i, std::size_t code) {
        out.values[i] = code < leaf.ranks.size() ? leaf.ranks[code] : kNoRank;
      });
    }
    return ~open;
  }

  Comparison comparison_;
  std::vector<TextRanks> left_;
  std::vector<TextRanks> right_;
};

class FirstKnownCondition final : public Term {
 public:
  explicit FirstKnownCondition(std::vector<TermPointer> items) : items_(std::move(items)) {
    for (const TermPointer& item : items_) {
      depth_ = std::max(depth_, item->depth() + 1);
    }
  }
  void evaluate(Chunk& chunk, Truth out) const noexcept override {
    items_.front()->evaluate(chunk, out);
    const Truth next = chunk.take();
    for (std::size_t i = 1; i < items_.size(); ++i) {
      items_[i]->evaluate(chunk, next);
      for (std::size_t w = 0; w < chunk.words(); ++w) {
        out.is_true[w] |= out.is_null[w] & next.is_true[w];
        out.is_null[w] &= next.is_null[w];
      }
    }
    chunk.give_back();
  }
  [[nodiscard]] std::size_t depth() const noexcept override { return depth_; }
  [[nodiscard]] TermShape shape() const noexcept override { return shape::FirstKnown{items_}; }

 private:
  std::vector<TermPointer> items_;
  std::size_t depth_ = 0;
};

}  // namespace

TermPointer make_text_test(std::vector<CodeTest> leaves, bool has_null) {
  return std::make_shared<TextTest>(std::move(leaves), has_null);
}

TermPointer make_text_comparison(Comparison comparison, std::vector<TextRanks> left,
                                 std::vector<TextRanks> right) {
  return std::make_shared<TextComparison>(comparison, std::move(left), std::move(right));
}

TermPointer make_first_known(std::vector<TermPointer> items) {
  return std::make_shared<FirstKnownCondition>(std::move(items));
}

}  // namespace quintile::query
