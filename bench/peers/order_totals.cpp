#include "order_totals.hpp"

#include <algorithm>
#include <span>

namespace quintile::peers {

using kernels::kBlockRows;

OrderTotals::OrderTotals(std::size_t contacts, std::size_t orders, Arena::Executor& executor)
    : blocks_((contacts + kBlockRows - 1) / kBlockRows),
      shares_(std::clamp<std::size_t>(orders / kBlockRows, 1,
                                      4 * static_cast<std::size_t>(executor.thread_count()))),
      executor_(executor),
      cursors_(shares_ * blocks_),
      begins_(blocks_ + 1),
      row_day_(orders),
      amount_(orders) {
  for (int worker = 0; worker < executor.thread_count(); ++worker) {
    scratch_.emplace_back(kernels::partition_scratch_bytes(blocks_));
    block_totals_.emplace_back(kBlockRows);
  }
}

void OrderTotals::compute(const Orders& orders, Totals& totals) {
  count(orders);
  move_to_blocks(orders);
  add_up(totals);
}

OrderTotals::Share OrderTotals::share_of(std::size_t share, std::size_t orders) const noexcept {
  const std::size_t begin = orders * share / shares_;
  return {begin, orders * (share + 1) / shares_ - begin};
}

void OrderTotals::count(const Orders& orders) {
  std::fill(cursors_.begin(), cursors_.end(), 0);
  executor_.run(shares_, [&](std::size_t i, int) {
    const Share share = share_of(i, orders.contact.size());
    kernels::count_blocks(orders.contact.span().subspan(share.begin, share.count),
                          std::span(cursors_).subspan(i * blocks_, blocks_));
  });
  std::uint64_t next = 0;
  for (std::size_t block = 0; block < blocks_; ++block) {
    begins_[block] = next;
    for (std::size_t i = 0; i < shares_; ++i) {
      const std::uint64_t orders_here = cursors_[i * blocks_ + block];
      cursors_[i * blocks_ + block] = next;
      next += orders_here;
    }
  }
  begins_[blocks_] = next;
}

void OrderTotals::move_to_blocks(const Orders& orders) {
  executor_.run(shares_, [&](std::size_t i, int worker) {
    const Share share = share_of(i, orders.contact.size());
    kernels::partition_orders(orders.contact.span().subspan(share.begin, share.count),
                              orders.day.span().subspan(share.begin, share.count),
                              orders.amount.span().subspan(share.begin, share.count),
                              std::span(cursors_).subspan(i * blocks_, blocks_), row_day_.span(),
                              amount_.span(), scratch_[static_cast<std::size_t>(worker)].span());
  });
}

void OrderTotals::add_up(Totals& totals) {
  const std::size_t contacts = totals.frequency.size();
  executor_.run(blocks_, [&](std::size_t block, int worker) {
    const std::size_t row = block * kBlockRows;
    const std::size_t rows = std::min(kBlockRows, contacts - row);
    const std::span<kernels::ContactTotals> sums =
        block_totals_[static_cast<std::size_t>(worker)].span().first(rows);
    std::fill(sums.begin(), sums.end(), kernels::ContactTotals{});
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
