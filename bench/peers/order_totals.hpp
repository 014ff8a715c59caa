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

// Keeps its scratch memory from run to run, as an engine does.
class OrderTotals {
 public:
  OrderTotals(std::size_t contacts, std::size_t orders, Arena::Executor& executor);
  void compute(const Orders& orders, Totals& totals);

 private:
  struct Share {
    std::size_t begin;
    std::size_t count;
  };
  [[nodiscard]] Share share_of(std::size_t share, std::size_t orders) const noexcept;
  void count(const Orders& orders);
  void move_to_blocks(const Orders& orders);
  void add_up(Totals& totals);

  std::size_t blocks_;
  std::size_t shares_;
  Arena::Executor& executor_;
  std::vector<std::uint64_t> cursors_;  // by share, then block
  std::vector<std::uint64_t> begins_;   // by block, one past the end included
  AlignedBuffer<std::uint32_t> row_day_;
  AlignedBuffer<std::int64_t> amount_;
  std::vector<AlignedBuffer<std::byte>> scratch_;                    // by worker
  std::vector<AlignedBuffer<kernels::ContactTotals>> block_totals_;  // by worker
};

}  // namespace quintile::peers
