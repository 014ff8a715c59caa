#pragma once

#include <cstdint>
#include <span>

// SQL's three truth values over rows, as two bitmaps (64 rows a word, row 0 in the lowest bit).
namespace quintile::kernels {

/// Where conditions are written: a row is true, unknown (NULL), or, with neither bit set, false; no
/// row has both bits set. Bits past the last row are written as zero.
/// `is_null` may be empty: the caller knows that nothing is unknown, or does not ask.
struct TruthWords {
  std::span<std::uint64_t> is_true;
  std::span<std::uint64_t> is_null;
};

}  // namespace quintile::kernels
