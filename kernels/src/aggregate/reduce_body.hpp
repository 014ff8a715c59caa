#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "aggregate/eight_lanes.hpp"
#include "lanes.hpp"
#include "quintile/kernels/aggregate.hpp"

// Orders stored by contact, eight at a time (see eight_lanes.hpp). Most contacts have at most eight
// orders, so that the loop over a contact's orders is left after one round and branches seldom go
// wrong: a loop per order costs one wrong guess per contact, more than everything else. Lanes past
// the contact's last order hold the orders of the next one and are masked out.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// Totals of one contact while its orders go by.
template <class Arch>
struct RunningTotals {
  using Wide = Lanes<std::int64_t, Arch>;
  Eight last = broadcast_day(0);
  Eight first = broadcast_day(0xFFFF);
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
        returns_(rule.gross ? broadcast_day(0) : broadcast_day(0xFFFF)) {}

  // `exists`: the lanes that hold orders of this contact.
  template <bool kCountPurchases>
  [[gnu::always_inline]] void add(const std::uint16_t* day, const std::int64_t* amount,
                                  Eight exists, RunningTotals<Arch>& totals) const {
    const Eight days = load_eight(day);
    const EightAmounts<Arch> amounts(amount);
    const Eight seen = exists & at_least(last_day_, days);
    const Eight purchase = seen & amounts.at_least(min_purchase_);
    const Eight in_monetary = seen & at_least(days, from_monetary_);
    amounts.add_where(in_monetary & (purchase | returns_), totals.sums);
    totals.frequency += count_lanes(purchase & at_least(days, from_frequency_));
    if constexpr (kCountPurchases) {
      totals.monetary_purchases += count_lanes(purchase & in_monetary);
    }
    const Eight recent = purchase & at_least(days, from_recency_);
    totals.last = later(totals.last, days & recent);
    totals.first = earlier(totals.first, days | ~purchase);
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
      exists = exists & mask_of_bits(seen_bits(orders, order));
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
