#include "quintile/kernels/aggregate.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "each_isa.hpp"

namespace quintile::kernels {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

struct Columns {
  std::vector<std::uint16_t> last_day;
  std::vector<std::uint16_t> first_day;
  std::vector<std::uint32_t> frequency;
  std::vector<std::int64_t> monetary;
  std::vector<std::uint32_t> monetary_purchases;

  explicit Columns(std::size_t rows)
      : last_day(rows, 7),
        first_day(rows, 7),
        frequency(rows, 7),
        monetary(rows, 7),
        monetary_purchases(rows, 7) {}
  TotalsColumns view() { return {last_day, first_day, frequency, monetary, monetary_purchases}; }
  TotalsColumns view_without_purchases() { return {last_day, first_day, frequency, monetary, {}}; }
  bool operator==(const Columns&) const = default;
};

struct Orders {
  std::vector<std::uint32_t> offsets{0};
  std::vector<std::uint16_t> day;
  std::vector<std::int64_t> amount;
};

class Aggregate : public testing::EachIsa {
 protected:
  OrderRule random_rule() {
    OrderRule rule;
    rule.from_recency = static_cast<std::uint16_t>(below(60));
    rule.from_frequency = static_cast<std::uint16_t>(below(60));
    rule.from_monetary = static_cast<std::uint16_t>(below(60));
    rule.last_day = static_cast<std::uint16_t>(40 + below(60));
    rule.min_purchase = static_cast<std::int64_t>(below(2));
    rule.gross = below(2) == 0;
    return rule;
  }

  std::int64_t random_amount() {
    const std::uint64_t kind = below(8);
    if (kind == 0) return 0;
    if (kind == 1) return -static_cast<std::int64_t>(below(100000));
    if (kind == 2) return (kLargest >> 40) * (below(2) == 0 ? 1 : -1);
    return static_cast<std::int64_t>(below(100000));
  }

  Orders random_orders(std::size_t contacts, std::uint64_t most) {
    Orders orders;
    for (std::size_t c = 0; c < contacts; ++c) {
      const std::uint64_t count = below(3) == 0 ? 0 : below(most + 1);
      for (std::uint64_t i = 0; i < count; ++i) {
        orders.day.push_back(static_cast<std::uint16_t>(1 + below(100)));
        orders.amount.push_back(random_amount());
      }
      orders.offsets.push_back(static_cast<std::uint32_t>(orders.day.size()));
    }
    return orders;
  }
};

TEST_P(Aggregate, ReducesTheExampleOfTheHeader) {
  const std::array<std::uint32_t, 3> offsets = {0, 2, 2};
  const std::array<std::uint16_t, 2> day = {10, 12};
  const std::array<std::int64_t, 2> amount = {500, -100};
  Columns out(2);
  reduce_orders(offsets, day, amount, {}, OrderRule{}, out.view());
  EXPECT_EQ(out.last_day, (std::vector<std::uint16_t>{10, 0}));
  EXPECT_EQ(out.first_day, (std::vector<std::uint16_t>{10, 0xFFFF}));
  EXPECT_EQ(out.frequency, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(out.monetary, (std::vector<std::int64_t>{400, 0}));
  EXPECT_EQ(out.monetary_purchases, (std::vector<std::uint32_t>{1, 0}));
}

// One contact, one order per line; what the windows, the sign and `gross` make of it.
TEST_P(Aggregate, WindowsAndSignsDecideWhatAnOrderCountsFor) {
  const OrderRule rule{
      .from_recency = 20, .from_frequency = 30, .from_monetary = 40, .last_day = 50};
  struct Case {
    std::uint16_t day;
    std::int64_t amount;
    bool gross;
    std::uint16_t last_day, first_day;
    std::uint32_t frequency;
    std::int64_t monetary;
  };
  constexpr std::array kCases = {Case{10, 5, false, 0, 10, 0, 0},
                                 Case{20, 5, false, 20, 20, 0, 0},
                                 Case{30, 5, false, 30, 30, 1, 0},
                                 Case{40, 5, false, 40, 40, 1, 5},
                                 Case{50, 5, false, 50, 50, 1, 5},
                                 Case{51, 5, false, 0, 0xFFFF, 0, 0},
                                 Case{50, 0, false, 0, 0xFFFF, 0, 0},
                                 Case{50, -5, false, 0, 0xFFFF, 0, -5},
                                 Case{50, -5, true, 0, 0xFFFF, 0, 0},
                                 Case{50, kLargest, true, 50, 50, 1, kLargest},
                                 Case{50, -kLargest, false, 0, 0xFFFF, 0, -kLargest}};
  for (const Case& c : kCases) {
    OrderRule used = rule;
    used.gross = c.gross;
    Columns out(1);
    reduce_orders(std::array<std::uint32_t, 2>{0, 1}, {&c.day, 1}, {&c.amount, 1}, {}, used,
                  out.view());
    EXPECT_EQ(out.last_day[0], c.last_day) << c.day << ' ' << c.amount;
    EXPECT_EQ(out.first_day[0], c.first_day) << c.day << ' ' << c.amount;
    EXPECT_EQ(out.frequency[0], c.frequency) << c.day << ' ' << c.amount;
    EXPECT_EQ(out.monetary[0], c.monetary) << c.day << ' ' << c.amount;
  }
}

TEST_P(Aggregate, AnOrderOfZeroIsAPurchaseWhenTheRuleSaysSo) {
  const std::uint16_t day = 3;
  const std::int64_t amount = 0;
  Columns out(1);
  reduce_orders(std::array<std::uint32_t, 2>{0, 1}, {&day, 1}, {&amount, 1}, {},
                OrderRule{.min_purchase = 0}, out.view());
  EXPECT_EQ(out.frequency[0], 1U);
  EXPECT_EQ(out.last_day[0], 3);
}

TEST_P(Aggregate, ReduceEqualsScalar) {
  for (const std::size_t contacts : testing::odd_sizes()) {
    const Orders orders = random_orders(contacts, contacts % 2 == 0 ? 6 : 150);
    const OrderRule rule = random_rule();
    const std::vector<std::uint64_t> seen = bits(orders.day.size());
    for (const bool filtered : {false, true}) {
      const auto compute = [&] {
        Columns out(contacts);
        reduce_orders(
            orders.offsets, orders.day, orders.amount,
            filtered ? std::span<const std::uint64_t>(seen) : std::span<const std::uint64_t>(),
            rule, out.view());
        return out;
      };
      EXPECT_TRUE(compute() == on_scalar(compute)) << contacts << " contacts";
    }
  }
}

TEST_P(Aggregate, ReduceTakesOffsetsThatStartAnywhereAndOptionalColumns) {
  const Orders orders = random_orders(300, 9);
  const OrderRule rule = random_rule();
  const std::span<const std::uint32_t> part = std::span(orders.offsets).subspan(101, 100);
  Columns whole(300);
  reduce_orders(orders.offsets, orders.day, orders.amount, {}, rule, whole.view());
  Columns out(99);
  reduce_orders(part, orders.day, orders.amount, {}, rule, out.view_without_purchases());
  EXPECT_TRUE(std::equal(out.monetary.begin(), out.monetary.end(), whole.monetary.begin() + 101));
  EXPECT_TRUE(
      std::equal(out.frequency.begin(), out.frequency.end(), whole.frequency.begin() + 101));
  EXPECT_EQ(out.monetary_purchases, std::vector<std::uint32_t>(99, 7)) << "untouched";
}

TEST_P(Aggregate, CountBlocksEqualsScalar) {
  for (const std::size_t block_count : {std::size_t{1}, std::size_t{3}, std::size_t{2000}}) {
    for (const std::size_t orders : testing::odd_sizes()) {
      std::vector<std::uint32_t> contact(orders);
      for (std::uint32_t& row : contact) {
        row = static_cast<std::uint32_t>(below(block_count * kBlockRows));
      }
      const auto compute = [&] {
        std::vector<std::uint64_t> counts(block_count, 1);
        count_blocks(contact, counts);
        return counts;
      };
      EXPECT_EQ(compute(), on_scalar(compute)) << orders;
    }
  }
}

struct Partitioned {
  std::vector<std::uint64_t> cursor;
  std::vector<std::uint32_t> row_day;
  std::vector<std::int64_t> amount;
  bool operator==(const Partitioned&) const = default;
};

struct Input {
  std::vector<std::uint32_t> contact;
  std::vector<std::uint16_t> day;
  std::vector<std::int64_t> amount;
};

// Partitions `input` in `pieces` calls, as several threads would, into memory that starts `shift`
// entries after a cache line.
Partitioned partition_in_pieces(const Input& input, std::size_t block_count, std::size_t pieces,
                                std::size_t shift) {
  struct alignas(64) Line {
    std::array<std::byte, 64> bytes;
  };
  const std::size_t orders = input.contact.size();
  std::vector<Line> key_lines(orders / 16 + 3);
  std::vector<Line> amount_lines(orders / 8 + 4);
  std::vector<Line> scratch(partition_scratch_bytes(block_count) / 64);
  const std::span key(reinterpret_cast<std::uint32_t*>(key_lines.data()) + shift, orders);
  const std::span value(reinterpret_cast<std::int64_t*>(amount_lines.data()) + shift, orders);

  std::vector<std::vector<std::uint64_t>> counts(pieces, std::vector<std::uint64_t>(block_count));
  const auto piece = [&](const auto& column, std::size_t p) {
    return std::span(column).subspan(orders * p / pieces,
                                     orders * (p + 1) / pieces - orders * p / pieces);
  };
  for (std::size_t p = 0; p < pieces; ++p)
    count_blocks(piece(input.contact, p), counts[p]);
  std::uint64_t position = 0;
  for (std::size_t b = 0; b < block_count; ++b) {
    for (std::size_t p = 0; p < pieces; ++p) {
      const std::uint64_t count = counts[p][b];
      counts[p][b] = position;
      position += count;
    }
  }
  Partitioned result;
  for (std::size_t p = 0; p < pieces; ++p) {
    partition_orders(piece(input.contact, p), piece(input.day, p), piece(input.amount, p),
                     counts[p], key, value,
                     {reinterpret_cast<std::byte*>(scratch.data()), scratch.size() * 64});
    result.cursor.insert(result.cursor.end(), counts[p].begin(), counts[p].end());
  }
  result.row_day.assign(key.begin(), key.end());
  result.amount.assign(value.begin(), value.end());
  return result;
}

TEST_P(Aggregate, PartitionEqualsScalarForAnySplitAndAlignment) {
  for (const std::size_t orders : {0, 1, 15, 16, 17, 100, 1000, 5000}) {
    for (const std::size_t block_count : {1, 2, 7, 40}) {
      Input input;
      for (std::size_t i = 0; i < orders; ++i) {
        input.contact.push_back(static_cast<std::uint32_t>(below(block_count * kBlockRows)));
        input.day.push_back(static_cast<std::uint16_t>(random()()));
        input.amount.push_back(static_cast<std::int64_t>(random()()));
      }
      const std::size_t pieces = 1 + below(4);
      const std::size_t shift = below(3) == 0 ? below(8) : 0;
      const auto compute = [&] { return partition_in_pieces(input, block_count, pieces, shift); };
      EXPECT_TRUE(compute() == on_scalar(compute))
          << orders << " orders, " << block_count << " blocks, " << pieces << " pieces";
    }
  }
}

TEST_P(Aggregate, UnsortedWayEqualsStoredWay) {
  const std::size_t contacts = 700;
  const Orders orders = random_orders(contacts, 8);
  const OrderRule rule = random_rule();
  Columns stored(contacts);
  reduce_orders(orders.offsets, orders.day, orders.amount, {}, rule, stored.view());

  std::vector<std::size_t> shuffled(orders.day.size());
  std::vector<std::uint32_t> row_of_order(orders.day.size());
  for (std::size_t c = 0; c < contacts; ++c) {
    for (std::size_t i = orders.offsets[c]; i < orders.offsets[c + 1]; ++i) {
      row_of_order[i] = static_cast<std::uint32_t>(c);
      shuffled[i] = i;
    }
  }
  std::shuffle(shuffled.begin(), shuffled.end(), random());
  std::vector<std::uint32_t> row_day;
  std::vector<std::int64_t> amount;
  for (const std::size_t i : shuffled) {
    row_day.push_back(pack_row_day(static_cast<std::uint16_t>(row_of_order[i]), orders.day[i]));
    amount.push_back(orders.amount[i]);
  }
  std::vector<ContactTotals> totals(contacts);
  Columns unsorted(contacts);
  std::fill(unsorted.monetary_purchases.begin(), unsorted.monetary_purchases.end(), 0U);
  const std::size_t half = row_day.size() / 2;
  accumulate_orders(std::span(row_day).first(half), std::span(amount).first(half), rule, totals,
                    unsorted.monetary_purchases);
  accumulate_orders(std::span(row_day).subspan(half), std::span(amount).subspan(half), rule, totals,
                    unsorted.monetary_purchases);
  spread_totals(totals, unsorted.view_without_purchases());
  EXPECT_TRUE(unsorted == stored);

  std::vector<ContactTotals> again(contacts);
  accumulate_orders(row_day, amount, rule, again, {});
  Columns without(contacts);
  spread_totals(again, without.view_without_purchases());
  EXPECT_EQ(without.frequency, stored.frequency);
  EXPECT_EQ(without.monetary, stored.monetary);
}

// Per block the packed orders that count for something, and the orders that did not fit.
struct Packed {
  std::vector<std::vector<std::uint64_t>> blocks;
  std::vector<std::uint32_t> wide;
  std::size_t taken = 0;
  bool operator==(const Packed&) const = default;
};

Packed pack(const Input& input, std::size_t block_count, std::size_t most_wide) {
  struct alignas(64) Line {
    std::array<std::byte, 64> bytes;
  };
  const std::size_t chunks = chunks_for(input.contact.size(), block_count);
  std::vector<Line> pool(chunks * kChunkOrders / 8 + 1);
  std::vector<Line> scratch(packed_scratch_bytes(block_count) / 64);
  std::vector<std::uint32_t> block(chunks, 99);
  std::vector<std::uint32_t> count(chunks, 99);
  Packed result;
  result.wide.resize(most_wide);
  const std::span orders(reinterpret_cast<std::uint64_t*>(pool.data()), chunks * kChunkOrders);
  const PartitionCounts counts =
      partition_packed(input.contact, input.day, input.amount, block_count, {orders, block, count},
                       result.wide, std::as_writable_bytes(std::span(scratch)));
  result.wide.resize(counts.wide);
  result.taken = counts.orders;
  result.blocks.resize(block_count);
  for (std::size_t c = 0; c < counts.chunks; ++c) {
    EXPECT_EQ(count[c] % 32, 0U);
    for (const std::uint64_t order : orders.subspan(c * kChunkOrders, count[c])) {
      if (order != kNoOrder) result.blocks[block[c]].push_back(order);
    }
  }
  return result;
}

TEST_P(Aggregate, PackedPartitionEqualsScalarAndSetsWideOrdersApart) {
  constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
  for (const std::size_t orders : {0, 1, 31, 32, 33, 64, 65, 2048, 5000, 20000}) {
    for (const std::size_t block_count : {1, 2, 7, 40}) {
      const bool some_wide = below(2) == 0;
      Input input;
      for (std::size_t i = 0; i < orders; ++i) {
        input.contact.push_back(static_cast<std::uint32_t>(below(block_count * kBlockRows)));
        input.day.push_back(static_cast<std::uint16_t>(1 + below(0xFFFE)));
        const std::uint64_t kind = below(300);
        input.amount.push_back(kind == 0                ? kLow
                               : kind == 1              ? kHigh
                               : some_wide && kind == 2 ? kLow - 1
                               : some_wide && kind == 3 ? kHigh + 1
                               : some_wide && kind == 4 ? kLargest
                                                        : random_amount() % kHigh);
      }
      const auto compute = [&] { return pack(input, block_count, orders + 64); };
      const Packed packed = compute();
      EXPECT_TRUE(packed == on_scalar(compute)) << orders << " orders, " << block_count;
      EXPECT_EQ(packed.taken, orders);
      std::size_t moved = packed.wide.size();
      for (const std::vector<std::uint64_t>& block : packed.blocks)
        moved += block.size();
      EXPECT_EQ(moved, orders);
    }
  }
}

TEST_P(Aggregate, PackedPartitionStopsWhereWideOrdersHaveNoRoom) {
  const Input input{std::vector<std::uint32_t>(1000, 5), std::vector<std::uint16_t>(1000, 7),
                    std::vector<std::int64_t>(1000, std::int64_t{1} << 40)};
  const Packed packed = pack(input, 1, 200);
  EXPECT_EQ(packed.taken, packed.wide.size());
  EXPECT_GT(packed.taken, 200U - 64U);
  EXPECT_LE(packed.taken, 200U);
}

TEST_P(Aggregate, PackedOrdersAccumulateLikeOthers) {
  for (const std::size_t orders : testing::odd_sizes()) {
    const OrderRule rule = random_rule();
    std::vector<std::uint64_t> packed;
    std::vector<std::uint32_t> row_day;
    std::vector<std::int64_t> amount;
    for (std::size_t i = 0; i < orders; ++i) {
      const auto row = static_cast<std::uint16_t>(below(500));
      const auto day = static_cast<std::uint16_t>(1 + below(100));
      const auto value = static_cast<std::int32_t>(random_amount());
      packed.push_back(below(50) == 0 ? kNoOrder : pack_order(row, day, value));
      if (packed.back() == kNoOrder) continue;
      row_day.push_back(pack_row_day(row, day));
      amount.push_back(value);
    }
    const auto totals_of = [&](const auto& accumulate) {
      std::vector<ContactTotals> totals(500);
      Columns columns(500);
      std::fill(columns.monetary_purchases.begin(), columns.monetary_purchases.end(), 0U);
      accumulate(totals, columns.monetary_purchases);
      spread_totals(totals, columns.view_without_purchases());
      return columns;
    };
    const Columns as_packed = totals_of(
        [&](auto& totals, auto& purchases) { accumulate_packed(packed, rule, totals, purchases); });
    const Columns as_wide = totals_of([&](auto& totals, auto& purchases) {
      accumulate_orders(row_day, amount, rule, totals, purchases);
    });
    EXPECT_TRUE(as_packed == as_wide) << orders;
    Columns without =
        totals_of([&](auto& totals, auto&) { accumulate_packed(packed, rule, totals, {}); });
    EXPECT_EQ(without.monetary, as_wide.monetary);
    EXPECT_EQ(without.first_day, as_wide.first_day);
  }
}

TEST_P(Aggregate, AgesEqualScalarAlsoInPlace) {
  for (const std::size_t rows : testing::odd_sizes()) {
    std::vector<std::uint16_t> days(rows + 1);
    for (std::uint16_t& day : days) {
      const std::uint64_t kind = below(4);
      day = kind == 0   ? kNoLastDay
            : kind == 1 ? kNoFirstDay
                        : static_cast<std::uint16_t>(1 + below(900));
    }
    const auto compute = [&] {
      std::vector<std::uint16_t> ages = days;
      const std::span<std::uint16_t> unaligned = std::span(ages).subspan(1);
      ages_in_days(unaligned, 900, unaligned);
      return ages;
    };
    EXPECT_EQ(compute(), on_scalar(compute)) << rows;
  }
  std::array<std::uint16_t, 4> days = {0, 0xFFFF, 900, 1};
  ages_in_days(days, 900, days);
  EXPECT_EQ(days, (std::array<std::uint16_t, 4>{kNoAge, kNoAge, 0, 899}));
}

QUINTILE_EACH_ISA_SUITE(Aggregate);

}  // namespace
}  // namespace quintile::kernels
