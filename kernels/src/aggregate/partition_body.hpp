#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "quintile/kernels/aggregate.hpp"

// Orders to their blocks with software write-combining: 16 orders of a block are gathered in L1 and
// then leave as three whole cache lines, past the caches where the output is aligned. Scattered
// stores would read every output line before writing it and run out of TLB entries.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

constexpr std::size_t kGathered = 16;

// One block's share of the scratch memory.
struct GatheredOrders {
  std::uint32_t row_day[kGathered];
  std::int64_t amount[kGathered];
  std::uint64_t next;   // position of the next order
  std::uint64_t first;  // position of the first order of this call
  std::uint64_t unused[6];
};
static_assert(sizeof(GatheredOrders) == partition_scratch_bytes(1));

struct PartitionOutput {
  std::uint32_t* row_day;
  std::int64_t* amount;
  bool aligned;  // both start on a cache line: positions divisible by 16 do as well
};

template <class Arch>
[[gnu::always_inline]] inline void put_lines(const GatheredOrders& from, const PartitionOutput& out,
                                             std::size_t position) {
  using Words = Lanes<std::uint32_t, Arch>;
  using Wides = Lanes<std::int64_t, Arch>;
  std::uint32_t* row_day = out.row_day + position;
  std::int64_t* amount = out.amount + position;
  if (out.aligned) {
    for (std::size_t j = 0; j < kGathered; j += Words::size) {
      Words::load_aligned(from.row_day + j).store(row_day + j, xsimd::stream_mode{});
    }
    for (std::size_t j = 0; j < kGathered; j += Wides::size) {
      Wides::load_aligned(from.amount + j).store(amount + j, xsimd::stream_mode{});
    }
    return;
  }
  for (std::size_t j = 0; j < kGathered; j += Words::size) {
    Words::load_aligned(from.row_day + j).store_unaligned(row_day + j);
  }
  for (std::size_t j = 0; j < kGathered; j += Wides::size) {
    Wides::load_aligned(from.amount + j).store_unaligned(amount + j);
  }
}

// Positions [begin, end) of one line, where the rest of it belongs to somebody else.
[[gnu::always_inline]] inline void put_part(const GatheredOrders& from, const PartitionOutput& out,
                                            std::uint64_t begin, std::uint64_t end) {
  for (std::uint64_t position = begin; position < end; ++position) {
    out.row_day[position] = from.row_day[position % kGathered];
    out.amount[position] = from.amount[position % kGathered];
  }
}

template <class Arch>
[[gnu::noinline]] void put_full(const GatheredOrders& from, const PartitionOutput& out,
                                std::uint64_t line) {
  if (line >= from.first) {
    put_lines<Arch>(from, out, line);
  } else {
    put_part(from, out, from.first, line + kGathered);
  }
}

template <class Arch>
void partition(std::span<const std::uint32_t> contact, std::span<const std::uint16_t> day,
               std::span<const std::int64_t> amount, std::span<std::uint64_t> cursor,
               std::span<std::uint32_t> row_day, std::span<std::int64_t> out_amount,
               std::span<std::byte> scratch) noexcept {
  auto* blocks = reinterpret_cast<GatheredOrders*>(scratch.data());
  for (std::size_t b = 0; b < cursor.size(); ++b) {
    blocks[b].next = cursor[b];
    blocks[b].first = cursor[b];
  }
  const std::uintptr_t addresses = reinterpret_cast<std::uintptr_t>(row_day.data()) |
                                   reinterpret_cast<std::uintptr_t>(out_amount.data());
  const PartitionOutput out{row_day.data(), out_amount.data(), addresses % 64 == 0};
  for (std::size_t i = 0; i < contact.size(); ++i) {
    GatheredOrders& block = blocks[contact[i] / kBlockRows];
    const std::uint64_t position = block.next;
    const std::size_t slot = position % kGathered;
    block.row_day[slot] = (contact[i] & 0xFFFFU) | (std::uint32_t{day[i]} << 16);
    block.amount[slot] = amount[i];
    block.next = position + 1;
    if (slot == kGathered - 1) put_full<Arch>(block, out, position + 1 - kGathered);
  }
  for (std::size_t b = 0; b < cursor.size(); ++b) {
    const std::uint64_t line = blocks[b].next / kGathered * kGathered;
    put_part(blocks[b], out, line > blocks[b].first ? line : blocks[b].first, blocks[b].next);
    cursor[b] = blocks[b].next;
  }
#if defined(__SSE2__)
  _mm_sfence();  // streamed lines become visible before the caller hands the output on
#endif
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
