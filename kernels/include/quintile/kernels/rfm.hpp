#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// Values to tiers, tiers to cells, cells to class codes.
//
// Tier of a value, for cut points c_1 <= ... <= c_(k-1): 1 + #{c_i < value}; reversed (recency:
// small is best) k - #{c_i < value}. Equal values share a tier. 0 = the contact has no value.
// Bounds "value >= b" are cut points b - 1, bounds "value <= b" are cut points b.
//
// All functions: any number of rows (a block at a time keeps the outputs in the caches), all row
// spans of one length, noexcept, nothing allocated, threads may run over disjoint outputs.
namespace quintile::kernels {

inline constexpr std::size_t kCutsMax = 9;  // k <= 10
inline constexpr unsigned kFlagBitsMax = 8;
/// Largest class table: 11 * 11 * 11 cells times 2^8 flags.
inline constexpr std::size_t kClassTableMax = 11U * 11U * 11U << kFlagBitsMax;

/// Tiers of a u16 column where kNoAge (0xFFFF) means no value. At most kCutsMax ascending cuts.
void tiers_u16(std::span<const std::uint16_t> values, std::span<const std::uint16_t> cuts,
               bool reversed, std::span<std::uint8_t> tiers) noexcept;

/// Tiers of a u32 column where 0 means no value.
void tiers_u32(std::span<const std::uint32_t> values, std::span<const std::uint32_t> cuts,
               bool reversed, std::span<std::uint8_t> tiers) noexcept;

/// Tiers of an i64 column; `valid`: bit i clear = no value, empty = every row has one.
void tiers_i64(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
               std::span<const std::int64_t> cuts, bool reversed,
               std::span<std::uint8_t> tiers) noexcept;

/// flags[i] |= bit when low <= values[i] <= high. Values that stand for "none" are compared like
/// others: choose the bounds so that they fall outside. `bit` has any bits of the u8.
void flag_range_u16(std::span<const std::uint16_t> values, std::uint16_t low, std::uint16_t high,
                    std::uint8_t bit, std::span<std::uint8_t> flags) noexcept;
void flag_range_u32(std::span<const std::uint32_t> values, std::uint32_t low, std::uint32_t high,
                    std::uint8_t bit, std::span<std::uint8_t> flags) noexcept;
void flag_range_i64(std::span<const std::int64_t> values, std::int64_t low, std::int64_t high,
                    std::uint8_t bit, std::span<std::uint8_t> flags) noexcept;

/// Tiers per dimension, 2 to 10; a cell is (r * (f_tiers + 1) + f) * (m_tiers + 1) + m.
struct CellShape {
  std::uint8_t r_tiers = 5;
  std::uint8_t f_tiers = 5;
  std::uint8_t m_tiers = 5;
};
constexpr std::size_t cell_count(const CellShape& shape) noexcept {
  return (shape.r_tiers + std::size_t{1}) * (shape.f_tiers + std::size_t{1}) *
         (shape.m_tiers + std::size_t{1});
}

/// Cell numbers, tiers 0 included, so at most 1331.
void cells(std::span<const std::uint8_t> r, std::span<const std::uint8_t> f,
           std::span<const std::uint8_t> m, const CellShape& shape,
           std::span<std::uint16_t> cell) noexcept;

/// codes[i] = table[(cell[i] << flag_bits) + flags[i]]; flags empty = 0 for every row (flag_bits
/// may still be > 0). Preconditions: every index < table.size() (debug builds check), flag_bits
/// <= 8.
void classify(std::span<const std::uint16_t> cell, std::span<const std::uint8_t> flags,
              std::span<const std::uint8_t> table, unsigned flag_bits,
              std::span<std::uint8_t> codes) noexcept;

struct ScoreColumns {
  std::span<const std::uint16_t> recency;         // days; kNoAge = none
  std::span<const std::uint32_t> frequency;       // 0 = none
  std::span<const std::int64_t> monetary;         // minor units
  std::span<const std::uint64_t> monetary_valid;  // bitmap; empty = where frequency > 0
  std::span<const std::uint8_t> flags;            // empty = 0 for every row
};

struct ScoreRule {
  std::span<const std::uint16_t> recency_cuts;  // 1 to kCutsMax, ascending
  std::span<const std::uint32_t> frequency_cuts;
  std::span<const std::int64_t> monetary_cuts;
  std::span<const std::uint8_t> table;  // cell_count(shape) << flag_bits class codes
  unsigned flag_bits = 0;
};

struct ScoreCodes {
  std::span<std::uint8_t> r;
  std::span<std::uint8_t> f;
  std::span<std::uint8_t> m;
  std::span<std::uint8_t> codes;
  // Write the tiers past the caches: for tiers that are not read soon and exceed the caches, which
  // otherwise read every line before it is overwritten. Needs tiers that begin on cache lines.
  bool stream_tiers = false;
};

/// The four steps above in one pass: tiers of the three columns (recency reversed), cell, class.
/// The shape is cuts + 1 tiers per dimension. Equals calling tiers_*, cells and classify.
/// Preconditions: every flag < 2^flag_bits; table.size() >= cells << flag_bits.
/// Cost: 14 bytes read and 4 written per row (15 with flags, 1/8 more with monetary_valid).
void score(const ScoreColumns& columns, const ScoreRule& rule, const ScoreCodes& out) noexcept;

/// codes[i] = code where bit i of `rows` is clear: codes of contacts outside a population.
void fill_codes_outside(std::span<const std::uint64_t> rows, std::uint8_t code,
                        std::span<std::uint8_t> codes) noexcept;

/// codes[i] = to where bit i of `rows` is set and codes[i] == from, as lapsed -> prospect.
void replace_codes(std::span<const std::uint64_t> rows, std::uint8_t from, std::uint8_t to,
                   std::span<std::uint8_t> codes) noexcept;

}  // namespace quintile::kernels
