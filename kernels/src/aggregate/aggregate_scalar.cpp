#include <algorithm>

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"

// Reference loops: plain, branchy where that reads best, no vector code.
namespace quintile::kernels::scalar {

namespace {

bool bit_is_set(std::span<const std::uint64_t> words, std::size_t index) noexcept {
  return ((words[index / 64] >> (index % 64)) & 1U) != 0;
}

void add_order(std::uint16_t day, std::int64_t amount, const OrderRule& rule, ContactTotals& totals,
               std::uint32_t& monetary_purchases) noexcept {
  if (day > rule.last_day) return;
  const bool purchase = amount >= rule.min_purchase;
  if (purchase) {
    if (day >= rule.from_recency) totals.last_day = std::max(totals.last_day, day);
    if (day >= rule.from_frequency) ++totals.frequency;
    if (day >= rule.from_monetary) ++monetary_purchases;
    totals.note_first_day(day);
  }
  if (day >= rule.from_monetary && (purchase || !rule.gross)) totals.monetary += amount;
}

void reduce_orders(std::span<const std::uint32_t> offsets, std::span<const std::uint16_t> day,
                   std::span<const std::int64_t> amount, std::span<const std::uint64_t> seen,
                   const OrderRule& rule, const TotalsColumns& out) noexcept {
  for (std::size_t contact = 0; contact + 1 < offsets.size(); ++contact) {
    ContactTotals totals;
    std::uint32_t monetary_purchases = 0;
    for (std::size_t i = offsets[contact]; i < offsets[contact + 1]; ++i) {
      if (!seen.empty() && !bit_is_set(seen, i)) continue;
      add_order(day[i], amount[i], rule, totals, monetary_purchases);
    }
    out.last_day[contact] = totals.last_day;
    out.first_day[contact] = totals.first_day();
    out.frequency[contact] = totals.frequency;
    out.monetary[contact] = totals.monetary;
    if (!out.monetary_purchases.empty()) out.monetary_purchases[contact] = monetary_purchases;
  }
}

void partition_orders(std::span<const std::uint32_t> contact, std::span<const std::uint16_t> day,
                      std::span<const std::int64_t> amount, std::span<std::uint64_t> cursor,
                      std::span<std::uint32_t> row_day, std::span<std::int64_t> out_amount,
                      std::span<std::byte> /*scratch*/) noexcept {
  for (std::size_t i = 0; i < contact.size(); ++i) {
    const std::size_t block = contact[i] / kBlockRows;
    QUINTILE_DEBUG_ASSERT(block < cursor.size());
    const std::uint64_t position = cursor[block]++;
    row_day[position] = pack_row_day(static_cast<std::uint16_t>(contact[i] % kBlockRows), day[i]);
    out_amount[position] = amount[i];
  }
}

void ages_in_days(std::span<const std::uint16_t> days, std::uint16_t as_of_day,
                  std::span<std::uint16_t> ages) noexcept {
  for (std::size_t i = 0; i < days.size(); ++i) {
    const bool none = days[i] == kNoLastDay || days[i] == kNoFirstDay;
    ages[i] = none ? kNoAge : static_cast<std::uint16_t>(as_of_day - days[i]);
  }
}

void accumulate_orders(std::span<const std::uint32_t> row_day, std::span<const std::int64_t> amount,
                       const OrderRule& rule, std::span<ContactTotals> totals,
                       std::span<std::uint32_t> monetary_purchases) noexcept {
  for (std::size_t i = 0; i < row_day.size(); ++i) {
    const std::size_t row = row_of(row_day[i]);
    QUINTILE_DEBUG_ASSERT(row < totals.size());
    std::uint32_t unwanted = 0;
    add_order(day_of(row_day[i]), amount[i], rule, totals[row],
              monetary_purchases.empty() ? unwanted : monetary_purchases[row]);
  }
}

// The chunk that a block's orders go to; a cursor that is a multiple of kChunkOrders has none.
void append_packed(std::uint64_t packed, std::uint32_t block, std::uint64_t& cursor,
                   const OrderChunks& out, PartitionCounts& counts) noexcept {
  if (cursor % kChunkOrders == 0) {
    QUINTILE_DEBUG_ASSERT(counts.chunks < out.block.size());
    cursor = counts.chunks * kChunkOrders;
    out.block[counts.chunks++] = block;
  }
  const std::size_t chunk = cursor / kChunkOrders;
  out.orders[cursor++] = packed;
  out.count[chunk] = static_cast<std::uint32_t>(cursor - chunk * kChunkOrders);
}

PartitionCounts partition_packed(std::span<const std::uint32_t> contact,
                                 std::span<const std::uint16_t> day,
                                 std::span<const std::int64_t> amount, std::size_t block_count,
                                 const OrderChunks& out, std::span<std::uint32_t> wide,
                                 std::span<std::byte> scratch) noexcept {
  constexpr std::uint64_t kMultiple = 32;
  const std::span cursors(reinterpret_cast<std::uint64_t*>(scratch.data()), block_count);
  std::fill(cursors.begin(), cursors.end(), 0);
  PartitionCounts counts;
  for (; counts.orders < contact.size(); ++counts.orders) {
    const std::size_t i = counts.orders;
    const std::uint32_t block = contact[i] / kBlockRows;
    QUINTILE_DEBUG_ASSERT(block < block_count);
    const auto narrow = static_cast<std::int32_t>(amount[i]);
    if (narrow == amount[i]) {
      const auto row = static_cast<std::uint16_t>(contact[i] % kBlockRows);
      append_packed(pack_order(row, day[i], narrow), block, cursors[block], out, counts);
    } else if (counts.wide < wide.size()) {
      wide[counts.wide++] = static_cast<std::uint32_t>(i);
    } else {
      break;
    }
  }
  for (std::size_t block = 0; block < block_count; ++block) {
    while (cursors[block] % kMultiple != 0) {
      append_packed(kNoOrder, static_cast<std::uint32_t>(block), cursors[block], out, counts);
    }
  }
  return counts;
}

void accumulate_packed(std::span<const std::uint64_t> orders, const OrderRule& rule,
                       std::span<ContactTotals> totals,
                       std::span<std::uint32_t> monetary_purchases) noexcept {
  for (const std::uint64_t packed : orders) {
    const auto row_day = static_cast<std::uint32_t>(packed);
    const std::size_t row = row_of(row_day);
    QUINTILE_DEBUG_ASSERT(row < totals.size());
    std::uint32_t unwanted = 0;
    add_order(day_of(row_day), amount_of(packed), rule, totals[row],
              monetary_purchases.empty() ? unwanted : monetary_purchases[row]);
  }
}

void count_blocks(std::span<const std::uint32_t> contact,
                  std::span<std::uint64_t> counts) noexcept {
  for (const std::uint32_t row : contact) {
    QUINTILE_DEBUG_ASSERT(row / kBlockRows < counts.size());
    ++counts[row / kBlockRows];
  }
}

void spread_totals(std::span<const ContactTotals> totals, const TotalsColumns& out) noexcept {
  for (std::size_t i = 0; i < totals.size(); ++i) {
    out.last_day[i] = totals[i].last_day;
    out.first_day[i] = totals[i].first_day();
    out.frequency[i] = totals[i].frequency;
    out.monetary[i] = totals[i].monetary;
  }
}

}  // namespace

extern const AggregateKernels kAggregateKernels;
const AggregateKernels kAggregateKernels = {reduce_orders,     count_blocks,     partition_orders,
                                            accumulate_orders, partition_packed, accumulate_packed,
                                            spread_totals,     ages_in_days};

}  // namespace quintile::kernels::scalar
