#pragma once

#include <cstddef>
#include <cstdint>

// The unit of work and the marks for "no value" that all kernel families share.
namespace quintile::kernels {

/// Rows of one block: the span of one Roaring container, and what one kernel call is meant for.
inline constexpr std::size_t kBlockRows = 65536;

/// Words of a full bitmap over one block (64 rows a word, row 0 in the lowest bit).
inline constexpr std::size_t kBlockWords = kBlockRows / 64;

/// An age in days (recency, first_days) that does not exist.
inline constexpr std::uint16_t kNoAge = 0xFFFF;

/// `last_day` of a contact without a purchase. Day numbers start at 1 (1900-01-01).
inline constexpr std::uint16_t kNoLastDay = 0;

/// `first_day` of a contact without a purchase; no accepted day has this number.
inline constexpr std::uint16_t kNoFirstDay = 0xFFFF;

/// Number of bitmap words that cover `rows` rows.
constexpr std::size_t words_for(std::size_t rows) noexcept { return (rows + 63) / 64; }

}  // namespace quintile::kernels
