#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "quintile/kernels/aggregate.hpp"

// Unsorted orders to totals. What each order adds is computed in lanes, 64 orders at a time, and
// laid down in L1 as 16 bytes of the same layout as ContactTotals; totals then change by one load,
// one add, one max, one blend and one store per order.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

constexpr std::size_t kOrderGroup = 64;

static_assert(sizeof(ContactTotals) == 16 && offsetof(ContactTotals, frequency) == 8 &&
              offsetof(ContactTotals, last_day) == 12 &&
              offsetof(ContactTotals, before_no_day) == 14);

template <class Arch>
struct LaneRule {
  using Keys = Lanes<std::int64_t, Arch>;
  Keys from_recency;
  Keys from_frequency;
  Keys from_monetary;
  Keys last_day;
  Keys min_purchase;
  bool gross;

  explicit LaneRule(const OrderRule& rule)
      : from_recency(std::int64_t{rule.from_recency}),
        from_frequency(std::int64_t{rule.from_frequency}),
        from_monetary(std::int64_t{rule.from_monetary}),
        last_day(std::int64_t{rule.last_day}),
        min_purchase(rule.min_purchase),
        gross(rule.gross) {}
};

// Orders whose amounts have a column of their own.
template <class Arch>
struct WideOrders {
  const std::uint32_t* row_day;
  const std::int64_t* amount;

  [[gnu::always_inline]] Lanes<std::uint64_t, Arch> keys(std::size_t i) const {
    return load_widened<Arch>(row_day + i);
  }
  [[gnu::always_inline]] Lanes<std::int64_t, Arch> amounts(std::size_t i) const {
    return Lanes<std::int64_t, Arch>::load_unaligned(amount + i);
  }
};

// Orders packed in 8 bytes.
template <class Arch>
struct PackedOrders {
  const std::uint64_t* packed;

  [[gnu::always_inline]] Lanes<std::uint64_t, Arch> keys(std::size_t i) const {
    return Lanes<std::uint64_t, Arch>::load_unaligned(packed + i) &
           Lanes<std::uint64_t, Arch>(std::uint64_t{0xFFFFFFFF});
  }
  [[gnu::always_inline]] Lanes<std::int64_t, Arch> amounts(std::size_t i) const {
    return signed_high_halves<Arch>(Lanes<std::uint64_t, Arch>::load_unaligned(packed + i));
  }
};

// Additions of a group, 16 bytes (two halves) an order, and where they go: the distance in bytes
// from the totals of row 0, with bit 0 set for a monetary purchase (if these are counted, else
// clear). Totals do not depend on the
// order of additions, so a group is added as it lies: within a register's worth of orders the even
// ones come first.
template <class Arch>
struct OrderAdditions {
  static constexpr std::size_t kLanes = Lanes<std::uint64_t, Arch>::size;
  alignas(64) std::uint64_t halves[2 * kOrderGroup];
  alignas(64) std::uint64_t target[kOrderGroup];

  template <bool kCountPurchases, class Orders>
  [[gnu::always_inline]] void compute(const Orders& orders, std::size_t first,
                                      const LaneRule<Arch>& rule) {
    using Words = Lanes<std::uint64_t, Arch>;
    using Keys = Lanes<std::int64_t, Arch>;
    const Keys nothing(std::int64_t{0});
    for (std::size_t i = 0; i < kOrderGroup; i += kLanes) {
      const Keys value = orders.amounts(first + i);
      const Words key = orders.keys(first + i);
      const Keys day = xsimd::bitwise_cast<std::int64_t>(xsimd::bitwise_rshift(key, 16));
      const Keys row = xsimd::bitwise_cast<std::int64_t>(key & Words(std::uint64_t{0xFFFF}));
      const auto seen = !(day > rule.last_day);
      const auto purchase = seen & !(rule.min_purchase > value);
      const auto in_monetary = seen & !(rule.from_monetary > day);
      const auto counts = rule.gross ? in_monetary & purchase : in_monetary;
      const Keys frequency =
          xsimd::select(purchase & !(rule.from_frequency > day), Keys(std::int64_t{1}), nothing);
      const Keys last = xsimd::select(purchase & !(rule.from_recency > day), day, nothing);
      const Keys before = xsimd::select(purchase, Keys(std::int64_t{kNoFirstDay}) - day, nothing);
      const Keys high =
          frequency | xsimd::bitwise_lshift(last, 32) | xsimd::bitwise_lshift(before, 48);
      const Words low = xsimd::bitwise_cast<std::uint64_t>(xsimd::select(counts, value, nothing));
      const Words top = xsimd::bitwise_cast<std::uint64_t>(high);
      even_pairs<Arch>(low, top).store_aligned(halves + 2 * i);
      odd_pairs<Arch>(low, top).store_aligned(halves + 2 * i + kLanes);
      Keys to = xsimd::bitwise_lshift(row, 4);
      if constexpr (kCountPurchases) {
        to = to | xsimd::select(purchase & in_monetary, Keys(std::int64_t{1}), nothing);
      }
      xsimd::bitwise_cast<std::uint64_t>(to).store_aligned(target + i);
    }
  }
};

// totals += additions: a sum in the first 12 bytes, maxima in the last four.
#if defined(__SSE4_2__)

[[gnu::always_inline]] inline void add_to_totals(const std::uint64_t* additions, void* totals) {
  const __m128i more = _mm_load_si128(reinterpret_cast<const __m128i*>(additions));
  const __m128i total = _mm_load_si128(static_cast<const __m128i*>(totals));
  const __m128i sums = _mm_add_epi64(total, more);
  _mm_store_si128(static_cast<__m128i*>(totals),
                  _mm_blend_epi16(sums, _mm_max_epu16(total, more), 0xC0));
}

#elif defined(__aarch64__)

[[gnu::always_inline]] inline void add_to_totals(const std::uint64_t* additions, void* totals) {
  const uint64x2_t more = vld1q_u64(additions);
  const uint8x16_t total = vld1q_u8(static_cast<const std::uint8_t*>(totals));
  const uint64x2_t sums = vaddq_u64(vreinterpretq_u64_u8(total), more);
  const uint16x8_t later = vmaxq_u16(vreinterpretq_u16_u8(total), vreinterpretq_u16_u64(more));
  const uint64x2_t days = {0, 0xFFFFFFFF00000000U};
  const uint64x2_t both = vbslq_u64(days, vreinterpretq_u64_u16(later), sums);
  vst1q_u8(static_cast<std::uint8_t*>(totals), vreinterpretq_u8_u64(both));
}

#else
#error "accumulate_body.hpp: adding to totals is missing for this instruction set"
#endif

template <bool kCountPurchases>
[[gnu::always_inline]] inline void add_order(const std::uint64_t* additions, std::uint64_t target,
                                             ContactTotals* totals,
                                             std::uint32_t* monetary_purchases) {
  if constexpr (kCountPurchases) {
    const std::size_t row = target / sizeof(ContactTotals);
    monetary_purchases[row] += static_cast<std::uint32_t>(target & 1U);
    add_to_totals(additions, totals + row);
  } else {
    add_to_totals(additions, reinterpret_cast<std::byte*>(totals) + target);
  }
}

// Whole groups of orders; returns how many orders these are.
template <class Arch, bool kCountPurchases, class Orders>
std::size_t accumulate_groups(const Orders& orders, std::size_t count, const LaneRule<Arch>& rule,
                              ContactTotals* totals, std::uint32_t* monetary_purchases) {
  constexpr std::size_t kLanes = OrderAdditions<Arch>::kLanes;
  OrderAdditions<Arch> group;
  std::size_t i = 0;
  for (; i + kOrderGroup <= count; i += kOrderGroup) {
    group.template compute<kCountPurchases>(orders, i, rule);
    for (std::size_t j = 0; j < kOrderGroup; j += kLanes) {
      for (std::size_t k = 0; k < kLanes; ++k) {
        const std::size_t order = j + k % (kLanes / 2) * 2 + k / (kLanes / 2);
        add_order<kCountPurchases>(group.halves + 2 * (j + k), group.target[order], totals,
                                   monetary_purchases);
      }
    }
  }
  return i;
}

template <class Arch, bool kCountPurchases>
void accumulate(std::span<const std::uint32_t> row_day, const std::int64_t* amount,
                const OrderRule& rule, ContactTotals* totals, std::uint32_t* monetary_purchases) {
  const LaneRule<Arch> lanes(rule);
  std::size_t i = accumulate_groups<Arch, kCountPurchases>(
      WideOrders<Arch>{row_day.data(), amount}, row_day.size(), lanes, totals, monetary_purchases);
  if (i == row_day.size()) return;
  std::uint32_t padded_row_day[kOrderGroup];
  std::int64_t padded_amount[kOrderGroup] = {};
  for (std::uint32_t& none : padded_row_day)
    none = static_cast<std::uint32_t>(kNoOrder);
  for (std::size_t j = 0; i < row_day.size(); ++i, ++j) {
    padded_row_day[j] = row_day[i];
    padded_amount[j] = amount[i];
  }
  accumulate_groups<Arch, kCountPurchases>(WideOrders<Arch>{padded_row_day, padded_amount},
                                           kOrderGroup, lanes, totals, monetary_purchases);
}

template <class Arch, bool kCountPurchases>
void accumulate_packed_orders(std::span<const std::uint64_t> orders, const OrderRule& rule,
                              ContactTotals* totals, std::uint32_t* monetary_purchases) {
  const LaneRule<Arch> lanes(rule);
  std::size_t i = accumulate_groups<Arch, kCountPurchases>(
      PackedOrders<Arch>{orders.data()}, orders.size(), lanes, totals, monetary_purchases);
  if (i == orders.size()) return;
  std::uint64_t padded[kOrderGroup];
  for (std::uint64_t& none : padded)
    none = kNoOrder;
  for (std::size_t j = 0; i < orders.size(); ++i, ++j)
    padded[j] = orders[i];
  accumulate_groups<Arch, kCountPurchases>(PackedOrders<Arch>{padded}, kOrderGroup, lanes, totals,
                                           monetary_purchases);
}

template <class Arch>
void accumulate_block(std::span<const std::uint32_t> row_day, std::span<const std::int64_t> amount,
                      const OrderRule& rule, std::span<ContactTotals> totals,
                      std::span<std::uint32_t> monetary_purchases) noexcept {
  if (monetary_purchases.empty()) {
    accumulate<Arch, false>(row_day, amount.data(), rule, totals.data(), nullptr);
  } else {
    accumulate<Arch, true>(row_day, amount.data(), rule, totals.data(), monetary_purchases.data());
  }
}

template <class Arch>
void accumulate_chunk(std::span<const std::uint64_t> orders, const OrderRule& rule,
                      std::span<ContactTotals> totals,
                      std::span<std::uint32_t> monetary_purchases) noexcept {
  if (monetary_purchases.empty()) {
    accumulate_packed_orders<Arch, false>(orders, rule, totals.data(), nullptr);
  } else {
    accumulate_packed_orders<Arch, true>(orders, rule, totals.data(), monetary_purchases.data());
  }
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
