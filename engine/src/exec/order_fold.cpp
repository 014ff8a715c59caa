#include "exec/order_fold.hpp"

#include <algorithm>
#include <map>

namespace quintile {

OrderFold::OrderFold(const RfmContext& context, std::size_t block)
    : context_(context), block_(context.blocks[block]), cursor_(context.zone) {
  if (context.where) {
    seen_lines_ = context.seen_lines[block].span();
  }
  for (std::size_t i = 0; i < context.line_columns.size(); ++i) {
    if (context.line_columns[i].type == DataType::kDecimal) {
      quantity_ = block_.values[i].integers.data();
    }
  }
}

bool OrderFold::see(std::uint32_t order, SeenOrder& seen) {
  const std::uint32_t begin = block_.order_lines[order];
  const std::uint32_t end = block_.order_lines[order + 1];
  bool any = false;
  seen = SeenOrder();
  for (std::uint32_t line = begin; line < end; ++line) {
    if (block_.line_time[line] > context_.instant_us) {
      break;  // lines ascend by time
    }
    if (!seen_lines_.empty() && !test_bit(seen_lines_, line)) {
      continue;
    }
    if (!any) {
      any = true;
      seen.time = block_.line_time[line];
      seen.day = line == begin ? block_.order_day[order] : cursor_.day_number(seen.time);
    }
    seen.amount += block_.line_amount[line];
    seen.units += quantity_ == nullptr ? kOneUnit : quantity_[line];
  }
  return any;
}

std::span<const SeenOrder> OrderFold::orders(std::size_t contact) {
  orders_.clear();
  SeenOrder seen;
  for (std::uint32_t o = block_.contact_orders[contact]; o < block_.contact_orders[contact + 1];
       ++o) {
    if (see(o, seen)) {
      orders_.push_back(seen);
    }
  }
  if (!seen_lines_.empty()) {  // the first line that is seen need not be the first line
    std::stable_sort(orders_.begin(), orders_.end(),
                     [](const SeenOrder& a, const SeenOrder& b) { return a.time < b.time; });
  }
  if (context_.model.returns == ReturnsRule::kMatch) {
    cancel_matches();
  }
  return orders_;
}

// Each return, in order of time, takes away the latest purchase of the opposite amount that lies
// strictly before it and is still there.
void OrderFold::cancel_matches() {
  std::map<Int128, std::vector<std::size_t>> open;  // purchases so far by amount, ascending by time
  std::vector<bool> cancelled(orders_.size(), false);
  std::size_t published = 0;  // orders before this position have an earlier time than the current
  for (std::size_t i = 0; i < orders_.size(); ++i) {
    while (orders_[published].time < orders_[i].time) {
      if (orders_[published].amount >= context_.min_purchase) {
        open[orders_[published].amount].push_back(published);
      }
      ++published;
    }
    if (orders_[i].amount >= context_.min_purchase) {
      continue;
    }
    const auto match = open.find(-orders_[i].amount);
    if (match != open.end() && !match->second.empty()) {
      cancelled[match->second.back()] = true;
      cancelled[i] = true;
      match->second.pop_back();
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < orders_.size(); ++i) {
    if (!cancelled[i]) {
      orders_[kept++] = orders_[i];
    }
  }
  orders_.resize(kept);
}

FoldedContact OrderFold::fold(std::span<const SeenOrder> orders) const noexcept {
  FoldedContact total;
  const bool net = context_.model.monetary == MonetaryMeasure::kNet;
  for (const SeenOrder& order : orders) {
    const bool purchase = order.amount >= context_.min_purchase;
    const bool in_monetary = context_.window(Axis::kMonetary).contains(order.day, order.time);
    if (in_monetary && (purchase || net)) {
      total.monetary += order.amount;
    }
    if (!purchase) {
      continue;
    }
    total.first_day = std::min(total.first_day, order.day);
    if (context_.window(Axis::kRecency).contains(order.day, order.time)) {
      total.last_day = std::max(total.last_day, order.day);
    }
    total.frequency += context_.window(Axis::kFrequency).contains(order.day, order.time) ? 1 : 0;
    total.monetary_purchases += in_monetary ? 1 : 0;
  }
  return total;
}

}  // namespace quintile
