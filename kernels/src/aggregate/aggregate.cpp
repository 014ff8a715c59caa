#include "quintile/kernels/aggregate.hpp"

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"

namespace quintile::kernels {

namespace {

bool columns_fit(const TotalsColumns& columns, std::size_t contacts) noexcept {
  return columns.last_day.size() == contacts && columns.first_day.size() == contacts &&
         columns.frequency.size() == contacts && columns.monetary.size() == contacts &&
         (columns.monetary_purchases.empty() || columns.monetary_purchases.size() == contacts);
}

}  // namespace

void reduce_orders(std::span<const std::uint32_t> offsets, std::span<const std::uint16_t> day,
                   std::span<const std::int64_t> amount, std::span<const std::uint64_t> seen,
                   const OrderRule& rule, const TotalsColumns& out) noexcept {
  QUINTILE_ASSERT(!offsets.empty() && offsets.size() <= kBlockRows + 1);
  QUINTILE_ASSERT(day.size() == amount.size() && offsets.back() <= day.size());
  QUINTILE_ASSERT(seen.empty() || seen.size() >= words_for(offsets.back()));
  QUINTILE_ASSERT(columns_fit(out, offsets.size() - 1));
  active_table().aggregate->reduce_orders(offsets, day, amount, seen, rule, out);
}

void count_blocks(std::span<const std::uint32_t> contact,
                  std::span<std::uint64_t> counts) noexcept {
  active_table().aggregate->count_blocks(contact, counts);
}

void partition_orders(std::span<const std::uint32_t> contact, std::span<const std::uint16_t> day,
                      std::span<const std::int64_t> amount, std::span<std::uint64_t> cursor,
                      std::span<std::uint32_t> row_day, std::span<std::int64_t> out_amount,
                      std::span<std::byte> scratch) noexcept {
  QUINTILE_ASSERT(day.size() == contact.size() && amount.size() == contact.size());
  QUINTILE_ASSERT(row_day.size() == out_amount.size());
  QUINTILE_ASSERT(scratch.size() >= partition_scratch_bytes(cursor.size()));
  QUINTILE_ASSERT(reinterpret_cast<std::uintptr_t>(scratch.data()) % 64 == 0);
  active_table().aggregate->partition_orders(contact, day, amount, cursor, row_day, out_amount,
                                             scratch);
}

void accumulate_orders(std::span<const std::uint32_t> row_day, std::span<const std::int64_t> amount,
                       const OrderRule& rule, std::span<ContactTotals> totals,
                       std::span<std::uint32_t> monetary_purchases) noexcept {
  QUINTILE_ASSERT(row_day.size() == amount.size() && totals.size() <= kBlockRows);
  QUINTILE_ASSERT(monetary_purchases.empty() || monetary_purchases.size() == totals.size());
  active_table().aggregate->accumulate_orders(row_day, amount, rule, totals, monetary_purchases);
}

PartitionCounts partition_packed(std::span<const std::uint32_t> contact,
                                 std::span<const std::uint16_t> day,
                                 std::span<const std::int64_t> amount, std::size_t block_count,
                                 const OrderChunks& out, std::span<std::uint32_t> wide,
                                 std::span<std::byte> scratch) noexcept {
  QUINTILE_ASSERT(day.size() == contact.size() && amount.size() == contact.size());
  QUINTILE_ASSERT(out.block.size() >= chunks_for(contact.size(), block_count));
  QUINTILE_ASSERT(out.count.size() >= out.block.size());
  QUINTILE_ASSERT(out.orders.size() >= out.block.size() * kChunkOrders);
  QUINTILE_ASSERT(reinterpret_cast<std::uintptr_t>(out.orders.data()) % 64 == 0);
  QUINTILE_ASSERT(scratch.size() >= packed_scratch_bytes(block_count));
  QUINTILE_ASSERT(reinterpret_cast<std::uintptr_t>(scratch.data()) % 64 == 0);
  return active_table().aggregate->partition_packed(contact, day, amount, block_count, out, wide,
                                                    scratch);
}

void accumulate_packed(std::span<const std::uint64_t> orders, const OrderRule& rule,
                       std::span<ContactTotals> totals,
                       std::span<std::uint32_t> monetary_purchases) noexcept {
  QUINTILE_ASSERT(totals.size() <= kBlockRows && rule.last_day != 0xFFFF);
  QUINTILE_ASSERT(monetary_purchases.empty() || monetary_purchases.size() == totals.size());
  active_table().aggregate->accumulate_packed(orders, rule, totals, monetary_purchases);
}

void spread_totals(std::span<const ContactTotals> totals, const TotalsColumns& out) noexcept {
  QUINTILE_ASSERT(columns_fit(out, totals.size()));
  active_table().aggregate->spread_totals(totals, out);
}

void ages_in_days(std::span<const std::uint16_t> days, std::uint16_t as_of_day,
                  std::span<std::uint16_t> ages) noexcept {
  QUINTILE_ASSERT(ages.size() == days.size());
  active_table().aggregate->ages_in_days(days, as_of_day, ages);
}

}  // namespace quintile::kernels
