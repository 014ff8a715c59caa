#include "query/plan_atoms.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "query/column_access.hpp"
#include "quintile/kernels/block.hpp"
#include "quintile/kernels/predicate.hpp"

namespace quintile::query {
namespace {

using kernels::TruthWords;
using Words = std::span<const std::uint64_t>;

void mark(std::span<const std::uint8_t> values, const kernels::Interval<std::uint8_t>& interval,
          Words valid, const TruthWords& out) noexcept {
  kernels::mark_interval_u8(values, interval, valid, out);
}
void mark(std::span<const std::uint16_t> values, const kernels::Interval<std::uint16_t>& interval,
          Words valid, const TruthWords& out) noexcept {
  kernels::mark_interval_u16(values, interval, valid, out);
}
void mark(std::span<const std::int32_t> values, const kernels::Interval<std::int32_t>& interval,
          Words valid, const TruthWords& out) noexcept {
  kernels::mark_interval_i32(values, interval, valid, out);
}
void mark(std::span<const std::int64_t> values, const kernels::Interval<std::int64_t>& interval,
          Words valid, const TruthWords& out) noexcept {
  kernels::mark_interval_i64(values, interval, valid, out);
}

void mark(std::span<const std::uint16_t> values, std::span<const std::uint16_t> wanted, Words valid,
          const TruthWords& out) noexcept {
  kernels::mark_list_u16(values, wanted, false, valid, out);
}
void mark(std::span<const std::uint32_t> values, std::span<const std::uint32_t> wanted, Words valid,
          const TruthWords& out) noexcept {
  kernels::mark_list_u32(values, wanted, false, valid, out);
}
void mark(std::span<const std::int32_t> values, std::span<const std::int32_t> wanted, Words valid,
          const TruthWords& out) noexcept {
  kernels::mark_list_i32(values, wanted, false, valid, out);
}
void mark(std::span<const std::int64_t> values, std::span<const std::int64_t> wanted, Words valid,
          const TruthWords& out) noexcept {
  kernels::mark_list_i64(values, wanted, false, valid, out);
}

void mark_codes(std::span<const std::uint8_t> codes, Words table, Words valid,
                const TruthWords& out) noexcept {
  kernels::mark_codes_u8(codes, table, false, valid, out);
}
void mark_codes(std::span<const std::uint16_t> codes, Words table, Words valid,
                const TruthWords& out) noexcept {
  kernels::mark_codes_u16(codes, table, false, valid, out);
}
void mark_codes(std::span<const std::uint32_t> codes, Words table, Words valid,
                const TruthWords& out) noexcept {
  kernels::mark_codes_u32(codes, table, false, valid, out);
}

// An interval of 64 bits over a column that may be narrower.
template <class Value>
void write_interval(std::span<const Value> values, std::int64_t low, std::int64_t high, Words valid,
                    std::span<std::uint64_t> out) noexcept {
  constexpr std::int64_t kLowest = std::numeric_limits<Value>::lowest();
  constexpr std::int64_t kHighest = std::numeric_limits<Value>::max();
  if (low > high || low > kHighest || high < kLowest) {
    std::fill_n(out.begin(), kernels::words_for(values.size()), 0);
    return;
  }
  mark(values,
       kernels::Interval<Value>{static_cast<Value>(std::max(low, kLowest)),
                                static_cast<Value>(std::min(high, kHighest)), false},
       valid, {out, {}});
}

// Numbers of 8 and 16 bits as codes.
template <class Value>
void write_small_set(std::span<const Value> values, std::span<const std::int64_t> wanted,
                     Words valid, std::span<std::uint64_t> out) noexcept {
  std::array<std::uint64_t, (std::size_t{std::numeric_limits<Value>::max()} + 1) / 64> table{};
  std::size_t words = 0;
  for (const std::int64_t value : wanted) {
    const auto code = static_cast<std::size_t>(value);
    table[code / 64] |= std::uint64_t{1} << (code % 64);
    words = code / 64 + 1;
  }
  mark_codes(values, std::span(table).first(words), valid, {out, {}});
}

// Past so many numbers, comparing with each of them takes longer than to search.
constexpr std::size_t kMostCompared = 256;

template <class Value>
void search_set(std::span<const Value> values, std::span<const std::int64_t> wanted, Words valid,
                std::span<std::uint64_t> out) noexcept {
  for (std::size_t begin = 0; begin < values.size(); begin += 64) {
    const std::size_t count = std::min<std::size_t>(64, values.size() - begin);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t value = values[begin + i];
      word |= std::uint64_t{std::binary_search(wanted.begin(), wanted.end(), value)} << i;
    }
    out[begin / 64] = valid.empty() ? word : word & valid[begin / 64];
  }
}

// Lists that are longer than what one call takes are joined.
template <class Value>
void write_list(std::span<const Value> values, std::span<const std::int64_t> wanted, Words valid,
                std::span<std::uint64_t> out) noexcept {
  const std::size_t words = kernels::words_for(values.size());
  std::fill_n(out.begin(), words, 0);
  for (std::size_t begin = 0; begin < wanted.size(); begin += kernels::kListValuesMax) {
    const std::size_t count = std::min(kernels::kListValuesMax, wanted.size() - begin);
    std::array<Value, kernels::kListValuesMax> list{};
    std::transform(wanted.begin() + static_cast<std::ptrdiff_t>(begin),
                   wanted.begin() + static_cast<std::ptrdiff_t>(begin + count), list.begin(),
                   [](std::int64_t value) { return static_cast<Value>(value); });
    if (begin == 0) {
      mark(values, std::span<const Value>(list).first(count), valid, {out, {}});
      continue;
    }
    std::array<std::uint64_t, kernels::kBlockWords> more;
    mark(values, std::span<const Value>(list).first(count), valid, {more, {}});
    for (std::size_t w = 0; w < words; ++w) {
      out[w] |= more[w];
    }
  }
}

template <class Value>
void write_set(std::span<const Value> values, std::span<const std::int64_t> wanted, Words valid,
               std::span<std::uint64_t> out) noexcept {
  constexpr std::int64_t kLowest = std::numeric_limits<Value>::lowest();
  constexpr std::int64_t kHighest = std::numeric_limits<Value>::max();
  const auto begin = std::lower_bound(wanted.begin(), wanted.end(), kLowest);
  const auto end = std::upper_bound(begin, wanted.end(), kHighest);
  const std::span<const std::int64_t> within(begin, end);
  if constexpr (sizeof(Value) <= 2) {
    if (sizeof(Value) == 1 || within.size() > kernels::kListValuesMax / 2) {
      return write_small_set(values, within, valid, out);
    }
  }
  if constexpr (sizeof(Value) > 1) {
    if (within.size() > kMostCompared) {
      return search_set(values, within, valid, out);
    }
    write_list(values, within, valid, out);
  }
}

// Codes that bytes can hold are looked up in registers; those of wide columns one by one.
template <class Code>
void write_codes(std::span<const Code> codes, const PlanAtom& atom, Words valid,
                 std::span<std::uint64_t> out) noexcept {
  constexpr std::size_t kWordsOfBytes = 4;
  if constexpr (sizeof(Code) > 1) {
    if (atom.table.size() > kWordsOfBytes && !atom.values.empty()) {
      return write_set(codes, atom.values, valid, out);
    }
  }
  mark_codes(codes, atom.table, valid, {out, {}});
}

}  // namespace

void write_atom(const PlanAtom& atom, const ExpressionColumnView& view, std::size_t rows,
                std::span<const std::uint64_t> valid, std::span<std::uint64_t> out) noexcept {
  switch (atom.kind) {
    case AtomKind::kBits: {
      const auto* bits = static_cast<const std::uint64_t*>(view.values);
      for (std::size_t w = 0; w < kernels::words_for(rows); ++w) {
        out[w] = valid.empty() ? bits[w] : bits[w] & valid[w];
      }
      break;
    }
    case AtomKind::kInterval:
      with_numbers(view, [&](const auto* values) {
        write_interval(std::span(values, rows), atom.low, atom.high, valid, out);
      });
      break;
    case AtomKind::kRealInterval:
      kernels::mark_interval_f64({static_cast<const double*>(view.values), rows},
                                 {atom.real_low, atom.real_high, false}, valid, {out, {}});
      break;
    case AtomKind::kNumbers:
      with_numbers(view, [&](const auto* values) {
        write_set(std::span(values, rows), atom.values, valid, out);
      });
      break;
    case AtomKind::kCodes:
      with_codes(view,
                 [&](const auto* codes) { write_codes(std::span(codes, rows), atom, valid, out); });
      break;
    case AtomKind::kNullBits:
    case AtomKind::kOpaque:
      break;
  }
}

}  // namespace quintile::query
