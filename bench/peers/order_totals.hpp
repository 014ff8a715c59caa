// Orders in any order -> totals per contact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "exec/executor.hpp"
#include "quintile/kernels/aggregate.hpp"
#include "storage/aligned_buffer.hpp"

namespace quintile::peers {

struct Orders {
  AlignedBuffer<std::uint32_t> contact;
  AlignedBuffer<std::uint16_t> day;
  AlignedBuffer<std::int64_t> amount;
};

struct Totals {
  explicit Totals(std::size_t contacts)
      : last_day(contacts), first_day(contacts), frequency(contacts), monetary(contacts) {}
  AlignedBuffer<std::uint16_t> last_day;
  AlignedBuffer<std::uint16_t> first_day;
  AlignedBuffer<std::uint32_t> frequency;
  AlignedBuffer<std::int64_t> monetary;
};

// Orders go packed to chunks of their blocks, share by share, and chunks to totals, block by block.
// Those whose amounts do not fit 32 bits take the way of count, move and add with full amounts; so
// do all orders if those are many. Keeps its scratch memory from run to run, as an engine does.
class OrderTotals {
 public:
  OrderTotals(std::size_t contacts, std::size_t orders, Arena::Executor& executor);
  void compute(const Orders& orders, Totals& totals);

 private:
  struct Range {
    std::size_t begin;
    std::size_t count;
  };
  // Where one share of the orders goes.
  struct Share {
    AlignedBuffer<std::uint64_t> orders;
    AlignedBuffer<std::uint32_t> block;
    AlignedBuffer<std::uint32_t> count;
    AlignedBuffer<std::uint32_t> wide;  // positions within the share
    kernels::PartitionCounts counts;
  };
  [[nodiscard]] Range range_of(std::size_t share, std::size_t orders) const noexcept;
  bool move_to_chunks(const Orders& orders);
  void list_chunks();
  void gather_wide(const Orders& orders);
  void count(const Orders& orders);
  void move_to_blocks(const Orders& orders);
  void add_chunks(std::size_t block, std::span<kernels::ContactTotals> sums) const;
  void add_up(Totals& totals);

  std::size_t blocks_;
  Arena::Executor& executor_;
  std::vector<Share> shares_;
  std::vector<std::span<const std::uint64_t>> chunks_;  // ordered by block
  std::vector<std::size_t> chunk_begins_;               // by block, one past the end included
  std::vector<AlignedBuffer<std::byte>> scratch_;       // by worker
  AlignedBuffer<kernels::ContactTotals> block_totals_;  // by worker, kBlockRows each

  // The way of full amounts.
  Orders wide_orders_;
  std::vector<std::uint64_t> cursors_;  // by share, then block
  std::vector<std::uint64_t> begins_;   // by block, one past the end included
  AlignedBuffer<std::uint32_t> row_day_;
  AlignedBuffer<std::int64_t> amount_;
};

}  // namespace quintile::peers
