// Reading columns of a chunk, whatever their width.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "query/term.hpp"

namespace quintile::query {

// Call `use` with a pointer to the whole numbers of a column, by their width.
template <class Use>
void with_numbers(const ExpressionColumnView& view, const Use& use) {
  switch (view.value_bytes) {
    case 1:
      return use(static_cast<const std::uint8_t*>(view.values));
    case 2:
      return use(static_cast<const std::uint16_t*>(view.values));
    case 4:
      return use(static_cast<const std::int32_t*>(view.values));
    default:
      return use(static_cast<const std::int64_t*>(view.values));
  }
}

template <class Use>
void with_codes(const ExpressionColumnView& view, const Use& use) {
  switch (view.value_bytes) {
    case 1:
      return use(static_cast<const std::uint8_t*>(view.values));
    case 2:
      return use(static_cast<const std::uint16_t*>(view.values));
    default:
      return use(static_cast<const std::uint32_t*>(view.values));
  }
}

template <class T>
bool holds(Comparison comparison, const T& left, const T& right) {
  switch (comparison) {
    case Comparison::kEqual:
      return left == right;
    case Comparison::kNotEqual:
      return left != right;
    case Comparison::kLess:
      return left < right;
    case Comparison::kLessEqual:
      return left <= right;
    case Comparison::kGreater:
      return left > right;
    case Comparison::kGreaterEqual:
      return left >= right;
  }
  return false;
}

// What holds of (b, a) when `comparison` holds of (a, b).
inline Comparison mirrored(Comparison comparison) noexcept {
  switch (comparison) {
    case Comparison::kLess:
      return Comparison::kGreater;
    case Comparison::kLessEqual:
      return Comparison::kGreaterEqual;
    case Comparison::kGreater:
      return Comparison::kLess;
    case Comparison::kGreaterEqual:
      return Comparison::kLessEqual;
    case Comparison::kEqual:
    case Comparison::kNotEqual:
      break;
  }
  return comparison;
}

// The rows of word `word` of a chunk: 64, or fewer in the last.
inline std::size_t rows_of_word(const Chunk& chunk, std::size_t word) noexcept {
  return std::min<std::size_t>(64, chunk.rows() - word * 64);
}

// The rows of word `word` that are not NULL.
inline std::uint64_t valid_word(const ExpressionColumnView& view, std::size_t word) noexcept {
  return view.valid == nullptr ? ~std::uint64_t{0} : view.valid[word];
}

}  // namespace quintile::query
