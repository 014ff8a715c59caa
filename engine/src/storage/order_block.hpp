// The order lines of one block of contacts, grouped into orders.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "quintile/date_time.hpp"
#include "quintile/int128.hpp"
#include "quintile/types.hpp"
#include "storage/aligned_buffer.hpp"
#include "storage/chunked_buffer.hpp"
#include "storage/line_columns.hpp"

namespace quintile {

// Lines that have arrived and are not in a block yet, in order of arrival.
struct LineDelta {
  ChunkedBuffer<std::uint32_t> row;
  ChunkedBuffer<std::int64_t> time;
  ChunkedBuffer<std::int64_t> amount;
  ChunkedBuffer<std::uint32_t> order;  // kNoCode: the line is an order of its own
  std::vector<LineValues> values;      // by LineColumn

  [[nodiscard]] std::size_t size() const noexcept { return row.size(); }
};

// Orders of contact c (a row within the block) are [contact_orders[c], contact_orders[c + 1]),
// ascending by time, ties by arrival of the order's first line. Lines of order o are
// [order_lines[o], order_lines[o + 1]), ascending by time, ties by arrival. So everything about one
// contact is contiguous, and what RFM reads of an order (day and amount, 10 bytes) lies in two
// dense arrays. Time of an order = time of its first line.
struct OrderBlock {
  AlignedBuffer<std::uint32_t> contact_orders;  // contacts + 1
  AlignedBuffer<std::uint32_t> order_lines;     // orders + 1
  AlignedBuffer<std::uint32_t> order_code;      // order id, kNoCode = none
  AlignedBuffer<std::uint16_t> order_day;       // local date of the first line
  AlignedBuffer<std::int64_t> order_amount;     // exact unless `wide_sums`
  AlignedBuffer<std::int64_t> order_units;      // thousandths, exact unless `wide_sums`
  AlignedBuffer<std::int64_t> line_time;
  AlignedBuffer<std::int64_t> line_amount;
  std::vector<LineValues> values;  // by LineColumn

  // Orders whose last line is of a later day than their first one: few, and all that keeps an
  // earlier `as_of` from seeing an order either whole or not at all.
  AlignedBuffer<std::uint32_t> spread_orders;
  AlignedBuffer<std::uint16_t> spread_until;  // the day of their last line

  std::int64_t first_time = 0;  // of all lines; both 0 without lines
  std::int64_t last_time = 0;
  // The amounts (or units) are so large that a 64-bit sum over some contact might not hold them.
  bool wide_sums = false;

  [[nodiscard]] std::size_t contacts() const noexcept {
    return contact_orders.empty() ? 0 : contact_orders.size() - 1;
  }
  [[nodiscard]] std::size_t orders() const noexcept { return order_day.size(); }
  [[nodiscard]] std::size_t lines() const noexcept { return line_time.size(); }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;
};

// What merging needs to know about the columns.
struct BlockLayout {
  std::span<const LineColumn> columns;
  std::ptrdiff_t quantity = -1;  // position of the quantity among the columns, -1 if there is none
  const TimeZone* zone = nullptr;
};

// Returns the block that holds the lines of `old` and those of `delta` at positions `fresh` (of
// contacts of this block, in order of arrival, and all later than the lines of `old`). The result
// is the same however lines were distributed over calls. `contacts` must be at least
// old.contacts().
OrderBlock merge_block(const OrderBlock& old, const LineDelta& delta,
                       std::span<const std::uint32_t> fresh, std::uint32_t contacts,
                       const BlockLayout& layout);

// Makes room for contacts without orders behind the last one.
void extend_contacts(OrderBlock& block, std::uint32_t contacts);

}  // namespace quintile
