// Orders of one contact as a model sees them, line by line: the exact way that is always right.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exec/rfm_context.hpp"
#include "quintile/int128.hpp"

namespace quintile {

struct SeenOrder {
  std::int64_t time = 0;  // of its earliest line that is seen
  std::uint16_t day = 0;
  Int128 amount = 0;
  Int128 units = 0;
};

// Totals of one contact.
struct FoldedContact {
  std::uint16_t last_day = 0;        // 0: no purchase in the recency window
  std::uint16_t first_day = 0xFFFF;  // 0xFFFF: no purchase
  std::uint32_t frequency = 0;
  std::uint32_t monetary_purchases = 0;
  Int128 monetary = 0;  // mean: still the sum
};

// Reads the orders of one block. One per thread and block.
class OrderFold {
 public:
  OrderFold(const RfmContext& context, std::size_t block);

  // The orders of contact `contact` of the block, ascending by time; valid until the next call.
  std::span<const SeenOrder> orders(std::size_t contact);

  [[nodiscard]] FoldedContact fold(std::span<const SeenOrder> orders) const noexcept;

 private:
  bool see(std::uint32_t order, SeenOrder& seen);
  void cancel_matches();

  const RfmContext& context_;
  const OrderBlock& block_;
  std::span<const std::uint64_t> seen_lines_;  // empty: all
  const std::int64_t* quantity_ = nullptr;
  ZoneCursor cursor_;
  std::vector<SeenOrder> orders_;
};

}  // namespace quintile
