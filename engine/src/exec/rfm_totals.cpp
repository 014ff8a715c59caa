// Step 1: orders to recency, frequency and monetary of every contact.
#include <bit>
#include <limits>
#include <string>

#include "exec/order_fold.hpp"
#include "exec/rfm_context.hpp"
#include "quintile/kernels/aggregate.hpp"
#include "quintile/kernels/bitmap.hpp"

namespace quintile {

namespace {

// Tells whether day and amount of whole orders say all about the block: nothing is seen in part, no
// sum can leave 64 bits, and windows begin with a local date.
bool whole_orders_suffice(const RfmContext& context, const OrderBlock& block) noexcept {
  const bool windows_by_days = std::all_of(context.windows.begin(), context.windows.end(),
                                           [](const AxisWindow& window) { return window.by_days; });
  const bool mean_apart = context.model.monetary == MonetaryMeasure::kMean &&
                          context.window(Axis::kMonetary) != context.window(Axis::kFrequency);
  if (context.general_only || context.where || !windows_by_days || mean_apart || block.wide_sums ||
      context.model.returns == ReturnsRule::kMatch) {
    return false;
  }
  if (block.lines() == 0 || block.last_time <= context.instant_us) {
    return true;
  }
  if (!context.whole_day) {
    return false;
  }
  for (std::size_t i = 0; i < block.spread_orders.size(); ++i) {
    if (block.order_day[block.spread_orders[i]] <= context.local_day &&
        block.spread_until[i] > context.local_day) {
      return false;
    }
  }
  return true;
}

// Quotient rounded half to even; `count` > 0.
Int128 divide_half_even(Int128 sum, std::int64_t count) noexcept {
  Int128 quotient = sum / count;
  const Int128 rest = sum % count;
  const Int128 twice = rest < 0 ? -2 * rest : 2 * rest;
  if (twice > count || (twice == count && quotient % 2 != 0)) {
    quotient += sum < 0 ? -1 : 1;
  }
  return quotient;
}

// The columns of one block.
struct BlockTotals {
  std::span<std::uint16_t> last_day;
  std::span<std::uint16_t> first_day;
  std::span<std::uint32_t> frequency;
  std::span<std::int64_t> monetary;
  std::span<std::uint64_t> monetary_valid;
};

void reduce_whole_orders(const RfmContext& context, const OrderBlock& block,
                         const BlockTotals& out) {
  const MonetaryMeasure measure = context.model.monetary;
  kernels::OrderRule rule;
  rule.from_recency = context.window(Axis::kRecency).from_day;
  rule.from_frequency = context.window(Axis::kFrequency).from_day;
  rule.from_monetary = context.window(Axis::kMonetary).from_day;
  rule.last_day = context.local_day;
  rule.min_purchase = context.min_purchase;
  rule.gross = measure != MonetaryMeasure::kNet;
  const bool same_window = context.window(Axis::kMonetary) == context.window(Axis::kFrequency);
  AlignedBuffer<std::uint32_t> purchases(same_window ? 0 : out.frequency.size());
  kernels::reduce_orders(
      block.contact_orders.span(), block.order_day.span(), block.order_amount.span(), {}, rule,
      {out.last_day, out.first_day, out.frequency, out.monetary, purchases.span()});
  kernels::mark_nonzero_u32(
      same_window ? std::span<const std::uint32_t>(out.frequency) : purchases.span(),
      out.monetary_valid);
  if (measure == MonetaryMeasure::kMean) {
    for (std::size_t i = 0; i < out.monetary.size(); ++i) {
      if (out.frequency[i] > 1) {
        out.monetary[i] =
            static_cast<std::int64_t>(divide_half_even(out.monetary[i], out.frequency[i]));
      }
    }
  }
}

Status fold_lines(const RfmContext& context, std::size_t block, const BlockTotals& out) {
  OrderFold fold(context, block);
  for (std::size_t i = 0; i < out.last_day.size(); ++i) {
    const FoldedContact total = fold.fold(fold.orders(i));
    Int128 monetary = total.monetary;
    if (!fits_int64(monetary)) {
      std::string message = "the amounts of contact '";
      context.contacts.ids().append(static_cast<std::uint32_t>(context.block_begin(block) + i),
                                    message);
      return {StatusCode::kOverflow, message + "' sum up to " + to_text(monetary) +
                                         " minor units, which does not fit in 64 bits"};
    }
    if (context.model.monetary == MonetaryMeasure::kMean && total.monetary_purchases > 0) {
      monetary = divide_half_even(monetary, total.monetary_purchases);
    }
    out.last_day[i] = total.last_day;
    out.first_day[i] = total.first_day;
    out.frequency[i] = total.frequency;
    out.monetary[i] = static_cast<std::int64_t>(monetary);
    if (total.monetary_purchases > 0) {
      out.monetary_valid[i / 64] |= std::uint64_t{1} << (i % 64);
    }
  }
  return {};
}

// Bits of the contacts of a block that have a line at or before as_of.
void mark_listed(const RfmContext& context, const OrderBlock& block,
                 std::span<std::uint64_t> words) noexcept {
  const bool all_seen = block.last_time <= context.instant_us;
  for (std::size_t i = 0; i < block.contacts(); ++i) {
    const std::uint32_t order = block.contact_orders[i];
    const bool listed =
        order != block.contact_orders[i + 1] &&
        (all_seen || block.line_time[block.order_lines[order]] <= context.instant_us);
    words[i / 64] |= std::uint64_t{listed} << (i % 64);
  }
}

// Contacts that the model is for: in the population, and known at as_of.
Status mark_members(const RfmContext& context, RfmData& data, std::size_t block) {
  const std::span<std::uint64_t> listed = context.words_of(data.listed, block);
  const std::span<std::uint64_t> member = context.words_of(data.member, block);
  mark_listed(context, context.blocks[block], listed);
  const std::span<const std::uint64_t> introduced = context.attributes.introduced();
  for (std::size_t w = 0; w < member.size(); ++w) {
    const std::size_t at = block * kWordsPerBlock + w;
    member[w] = listed[w] | (at < introduced.size() ? introduced[at] : 0);
  }
  if (!context.population) {
    return {};
  }
  std::vector<std::uint64_t> population(member.size());
  Status status = evaluate_block(*context.people, *context.population, block, population);
  for (std::size_t w = 0; w < member.size(); ++w) {
    member[w] &= population[w];
    listed[w] &= population[w];
  }
  return status;
}

// Takes away what contacts outside of the model have bought.
void clear_outside(std::span<const std::uint64_t> member, const BlockTotals& out) noexcept {
  for (std::size_t w = 0; w < member.size(); ++w) {
    out.monetary_valid[w] &= member[w];
    const std::size_t rows = std::min<std::size_t>(64, out.last_day.size() - w * 64);
    const std::uint64_t all = rows == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << rows) - 1;
    for (std::uint64_t outside = ~member[w] & all; outside != 0; outside &= outside - 1) {
      const std::size_t i = w * 64 + static_cast<std::size_t>(std::countr_zero(outside));
      out.last_day[i] = kernels::kNoLastDay;
      out.first_day[i] = kernels::kNoFirstDay;
      out.frequency[i] = 0;
      out.monetary[i] = 0;
    }
  }
}

Status filter_lines(RfmContext& context, std::size_t block) {
  const OrderBlock& lines = context.blocks[block];
  context.seen_lines[block].resize((lines.lines() + 63) / 64);
  return OrderStore::evaluate(*context.where, lines, context.line_columns,
                              context.seen_lines[block].span());
}

}  // namespace

Status compute_totals(RfmContext& context, RfmData& data) {
  const std::size_t blocks = context.blocks.size();
  context.whole_orders.assign(blocks, 0);
  context.seen_lines.resize(blocks);
  Status status = for_each_block(context, [&](std::size_t b, int) -> Status {
    const OrderBlock& block = context.blocks[b];
    const BlockTotals out{context.block_of(data.recency, b), context.block_of(data.first, b),
                          context.block_of(data.frequency, b), context.block_of(data.monetary, b),
                          context.words_of(data.monetary_valid, b)};
    Status step = mark_members(context, data, b);
    if (step.ok() && context.where) {
      step = filter_lines(context, b);
    }
    if (!step.ok()) {
      return step;
    }
    context.whole_orders[b] = whole_orders_suffice(context, block) ? 1 : 0;
    if (context.whole_orders[b] != 0) {
      reduce_whole_orders(context, block, out);
    } else if (step = fold_lines(context, b, out); !step.ok()) {
      return step;
    }
    clear_outside(context.words_of(data.member, b), out);
    kernels::ages_in_days(out.last_day, context.local_day, out.last_day);
    kernels::ages_in_days(out.first_day, context.local_day, out.first_day);
    return {};
  });
  data.listed_count = kernels::count_bits(data.listed.span());
  return status;
}

}  // namespace quintile
