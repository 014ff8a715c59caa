#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "quintile/kernels/aggregate.hpp"

// Orders packed in 8 bytes, to chunks of their blocks, with software write-combining: 32 orders of
// a block are gathered in the caches and leave as four whole lines past them. The next chunk is
// taken from one pool whoever needs it, so that orders need not be counted first and the lines
// being written lie on a few pages, whatever the number of blocks. 32 and not 8: which order
// completes a line cannot be guessed, and each wrong guess costs as much as several orders.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

constexpr std::size_t kPackedGathered = 32;
constexpr std::size_t kPackedGroup = 64;
static_assert(kChunkOrders % kPackedGathered == 0);

struct GatheredPacked {
  std::uint64_t orders[kPackedGathered];
};

// A group of orders on its way.
struct PackedGroup {
  alignas(64) std::uint64_t packed[kPackedGroup];
  alignas(64) std::uint32_t block[kPackedGroup];
};

// Packs orders [0, count) of a group; returns whether some amount did not fit.
[[gnu::always_inline]] inline bool pack_group(const std::uint32_t* contact,
                                              const std::uint16_t* day, const std::int64_t* amount,
                                              std::size_t count, PackedGroup& group) {
  std::uint64_t beyond = 0;
  for (std::size_t j = 0; j < count; ++j) {
    const auto bits = static_cast<std::uint64_t>(amount[j]);
    beyond |= (bits + 0x80000000U) >> 32;
    group.packed[j] = (contact[j] & 0xFFFFU) | (std::uint64_t{day[j]} << 16) | (bits << 32);
    group.block[j] = contact[j] / kBlockRows;
  }
  return beyond != 0;
}

// Notes the orders whose amounts do not fit, and has nothing moved in their place.
[[gnu::noinline]] std::size_t set_wide_apart(const std::int64_t* amount, std::size_t first,
                                             std::size_t count, PackedGroup& group,
                                             std::uint32_t* wide) {
  std::size_t found = 0;
  for (std::size_t j = 0; j < count; ++j) {
    if (static_cast<std::int32_t>(amount[j]) == amount[j]) continue;
    wide[found++] = static_cast<std::uint32_t>(first + j);
    group.packed[j] = kNoOrder;
  }
  return found;
}

template <class Arch>
class ChunkWriter {
 public:
  ChunkWriter(std::span<std::byte> scratch, std::size_t block_count, const OrderChunks& out)
      : lines_(reinterpret_cast<GatheredPacked*>(scratch.data())),
        position_(reinterpret_cast<std::uint64_t*>(lines_ + block_count)),
        gathered_(reinterpret_cast<std::uint32_t*>(position_ + block_count)),
        block_count_(block_count),
        orders_(out.orders.data()),
        block_(out.block.data()),
        count_(out.count.data()) {
    for (std::size_t b = 0; b < block_count; ++b)
      position_[b] = gathered_[b] = 0;
  }

  [[gnu::always_inline]] void add(const PackedGroup& group, std::size_t count) {
    GatheredPacked* const lines = lines_;
    std::uint32_t* const gathered = gathered_;
    for (std::size_t j = 0; j < count; ++j) {
      const std::uint32_t block = group.block[j];
      const std::size_t place = gathered[block] % kPackedGathered;
      lines[block].orders[place] = group.packed[j];
      ++gathered[block];
      if (place == kPackedGathered - 1) [[unlikely]] {
        put(block);
      }
    }
  }

  void finish() {
    for (std::size_t b = 0; b < block_count_; ++b) {
      const std::size_t left = gathered_[b] % kPackedGathered;
      if (left != 0) {
        for (std::size_t j = left; j < kPackedGathered; ++j)
          lines_[b].orders[j] = kNoOrder;
        put(static_cast<std::uint32_t>(b));
      }
      const std::uint64_t in_chunk = position_[b] % kChunkOrders;
      if (in_chunk != 0) {
        count_[position_[b] / kChunkOrders] = static_cast<std::uint32_t>(in_chunk);
      }
    }
#if defined(__SSE2__)
    _mm_sfence();  // streamed lines become visible before the caller hands the output on
#endif
  }

  [[nodiscard]] std::size_t chunks() const { return chunks_; }

 private:
  [[gnu::noinline]] void put(std::uint32_t block) {
    using Words = Lanes<std::uint64_t, Arch>;
    std::uint64_t& position = position_[block];
    if (position % kChunkOrders == 0) {
      position = chunks_ * kChunkOrders;
      block_[chunks_] = block;
      count_[chunks_++] = kChunkOrders;
    }
    const std::uint64_t* from = lines_[block].orders;
    std::uint64_t* to = orders_ + position;
    for (std::size_t j = 0; j < kPackedGathered; j += Words::size) {
      Words::load_aligned(from + j).store(to + j, xsimd::stream_mode{});
    }
    position += kPackedGathered;
  }

  GatheredPacked* lines_;
  std::uint64_t* position_;  // of the next line; a multiple of kChunkOrders: that of a new chunk
  std::uint32_t* gathered_;  // orders of the block so far
  std::size_t block_count_;
  std::uint64_t* orders_;
  std::uint32_t* block_;
  std::uint32_t* count_;
  std::size_t chunks_ = 0;
};

template <class Arch>
PartitionCounts partition_to_chunks(std::span<const std::uint32_t> contact,
                                    std::span<const std::uint16_t> day,
                                    std::span<const std::int64_t> amount, std::size_t block_count,
                                    const OrderChunks& out, std::span<std::uint32_t> wide,
                                    std::span<std::byte> scratch) noexcept {
  ChunkWriter<Arch> writer(scratch, block_count, out);
  PartitionCounts counts;
  PackedGroup group;
  while (counts.orders < contact.size()) {
    const std::size_t first = counts.orders;
    const std::size_t left = contact.size() - first;
    const std::uint32_t* contacts = contact.data() + first;
    const std::uint16_t* days = day.data() + first;
    const std::int64_t* amounts = amount.data() + first;
    if (left >= kPackedGroup && !pack_group(contacts, days, amounts, kPackedGroup, group)) {
      writer.add(group, kPackedGroup);
      counts.orders += kPackedGroup;
      continue;
    }
    const std::size_t count = left < kPackedGroup ? left : kPackedGroup;
    if (pack_group(contacts, days, amounts, count, group)) {
      if (wide.size() - counts.wide < kPackedGroup) break;
      counts.wide += set_wide_apart(amounts, first, count, group, wide.data() + counts.wide);
    }
    writer.add(group, count);
    counts.orders += count;
  }
  writer.finish();
  counts.chunks = writer.chunks();
  return counts;
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
