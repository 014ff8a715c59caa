// Orders and their lines as events.
#include <algorithm>

#include "exec/event_rows.hpp"
#include "status/try.hpp"

namespace quintile {

namespace {

constexpr std::uint32_t kLineTime = 0;  // see OrderStore::expression_columns()
constexpr std::uint32_t kLineAmount = 1;
constexpr std::uint32_t kLineOrder = 2;
constexpr std::uint32_t kFirstLineColumn = 3;

const OrderBlock* block_of(const EventSource& type, std::uint32_t block) noexcept {
  const std::span<const OrderBlock> blocks = type.orders->blocks();
  return block < blocks.size() && blocks[block].orders() != 0 ? &blocks[block] : nullptr;
}

bool contains(std::span<const std::uint32_t> properties, std::uint32_t wanted) noexcept {
  return std::find(properties.begin(), properties.end(), wanted) != properties.end();
}

void keep_bit(AlignedBuffer<std::uint64_t>& words, std::size_t index, bool bit) noexcept {
  words[index / 64] |= std::uint64_t{bit} << (index % 64);
}

// Sums the lines up to as_of, and selects the orders of the kind asked for.
class OrderSums {
 public:
  OrderSums(const EventScope& scope, const EventSource& type, const OrderBlock& block)
      : instant_us_(scope.instant_us()),
        purchases_(type.origin == EventOrigin::kPurchases),
        block_(block) {}

  // Returns the first selected order whose amount does not fit 64 bits, if there is one.
  std::optional<std::uint32_t> fill(StepColumns& columns) const {
    const auto orders = static_cast<std::uint32_t>(block_.orders());
    columns.selected.assign((orders + 63) / 64, 0);
    if (block_.last_time <= instant_us_ && !block_.wide_sums) {
      for (std::uint32_t o = 0; o < orders; ++o) {
        keep_bit(columns.selected, o, (block_.order_amount[o] > 0) == purchases_);
      }
      return {};
    }
    std::optional<std::uint32_t> too_large;
    columns.amount.resize(orders);
    for (std::uint32_t o = 0; o < orders; ++o) {
      if (block_.line_time[block_.order_lines[o]] > instant_us_) {
        columns.amount[o] = 0;
        continue;
      }
      const Int128 amount = seen_amount(o);
      const bool is_selected = (amount > 0) == purchases_;
      keep_bit(columns.selected, o, is_selected);
      columns.amount[o] = fits_int64(amount) ? static_cast<std::int64_t>(amount) : 0;
      if (is_selected && !fits_int64(amount) && !too_large) {
        too_large = o;
      }
    }
    return too_large;
  }

  [[nodiscard]] const std::int64_t* amounts(const StepColumns& columns) const noexcept {
    return block_.last_time <= instant_us_ && !block_.wide_sums ? block_.order_amount.data()
                                                                : columns.amount.data();
  }

 private:
  [[nodiscard]] Int128 seen_amount(std::uint32_t order) const noexcept {
    Int128 amount = 0;
    for (std::uint32_t line = block_.order_lines[order];
         line < block_.order_lines[order + 1] && block_.line_time[line] <= instant_us_; ++line) {
      amount += block_.line_amount[line];
    }
    return amount;
  }

  std::int64_t instant_us_;
  bool purchases_;
  const OrderBlock& block_;
};

// The values of a column of lines as expressions read them.
ExpressionColumnView view_of(const LineValues& values, DataType type, std::size_t lines,
                             AlignedBuffer<std::uint64_t>& bits,
                             AlignedBuffer<std::uint64_t>& valid) {
  if (type == DataType::kDecimal) {
    return {values.integers.data(), nullptr, 8};
  }
  valid.assign((lines + 63) / 64, 0);
  if (type == DataType::kInt64) {
    for (std::size_t i = 0; i < lines; ++i) {
      keep_bit(valid, i, values.valid[i] != 0);
    }
    return {values.integers.data(), valid.data(), 8};
  }
  for (std::size_t i = 0; i < lines; ++i) {
    keep_bit(valid, i, values.codes[i] != kNoCode);
  }
  if (type == DataType::kCategory) {
    return {values.codes.data(), valid.data(), 4};
  }
  bits.assign((lines + 63) / 64, 0);
  for (std::size_t i = 0; i < lines; ++i) {
    keep_bit(bits, i, values.codes[i] == 1);
  }
  return {bits.data(), valid.data(), 8};
}

ExpressionColumnView order_ids(const OrderBlock& block, StepColumns& columns) {
  columns.order.resize(block.lines());
  AlignedBuffer<std::uint64_t>& valid = columns.valid[kLineOrder];
  valid.assign((block.lines() + 63) / 64, 0);
  for (std::size_t o = 0; o < block.orders(); ++o) {
    for (std::uint32_t line = block.order_lines[o]; line < block.order_lines[o + 1]; ++line) {
      columns.order[line] = block.order_code[o];
      keep_bit(valid, line, block.order_code[o] != kNoCode);
    }
  }
  return {columns.order.data(), valid.data(), 4};
}

}  // namespace

Status read_orders(const EventScope& scope, const EventSource& type, std::uint32_t block,
                   const EventNeeds& needs, std::span<const std::uint32_t> properties,
                   StepColumns& columns) {
  const OrderBlock* source = block_of(type, block);
  if (source == nullptr) {
    return {};
  }
  EventRows& rows = columns.rows;
  rows.offsets = source->contact_orders.span();
  rows.day = source->order_day.span();
  rows.first_time = source->first_time;
  rows.last_time = source->last_time;
  const OrderSums sums(scope, type, *source);
  const std::optional<std::uint32_t> too_large = sums.fill(columns);
  rows.selected = columns.selected.span();
  if (needs.time || contains(properties, kOrderTime)) {
    columns.time.resize(source->orders());
    for (std::size_t o = 0; o < source->orders(); ++o) {
      columns.time[o] = source->line_time[source->order_lines[o]];
    }
    rows.time = columns.time.span();
    rows.properties[kOrderTime] = {columns.time.data(), nullptr, 8};
  }
  rows.properties[kOrderAmount] = {sums.amounts(columns), nullptr, 8};
  if (too_large && contains(properties, kOrderAmount)) {
    const auto next = std::upper_bound(rows.offsets.begin(), rows.offsets.end(), *too_large);
    const auto contact = static_cast<std::size_t>(next - rows.offsets.begin()) - 1;
    return {StatusCode::kOverflow, "expected amounts of orders that fit 64 bits, got one of " +
                                       contact_for_message(scope, block, contact)};
  }
  return {};
}

void read_order_lines(const EventScope& scope, const EventSource& type, std::uint32_t block,
                      const EventNeeds& needs, std::span<const std::uint32_t> properties,
                      StepColumns& columns) {
  const OrderBlock* source = block_of(type, block);
  if (source == nullptr) {
    return;
  }
  EventRows& rows = columns.rows;
  columns.offsets.resize(source->contacts() + 1);
  for (std::size_t c = 0; c < columns.offsets.size(); ++c) {
    columns.offsets[c] = source->order_lines[source->contact_orders[c]];
  }
  rows.offsets = columns.offsets.span();
  rows.time = source->line_time.span();
  rows.first_time = source->first_time;
  rows.last_time = source->last_time;
  rows.all_seen = source->last_time <= scope.instant_us();
  rows.by_time = false;  // the lines of an order are neighbours
  if (needs.day) {
    ZoneCursor cursor(scope.zone());
    columns.day.resize(source->lines());
    for (std::size_t line = 0; line < source->lines(); ++line) {
      columns.day[line] = cursor.day_number(source->line_time[line]);
    }
    rows.day = columns.day.span();
  }
  columns.bits.resize(rows.properties.size());
  columns.valid.resize(rows.properties.size());
  rows.properties[kLineTime] = {source->line_time.data(), nullptr, 8};
  rows.properties[kLineAmount] = {source->line_amount.data(), nullptr, 8};
  for (const std::uint32_t i : properties) {
    if (i == kLineOrder) {
      rows.properties[i] = order_ids(*source, columns);
    } else if (i >= kFirstLineColumn) {
      const std::size_t column = i - kFirstLineColumn;
      rows.properties[i] = view_of(source->values[column], type.orders->columns()[column].type,
                                   source->lines(), columns.bits[i], columns.valid[i]);
    }
  }
}

}  // namespace quintile
