#include "order_totals.hpp"

#include <algorithm>
#include <atomic>
#include <span>
#include <utility>

namespace quintile::peers {

using kernels::kBlockRows;
using kernels::kChunkOrders;

namespace {

// Up to one order in so many may be wide; more, and all of them are taken as wide.
constexpr std::size_t kOrdersPerWide = 64;
constexpr std::size_t kWideAtLeast = 64;

// Totals of one block take 1 MiB; from 4 MiB on memory lies on huge pages, without which every
// second order pays for a look into the second level of the page tables' cache.
constexpr std::size_t kTotalsOnHugePages = (std::size_t{4} << 20) / sizeof(kernels::ContactTotals);

// Chunks of a block lie apart in memory; the hardware reads ahead only within a page.
void read_ahead(std::span<const std::uint64_t> chunk) noexcept {
  constexpr std::size_t kLines = 16;
  for (std::size_t line = 0; line < std::min(kLines, chunk.size() / 8); ++line) {
    __builtin_prefetch(chunk.data() + line * 8);
  }
}

}  // namespace

OrderTotals::OrderTotals(std::size_t contacts, std::size_t orders, Arena::Executor& executor)
    : blocks_((contacts + kBlockRows - 1) / kBlockRows),
      executor_(executor),
      shares_(std::clamp<std::size_t>(orders / kBlockRows, 1,
                                      4 * static_cast<std::size_t>(executor.thread_count()))),
      cursors_(shares_.size() * blocks_),
      begins_(blocks_ + 1) {
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    const std::size_t count = range_of(i, orders).count;
    const std::size_t chunks = kernels::chunks_for(count, blocks_);
    shares_[i].orders.resize(chunks * kChunkOrders);
    shares_[i].block.resize(chunks);
    shares_[i].count.resize(chunks);
    shares_[i].wide.resize(count / kOrdersPerWide + kWideAtLeast);
  }
  for (int worker = 0; worker < executor.thread_count(); ++worker) {
    scratch_.emplace_back(std::max(kernels::packed_scratch_bytes(blocks_),
                                   kernels::partition_scratch_bytes(blocks_)));
  }
  const auto workers = static_cast<std::size_t>(executor.thread_count());
  block_totals_.resize(std::max(workers * kBlockRows, kTotalsOnHugePages));
}

void OrderTotals::compute(const Orders& orders, Totals& totals) {
  const bool packed = move_to_chunks(orders);
  if (packed) {
    gather_wide(orders);
  }
  const Orders& wide = packed ? wide_orders_ : orders;
  count(wide);
  move_to_blocks(wide);
  list_chunks();
  add_up(totals);
}

OrderTotals::Range OrderTotals::range_of(std::size_t share, std::size_t orders) const noexcept {
  const std::size_t begin = orders * share / shares_.size();
  return {begin, orders * (share + 1) / shares_.size() - begin};
}

// Returns false if wide orders are too many; then there are no chunks.
bool OrderTotals::move_to_chunks(const Orders& orders) {
  std::atomic<bool> all_taken = true;
  executor_.run(shares_.size(), [&](std::size_t i, int worker) {
    Share& share = shares_[i];
    const Range range = range_of(i, orders.contact.size());
    share.counts = kernels::partition_packed(
        orders.contact.span().subspan(range.begin, range.count),
        orders.day.span().subspan(range.begin, range.count),
        orders.amount.span().subspan(range.begin, range.count), blocks_,
        {share.orders.span(), share.block.span(), share.count.span()}, share.wide.span(),
        scratch_[static_cast<std::size_t>(worker)].span());
    if (share.counts.orders != range.count) {
      all_taken = false;
    }
  });
  if (!all_taken) {
    for (Share& share : shares_)
      share.counts = {};
  }
  return all_taken;
}

void OrderTotals::list_chunks() {
  chunk_begins_.assign(blocks_ + 1, 0);
  std::size_t all = 0;
  for (const Share& share : shares_) {
    for (std::size_t c = 0; c < share.counts.chunks; ++c)
      ++chunk_begins_[share.block[c]];
    all += share.counts.chunks;
  }
  std::size_t next = 0;
  for (std::size_t& begin : chunk_begins_)
    next += std::exchange(begin, next);
  chunks_.resize(all);
  for (const Share& share : shares_) {
    for (std::size_t c = 0; c < share.counts.chunks; ++c) {
      chunks_[chunk_begins_[share.block[c]]++] =
          share.orders.span().subspan(c * kChunkOrders, share.count[c]);
    }
  }
  for (std::size_t block = blocks_; block > 0; --block)
    chunk_begins_[block] = chunk_begins_[block - 1];
  chunk_begins_[0] = 0;
}

void OrderTotals::gather_wide(const Orders& orders) {
  wide_orders_ = Orders();
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    const std::size_t begin = range_of(i, orders.contact.size()).begin;
    for (std::size_t w = 0; w < shares_[i].counts.wide; ++w) {
      const std::size_t order = begin + shares_[i].wide[w];
      wide_orders_.contact.push_back(orders.contact[order]);
      wide_orders_.day.push_back(orders.day[order]);
      wide_orders_.amount.push_back(orders.amount[order]);
    }
  }
}

void OrderTotals::count(const Orders& orders) {
  std::fill(cursors_.begin(), cursors_.end(), 0);
  executor_.run(shares_.size(), [&](std::size_t i, int) {
    const Range range = range_of(i, orders.contact.size());
    kernels::count_blocks(orders.contact.span().subspan(range.begin, range.count),
                          std::span(cursors_).subspan(i * blocks_, blocks_));
  });
  std::uint64_t next = 0;
  for (std::size_t block = 0; block < blocks_; ++block) {
    begins_[block] = next;
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      next += std::exchange(cursors_[i * blocks_ + block], next);
    }
  }
  begins_[blocks_] = next;
  row_day_.resize(next);
  amount_.resize(next);
}

void OrderTotals::move_to_blocks(const Orders& orders) {
  executor_.run(shares_.size(), [&](std::size_t i, int worker) {
    const Range range = range_of(i, orders.contact.size());
    kernels::partition_orders(orders.contact.span().subspan(range.begin, range.count),
                              orders.day.span().subspan(range.begin, range.count),
                              orders.amount.span().subspan(range.begin, range.count),
                              std::span(cursors_).subspan(i * blocks_, blocks_), row_day_.span(),
                              amount_.span(), scratch_[static_cast<std::size_t>(worker)].span());
  });
}

void OrderTotals::add_chunks(std::size_t block, std::span<kernels::ContactTotals> sums) const {
  for (std::size_t c = chunk_begins_[block]; c < chunk_begins_[block + 1]; ++c) {
    if (c + 1 < chunk_begins_[block + 1]) {
      read_ahead(chunks_[c + 1]);
    }
    kernels::accumulate_packed(chunks_[c], {}, sums, {});
  }
}

void OrderTotals::add_up(Totals& totals) {
  const std::size_t contacts = totals.frequency.size();
  executor_.run(blocks_, [&](std::size_t block, int worker) {
    const std::size_t row = block * kBlockRows;
    const std::size_t rows = std::min(kBlockRows, contacts - row);
    const std::span<kernels::ContactTotals> sums =
        block_totals_.span().subspan(static_cast<std::size_t>(worker) * kBlockRows, rows);
    std::fill(sums.begin(), sums.end(), kernels::ContactTotals{});
    add_chunks(block, sums);
    const std::size_t begin = begins_[block];
    const std::size_t count = begins_[block + 1] - begin;
    kernels::accumulate_orders(std::as_const(row_day_).span().subspan(begin, count),
                               std::as_const(amount_).span().subspan(begin, count), {}, sums, {});
    kernels::spread_totals(sums, {.last_day = totals.last_day.span().subspan(row, rows),
                                  .first_day = totals.first_day.span().subspan(row, rows),
                                  .frequency = totals.frequency.span().subspan(row, rows),
                                  .monetary = totals.monetary.span().subspan(row, rows),
                                  .monetary_purchases = {}});
  });
}

}  // namespace quintile::peers
