#include <algorithm>

#include "kernel_table.hpp"

// Reference loops.
namespace quintile::kernels::scalar {

namespace {

bool bit_is_set(std::span<const std::uint64_t> words, std::size_t index) noexcept {
  return ((words[index / 64] >> (index % 64)) & 1U) != 0;
}

template <typename Value, typename Test>
void mark(std::span<const Value> values, std::span<const std::uint64_t> valid,
          const TruthWords& out, const Test& test) noexcept {
  const std::size_t words = words_for(values.size());
  std::ranges::fill(out.is_true.first(words), std::uint64_t{0});
  if (!out.is_null.empty()) std::ranges::fill(out.is_null.first(words), std::uint64_t{0});
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    if (!valid.empty() && !bit_is_set(valid, i)) {
      if (!out.is_null.empty()) out.is_null[i / 64] |= bit;
    } else if (test(values[i])) {
      out.is_true[i / 64] |= bit;
    }
  }
}

template <typename Value>
void mark_interval(std::span<const Value> values, const Interval<Value>& interval,
                   std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  mark(values, valid, out, [&](Value value) {
    return (value >= interval.low && value <= interval.high) != interval.negated;
  });
}

template <typename Value>
void mark_list(std::span<const Value> values, std::span<const Value> wanted, bool negated,
               std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  mark(values, valid, out,
       [&](Value value) { return (std::ranges::find(wanted, value) != wanted.end()) != negated; });
}

template <typename Code>
void mark_codes(std::span<const Code> codes, std::span<const std::uint64_t> table, bool negated,
                std::span<const std::uint64_t> valid, const TruthWords& out) noexcept {
  mark(codes, valid, out,
       [&](Code code) { return (code / 64 < table.size() && bit_is_set(table, code)) != negated; });
}

}  // namespace

extern const PredicateKernels kPredicateKernels;
const PredicateKernels kPredicateKernels = {
    mark_interval<std::uint8_t>, mark_interval<std::uint16_t>, mark_interval<std::uint32_t>,
    mark_interval<std::int32_t>, mark_interval<std::int64_t>,  mark_interval<double>,
    mark_list<std::uint16_t>,    mark_list<std::uint32_t>,     mark_list<std::int32_t>,
    mark_list<std::int64_t>,     mark_codes<std::uint8_t>,     mark_codes<std::uint16_t>,
    mark_codes<std::uint32_t>};

}  // namespace quintile::kernels::scalar
