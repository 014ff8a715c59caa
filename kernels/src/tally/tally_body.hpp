#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "counter_copies.hpp"
#include "lanes.hpp"
#include "quintile/kernels/block.hpp"
#include "quintile/kernels/tally.hpp"

// Counts and sums by code, in several copies (see counter_copies.hpp). Nothing here is done in
// lanes; the units still gain from being compiled for their instruction set.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

template <class Arch>
void count_each_code(std::span<const std::uint8_t> codes,
                     std::span<std::uint64_t, 256> counts) noexcept {
  if (codes.size() < kFewRows) {
    for (std::size_t i = 0; i < codes.size(); ++i)
      ++counts[codes[i]];
    return;
  }
  const std::uint8_t* from = codes.data();
  count_in_copies<256>(codes.size(), counts.data(), 256, [from](std::size_t i) { return from[i]; });
}

template <class Arch>
void count_each_pair(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                     std::size_t width_b, std::span<std::uint64_t> counts) noexcept {
  const auto pair_at = [&](std::size_t i) { return a[i] * width_b + b[i]; };
  if (counts.size() <= kCopiedCodes && a.size() >= kFewRows) {
    count_in_copies<kCopiedCodes>(a.size(), counts.data(), counts.size(), pair_at);
    return;
  }
  for (std::size_t i = 0; i < a.size(); ++i)
    ++counts[pair_at(i)];
}

template <class Arch>
void count_each_cell(std::span<const std::uint16_t> cells,
                     std::span<std::uint64_t> counts) noexcept {
  const std::uint16_t* from = cells.data();
  if (counts.size() <= kCopiedCodes && cells.size() >= kFewRows) {
    count_in_copies<kCopiedCodes>(cells.size(), counts.data(), counts.size(),
                                  [from](std::size_t i) { return from[i]; });
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i)
    ++counts[from[i]];
}

template <typename Value>
[[gnu::always_inline]] inline void add_value(Value value, CodeSum& sum) {
  const auto wide = static_cast<std::int64_t>(value);
  if constexpr (sizeof(Value) == 2) {
    const std::int64_t exists = value == kNoAge ? 0 : 1;
    sum.rows += static_cast<std::uint64_t>(exists);
    sum.low += static_cast<std::uint64_t>(wide & -exists);
  } else if constexpr (sizeof(Value) == 4) {
    sum.rows += 1;
    sum.low += static_cast<std::uint64_t>(wide);
  } else {
    sum.rows += 1;
    sum.low += static_cast<std::uint64_t>(wide) & 0xFFFFFFFFU;
    sum.high += wide >> 32;
  }
}

// Sums of two copies for so many codes take 12 KiB.
constexpr std::size_t kCopiedSums = 256;

template <class Arch, typename Code, typename Value>
void sum_by(std::span<const Code> codes, std::span<const Value> values,
            std::span<CodeSum> sums) noexcept {
  const Code* code = codes.data();
  const Value* value = values.data();
  const std::size_t rows = codes.size();
  if (sums.size() > kCopiedSums || rows < kFewRows) {
    for (std::size_t i = 0; i < rows; ++i)
      add_value(value[i], sums[code[i]]);
    return;
  }
  // The caller's sums are one copy, the other is folded in afterwards.
  CodeSum other[kCopiedSums];
  for (std::size_t i = 0; i < sums.size(); ++i)
    other[i] = {0, 0, 0};
  std::size_t i = 0;
  for (; i + 2 <= rows; i += 2) {
    add_value(value[i], sums[code[i]]);
    add_value(value[i + 1], other[code[i + 1]]);
  }
  if (i < rows) add_value(value[i], sums[code[i]]);
  for (std::size_t c = 0; c < sums.size(); ++c) {
    sums[c].rows += other[c].rows;
    sums[c].low += other[c].low;
    sums[c].high += other[c].high;
  }
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
