#include "storage/order_block.hpp"

#include <algorithm>
#include <limits>

namespace quintile {

namespace {

// A line of one contact on its way into the new block. `source` counts the old lines first, then
// the fresh ones, so for lines of one order and time it ascends with arrival.
struct Item {
  std::int64_t time;
  std::uint32_t order;
  std::uint32_t source;
};

// Some items that are one order.
struct Group {
  std::int64_t time;
  std::uint32_t source;  // of the first item
  std::uint32_t begin;
  std::uint32_t end;
};

// Neighbouring lines on their way: lines [source, source + count) of the old block, or as many
// fresh ones.
struct LineRun {
  std::uint32_t source;
  std::uint32_t count;
};

// Neighbouring orders that stay as they are.
struct KeptOrders {
  std::uint32_t from;  // in the old block
  std::uint32_t to;    // in the new one
  std::uint32_t count;
};

// What the new block consists of, as references into the old lines and the delta. Most of a large
// block stays as it is when few lines come, and is described and copied in long runs.
struct Plan {
  AlignedBuffer<std::uint32_t> contact_orders;
  std::vector<std::uint32_t> order_lines{0};
  std::vector<std::uint32_t> order_code;
  std::vector<KeptOrders> kept;
  std::vector<LineRun> runs;
  std::uint32_t lines = 0;

  [[nodiscard]] std::uint32_t orders() const noexcept {
    return static_cast<std::uint32_t>(order_code.size());
  }
  // `first_fresh`: the first source that is a fresh line; no run goes across it.
  void take(std::uint32_t source, std::uint32_t count, std::uint32_t first_fresh) {
    lines += count;
    if (!runs.empty() && runs.back().source + runs.back().count == source &&
        source != first_fresh) {
      runs.back().count += count;
    } else {
      runs.push_back({source, count});
    }
  }
};

class Planner {
 public:
  Planner(const OrderBlock& old, const LineDelta& delta, std::span<const std::uint32_t> fresh,
          std::uint32_t contacts)
      : old_(old), delta_(delta), contacts_(contacts) {
    sort_by_contact(fresh);
  }

  Plan make() {
    Plan plan;
    plan.contact_orders.resize(std::size_t{contacts_} + 1);
    plan.order_code.reserve(old_.orders() + sorted_.size());
    plan.order_lines.reserve(old_.orders() + sorted_.size() + 1);
    for (std::uint32_t c = 0; c < contacts_;) {
      const std::uint32_t fresh_begin = offsets_[c];
      if (const std::uint32_t fresh_end = offsets_[c + 1]; fresh_begin != fresh_end) {
        merge(c, fresh_begin, fresh_end, plan);
        plan.contact_orders[std::size_t{++c}] = plan.orders();
        continue;
      }
      const std::uint32_t begin = c;
      while (c < contacts_ && offsets_[c + 1] == fresh_begin)
        ++c;
      keep(begin, c, plan);
    }
    return plan;
  }

  // Positions in the delta by fresh number: stable, by contact.
  [[nodiscard]] std::span<const std::uint32_t> sorted() const noexcept { return sorted_; }

 private:
  void sort_by_contact(std::span<const std::uint32_t> fresh) {
    offsets_.assign(std::size_t{contacts_} + 2, 0);
    for (const std::uint32_t line : fresh) {
      ++offsets_[delta_.row[line] % kRowsPerBlock + 2];
    }
    for (std::size_t c = 2; c < offsets_.size(); ++c) {
      offsets_[c] += offsets_[c - 1];
    }
    sorted_.resize(fresh.size());
    for (const std::uint32_t line : fresh) {
      sorted_[offsets_[delta_.row[line] % kRowsPerBlock + 1]++] = line;
    }
  }

  // Contacts [begin, end), none of which has fresh lines.
  void keep(std::uint32_t begin, std::uint32_t end, Plan& plan) const {
    const auto known = std::min(end, static_cast<std::uint32_t>(old_.contacts()));
    const std::uint32_t to = plan.orders();
    std::uint32_t from = 0;
    std::uint32_t count = 0;
    if (begin < known) {
      from = old_.contact_orders[begin];
      count = old_.contact_orders[known] - from;
    }
    for (std::uint32_t c = begin; c < known; ++c) {
      plan.contact_orders[std::size_t{c} + 1] = old_.contact_orders[std::size_t{c} + 1] - from + to;
    }
    for (std::uint32_t c = std::max(begin, known); c < end; ++c) {
      plan.contact_orders[std::size_t{c} + 1] = to + count;
    }
    if (count == 0) {
      return;
    }
    const std::uint32_t first_line = old_.order_lines[from];
    const std::uint32_t lines_before = plan.lines;
    plan.kept.push_back({from, to, count});
    plan.order_code.insert(plan.order_code.end(), old_.order_code.begin() + from,
                           old_.order_code.begin() + from + count);
    for (std::uint32_t o = from; o < from + count; ++o) {
      plan.order_lines.push_back(old_.order_lines[std::size_t{o} + 1] - first_line + lines_before);
    }
    plan.take(first_line, old_.order_lines[from + count] - first_line, first_fresh());
  }

  void merge(std::uint32_t contact, std::uint32_t fresh_begin, std::uint32_t fresh_end,
             Plan& plan) {
    collect_items(contact, fresh_begin, fresh_end);
    std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
      if (a.order != b.order) return a.order < b.order;
      return a.time != b.time ? a.time < b.time : a.source < b.source;
    });
    collect_groups();
    std::sort(groups_.begin(), groups_.end(), [](const Group& a, const Group& b) {
      return a.time != b.time ? a.time < b.time : a.source < b.source;
    });
    for (const Group& group : groups_) {
      for (std::uint32_t i = group.begin; i < group.end; ++i) {
        plan.take(items_[i].source, 1, first_fresh());
      }
      plan.order_code.push_back(items_[group.begin].order);
      plan.order_lines.push_back(plan.lines);
    }
  }

  [[nodiscard]] std::uint32_t first_fresh() const noexcept {
    return static_cast<std::uint32_t>(old_.lines());
  }

  void collect_items(std::uint32_t contact, std::uint32_t fresh_begin, std::uint32_t fresh_end) {
    items_.clear();
    if (contact < old_.contacts()) {
      for (std::uint32_t o = old_.contact_orders[contact]; o < old_.contact_orders[contact + 1];
           ++o) {
        for (std::uint32_t line = old_.order_lines[o]; line < old_.order_lines[o + 1]; ++line) {
          items_.push_back({old_.line_time[line], old_.order_code[o], line});
        }
      }
    }
    const auto old_lines = static_cast<std::uint32_t>(old_.lines());
    for (std::uint32_t i = fresh_begin; i < fresh_end; ++i) {
      const std::uint32_t line = sorted_[i];
      items_.push_back({delta_.time[line], delta_.order[line], old_lines + i});
    }
  }

  void collect_groups() {
    groups_.clear();
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      const Item& item = items_[i];
      if (i > 0 && item.order != kNoCode && item.order == items_[i - 1].order) {
        groups_.back().end = i + 1;
      } else {
        groups_.push_back({item.time, item.source, i, i + 1});
      }
    }
  }

  const OrderBlock& old_;
  const LineDelta& delta_;
  std::uint32_t contacts_;
  std::vector<std::uint32_t> offsets_;  // contacts + 2; after sorting, [c, c + 1) of sorted_
  std::vector<std::uint32_t> sorted_;
  std::vector<Item> items_;
  std::vector<Group> groups_;
};

template <class T, class Delta>
AlignedBuffer<T> gather(const AlignedBuffer<T>& old, const Delta& delta, const Plan& plan,
                        std::span<const std::uint32_t> sorted, std::size_t old_lines) {
  AlignedBuffer<T> out(plan.lines);
  T* to = out.data();
  for (const LineRun& run : plan.runs) {
    if (run.source < old_lines) {
      to = std::copy_n(old.data() + run.source, run.count, to);
      continue;
    }
    const std::size_t begin = run.source - old_lines;
    for (std::size_t i = begin; i < begin + run.count; ++i) {
      *to++ = delta[sorted[i]];
    }
  }
  return out;
}

template <class T>
AlignedBuffer<T> to_buffer(const std::vector<T>& values) {
  AlignedBuffer<T> buffer;
  buffer.append(values);
  return buffer;
}

Uint128 magnitude(std::int64_t value) noexcept {
  return value < 0 ? Uint128{0} - static_cast<Uint128>(static_cast<Int128>(value))
                   : static_cast<Uint128>(value);
}

const std::int64_t* quantities(const OrderBlock& block, const BlockLayout& layout) noexcept {
  return layout.quantity < 0
             ? nullptr
             : block.values[static_cast<std::size_t>(layout.quantity)].integers.data();
}

// Sums orders [begin, end), and finds their days, from lines that are in place.
void sum_orders(OrderBlock& block, std::uint32_t begin, std::uint32_t end,
                const std::int64_t* quantity, ZoneCursor& cursor) {
  for (std::uint32_t o = begin; o < end; ++o) {
    const std::uint32_t first = block.order_lines[o];
    const std::uint32_t after = block.order_lines[std::size_t{o} + 1];
    std::uint64_t amount = 0;  // unsigned: wraps where `wide_sums` will say so
    std::uint64_t units = 0;
    for (std::uint32_t line = first; line < after; ++line) {
      amount += static_cast<std::uint64_t>(block.line_amount[line]);
      units += static_cast<std::uint64_t>(quantity == nullptr ? kOneUnit : quantity[line]);
    }
    block.order_amount[o] = static_cast<std::int64_t>(amount);
    block.order_units[o] = static_cast<std::int64_t>(units);
    block.order_day[o] = cursor.day_number(block.line_time[first]);
    const std::uint16_t until = cursor.day_number(block.line_time[after - 1]);
    if (until != block.order_day[o]) {
      block.spread_orders.push_back(o);
      block.spread_until.push_back(until);
    }
  }
}

// Takes over what is known of orders that stay as they are.
class KeptOrderCopier {
 public:
  explicit KeptOrderCopier(const OrderBlock& old) : old_(old) {}

  // Runs ascend from call to call.
  void copy(const KeptOrders& run, OrderBlock& block) {
    const auto take = [&](const auto& from, auto& to) {
      std::copy_n(from.data() + run.from, run.count, to.data() + run.to);
    };
    take(old_.order_day, block.order_day);
    take(old_.order_amount, block.order_amount);
    take(old_.order_units, block.order_units);
    while (spread_ < old_.spread_orders.size() && old_.spread_orders[spread_] < run.from) {
      ++spread_;  // of an order that was summed again
    }
    for (;
         spread_ < old_.spread_orders.size() && old_.spread_orders[spread_] < run.from + run.count;
         ++spread_) {
      block.spread_orders.push_back(old_.spread_orders[spread_] - run.from + run.to);
      block.spread_until.push_back(old_.spread_until[spread_]);
    }
  }

 private:
  const OrderBlock& old_;
  std::size_t spread_ = 0;
};

void fill_orders(OrderBlock& block, const OrderBlock& old, std::span<const KeptOrders> kept,
                 const BlockLayout& layout) {
  const auto orders = static_cast<std::uint32_t>(block.order_lines.size() - 1);
  block.order_day.resize(orders);
  block.order_amount.resize(orders);
  block.order_units.resize(orders);
  const std::int64_t* quantity = quantities(block, layout);
  ZoneCursor cursor(*layout.zone);
  KeptOrderCopier copier(old);
  std::uint32_t next = 0;
  for (const KeptOrders& run : kept) {
    sum_orders(block, next, run.to, quantity, cursor);
    copier.copy(run, block);
    next = run.to + run.count;
  }
  sum_orders(block, next, orders, quantity, cursor);
}

// Tells whether a sum over some lines of the block might not fit 64 bits.
bool has_wide_sums(const OrderBlock& block, const BlockLayout& layout) noexcept {
  const std::int64_t* quantity = quantities(block, layout);
  Uint128 amounts = 0;
  Uint128 units = 0;
  for (std::size_t line = 0; line < block.lines(); ++line) {
    amounts += magnitude(block.line_amount[line]);
    units += magnitude(quantity == nullptr ? kOneUnit : quantity[line]);
  }
  constexpr Uint128 kLimit = std::numeric_limits<std::int64_t>::max();
  return amounts > kLimit || units > kLimit;
}

void find_times(OrderBlock& block) {
  if (block.line_time.empty()) {
    return;
  }
  const auto [first, last] = std::minmax_element(block.line_time.begin(), block.line_time.end());
  block.first_time = *first;
  block.last_time = *last;
}

}  // namespace

std::size_t OrderBlock::memory_bytes() const noexcept {
  std::size_t bytes = contact_orders.memory_bytes() + order_lines.memory_bytes() +
                      order_code.memory_bytes() + order_day.memory_bytes() +
                      order_amount.memory_bytes() + order_units.memory_bytes() +
                      line_time.memory_bytes() + line_amount.memory_bytes() +
                      spread_orders.memory_bytes() + spread_until.memory_bytes();
  for (const LineValues& column : values) {
    bytes +=
        column.codes.memory_bytes() + column.integers.memory_bytes() + column.valid.memory_bytes();
  }
  return bytes;
}

OrderBlock merge_block(const OrderBlock& old, const LineDelta& delta,
                       std::span<const std::uint32_t> fresh, std::uint32_t contacts,
                       const BlockLayout& layout) {
  Planner planner(old, delta, fresh, contacts);
  Plan plan = planner.make();
  const auto pick = [&](const auto& from_old, const auto& from_delta) {
    return gather(from_old, from_delta, plan, planner.sorted(), old.lines());
  };
  OrderBlock block;
  block.contact_orders = std::move(plan.contact_orders);
  block.order_lines = to_buffer(plan.order_lines);
  block.order_code = to_buffer(plan.order_code);
  block.line_time = pick(old.line_time, delta.time);
  block.line_amount = pick(old.line_amount, delta.amount);
  block.values.resize(layout.columns.size());
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const DataType type = layout.columns[i].type;
    if (type == DataType::kCategory || type == DataType::kBool) {
      block.values[i].codes = pick(old.values[i].codes, delta.values[i].codes);
    } else {
      block.values[i].integers = pick(old.values[i].integers, delta.values[i].integers);
    }
    if (type == DataType::kInt64) {
      block.values[i].valid = pick(old.values[i].valid, delta.values[i].valid);
    }
  }
  fill_orders(block, old, plan.kept, layout);
  block.wide_sums = has_wide_sums(block, layout);
  find_times(block);
  return block;
}

void extend_contacts(OrderBlock& block, std::uint32_t contacts) {
  const std::size_t before = block.contacts();
  if (contacts <= before) {
    return;
  }
  const std::uint32_t last = block.contact_orders.empty() ? 0 : block.contact_orders[before];
  block.contact_orders.resize(std::size_t{contacts} + 1);
  for (std::size_t c = before + 1; c <= contacts; ++c) {
    block.contact_orders[c] = last;
  }
}

}  // namespace quintile
