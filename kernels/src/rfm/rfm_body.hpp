#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "bytes_below.hpp"
#include "lanes.hpp"
#include "quintile/kernels/block.hpp"
#include "quintile/kernels/rfm.hpp"

// Tiers, cells and classes, kBytes<Arch> rows a step.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

template <typename Value, class Arch>
using Cuts = Thresholds<Value, Arch, kCutsMax>;

// 1 in the bytes of rows whose value equals `none`, else 0.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_equal(const std::uint16_t* values,
                                                                    std::uint16_t none) {
  using Word = Lanes<std::uint16_t, Arch>;
  const Word wanted(none);
  const auto count = [&](std::size_t j) {
    return increment_where(Word(0), Word::load_unaligned(values + j * Word::size) == wanted);
  };
  return narrow<Arch>(count(0), count(1));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_equal(const std::uint32_t* values,
                                                                    std::uint32_t none) {
  using Word = Lanes<std::uint32_t, Arch>;
  const Word wanted(none);
  const auto count = [&](std::size_t j) {
    return increment_where(Word(0), Word::load_unaligned(values + j * Word::size) == wanted);
  };
  return narrow<Arch>(count(0), count(1), count(2), count(3));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> tiers_from(Lanes<std::uint8_t, Arch> below,
                                                                   std::size_t cut_count,
                                                                   bool reversed) {
  using Bytes = Lanes<std::uint8_t, Arch>;
  if (reversed) return Bytes(static_cast<std::uint8_t>(cut_count + 1)) - below;
  return below + Bytes(std::uint8_t{1});
}

// Tiers of one step of a column that marks missing values by `none`.
template <typename Value, class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> tiers_step(const Value* values,
                                                                   const Cuts<Value, Arch>& cuts,
                                                                   Value none, bool reversed) {
  const auto tiers = tiers_from<Arch>(bytes_below<Arch>(values, cuts), cuts.count, reversed);
  // missing is 1 or 0, so missing - 1 is the mask of the rows that have a value.
  const auto missing = bytes_equal<Arch>(values, none);
  return tiers & (missing - Lanes<std::uint8_t, Arch>(std::uint8_t{1}));
}

template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> tiers_step(
    const std::int64_t* values, std::uint64_t valid_bits, const Cuts<std::int64_t, Arch>& cuts,
    bool reversed) {
  return keep_where_bits<Arch>(
      tiers_from<Arch>(bytes_below<Arch>(values, cuts), cuts.count, reversed), valid_bits);
}

// Runs `step(values, out, row)` over whole steps, and over a zero-filled copy of what is left.
template <class Arch, typename Value, typename Out, typename Step>
[[gnu::always_inline]] inline void for_steps(const Value* values, Out* out, std::size_t rows,
                                             const Step& step) {
  constexpr std::size_t kStep = kBytes<Arch>;
  std::size_t row = 0;
  for (; row + kStep <= rows; row += kStep)
    step(values + row, out + row, row);
  if (row == rows) return;
  Value padded[kStep] = {};
  Out result[kStep] = {};
  for (std::size_t i = row; i < rows; ++i) {
    padded[i - row] = values[i];
    result[i - row] = out[i];
  }
  step(padded, result, row);
  for (std::size_t i = row; i < rows; ++i)
    out[i] = result[i - row];
}

template <class Arch, typename Value>
void tiers(std::span<const Value> values, std::span<const Value> cut_values, Value none,
           bool reversed, std::span<std::uint8_t> out) noexcept {
  const Cuts<Value, Arch> cuts(cut_values);
  for_steps<Arch>(values.data(), out.data(), values.size(),
                  [&](const Value* from, std::uint8_t* to, std::size_t) {
                    tiers_step<Value, Arch>(from, cuts, none, reversed).store_unaligned(to);
                  });
}

template <class Arch>
void tiers_where(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
                 std::span<const std::int64_t> cut_values, bool reversed,
                 std::span<std::uint8_t> out) noexcept {
  const Cuts<std::int64_t, Arch> cuts(cut_values);
  const std::uint64_t* words = valid.empty() ? nullptr : valid.data();
  for_steps<Arch>(values.data(), out.data(), values.size(),
                  [&](const std::int64_t* from, std::uint8_t* to, std::size_t row) {
                    const std::uint64_t bits =
                        words == nullptr ? ~std::uint64_t{0} : bits_at<Arch>(words, row);
                    tiers_step<Arch>(from, bits, cuts, reversed).store_unaligned(to);
                  });
}

// flags |= bit in range. Outside = low > value, or value > high; a step counts both, as with cuts.
template <class Arch, typename Value>
void flag_range(std::span<const Value> values, Value low, Value high, std::uint8_t bit,
                std::span<std::uint8_t> flags) noexcept {
  using Bytes = Lanes<std::uint8_t, Arch>;
  using Word = Lanes<Signed<Value>, Arch>;
  if (low > high) return;
  const Word lowest = broadcast_ordered<Value, Arch>(low);
  const Word highest = broadcast_ordered<Value, Arch>(high);
  const auto outside = [&](const Value* from) {
    const Word value = load_ordered<Value, Arch>(from);
    const Word above = increment_where(Word(0), value > highest);
    return xsimd::bitwise_cast<std::make_unsigned_t<Value>>(increment_where(above, lowest > value));
  };
  for_steps<Arch>(values.data(), flags.data(), values.size(),
                  [&](const Value* from, std::uint8_t* to, std::size_t) {
                    constexpr std::size_t n = Word::size;
                    Bytes out(0);
                    if constexpr (sizeof(Value) == 2) {
                      out = narrow<Arch>(outside(from), outside(from + n));
                    } else if constexpr (sizeof(Value) == 4) {
                      out = narrow<Arch>(outside(from), outside(from + n), outside(from + 2 * n),
                                         outside(from + 3 * n));
                    } else {
                      out = narrow_halves<Arch>(
                          narrow_wide<Arch>(outside(from), outside(from + n), outside(from + 2 * n),
                                            outside(from + 3 * n)),
                          narrow_wide<Arch>(outside(from + 4 * n), outside(from + 5 * n),
                                            outside(from + 6 * n), outside(from + 7 * n)));
                    }
                    // 1 outside, 0 inside: minus one is the mask of the rows inside.
                    const Bytes inside = (out - Bytes(std::uint8_t{1})) & Bytes(bit);
                    (Bytes::load_unaligned(to) | inside).store_unaligned(to);
                  });
}

template <class Arch>
void cells_of(std::span<const std::uint8_t> r, std::span<const std::uint8_t> f,
              std::span<const std::uint8_t> m, const CellShape& shape,
              std::span<std::uint16_t> cell) noexcept {
  using Words = Lanes<std::uint16_t, Arch>;
  const auto f_stride = static_cast<std::uint16_t>(shape.f_tiers + 1);
  const auto m_stride = static_cast<std::uint16_t>(shape.m_tiers + 1);
  std::size_t row = 0;
  for (; row + Words::size <= cell.size(); row += Words::size) {
    const Words rf =
        load_widened<Arch>(r.data() + row) * Words(f_stride) + load_widened<Arch>(f.data() + row);
    (rf * Words(m_stride) + load_widened<Arch>(m.data() + row)).store_unaligned(cell.data() + row);
  }
  for (; row < cell.size(); ++row) {
    cell[row] = static_cast<std::uint16_t>((r[row] * f_stride + f[row]) * m_stride + m[row]);
  }
}

// A look-up from L1 per row: gathers of bytes exist nowhere, and gathers of words are no faster.
template <class Arch>
void classify_cells(std::span<const std::uint16_t> cell, std::span<const std::uint8_t> flags,
                    std::span<const std::uint8_t> table, unsigned flag_bits,
                    std::span<std::uint8_t> codes) noexcept {
  const std::uint8_t* entries = table.data();
  if (flags.empty()) {
    for (std::size_t i = 0; i < cell.size(); ++i) {
      codes[i] = entries[std::size_t{cell[i]} << flag_bits];
    }
    return;
  }
  for (std::size_t i = 0; i < cell.size(); ++i) {
    codes[i] = entries[(std::size_t{cell[i]} << flag_bits) + flags[i]];
  }
}

template <class Arch>
void fill_outside(std::span<const std::uint64_t> rows, std::uint8_t code,
                  std::span<std::uint8_t> codes) noexcept {
  using Bytes = Lanes<std::uint8_t, Arch>;
  for_steps<Arch>(codes.data(), codes.data(), codes.size(),
                  [&](const std::uint8_t* from, std::uint8_t* to, std::size_t row) {
                    select_where_bits<Arch>(bits_at<Arch>(rows.data(), row),
                                            Bytes::load_unaligned(from), Bytes(code))
                        .store_unaligned(to);
                  });
}

template <class Arch>
void replace_where(std::span<const std::uint64_t> rows, std::uint8_t from_code,
                   std::uint8_t to_code, std::span<std::uint8_t> codes) noexcept {
  using Bytes = Lanes<std::uint8_t, Arch>;
  for_steps<Arch>(
      codes.data(), codes.data(), codes.size(),
      [&](const std::uint8_t* from, std::uint8_t* to, std::size_t row) {
        const Bytes old = Bytes::load_unaligned(from);
        const Bytes changed = xsimd::select(old == Bytes(from_code), Bytes(to_code), old);
        select_where_bits<Arch>(bits_at<Arch>(rows.data(), row), changed, old).store_unaligned(to);
      });
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
