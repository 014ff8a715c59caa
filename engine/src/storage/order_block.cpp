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

// What the new block consists of, as references into the old lines and the delta.
struct Plan {
  AlignedBuffer<std::uint32_t> contact_orders;
  std::vector<std::uint32_t> order_lines{0};
  std::vector<std::uint32_t> order_code;
  std::vector<std::uint32_t> sources;
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
    plan.sources.reserve(old_.lines() + sorted_.size());
    for (std::uint32_t c = 0; c < contacts_; ++c) {
      const std::uint32_t fresh_begin = offsets_[c];
      const std::uint32_t fresh_end = offsets_[c + 1];
      if (fresh_begin == fresh_end) {
        keep(c, plan);
      } else {
        merge(c, fresh_begin, fresh_end, plan);
      }
      plan.contact_orders[std::size_t{c} + 1] = static_cast<std::uint32_t>(plan.order_code.size());
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

  void keep(std::uint32_t contact, Plan& plan) const {
    if (contact >= old_.contacts()) {
      return;
    }
    for (std::uint32_t o = old_.contact_orders[contact]; o < old_.contact_orders[contact + 1];
         ++o) {
      for (std::uint32_t line = old_.order_lines[o]; line < old_.order_lines[o + 1]; ++line) {
        plan.sources.push_back(line);
      }
      plan.order_code.push_back(old_.order_code[o]);
      plan.order_lines.push_back(static_cast<std::uint32_t>(plan.sources.size()));
    }
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
        plan.sources.push_back(items_[i].source);
      }
      plan.order_code.push_back(items_[group.begin].order);
      plan.order_lines.push_back(static_cast<std::uint32_t>(plan.sources.size()));
    }
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

template <class T>
AlignedBuffer<T> gather(const AlignedBuffer<T>& old, const AlignedBuffer<T>& delta,
                        std::span<const std::uint32_t> sources,
                        std::span<const std::uint32_t> sorted, std::size_t old_lines) {
  AlignedBuffer<T> out(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::size_t source = sources[i];
    out[i] = source < old_lines ? old[source] : delta[sorted[source - old_lines]];
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

// Sums each order, and finds its day, from lines that are in place.
void sum_orders(OrderBlock& block, const BlockLayout& layout) {
  const std::size_t orders = block.order_lines.size() - 1;
  const std::int64_t* quantity =
      layout.quantity < 0 ? nullptr
                          : block.values[static_cast<std::size_t>(layout.quantity)].integers.data();
  block.order_day.resize(orders);
  block.order_amount.resize(orders);
  block.order_units.resize(orders);
  ZoneCursor cursor(*layout.zone);
  Uint128 all_amounts = 0;
  Uint128 all_units = 0;
  for (std::size_t o = 0; o < orders; ++o) {
    const std::uint32_t begin = block.order_lines[o];
    const std::uint32_t end = block.order_lines[o + 1];
    std::uint64_t amount = 0;  // unsigned: wraps where `wide_sums` will say so
    std::uint64_t units = 0;
    for (std::uint32_t line = begin; line < end; ++line) {
      const std::int64_t line_units = quantity == nullptr ? kOneUnit : quantity[line];
      amount += static_cast<std::uint64_t>(block.line_amount[line]);
      units += static_cast<std::uint64_t>(line_units);
      all_amounts += magnitude(block.line_amount[line]);
      all_units += magnitude(line_units);
    }
    block.order_amount[o] = static_cast<std::int64_t>(amount);
    block.order_units[o] = static_cast<std::int64_t>(units);
    block.order_day[o] = cursor.day_number(block.line_time[begin]);
    const std::uint16_t until = cursor.day_number(block.line_time[end - 1]);
    if (until != block.order_day[o]) {
      block.spread_orders.push_back(static_cast<std::uint32_t>(o));
      block.spread_until.push_back(until);
    }
  }
  constexpr Uint128 kLimit = std::numeric_limits<std::int64_t>::max();
  block.wide_sums = all_amounts > kLimit || all_units > kLimit;
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
  const std::span<const std::uint32_t> sources = plan.sources;
  const auto pick = [&](const auto& from_old, const auto& from_delta) {
    return gather(from_old, from_delta, sources, planner.sorted(), old.lines());
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
  sum_orders(block, layout);
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
