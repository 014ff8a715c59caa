#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "each_isa.hpp"
#include "quintile/kernels/aggregate.hpp"
#include "support/columns.hpp"
#include "support/measure.hpp"

namespace quintile::bench {
namespace {

constexpr std::size_t kContacts = 4'000'000;
constexpr std::size_t kOrders = 20'000'000;

const kernels::OrderRule kRule{
    .from_recency = 44635, .from_frequency = 44635, .from_monetary = 44635, .last_day = 45000};

struct alignas(64) Line {
  std::array<std::byte, 64> bytes;
};

struct Totals {
  std::vector<std::uint16_t> last_day, first_day;
  std::vector<std::uint32_t> frequency;
  std::vector<std::int64_t> monetary;
  explicit Totals(std::size_t rows)
      : last_day(rows), first_day(rows), frequency(rows), monetary(rows) {}
  kernels::TotalsColumns part(std::size_t first, std::size_t count) {
    return {std::span(last_day).subspan(first, count),
            std::span(first_day).subspan(first, count),
            std::span(frequency).subspan(first, count),
            std::span(monetary).subspan(first, count),
            {}};
  }
  std::uint64_t checksum() const {
    return checksum_of(last_day,
                       checksum_of(first_day, checksum_of(frequency, checksum_of(monetary))));
  }
};

// Orders stored by contact, one pass.
void bench_reduce(benchmark::State& state, unsigned cores) {
  static const StoredOrders in = stored_orders(rows_to_measure(kContacts));
  static Totals out(in.offsets.size() - 1);
  const std::size_t rows = in.offsets.size() - 1;
  const auto elapsed = measure(state, [&] {
    for_blocks(rows, cores, [&](std::size_t first, std::size_t count) {
      kernels::reduce_orders(std::span(in.offsets).subspan(first, count + 1), in.day, in.amount, {},
                             kRule, out.part(first, count));
    });
  });
  const std::size_t orders = in.day.size();
  report(state, {orders, orders * 10 + rows * 20, cores}, elapsed, out.checksum());
}

const OrderColumns& unsorted() {
  static const OrderColumns columns =
      order_columns(rows_to_measure(kOrders), rows_to_measure(kContacts));
  return columns;
}

std::vector<std::uint64_t> block_starts() {
  const OrderColumns& in = unsorted();
  std::vector<std::uint64_t> starts(rows_to_measure(kContacts) / kernels::kBlockRows + 1);
  kernels::count_blocks(in.contact, starts);
  std::uint64_t position = 0;
  for (std::uint64_t& start : starts) {
    const std::uint64_t count = start;
    start = position;
    position += count;
  }
  return starts;
}

void bench_count_blocks(benchmark::State& state) {
  const OrderColumns& in = unsorted();
  std::vector<std::uint64_t> counts(rows_to_measure(kContacts) / kernels::kBlockRows + 1);
  const auto elapsed = measure(state, [&] {
    counts.assign(counts.size(), 0);
    kernels::count_blocks(in.contact, counts);
  });
  report(state, {in.contact.size(), in.contact.size() * 4}, elapsed, checksum_of(counts));
}

struct Partitions {
  std::vector<Line> row_day_lines, amount_lines;
  std::span<std::uint32_t> row_day;
  std::span<std::int64_t> amount;

  explicit Partitions(std::size_t orders)
      : row_day_lines(orders / 16 + 1),
        amount_lines(orders / 8 + 1),
        row_day(reinterpret_cast<std::uint32_t*>(row_day_lines.data()), orders),
        amount(reinterpret_cast<std::int64_t*>(amount_lines.data()), orders) {}
};

void partition_all(Partitions& out, std::vector<std::uint64_t>& cursor, std::span<Line> scratch) {
  const OrderColumns& in = unsorted();
  kernels::partition_orders(
      in.contact, in.day, in.amount, cursor, out.row_day, out.amount,
      {reinterpret_cast<std::byte*>(scratch.data()), scratch.size() * sizeof(Line)});
}

void bench_partition(benchmark::State& state) {
  const std::vector<std::uint64_t> starts = block_starts();
  const std::size_t orders = unsorted().contact.size();
  Partitions out(orders);
  std::vector<Line> scratch(kernels::partition_scratch_bytes(starts.size()) / sizeof(Line));
  std::vector<std::uint64_t> cursor;
  const auto elapsed = measure(state, [&] {
    cursor = starts;
    partition_all(out, cursor, scratch);
  });
  report(state, {orders, orders * 26}, elapsed, checksum_of(out.amount, checksum_of(out.row_day)));
}

void bench_accumulate(benchmark::State& state) {
  const std::vector<std::uint64_t> starts = block_starts();
  const std::size_t orders = unsorted().contact.size();
  Partitions in(orders);
  std::vector<Line> scratch(kernels::partition_scratch_bytes(starts.size()) / sizeof(Line));
  std::vector<std::uint64_t> ends = starts;
  partition_all(in, ends, scratch);
  std::vector<kernels::ContactTotals> totals(kernels::kBlockRows);
  Totals out(kernels::kBlockRows);
  const auto elapsed = measure(state, [&] {
    for (std::size_t b = 0; b < starts.size(); ++b) {
      std::fill(totals.begin(), totals.end(), kernels::ContactTotals{});
      kernels::accumulate_orders(in.row_day.subspan(starts[b], ends[b] - starts[b]),
                                 in.amount.subspan(starts[b], ends[b] - starts[b]), kRule, totals,
                                 {});
      kernels::spread_totals(totals, out.part(0, totals.size()));
    }
  });
  report(state, {orders, orders * 12}, elapsed, out.checksum());
}

// Orders packed to chunks, as one share.
struct Chunks {
  std::vector<Line> lines, scratch;
  std::vector<std::uint32_t> block, count, wide;
  std::span<std::uint64_t> orders;

  Chunks(std::size_t order_count, std::size_t blocks)
      : lines(kernels::chunks_for(order_count, blocks) * kernels::kChunkOrders / 8),
        scratch(kernels::packed_scratch_bytes(blocks) / sizeof(Line)),
        block(kernels::chunks_for(order_count, blocks)),
        count(block.size()),
        wide(64),
        orders(reinterpret_cast<std::uint64_t*>(lines.data()), lines.size() * 8) {}

  kernels::PartitionCounts fill(std::size_t blocks) {
    const OrderColumns& in = unsorted();
    return kernels::partition_packed(in.contact, in.day, in.amount, blocks, {orders, block, count},
                                     wide, std::as_writable_bytes(std::span(scratch)));
  }
};

std::size_t block_count() { return rows_to_measure(kContacts) / kernels::kBlockRows + 1; }

void bench_partition_packed(benchmark::State& state) {
  const std::size_t orders = unsorted().contact.size();
  Chunks out(orders, block_count());
  kernels::PartitionCounts counts;
  const auto elapsed = measure(state, [&] { counts = out.fill(block_count()); });
  // The number of a chunk and what fills it up are free: only sums are the same everywhere.
  std::uint64_t sum = counts.orders;
  for (std::size_t c = 0; c < counts.chunks; ++c) {
    for (const std::uint64_t order : out.orders.subspan(c * kernels::kChunkOrders, out.count[c]))
      sum += order == kernels::kNoOrder ? 0 : order * (out.block[c] + 1);
  }
  report(state, {orders, orders * 22}, elapsed, sum);
}

void bench_accumulate_packed(benchmark::State& state) {
  const std::size_t orders = unsorted().contact.size();
  Chunks in(orders, block_count());
  const kernels::PartitionCounts counts = in.fill(block_count());
  std::vector<std::vector<std::size_t>> of_block(block_count());
  for (std::size_t c = 0; c < counts.chunks; ++c)
    of_block[in.block[c]].push_back(c);
  std::vector<kernels::ContactTotals> totals(kernels::kBlockRows);
  Totals out(kernels::kBlockRows);
  const auto elapsed = measure(state, [&] {
    for (const std::vector<std::size_t>& chunks : of_block) {
      std::fill(totals.begin(), totals.end(), kernels::ContactTotals{});
      for (const std::size_t c : chunks) {
        kernels::accumulate_packed(in.orders.subspan(c * kernels::kChunkOrders, in.count[c]), kRule,
                                   totals, {});
      }
      kernels::spread_totals(totals, out.part(0, totals.size()));
    }
  });
  report(state, {orders, orders * 8}, elapsed, out.checksum());
}

[[maybe_unused]] const bool registered = [] {
  bench_each_isa_on_cores("reduce_orders", bench_reduce);
  bench_each_isa("count_blocks", bench_count_blocks);
  bench_each_isa("partition_orders", bench_partition);
  bench_each_isa("accumulate_orders", bench_accumulate);
  bench_each_isa("partition_packed", bench_partition_packed);
  bench_each_isa("accumulate_packed", bench_accumulate_packed);
  return true;
}();

}  // namespace
}  // namespace quintile::bench
