// Step 4: what groups of contacts bought: per cell and class, and from the cells per tier and grid.
#include <algorithm>
#include <limits>
#include <type_traits>

#include "exec/order_fold.hpp"
#include "exec/rfm_context.hpp"
#include "quintile/kernels/aggregate.hpp"
#include "quintile/kernels/rfm.hpp"
#include "quintile/kernels/tally.hpp"

namespace quintile {

namespace {

struct ContactSums {
  Int128 revenue = 0;
  Int128 units = 0;
  std::uint64_t orders = 0;
  std::uint64_t purchases = 0;
};

void add(GroupMeasures& group, const GroupMeasures& more) noexcept {
  group.contacts += more.contacts;
  group.revenue += more.revenue;
  group.orders += more.orders;
  group.purchases += more.purchases;
  group.units += more.units;
  group.recency_contacts += more.recency_contacts;
  group.recency_days_sum += more.recency_days_sum;
  group.frequency_sum += more.frequency_sum;
  group.monetary_contacts += more.monetary_contacts;
  group.monetary_sum += more.monetary_sum;
}

// Sums over the orders of a block that is not seen by whole orders, one contact at a time.
class SumReader {
 public:
  SumReader(const RfmContext& context, std::size_t block)
      : context_(context), fold_(context, block) {}

  ContactSums operator()(std::size_t contact) {
    ContactSums sums;
    for (const SeenOrder& order : fold_.orders(contact)) {
      if (!context_.window(Axis::kMonetary).contains(order.day, order.time)) {
        continue;
      }
      sums.revenue += order.amount;
      sums.units += order.units;
      ++sums.orders;
      sums.purchases += order.amount >= context_.min_purchase ? 1 : 0;
    }
    return sums;
  }

 private:
  const RfmContext& context_;
  OrderFold fold_;
};

// What the contacts of one block bought, as columns.
struct BoughtColumns {
  AlignedBuffer<std::uint16_t> days;  // not wanted, but the kernel writes them
  AlignedBuffer<std::uint32_t> orders;
  AlignedBuffer<std::int64_t> units;
  AlignedBuffer<std::uint32_t> purchases;
  AlignedBuffer<std::int64_t> revenue;
};

// Without conditions on values a class is a set of cells, and its measures are their sums.
bool cells_tell_classes(const RfmContext& context) noexcept {
  return !context.model.table.codes.empty() && context.model.table.condition_count == 0;
}

// One thread's sums, and its scratch.
struct Sums {
  std::vector<GroupMeasures> cells;
  std::vector<GroupMeasures> classes;
  BoughtColumns bought;
  AlignedBuffer<std::uint16_t> groups;
  std::vector<kernels::CodeSum> sums;
};

std::size_t cell_of(const RfmContext& context, const RfmData& data, std::size_t row) noexcept {
  const ClassTable& table = context.model.table;
  return std::size_t{data.tiers[0][row]} * table.stride_r +
         std::size_t{data.tiers[1][row]} * table.stride_f + data.tiers[2][row];
}

void sum_contacts(const RfmContext& context, const RfmData& data, std::size_t block, Sums& sums) {
  SumReader read(context, block);
  const std::size_t begin = context.block_begin(block);
  for (std::size_t i = 0; i < context.block_rows(block); ++i) {
    const std::size_t row = begin + i;
    const std::uint8_t code = data.classes[row];
    if (code == kNoClass) {
      continue;
    }
    const ContactSums bought = read(i);
    GroupMeasures one;
    one.contacts = 1;
    one.revenue = bought.revenue;
    one.orders = bought.orders;
    one.purchases = bought.purchases;
    one.units = bought.units;
    if (data.recency[row] != kNoRecency) {
      one.recency_contacts = 1;
      one.recency_days_sum = data.recency[row];
    }
    one.frequency_sum = data.frequency[row];
    if (!data.mean || test_bit(data.monetary_valid.span(), row)) {
      one.monetary_contacts = 1;
      one.monetary_sum = data.monetary[row];
    }
    add(sums.cells[cell_of(context, data, row)], one);
    if (!cells_tell_classes(context)) {
      add(sums.classes[code], one);
    }
  }
}

// The orders of every contact in the window of monetary, counted, and `amount` of them summed up;
// `purchases`: only those of at least the least purchase are counted.
void reduce_window(const RfmContext& context, const OrderBlock& block,
                   std::span<const std::int64_t> amount, bool purchases,
                   AlignedBuffer<std::uint16_t>& days, AlignedBuffer<std::uint32_t>& counts,
                   AlignedBuffer<std::int64_t>& sums) {
  const std::uint16_t from = context.window(Axis::kMonetary).from_day;
  kernels::OrderRule rule;
  rule.from_recency = from;
  rule.from_frequency = from;
  rule.from_monetary = from;
  rule.last_day = context.local_day;
  rule.min_purchase = purchases ? context.min_purchase : std::numeric_limits<std::int64_t>::min();
  const std::size_t contacts = block.contacts();
  days.resize_for_overwrite(2 * contacts);
  counts.resize_for_overwrite(contacts);
  sums.resize_for_overwrite(contacts);
  kernels::reduce_orders(
      block.contact_orders.span(), block.order_day.span(), amount, {}, rule,
      {days.span().first(contacts), days.span().subspan(contacts), counts.span(), sums.span(), {}});
}

// Columns of one block with one entry per contact.
struct Bought {
  std::span<const std::uint32_t> orders;
  std::span<const std::uint32_t> purchases;
  std::span<const std::int64_t> revenue;
  std::span<const std::int64_t> units;
};

// Every line of the block counts, and as one unit: then offsets tell orders and units.
bool offsets_suffice(const RfmContext& context, const OrderBlock& block) noexcept {
  const bool has_quantity =
      std::any_of(context.line_columns.begin(), context.line_columns.end(),
                  [](const LineColumn& column) { return column.type == DataType::kDecimal; });
  const int from_day = context.window(Axis::kMonetary).from_day;
  // Where clocks are set back across midnight a later time may be of an earlier day: by one.
  return !has_quantity && block.lines() != 0 && block.last_time <= context.instant_us &&
         context.zone.day_number(block.first_time) - 1 >= from_day;
}

void read_offsets(const OrderBlock& block, BoughtColumns& own) {
  const std::size_t contacts = block.contacts();
  own.orders.resize_for_overwrite(contacts);
  own.units.resize_for_overwrite(contacts);
  std::uint32_t order = block.contact_orders[0];
  std::uint32_t line = block.order_lines[order];
  for (std::size_t i = 0; i < contacts; ++i) {
    const std::uint32_t next_order = block.contact_orders[i + 1];
    const std::uint32_t next_line = block.order_lines[next_order];
    own.orders[i] = next_order - order;
    own.units[i] = std::int64_t{next_line - line} * kOneUnit;
    order = next_order;
    line = next_line;
  }
}

Bought read_whole_orders(const RfmContext& context, const RfmData& data, std::size_t b,
                         BoughtColumns& own) {
  const OrderBlock& block = context.blocks[b];
  if (offsets_suffice(context, block)) {
    read_offsets(block, own);
  } else {
    reduce_window(context, block, block.order_units.span(), false, own.days, own.orders, own.units);
  }
  // Revenue is net, and in the window of monetary: often the model has it already.
  if (context.model.monetary == MonetaryMeasure::kNet &&
      context.window(Axis::kMonetary) == context.window(Axis::kFrequency)) {
    return {own.orders.span(), context.block_of(data.frequency, b),
            context.block_of(data.monetary, b), own.units.span()};
  }
  reduce_window(context, block, block.order_amount.span(), true, own.days, own.purchases,
                own.revenue);
  return {own.orders.span(), own.purchases.span(), own.revenue.span(), own.units.span()};
}

Int128 total_of(const kernels::CodeSum& sum) noexcept {
  return (static_cast<Int128>(sum.high) << 32) + static_cast<Int128>(sum.low);
}

// Sums columns by group and adds them to measures, one column after the other. Rows that belong to
// no group have the number behind the last one.
class GroupAdder {
 public:
  GroupAdder(std::span<const std::uint16_t> groups, std::vector<kernels::CodeSum>& sums,
             std::vector<GroupMeasures>& measures)
      : groups_(groups), sums_(sums), measures_(measures) {}

  template <typename Value, class Add>
  void add(std::span<const Value> values, const Add& add_to) {
    sums_.assign(measures_.size() + 1, {});
    if constexpr (std::is_same_v<Value, std::uint16_t>) {
      kernels::sum_u16_by_cell(groups_, values, sums_);
    } else if constexpr (std::is_same_v<Value, std::uint32_t>) {
      kernels::sum_u32_by_cell(groups_, values, sums_);
    } else {
      kernels::sum_i64_by_cell(groups_, values, sums_);
    }
    for (std::size_t group = 0; group < measures_.size(); ++group) {
      add_to(measures_[group], sums_[group].rows, total_of(sums_[group]));
    }
  }

 private:
  std::span<const std::uint16_t> groups_;
  std::vector<kernels::CodeSum>& sums_;
  std::vector<GroupMeasures>& measures_;
};

void add_columns(const RfmContext& context, const RfmData& data, std::size_t block,
                 const Bought& bought, AlignedBuffer<std::uint16_t>& groups,
                 std::vector<kernels::CodeSum>& sums, std::vector<GroupMeasures>& measures) {
  GroupAdder adder(groups.span(), sums, measures);
  const auto frequency = context.block_of(data.frequency, block);
  const auto monetary = context.block_of(data.monetary, block);
  const bool same_purchases = bought.purchases.data() == frequency.data();
  const bool same_revenue = bought.revenue.data() == monetary.data();
  const auto counted = [](Int128 total) { return static_cast<std::uint64_t>(total); };
  adder.add(context.block_of(data.recency, block),
            [&](GroupMeasures& group, std::uint64_t rows, Int128 total) {
              group.recency_contacts += rows;
              group.recency_days_sum += counted(total);
            });
  adder.add(frequency, [&](GroupMeasures& group, std::uint64_t rows, Int128 total) {
    group.contacts += rows;
    group.frequency_sum += counted(total);
    group.purchases += same_purchases ? counted(total) : 0;
  });
  adder.add(bought.orders, [&](GroupMeasures& group, std::uint64_t, Int128 total) {
    group.orders += counted(total);
  });
  adder.add(bought.units,
            [](GroupMeasures& group, std::uint64_t, Int128 total) { group.units += total; });
  if (!same_purchases) {
    adder.add(bought.purchases, [&](GroupMeasures& group, std::uint64_t, Int128 total) {
      group.purchases += counted(total);
    });
  }
  if (!same_revenue) {
    adder.add(bought.revenue,
              [](GroupMeasures& group, std::uint64_t, Int128 total) { group.revenue += total; });
  }
  if (data.mean) {  // an empty one belongs to no group
    const std::span<const std::uint64_t> valid = context.words_of(data.monetary_valid, block);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      groups[i] = test_bit(valid, i) ? groups[i] : static_cast<std::uint16_t>(measures.size());
    }
  }
  adder.add(monetary, [&](GroupMeasures& group, std::uint64_t rows, Int128 total) {
    group.monetary_contacts += rows;
    group.monetary_sum += total;
    group.revenue += same_revenue ? total : 0;
  });
}

// A block that is seen by whole orders: column by column, by kernels.
void sum_columns(const RfmContext& context, const RfmData& data, std::size_t block, Sums& sums) {
  const Bought bought = read_whole_orders(context, data, block, sums.bought);
  const auto tiers = [&](std::size_t axis) { return context.block_of(data.tiers[axis], block); };
  const auto tier_count = [&](std::size_t axis) {
    return static_cast<std::uint8_t>(data.cuts[axis].tiers);
  };
  const std::span<const std::uint8_t> codes = context.block_of(data.classes, block);
  const auto no_class_to = [&](std::size_t group_count) {
    for (std::size_t i = 0; i < codes.size(); ++i) {
      sums.groups[i] =
          codes[i] == kNoClass ? static_cast<std::uint16_t>(group_count) : sums.groups[i];
    }
  };
  sums.groups.resize_for_overwrite(codes.size());
  kernels::cells(tiers(0), tiers(1), tiers(2), {tier_count(0), tier_count(1), tier_count(2)},
                 sums.groups.span());
  no_class_to(sums.cells.size());
  add_columns(context, data, block, bought, sums.groups, sums.sums, sums.cells);
  if (cells_tell_classes(context)) {
    return;
  }
  for (std::size_t i = 0; i < codes.size(); ++i) {
    sums.groups[i] = codes[i];
  }
  no_class_to(sums.classes.size());
  add_columns(context, data, block, bought, sums.groups, sums.sums, sums.classes);
}

CrossTab make_cross_tab(const RfmData& data, Axis rows, Axis columns) {
  CrossTab tab;
  tab.rows = rows;
  tab.columns = columns;
  tab.row_tiers = data.cuts[to_index(rows)].tiers;
  tab.column_tiers = data.cuts[to_index(columns)].tiers;
  const auto width = static_cast<std::size_t>(tab.column_tiers) + 1;
  tab.contacts.resize((static_cast<std::size_t>(tab.row_tiers) + 1) * width);
  tab.revenue.resize(tab.contacts.size());
  return tab;
}

// Tiers, grids and the total are sums of cells.
void sum_cells(RfmData& data) {
  const auto width = [&](std::size_t axis) {
    return static_cast<std::size_t>(data.cuts[axis].tiers) + 1;
  };
  data.cross_tabs = {make_cross_tab(data, Axis::kRecency, Axis::kFrequency),
                     make_cross_tab(data, Axis::kFrequency, Axis::kMonetary),
                     make_cross_tab(data, Axis::kRecency, Axis::kMonetary)};
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    data.tier_measures[axis].assign(width(axis), {});
  }
  for (std::size_t cell = 0; cell < data.cell_measures.size(); ++cell) {
    const GroupMeasures& measures = data.cell_measures[cell];
    const std::size_t m = cell % width(2);
    const std::size_t f = cell / width(2) % width(1);
    const std::size_t r = cell / width(2) / width(1);
    add(data.tier_measures[0][r], measures);
    add(data.tier_measures[1][f], measures);
    add(data.tier_measures[2][m], measures);
    add(data.total, measures);
    const std::array<std::size_t, 3> at{r * width(1) + f, f * width(2) + m, r * width(2) + m};
    for (std::size_t tab = 0; tab < at.size(); ++tab) {
      data.cross_tabs[tab].contacts[at[tab]] += measures.contacts;
      data.cross_tabs[tab].revenue[at[tab]] += measures.revenue;
    }
  }
}

}  // namespace

Status compute_measures(const RfmContext& context, RfmData& data) {
  const std::size_t cells = (static_cast<std::size_t>(data.cuts[0].tiers) + 1) *
                            (static_cast<std::size_t>(data.cuts[1].tiers) + 1) *
                            (static_cast<std::size_t>(data.cuts[2].tiers) + 1);
  const std::size_t classes = context.model.classes.size();
  std::vector<Sums> workers(static_cast<std::size_t>(context.executor.thread_count()));
  Status status = for_each_block(context, [&](std::size_t block, int worker) -> Status {
    Sums& sums = workers[static_cast<std::size_t>(worker)];
    sums.cells.resize(cells);
    sums.classes.resize(classes);
    if (context.whole_orders[block] != 0) {
      sum_columns(context, data, block, sums);
    } else {
      sum_contacts(context, data, block, sums);
    }
    return {};
  });
  data.cell_measures.assign(cells, {});
  data.class_infos.resize(classes);
  for (const Sums& sums : workers) {
    for (std::size_t i = 0; i < sums.cells.size(); ++i) {
      add(data.cell_measures[i], sums.cells[i]);
    }
    for (std::size_t i = 0; i < sums.classes.size(); ++i) {
      add(data.class_infos[i].measures, sums.classes[i]);
    }
  }
  if (cells_tell_classes(context)) {
    for (std::size_t cell = 0; cell < cells; ++cell) {
      add(data.class_infos[context.model.table.codes[cell]].measures, data.cell_measures[cell]);
    }
  }
  sum_cells(data);
  return status;
}

}  // namespace quintile
