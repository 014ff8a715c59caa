#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "predicate/interval_lanes.hpp"
#include "quintile/kernels/predicate.hpp"

// Comparisons, 64 rows (one word of each bitmap) at a time: compare in lanes of the column's width,
// keep the masks.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// is_true = word_at(word) ^ flip where rows are valid; bits of word_at past the last row are noise.
template <typename WordAt>
[[gnu::always_inline]] inline void put_words(std::size_t rows, bool negated,
                                             std::span<const std::uint64_t> valid,
                                             const TruthWords& out, const WordAt& word_at) {
  const std::uint64_t flip = negated ? ~std::uint64_t{0} : 0;
  const std::size_t words = words_for(rows);
  const std::uint64_t last = ~std::uint64_t{0} >> (words * 64 - rows);
  std::uint64_t* to = out.is_true.data();
  for (std::size_t w = 0; w < words; ++w)
    to[w] = word_at(w) ^ flip;
  if (words == 0) return;
  to[words - 1] &= last;
  if (!valid.empty()) {
    for (std::size_t w = 0; w < words; ++w)
      to[w] &= valid[w];
  }
  if (out.is_null.empty()) return;
  std::uint64_t* nulls = out.is_null.data();
  for (std::size_t w = 0; w < words; ++w)
    nulls[w] = valid.empty() ? 0 : ~valid[w];
  nulls[words - 1] &= last;
}

template <typename Value>
struct PaddedWord {
  Value values[64] = {};

  [[gnu::always_inline]] explicit PaddedWord(std::span<const Value> rest) {
    for (std::size_t i = 0; i < rest.size(); ++i)
      values[i] = rest[i];
  }
};

// The same with word_of(64 values).
template <typename Value, typename WordOf>
[[gnu::always_inline]] inline void put_truth(std::span<const Value> values, bool negated,
                                             std::span<const std::uint64_t> valid,
                                             const TruthWords& out, const WordOf& word_of) {
  const std::size_t whole = values.size() / 64;
  put_words(values.size(), negated, valid, out, [&](std::size_t w) {
    if (w < whole) return word_of(values.data() + w * 64);
    const PaddedWord<Value> rest(values.subspan(w * 64));
    return word_of(rest.values);
  });
}

template <class Arch, typename Value>
void where_in_interval(std::span<const Value> values, const Interval<Value>& interval,
                       std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  if (interval.low > interval.high) {
    put_truth(values, interval.negated, valid, out, [](const Value*) { return std::uint64_t{0}; });
    return;
  }
  const IntervalLanes<Value, Arch> inside(interval.low, interval.high);
  put_truth(values, !interval.negated, valid, out,
            [&](const Value* from) { return bits_outside<Value, Arch>(from, inside); });
}

// A list that is not empty, in as many registers as it has values.
template <class Arch, typename Value>
class ListLanes {
 public:
  explicit ListLanes(std::span<const Value> wanted) : count_(wanted.size()) {
    for (std::size_t i = 0; i < count_; ++i)
      wanted_[i] = Lanes<Value, Arch>(wanted[i]);
  }

  [[gnu::always_inline]] std::uint64_t word(const Value* values) const {
    return bits_of_rows<Value, Arch>([&](std::size_t j) {
      const auto value = Lanes<Value, Arch>::load_unaligned(values + j);
      auto equal = value == wanted_[0];
      for (std::size_t i = 1; i < count_; ++i)
        equal = equal | (value == wanted_[i]);
      return equal;
    });
  }

 private:
  Lanes<Value, Arch> wanted_[kListValuesMax];
  std::size_t count_;
};

template <class Arch, typename Value>
void where_in_list(std::span<const Value> values, std::span<const Value> wanted, bool negated,
                   std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  if (wanted.empty()) {
    put_truth(values, negated, valid, out, [](const Value*) { return std::uint64_t{0}; });
    return;
  }
  const ListLanes<Arch, Value> list(wanted);
  put_truth(values, negated, valid, out, [&](const Value* from) { return list.word(from); });
}

// A set of bytes: for each low half of a byte a row of 16 bits, one per high half; both halves of
// the rows are tables of 16 bytes, and a look-up with the top bit set in its index gives 0.
template <class Arch>
class ByteSet {
 public:
  using Bytes = Lanes<std::uint8_t, Arch>;

  explicit ByteSet(std::span<const std::uint64_t> table) {
    std::uint8_t low_rows[16] = {};
    std::uint8_t high_rows[16] = {};
    std::uint8_t bits[16];
    for (std::size_t i = 0; i < 16; ++i)
      bits[i] = static_cast<std::uint8_t>(1U << (i % 8));
    for (std::size_t code = 0; code < 256 && code / 64 < table.size(); ++code) {
      const auto bit = static_cast<std::uint8_t>((table[code / 64] >> (code % 64)) & 1U);
      std::uint8_t* rows = code < 128 ? low_rows : high_rows;
      rows[code % 16] |= static_cast<std::uint8_t>(bit << (code / 16 % 8));
    }
    low_rows_ = repeat16<Arch>(low_rows);
    high_rows_ = repeat16<Arch>(high_rows);
    bits_ = repeat16<Arch>(bits);
  }

  // Which bytes are not in the set.
  [[gnu::always_inline]] xsimd::batch_bool<std::uint8_t, Arch> missing(Bytes codes) const {
    const Bytes column = codes & Bytes(std::uint8_t{0x8F});
    const Bytes row = look_up16<Arch>(low_rows_, column) |
                      look_up16<Arch>(high_rows_, column ^ Bytes(std::uint8_t{0x80}));
    const auto halves = xsimd::bitwise_rshift(xsimd::bitwise_cast<std::uint16_t>(codes), 4);
    const Bytes high = xsimd::bitwise_cast<std::uint8_t>(halves) & Bytes(std::uint8_t{0x0F});
    return (row & look_up16<Arch>(bits_, high)) == Bytes(std::uint8_t{0});
  }

 private:
  Bytes low_rows_;
  Bytes high_rows_;
  Bytes bits_;
};

// kBytes<Arch> codes as bytes; those above 255 become 255.
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_of_codes(const std::uint8_t* codes) {
  return Lanes<std::uint8_t, Arch>::load_unaligned(codes);
}
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_of_codes(const std::uint16_t* codes) {
  using Words = Lanes<std::uint16_t, Arch>;
  const auto load = [&](std::size_t j) {
    return xsimd::min(Words::load_unaligned(codes + j * Words::size), Words(std::uint16_t{255}));
  };
  return narrow<Arch>(load(0), load(1));
}
template <class Arch>
[[gnu::always_inline]] inline Lanes<std::uint8_t, Arch> bytes_of_codes(const std::uint32_t* codes) {
  using Words = Lanes<std::uint32_t, Arch>;
  const auto load = [&](std::size_t j) {
    return xsimd::min(Words::load_unaligned(codes + j * Words::size), Words(std::uint32_t{255}));
  };
  return narrow<Arch>(load(0), load(1), load(2), load(3));
}

// Look-up by a load per row, many rows ahead of the packing to words: a wide load of bytes that
// were just stored one by one waits until all of them have left for the cache.
// Codes past the table, which are rare, are moved to its last bit and masked out.
template <class Arch, typename Code>
class TableStretch {
 public:
  static constexpr std::size_t kWords = 32;

  explicit TableStretch(std::span<const std::uint64_t> table)
      : table_(table.data()), last_(last_code(table.size())), known_(Code{0}, last_) {}

  // Looks up at most kWords * 64 codes.
  [[gnu::always_inline]] void look_up(std::span<const Code> codes) {
    const std::size_t whole = codes.size() / 64;
    for (std::size_t w = 0; w < whole; ++w)
      look_up_word(codes.data() + w * 64, w);
    if (codes.size() % 64 == 0) return;
    const PaddedWord<Code> rest(codes.subspan(whole * 64));
    look_up_word(rest.values, whole);
  }

  [[gnu::always_inline]] std::uint64_t word(std::size_t w) const {
    using Bytes = Lanes<std::uint8_t, Arch>;
    const std::uint8_t* found = found_ + w * 64;
    const std::uint64_t clear = bits_of_rows<std::uint8_t, Arch>([&](std::size_t j) {
      return (Bytes::load_aligned(found + j) & Bytes(std::uint8_t{1})) == Bytes(std::uint8_t{0});
    });
    return ~(clear | past_[w]);
  }

 private:
  static Code last_code(std::size_t words) {
    constexpr std::size_t kMost = static_cast<Code>(~Code{0});
    return static_cast<Code>(words > kMost / 64 ? kMost : words * 64 - 1);
  }

  [[gnu::always_inline]] void look_up_word(const Code* codes, std::size_t w) {
    using Codes = Lanes<Code, Arch>;
    alignas(64) Code within[64];
    past_[w] = bits_outside<Code, Arch>(codes, known_);
    if (past_[w] != 0) {
      for (std::size_t j = 0; j < 64; j += Codes::size)
        xsimd::min(Codes::load_unaligned(codes + j), Codes(last_)).store_aligned(within + j);
      codes = within;
    }
    std::uint8_t* found = found_ + w * 64;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 64; ++i)
      found[i] = static_cast<std::uint8_t>(table_[codes[i] / 64] >> (codes[i] % 64));
  }

  alignas(64) std::uint8_t found_[kWords * 64];  // the lowest bit counts
  std::uint64_t past_[kWords];
  const std::uint64_t* table_;
  Code last_;
  IntervalLanes<Code, Arch> known_;
};

template <class Arch, typename Code>
void where_code_is_set(std::span<const Code> codes, std::span<const std::uint64_t> table,
                       bool negated, std::span<const std::uint64_t> valid,
                       const TruthWords& out) noexcept {
  // Wider codes from 255 on all become 255, which is right while none of them is in the set.
  const bool is_small = table.size() < 4 || (table.size() == 4 && (table[3] >> 63) == 0);
  if (sizeof(Code) == 1 || is_small) {
    const ByteSet<Arch> set(table);
    put_truth(codes, !negated, valid, out, [&](const Code* from) {
      return bits_of_rows<std::uint8_t, Arch>(
          [&](std::size_t j) { return set.missing(bytes_of_codes<Arch>(from + j)); });
    });
    return;
  }
  using Stretch = TableStretch<Arch, Code>;
  Stretch stretch(table);
  put_words(codes.size(), negated, valid, out, [&](std::size_t w) {
    if (w % Stretch::kWords == 0) {
      const std::size_t left = codes.size() - w * 64;
      const std::size_t most = Stretch::kWords * 64;
      stretch.look_up(codes.subspan(w * 64, left < most ? left : most));
    }
    return stretch.word(w % Stretch::kWords);
  });
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
