#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "quintile/kernels/aggregate.hpp"

// Unsorted orders to totals. What each order adds is computed in lanes, 64 orders at a time, and
// laid down in L1 as 16 bytes of the same layout as ContactTotals; totals then change by one load,
// one add, one max, one min and one store per order.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

constexpr std::size_t kOrderGroup = 64;

static_assert(sizeof(ContactTotals) == 16 && offsetof(ContactTotals, frequency) == 8 &&
              offsetof(ContactTotals, last_day) == 12 && offsetof(ContactTotals, first_day) == 14);

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

// Additions of a group, 16 bytes (two halves) an order. The order's row travels in the upper half
// of the place of the frequency, whether it counts as a monetary purchase in bit 1: sums leave both
// out. Totals do not depend on the order of additions, so a group is added as it lies.
template <class Arch>
struct OrderAdditions {
  static constexpr std::size_t kLanes = Lanes<std::uint64_t, Arch>::size;
  alignas(64) std::uint64_t halves[2 * kOrderGroup];

  // Where order i lies: within a register's worth of orders the even ones come first.
  [[gnu::always_inline]] static constexpr std::size_t place(std::size_t i) {
    const std::size_t within = i % kLanes;
    return i - within + within % 2 * (kLanes / 2) + within / 2;
  }

  [[gnu::always_inline]] void compute(const std::uint32_t* row_day, const std::int64_t* amount,
                                      const LaneRule<Arch>& rule) {
    using Words = Lanes<std::uint64_t, Arch>;
    using Keys = Lanes<std::int64_t, Arch>;
    const Keys nothing(std::int64_t{0});
    for (std::size_t i = 0; i < kOrderGroup; i += kLanes) {
      const Keys value = Keys::load_unaligned(amount + i);
      const Words key = load_widened<Arch>(row_day + i);
      const Keys day = xsimd::bitwise_cast<std::int64_t>(xsimd::bitwise_rshift(key, 16));
      const Keys row = xsimd::bitwise_cast<std::int64_t>(key & Words(std::uint64_t{0xFFFF}));
      const auto seen = !(day > rule.last_day);
      const auto purchase = seen & !(rule.min_purchase > value);
      const auto in_monetary = seen & !(rule.from_monetary > day);
      const auto counts = rule.gross ? in_monetary & purchase : in_monetary;
      const Keys frequency =
          xsimd::select(purchase & !(rule.from_frequency > day), Keys(std::int64_t{1}), nothing);
      const Keys last = xsimd::select(purchase & !(rule.from_recency > day), day, nothing);
      const Keys first = xsimd::select(purchase, day, Keys(std::int64_t{kNoFirstDay}));
      const Keys monetary_purchase =
          xsimd::select(purchase & in_monetary, Keys(std::int64_t{2}), nothing);
      const Keys high = frequency | monetary_purchase | xsimd::bitwise_lshift(row, 16) |
                        xsimd::bitwise_lshift(last, 32) | xsimd::bitwise_lshift(first, 48);
      const Words low = xsimd::bitwise_cast<std::uint64_t>(xsimd::select(counts, value, nothing));
      const Words top = xsimd::bitwise_cast<std::uint64_t>(high);
      even_pairs<Arch>(low, top).store_aligned(halves + 2 * i);
      odd_pairs<Arch>(low, top).store_aligned(halves + 2 * i + kLanes);
    }
  }
};

#if defined(__SSE4_2__)

// totals += additions: sums in the first 12 bytes, the later last_day, the earlier first_day.
[[gnu::always_inline]] inline void add_to_totals(const std::uint64_t* additions,
                                                 ContactTotals* totals) {
  const __m128i sums = _mm_set_epi32(0, 1, -1, -1);
  const __m128i last = _mm_set_epi32(0xFFFF, 0, 0, 0);
  const __m128i not_first = _mm_set_epi32(0xFFFF, -1, -1, -1);
  auto* place = reinterpret_cast<__m128i*>(totals);
  const __m128i more = _mm_load_si128(reinterpret_cast<const __m128i*>(additions));
  __m128i total = _mm_load_si128(place);
  total = _mm_add_epi64(total, _mm_and_si128(more, sums));
  total = _mm_max_epu16(total, _mm_and_si128(more, last));
  total = _mm_min_epu16(total, _mm_or_si128(more, not_first));
  _mm_store_si128(place, total);
}

#elif defined(__aarch64__)

[[gnu::always_inline]] inline void add_to_totals(const std::uint64_t* additions,
                                                 ContactTotals* totals) {
  const uint64x2_t sums = {~std::uint64_t{0}, 0x0000000000000001U};
  const uint64x2_t last = {0, 0x0000FFFF00000000U};
  const uint64x2_t not_first = {~std::uint64_t{0}, 0x0000FFFFFFFFFFFFU};
  auto* place = reinterpret_cast<std::uint8_t*>(totals);
  const uint64x2_t more = vld1q_u64(additions);
  const uint64x2_t total = vaddq_u64(vreinterpretq_u64_u8(vld1q_u8(place)), more & sums);
  const uint16x8_t raised =
      vmaxq_u16(vreinterpretq_u16_u64(total), vreinterpretq_u16_u64(more & last));
  const uint16x8_t lowered = vminq_u16(raised, vreinterpretq_u16_u64(more | not_first));
  vst1q_u8(place, vreinterpretq_u8_u16(lowered));
}

#else
#error "accumulate_body.hpp: adding to totals is missing for this instruction set"
#endif

template <bool kCountPurchases>
[[gnu::always_inline]] inline void add_order(const std::uint64_t* additions, ContactTotals* totals,
                                             std::uint32_t* monetary_purchases) {
  const std::size_t row = (additions[1] >> 16) & 0xFFFFU;
  add_to_totals(additions, totals + row);
  if constexpr (kCountPurchases) {
    monetary_purchases[row] += static_cast<std::uint32_t>((additions[1] >> 1) & 1U);
  }
}

template <class Arch, bool kCountPurchases>
void accumulate(std::span<const std::uint32_t> row_day, const std::int64_t* amount,
                const OrderRule& rule, ContactTotals* totals, std::uint32_t* monetary_purchases) {
  const LaneRule<Arch> lanes(rule);
  OrderAdditions<Arch> additions;
  std::size_t i = 0;
  for (; i + kOrderGroup <= row_day.size(); i += kOrderGroup) {
    additions.compute(row_day.data() + i, amount + i, lanes);
    for (std::size_t j = 0; j < kOrderGroup; ++j) {
      add_order<kCountPurchases>(additions.halves + 2 * j, totals, monetary_purchases);
    }
  }
  const std::size_t left = row_day.size() - i;
  if (left == 0) return;
  std::uint32_t padded_row_day[kOrderGroup] = {};
  std::int64_t padded_amount[kOrderGroup] = {};
  for (std::size_t j = 0; j < left; ++j) {
    padded_row_day[j] = row_day[i + j];
    padded_amount[j] = amount[i + j];
  }
  additions.compute(padded_row_day, padded_amount, lanes);
  for (std::size_t j = 0; j < left; ++j) {
    add_order<kCountPurchases>(additions.halves + 2 * OrderAdditions<Arch>::place(j), totals,
                               monetary_purchases);
  }
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

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
