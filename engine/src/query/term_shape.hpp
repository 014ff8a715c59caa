// What a term is, for those who evaluate it by other means than Term::evaluate().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace quintile::query {

class Term;
class OpaqueTerm;

// One per function of term.hpp that makes terms; columns are numbered as the expression numbers
// its views. References are to what the term owns.
namespace shape {
struct Constant {
  bool is_true;
  bool is_null;
};
struct BoolColumn {
  std::uint32_t column;
};
struct ColumnIsNull {
  std::uint32_t column;
};
// Whole numbers.
struct Interval {
  std::uint32_t column;
  std::int64_t low;
  std::int64_t high;
  bool negated;
};
// A column of doubles; low > high holds none.
struct RealInterval {
  std::uint32_t column;
  double low;
  double high;
  bool negated;
};
struct NumberSet {
  std::uint32_t column;
  std::span<const std::int64_t> values;
  bool has_null;
};
struct CodeSet {
  std::uint32_t column;
  std::span<const std::uint64_t> codes;
  bool has_null;
};
struct Not {
  const Term& operand;
};
struct And {
  std::span<const std::shared_ptr<const Term>> operands;
};
struct Or {
  std::span<const std::shared_ptr<const Term>> operands;
};
struct IsNull {
  const Term& operand;
};
struct BoolEqual {
  const Term& left;
  const Term& right;
};
struct BoolDistinct {
  const Term& left;
  const Term& right;
};
struct Distinct {
  const Term& equal;
  const Term& left_is_null;
  const Term& right_is_null;
};
// COALESCE of conditions.
struct FirstKnown {
  std::span<const std::shared_ptr<const Term>> items;
};
// Anything else over columns.
struct Opaque {
  const OpaqueTerm& term;
};
}  // namespace shape

using TermShape =
    std::variant<shape::Constant, shape::BoolColumn, shape::ColumnIsNull, shape::Interval,
                 shape::RealInterval, shape::NumberSet, shape::CodeSet, shape::Not, shape::And,
                 shape::Or, shape::IsNull, shape::BoolEqual, shape::BoolDistinct, shape::Distinct,
                 shape::FirstKnown, shape::Opaque>;

// What an opaque term computes, as bytes: terms with equal keys are equal. Gathers the views that
// the term reads as well, by the numbers that `view_of` gives to its columns.
class TermKey {
 public:
  explicit TermKey(std::function<std::uint32_t(std::uint32_t)> view_of)
      : view_of_(std::move(view_of)) {}

  template <class T>
  void number(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    text_.append(reinterpret_cast<const char*>(&value), sizeof(T));
  }
  template <class T>
  void numbers(const std::vector<T>& values) {
    number(values.size());
    for (const T& value : values) {
      number(value);
    }
  }
  void column(std::uint32_t index) {
    const std::uint32_t view = view_of_(index);
    number(view);
    views_.push_back(view);
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  // In the order of reading, perhaps with repetitions.
  [[nodiscard]] const std::vector<std::uint32_t>& views() const noexcept { return views_; }

 private:
  std::function<std::uint32_t(std::uint32_t)> view_of_;
  std::string text_;
  std::vector<std::uint32_t> views_;
};

}  // namespace quintile::query
