#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "quintile/kernels/aggregate.hpp"

// Orders stored by contact, eight at a time: days in 16-bit lanes of one 128-bit register, amounts
// in as many registers as eight 64-bit lanes take. Most contacts have at most eight orders, so that
// the loop over a contact's orders is left after one round and branches seldom go wrong: a loop per
// order costs one wrong guess per contact, more than everything else. Lanes past the contact's last
// order hold the orders of the next one and are masked out.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

#if !defined(__SSE4_2__)
#error "reduce_body.hpp: 16-bit lanes of 128 bits are missing for this instruction set"
#endif

constexpr std::size_t kEight = 8;

// Eight lanes of 16 bits: days, or masks (all bits of a lane set or clear).
using Eight = __m128i;

alignas(16) constexpr std::uint16_t kFirstLanes[16] = {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF,
                                                       0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF};

[[gnu::always_inline]] inline Eight load_eight(const std::uint16_t* values) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(values));
}
[[gnu::always_inline]] inline Eight first_lanes(std::size_t count) {
  return load_eight(kFirstLanes + kEight - count);
}
[[gnu::always_inline]] inline Eight at_least(Eight days, Eight from) {
  return _mm_cmpeq_epi16(_mm_max_epu16(days, from), days);
}
[[gnu::always_inline]] inline Eight broadcast_day(std::uint16_t day) {
  return _mm_set1_epi16(static_cast<short>(day));
}
[[gnu::always_inline]] inline std::uint32_t count_lanes(Eight mask) {
  const auto bytes = static_cast<unsigned>(_mm_movemask_epi8(mask));
  return static_cast<std::uint32_t>(__builtin_popcount(bytes)) / 2;
}
[[gnu::always_inline]] inline std::uint16_t smallest(Eight days) {
  return static_cast<std::uint16_t>(_mm_cvtsi128_si32(_mm_minpos_epu16(days)));
}
[[gnu::always_inline]] inline std::uint16_t largest(Eight days) {
  return static_cast<std::uint16_t>(~smallest(_mm_xor_si128(days, _mm_set1_epi16(-1))));
}
[[gnu::always_inline]] inline Eight mask_of_bits(std::uint64_t bits) {
  const Eight bit = _mm_set_epi16(128, 64, 32, 16, 8, 4, 2, 1);
  return _mm_cmpeq_epi16(_mm_and_si128(_mm_set1_epi16(static_cast<short>(bits & 0xFF)), bit), bit);
}

// Eight amounts: which are below a bound, and a sum over some of them.
template <class Arch>
struct EightAmounts {
  using Wide = Lanes<std::int64_t, Arch>;
  static constexpr std::size_t kRegisters = kEight / Wide::size;
  Wide value[kRegisters];

  [[gnu::always_inline]] explicit EightAmounts(const std::int64_t* amount) {
    for (std::size_t j = 0; j < kRegisters; ++j) {
      value[j] = Wide::load_unaligned(amount + j * Wide::size);
    }
  }

#if defined(__AVX512BW__)
  [[gnu::always_inline]] Eight at_least(Wide bound) const {
    return _mm_movm_epi16(_mm512_cmpge_epi64_mask(value[0], bound));
  }
  [[gnu::always_inline]] void add_where(Eight mask, Wide* sums) const {
    sums[0] = _mm512_mask_add_epi64(sums[0], _mm_movepi16_mask(mask), sums[0], value[0]);
  }
#elif defined(__AVX2__)
  [[gnu::always_inline]] Eight at_least(Wide bound) const {
    const __m256i below =
        _mm256_permute4x64_epi64(_mm256_packs_epi32(_mm256_cmpgt_epi64(bound, value[0]),
                                                    _mm256_cmpgt_epi64(bound, value[1])),
                                 0xD8);
    const Eight words =
        _mm_packs_epi32(_mm256_castsi256_si128(below), _mm256_extracti128_si256(below, 1));
    return _mm_xor_si128(words, _mm_set1_epi16(-1));
  }
  [[gnu::always_inline]] void add_where(Eight mask, Wide* sums) const {
    const __m256i low = _mm256_cvtepi16_epi64(mask);
    const __m256i high = _mm256_cvtepi16_epi64(_mm_srli_si128(mask, 8));
    sums[0] = _mm256_add_epi64(sums[0], _mm256_and_si256(value[0], low));
    sums[1] = _mm256_add_epi64(sums[1], _mm256_and_si256(value[1], high));
  }
#else
  [[gnu::always_inline]] Eight at_least(Wide bound) const {
    const Eight low =
        _mm_packs_epi32(_mm_cmpgt_epi64(bound, value[0]), _mm_cmpgt_epi64(bound, value[1]));
    const Eight high =
        _mm_packs_epi32(_mm_cmpgt_epi64(bound, value[2]), _mm_cmpgt_epi64(bound, value[3]));
    return _mm_xor_si128(_mm_packs_epi32(low, high), _mm_set1_epi16(-1));
  }
  [[gnu::always_inline]] void add_where(Eight mask, Wide* sums) const {
    const Eight pairs[4] = {mask, _mm_srli_si128(mask, 4), _mm_srli_si128(mask, 8),
                            _mm_srli_si128(mask, 12)};
    for (std::size_t j = 0; j < 4; ++j) {
      sums[j] = _mm_add_epi64(sums[j], _mm_and_si128(value[j], _mm_cvtepi16_epi64(pairs[j])));
    }
  }
#endif
};

// Totals of one contact while its orders go by.
template <class Arch>
struct RunningTotals {
  using Wide = Lanes<std::int64_t, Arch>;
  Eight last = _mm_setzero_si128();
  Eight first = _mm_set1_epi16(-1);
  Wide sums[EightAmounts<Arch>::kRegisters];
  std::uint32_t frequency = 0;
  std::uint32_t monetary_purchases = 0;

  [[gnu::always_inline]] RunningTotals() {
    for (Wide& sum : sums)
      sum = Wide(std::int64_t{0});
  }
  [[gnu::always_inline]] std::int64_t monetary() const {
    Wide total = sums[0];
    for (std::size_t j = 1; j < EightAmounts<Arch>::kRegisters; ++j)
      total += sums[j];
    return xsimd::reduce_add(total);
  }
};

template <class Arch>
class EightRule {
 public:
  explicit EightRule(const OrderRule& rule)
      : from_recency_(broadcast_day(rule.from_recency)),
        from_frequency_(broadcast_day(rule.from_frequency)),
        from_monetary_(broadcast_day(rule.from_monetary)),
        last_day_(broadcast_day(rule.last_day)),
        min_purchase_(rule.min_purchase),
        returns_(rule.gross ? _mm_setzero_si128() : _mm_set1_epi16(-1)) {}

  // `exists`: the lanes that hold orders of this contact.
  template <bool kCountPurchases>
  [[gnu::always_inline]] void add(const std::uint16_t* day, const std::int64_t* amount,
                                  Eight exists, RunningTotals<Arch>& totals) const {
    const Eight days = load_eight(day);
    const EightAmounts<Arch> amounts(amount);
    const Eight seen = _mm_and_si128(exists, at_least(last_day_, days));
    const Eight purchase = _mm_and_si128(seen, amounts.at_least(min_purchase_));
    const Eight in_monetary = _mm_and_si128(seen, at_least(days, from_monetary_));
    amounts.add_where(_mm_and_si128(in_monetary, _mm_or_si128(purchase, returns_)), totals.sums);
    totals.frequency += count_lanes(_mm_and_si128(purchase, at_least(days, from_frequency_)));
    if constexpr (kCountPurchases) {
      totals.monetary_purchases += count_lanes(_mm_and_si128(purchase, in_monetary));
    }
    const Eight recent = _mm_and_si128(purchase, at_least(days, from_recency_));
    totals.last = _mm_max_epu16(totals.last, _mm_and_si128(days, recent));
    const Eight no_purchase = _mm_xor_si128(purchase, _mm_set1_epi16(-1));
    totals.first = _mm_min_epu16(totals.first, _mm_or_si128(days, no_purchase));
  }

 private:
  Eight from_recency_;
  Eight from_frequency_;
  Eight from_monetary_;
  Eight last_day_;
  Lanes<std::int64_t, Arch> min_purchase_;
  Eight returns_;
};

struct StoredOrders {
  const std::uint16_t* day;
  const std::int64_t* amount;
  std::size_t count;          // readable orders
  const std::uint64_t* seen;  // null: all
  std::size_t seen_words;
};

// Bits of orders [order, order + 8).
[[gnu::always_inline]] inline std::uint64_t seen_bits(const StoredOrders& orders,
                                                      std::size_t order) {
  const std::size_t word = order / 64;
  const std::size_t shift = order % 64;
  if (word >= orders.seen_words) return 0;  // a contact without orders at the very end
  std::uint64_t bits = orders.seen[word] >> shift;
  if (shift > 64 - kEight && word + 1 < orders.seen_words) {
    bits |= orders.seen[word + 1] << (64 - shift);
  }
  return bits;
}

// The last orders, where eight are not readable.
struct PaddedOrders {
  std::uint16_t day[kEight];
  std::int64_t amount[kEight];
};
[[gnu::noinline]] void copy_last_orders(const StoredOrders& orders, std::size_t order,
                                        PaddedOrders& to) {
  for (std::size_t i = 0; i < kEight; ++i) {
    const bool exists = order + i < orders.count;
    to.day[i] = exists ? orders.day[order + i] : std::uint16_t{0};
    to.amount[i] = exists ? orders.amount[order + i] : std::int64_t{0};
  }
}

template <class Arch, bool kAllSeen, bool kCountPurchases>
[[gnu::always_inline]] inline RunningTotals<Arch> totals_of(const StoredOrders& orders,
                                                            std::size_t order, std::size_t end,
                                                            const EightRule<Arch>& rule) {
  RunningTotals<Arch> totals;
  do {  // a contact without orders takes one round too, which no branch has to guess
    const std::size_t left = end - order;
    Eight exists = first_lanes(left < kEight ? left : kEight);
    if constexpr (!kAllSeen) {
      exists = _mm_and_si128(exists, mask_of_bits(seen_bits(orders, order)));
    }
    const std::uint16_t* day = orders.day + order;
    const std::int64_t* amount = orders.amount + order;
    PaddedOrders padded;
    if (order + kEight > orders.count) [[unlikely]] {
      copy_last_orders(orders, order, padded);
      day = padded.day;
      amount = padded.amount;
    }
    rule.template add<kCountPurchases>(day, amount, exists, totals);
    order += kEight;
  } while (order < end);
  return totals;
}

template <class Arch, bool kAllSeen, bool kCountPurchases>
void reduce(std::span<const std::uint32_t> offsets, const StoredOrders& orders,
            const EightRule<Arch>& rule, const TotalsColumns& out) {
  std::uint16_t* last_day = out.last_day.data();
  std::uint16_t* first_day = out.first_day.data();
  std::uint32_t* frequency = out.frequency.data();
  std::int64_t* monetary = out.monetary.data();
  std::uint32_t* purchases = out.monetary_purchases.data();
  const std::size_t contacts = offsets.size() - 1;
  for (std::size_t c = 0; c < contacts; ++c) {
    const RunningTotals<Arch> totals =
        totals_of<Arch, kAllSeen, kCountPurchases>(orders, offsets[c], offsets[c + 1], rule);
    last_day[c] = largest(totals.last);
    first_day[c] = smallest(totals.first);
    frequency[c] = totals.frequency;
    monetary[c] = totals.monetary();
    if constexpr (kCountPurchases) purchases[c] = totals.monetary_purchases;
  }
}

template <class Arch>
void reduce_stored_orders(std::span<const std::uint32_t> offsets,
                          std::span<const std::uint16_t> day, std::span<const std::int64_t> amount,
                          std::span<const std::uint64_t> seen, const OrderRule& rule,
                          const TotalsColumns& out) noexcept {
  const EightRule<Arch> eight(rule);
  const StoredOrders orders{day.data(), amount.data(), day.size(),
                            seen.empty() ? nullptr : seen.data(), seen.size()};
  const bool count_purchases = !out.monetary_purchases.empty();
  if (seen.empty()) {
    count_purchases ? reduce<Arch, true, true>(offsets, orders, eight, out)
                    : reduce<Arch, true, false>(offsets, orders, eight, out);
  } else {
    count_purchases ? reduce<Arch, false, true>(offsets, orders, eight, out)
                    : reduce<Arch, false, false>(offsets, orders, eight, out);
  }
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
