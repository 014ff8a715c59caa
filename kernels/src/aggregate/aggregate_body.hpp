#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "counter_copies.hpp"
#include "lanes.hpp"
#include "quintile/kernels/aggregate.hpp"

// Orders to totals. What an order counts for is decided without branches: whether it is a purchase
// and which windows it lies in is as good as random to a branch predictor.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// The rule with its fields widened, ready for compares.
struct WideRule {
  std::uint32_t from_recency;
  std::uint32_t from_frequency;
  std::uint32_t from_monetary;
  std::uint32_t last_day;
  std::int64_t min_purchase;
  bool returns_count;

  [[gnu::always_inline]] explicit WideRule(const OrderRule& rule)
      : from_recency(rule.from_recency),
        from_frequency(rule.from_frequency),
        from_monetary(rule.from_monetary),
        last_day(rule.last_day),
        min_purchase(rule.min_purchase),
        returns_count(!rule.gross) {}
};

// What one order adds.
struct Contribution {
  std::int64_t monetary;
  std::uint32_t frequency;
  std::uint32_t monetary_purchases;
  std::uint32_t last_day;
  std::uint32_t first_day;
};

[[gnu::always_inline]] inline Contribution contribution_of(std::uint32_t day, std::int64_t amount,
                                                           bool exists, const WideRule& rule) {
  const bool seen = exists & (day <= rule.last_day);
  const bool purchase = seen & (amount >= rule.min_purchase);
  const bool in_monetary = seen & (day >= rule.from_monetary);
  const bool counts = in_monetary & (purchase | rule.returns_count);
  Contribution result;
  result.monetary = amount & -static_cast<std::int64_t>(counts);
  result.frequency = purchase & (day >= rule.from_frequency);
  result.monetary_purchases = purchase & in_monetary;
  result.last_day = day & -static_cast<std::uint32_t>(purchase & (day >= rule.from_recency));
  result.first_day = day | (static_cast<std::uint32_t>(purchase) - 1U);
  return result;
}

[[gnu::always_inline]] inline std::uint32_t larger(std::uint32_t a, std::uint32_t b) {
  return a > b ? a : b;
}
[[gnu::always_inline]] inline std::uint32_t smaller(std::uint32_t a, std::uint32_t b) {
  return a < b ? a : b;
}

template <class Arch, bool kAllSeen>
void reduce(std::span<const std::uint32_t> offsets, const std::uint16_t* day,
            const std::int64_t* amount, const std::uint64_t* seen, const WideRule& rule,
            const TotalsColumns& out) {
  std::size_t i = offsets[0];
  for (std::size_t contact = 0; contact + 1 < offsets.size(); ++contact) {
    Contribution total{0, 0, 0, kNoLastDay, kNoFirstDay};
    for (const std::size_t end = offsets[contact + 1]; i < end; ++i) {
      const bool exists = kAllSeen || ((seen[i / 64] >> (i % 64)) & 1U) != 0;
      const Contribution one = contribution_of(day[i], amount[i], exists, rule);
      total.monetary += one.monetary;
      total.frequency += one.frequency;
      total.monetary_purchases += one.monetary_purchases;
      total.last_day = larger(total.last_day, one.last_day);
      total.first_day = smaller(total.first_day, one.first_day);
    }
    out.last_day[contact] = static_cast<std::uint16_t>(total.last_day);
    out.first_day[contact] = static_cast<std::uint16_t>(total.first_day);
    out.frequency[contact] = total.frequency;
    out.monetary[contact] = total.monetary;
    if (!out.monetary_purchases.empty()) {
      out.monetary_purchases[contact] = total.monetary_purchases;
    }
  }
}

template <class Arch>
void reduce_stored_orders(std::span<const std::uint32_t> offsets,
                          std::span<const std::uint16_t> day, std::span<const std::int64_t> amount,
                          std::span<const std::uint64_t> seen, const OrderRule& rule,
                          const TotalsColumns& out) noexcept {
  const WideRule wide(rule);
  if (seen.empty()) {
    reduce<Arch, true>(offsets, day.data(), amount.data(), nullptr, wide, out);
  } else {
    reduce<Arch, false>(offsets, day.data(), amount.data(), seen.data(), wide, out);
  }
}

// Copies count in 32 bits: so many orders at a time.
constexpr std::size_t kOrdersPerCount = std::size_t{1} << 31;

template <class Arch>
void count_orders_of_blocks(std::span<const std::uint32_t> contact,
                            std::span<std::uint64_t> counts) noexcept {
  if (counts.size() > kCopiedCodes || contact.size() < kFewRows) {
    for (std::size_t i = 0; i < contact.size(); ++i)
      ++counts[contact[i] / kBlockRows];
    return;
  }
  for (std::size_t done = 0; done < contact.size(); done += kOrdersPerCount) {
    const std::size_t left = contact.size() - done;
    const std::size_t rows = left < kOrdersPerCount ? left : kOrdersPerCount;
    const std::uint32_t* from = contact.data() + done;
    count_in_copies<kCopiedCodes>(rows, counts.data(), counts.size(),
                                  [from](std::size_t i) { return from[i] / kBlockRows; });
  }
}

template <class Arch>
void spread(std::span<const ContactTotals> totals, const TotalsColumns& out) noexcept {
  std::uint16_t* last_day = out.last_day.data();
  std::uint16_t* first_day = out.first_day.data();
  std::uint32_t* frequency = out.frequency.data();
  std::int64_t* monetary = out.monetary.data();
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const ContactTotals total = totals[i];
    last_day[i] = total.last_day;
    first_day[i] = total.first_day;
    frequency[i] = total.frequency;
    monetary[i] = total.monetary;
  }
}

template <class Arch>
void ages(std::span<const std::uint16_t> days, std::uint16_t as_of_day,
          std::span<std::uint16_t> out) noexcept {
  using Words = Lanes<std::uint16_t, Arch>;
  std::size_t row = 0;
  for (; row + Words::size <= days.size(); row += Words::size) {
    const Words day = Words::load_unaligned(days.data() + row);
    const auto none = (day == Words(kNoLastDay)) | (day == Words(kNoFirstDay));
    xsimd::select(none, Words(kNoAge), Words(as_of_day) - day).store_unaligned(out.data() + row);
  }
  for (; row < days.size(); ++row) {
    const bool none = days[row] == kNoLastDay || days[row] == kNoFirstDay;
    out[row] = none ? kNoAge : static_cast<std::uint16_t>(as_of_day - days[row]);
  }
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
