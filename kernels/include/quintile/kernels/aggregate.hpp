#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "quintile/kernels/block.hpp"

// Orders to totals per contact. An order is a day number (1 = 1900-01-01) and an amount in minor
// units; one whose amount is at least `min_purchase` is a purchase. Two ways in:
//
//   orders stored by contact:  reduce_orders                                   (one pass)
//   orders in any order:       partition_packed -> accumulate_packed -> spread_totals
//                                                                  (two passes over 8 bytes an
//                                                                  order)
//   the same, amounts of any size:  count_blocks -> partition_orders -> accumulate_orders
//                              -> spread_totals                                (about three passes)
//
// All functions are noexcept, allocate nothing and may run on several threads over disjoint
// outputs. Sums wrap never: the caller guarantees that the sum of |amount| over the orders of one
// contact is below 2^63 (it is enough to check the sum over all orders once).
namespace quintile::kernels {

/// Which orders count for what. Days are inclusive; an order after `last_day` is not seen at all.
struct OrderRule {
  std::uint16_t from_recency = 0;    // first day of the recency window
  std::uint16_t from_frequency = 0;  // first day of the frequency window
  std::uint16_t from_monetary = 0;   // first day of the monetary window
  std::uint16_t last_day = 0xFFFE;   // day of as_of
  std::int64_t min_purchase = 1;     // 1; 0 when an order of amount 0 is a purchase
  bool gross = false;                // monetary counts purchases only
};

/// Totals of one contact, kept together so that an unsorted order touches one cache line.
/// The neutral element is a default ContactTotals: all bits zero. The first day stands there as its
/// distance from kNoFirstDay, so that both days are maxima.
struct alignas(16) ContactTotals {
  std::int64_t monetary = 0;            // sum over orders (gross: purchases) in its window
  std::uint32_t frequency = 0;          // purchases in its window
  std::uint16_t last_day = kNoLastDay;  // of the last purchase in the recency window
  std::uint16_t before_no_day = 0;      // kNoFirstDay - day of the first purchase, whatever window

  [[nodiscard]] constexpr std::uint16_t first_day() const noexcept {
    return static_cast<std::uint16_t>(kNoFirstDay - before_no_day);
  }
  constexpr void note_first_day(std::uint16_t day) noexcept {
    const auto before = static_cast<std::uint16_t>(kNoFirstDay - day);
    before_no_day = before > before_no_day ? before : before_no_day;
  }
};

/// The same totals as columns. All spans have one entry per contact;
/// `monetary_purchases` (purchases in the monetary window: tells whether there is a monetary tier,
/// and divides the mean) may be empty when the caller does not need it, as when it equals
/// frequency because both have the same window.
struct TotalsColumns {
  std::span<std::uint16_t> last_day;
  std::span<std::uint16_t> first_day;
  std::span<std::uint32_t> frequency;
  std::span<std::int64_t> monetary;
  std::span<std::uint32_t> monetary_purchases;
};

/// Reduces orders stored by contact. Orders of contact c are [offsets[c], offsets[c+1]) of `day`
/// and `amount`; offsets ascend and need not start at 0; days need no order. Writes (not adds)
/// every entry of `out`; a contact without orders gets the neutral totals.
/// `seen`, when not empty, has bit i for order i (same index as day and amount): orders with a
/// clear bit do not exist for this call.
/// Limits: offsets.size() = contacts + 1 (so at least 1), at most kBlockRows contacts.
/// Cost: one read of 10 bytes per order and 4 per contact.
///
///   offsets {0, 2, 2}, day {10, 12}, amount {500, -100}
///   -> last_day {10, 0}, first_day {10, 0xFFFF}, frequency {1, 0}, monetary {400, 0}
void reduce_orders(std::span<const std::uint32_t> offsets, std::span<const std::uint16_t> day,
                   std::span<const std::int64_t> amount, std::span<const std::uint64_t> seen,
                   const OrderRule& rule, const TotalsColumns& out) noexcept;

/// An order within its block: row in the low 16 bits, day in the high 16 bits.
constexpr std::uint32_t pack_row_day(std::uint16_t row, std::uint16_t day) noexcept {
  return static_cast<std::uint32_t>(row) | (static_cast<std::uint32_t>(day) << 16);
}
constexpr std::uint16_t row_of(std::uint32_t row_day) noexcept {
  return static_cast<std::uint16_t>(row_day & 0xFFFFU);
}
constexpr std::uint16_t day_of(std::uint32_t row_day) noexcept {
  return static_cast<std::uint16_t>(row_day >> 16);
}

/// Counts orders per block of contacts: counts[contact / 65536] += 1. Any number of orders.
/// Precondition: every contact / 65536 < counts.size() (checked in debug builds only).
void count_blocks(std::span<const std::uint32_t> contact, std::span<std::uint64_t> counts) noexcept;

/// Bytes of scratch that partition_orders needs for `block_count` blocks.
constexpr std::size_t partition_scratch_bytes(std::size_t block_count) noexcept {
  return block_count * 256;
}

/// Moves orders to their blocks, keeping their order within a block. Order i goes to position
/// cursor[contact[i] / 65536]++ of `row_day` and `out_amount`, so the caller sets the cursors to
/// where this call's share of each block begins (prefix sums over count_blocks) and finds them at
/// its end afterwards. Several threads may partition disjoint shares into the same output.
/// `scratch`: partition_scratch_bytes(cursor.size()) bytes, aligned to 64, contents irrelevant.
/// Any number of orders; more than some 4,096 per call make the write-combining worth it.
/// Cost: 14 bytes read and 12 written per order, whole cache lines past the caches when the
/// output is 64-byte aligned.
void partition_orders(std::span<const std::uint32_t> contact, std::span<const std::uint16_t> day,
                      std::span<const std::int64_t> amount, std::span<std::uint64_t> cursor,
                      std::span<std::uint32_t> row_day, std::span<std::int64_t> out_amount,
                      std::span<std::byte> scratch) noexcept;

/// Adds the orders of one block, in any order, to `totals[row]`; `monetary_purchases` as in
/// TotalsColumns (empty or as long as totals; added to). Several calls may add to the same totals.
/// Limits: totals.size() <= kBlockRows and every row < totals.size() (checked in debug builds).
void accumulate_orders(std::span<const std::uint32_t> row_day, std::span<const std::int64_t> amount,
                       const OrderRule& rule, std::span<ContactTotals> totals,
                       std::span<std::uint32_t> monetary_purchases) noexcept;

/// An order in 8 bytes, for amounts that fit 32 bits: row within its block in the low 16 bits, day
/// above it, amount in the high 32.
constexpr std::uint64_t pack_order(std::uint16_t row, std::uint16_t day,
                                   std::int32_t amount) noexcept {
  return pack_row_day(row, day) |
         (static_cast<std::uint64_t>(static_cast<std::uint32_t>(amount)) << 32);
}
constexpr std::int32_t amount_of(std::uint64_t packed) noexcept {
  return static_cast<std::int32_t>(packed >> 32);
}

/// A packed order that counts for nothing: its day is after every last_day.
inline constexpr std::uint64_t kNoOrder = pack_order(0, 0xFFFF, 0);

/// Packed orders leave in chunks of one block each, so that nothing has to be counted first.
inline constexpr std::size_t kChunkOrders = 2048;

/// Chunks that are enough for `orders` orders of `block_count` blocks.
constexpr std::size_t chunks_for(std::size_t orders, std::size_t block_count) noexcept {
  return orders / kChunkOrders + block_count;
}

/// Where partition_packed puts orders. Chunk c is [c * kChunkOrders, (c + 1) * kChunkOrders) of
/// `orders`, which is aligned to 64 bytes; the other two have one entry per chunk.
struct OrderChunks {
  std::span<std::uint64_t> orders;
  std::span<std::uint32_t> block;  // whose orders they are
  std::span<std::uint32_t> count;  // orders in the chunk, those that fill up its end included
};

struct PartitionCounts {
  std::size_t orders = 0;  // taken from the input
  std::size_t chunks = 0;  // begun: [0, chunks)
  std::size_t wide = 0;    // entries of `wide`
};

/// Bytes of scratch that partition_packed needs for `block_count` blocks.
constexpr std::size_t packed_scratch_bytes(std::size_t block_count) noexcept {
  return (block_count * (32 * sizeof(std::uint64_t) + 12) + 63) / 64 * 64;
}

/// Moves orders to chunks of their blocks, keeping their order within a block: the chunks of a
/// block ascend. An order whose amount does not fit 32 bits leaves its index in `wide` and nothing
/// but a kNoOrder, if that, in a chunk. Where fewer than 64 entries of `wide` are left the call may
/// stop early, having taken only the first `orders` orders. Chunks are filled up with kNoOrder to a
/// multiple of 32.
/// Preconditions: every contact / 65536 < block_count; chunks_for(contact.size(), block_count)
/// chunks; `scratch`: packed_scratch_bytes(block_count) bytes, aligned to 64, contents irrelevant.
/// Cost: 14 bytes read and 8 written per order, whole cache lines past the caches.
PartitionCounts partition_packed(std::span<const std::uint32_t> contact,
                                 std::span<const std::uint16_t> day,
                                 std::span<const std::int64_t> amount, std::size_t block_count,
                                 const OrderChunks& out, std::span<std::uint32_t> wide,
                                 std::span<std::byte> scratch) noexcept;

/// Adds packed orders of one block, as accumulate_orders does. Precondition: rule.last_day is not
/// 0xFFFF, so that kNoOrder is not seen.
void accumulate_packed(std::span<const std::uint64_t> orders, const OrderRule& rule,
                       std::span<ContactTotals> totals,
                       std::span<std::uint32_t> monetary_purchases) noexcept;

/// Writes totals as columns (out.monetary_purchases is not touched and may be empty).
void spread_totals(std::span<const ContactTotals> totals, const TotalsColumns& out) noexcept;

/// Ages in days: ages[i] = as_of_day - days[i]; kNoLastDay and kNoFirstDay both give kNoAge.
/// Precondition: every other day is at most as_of_day. `ages` may be the same memory as `days`.
void ages_in_days(std::span<const std::uint16_t> days, std::uint16_t as_of_day,
                  std::span<std::uint16_t> ages) noexcept;

}  // namespace quintile::kernels
