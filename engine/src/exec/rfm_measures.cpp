// Step 4: what groups of contacts bought: per cell and class, and from the cells per tier and grid.
#include "exec/order_fold.hpp"
#include "exec/rfm_context.hpp"

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

// Sums over the orders of one block, one contact at a time.
class SumReader {
 public:
  SumReader(const RfmContext& context, std::size_t block)
      : context_(context),
        block_(context.blocks[block]),
        whole_(context.whole_orders[block] != 0),
        fold_(context, block) {}

  ContactSums operator()(std::size_t contact) { return whole_ ? whole(contact) : folded(contact); }

 private:
  ContactSums whole(std::size_t contact) const noexcept {
    const std::uint16_t from = context_.window(Axis::kMonetary).from_day;
    std::int64_t revenue = 0;  // 64 bits suffice: the block is not one of wide sums
    std::int64_t units = 0;
    ContactSums sums;
    for (std::uint32_t o = block_.contact_orders[contact]; o < block_.contact_orders[contact + 1];
         ++o) {
      if (block_.order_day[o] < from || block_.order_day[o] > context_.local_day) {
        continue;
      }
      revenue += block_.order_amount[o];
      units += block_.order_units[o];
      ++sums.orders;
      sums.purchases += block_.order_amount[o] >= context_.min_purchase ? 1 : 0;
    }
    sums.revenue = revenue;
    sums.units = units;
    return sums;
  }

  ContactSums folded(std::size_t contact) {
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

  const RfmContext& context_;
  const OrderBlock& block_;
  bool whole_;
  OrderFold fold_;
};

// One thread's sums.
struct Sums {
  std::vector<GroupMeasures> cells;
  std::vector<GroupMeasures> classes;
};

std::size_t cell_of(const RfmContext& context, const RfmData& data, std::size_t row) noexcept {
  const ClassTable& table = context.model.table;
  return std::size_t{data.tiers[0][row]} * table.stride_r +
         std::size_t{data.tiers[1][row]} * table.stride_f + data.tiers[2][row];
}

void sum_block(const RfmContext& context, const RfmData& data, std::size_t block, Sums& sums) {
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
    add(sums.classes[code], one);
  }
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
    sum_block(context, data, block, sums);
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
  sum_cells(data);
  return status;
}

}  // namespace quintile
