#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace quintile::bench {

/// A small seeded generator (SplitMix64): the same columns on every machine and library.
class FixedRandom {
 public:
  explicit FixedRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t operator()();
  std::uint64_t below(std::uint64_t limit) { return operator()() % limit; }
  /// Between 0 and 1.
  double unit() { return static_cast<double>(operator()() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

/// R, F and M of contacts: heavy ties in frequency, a long tail in money, one in 20 without
/// purchase.
struct ContactColumns {
  std::vector<std::uint16_t> recency;
  std::vector<std::uint32_t> frequency;
  std::vector<std::int64_t> monetary;
};
ContactColumns contact_columns(std::size_t contacts);

/// Codes below `limit`, spread like classes: some common, some rare.
std::vector<std::uint8_t> code_column(std::size_t rows, std::uint64_t limit);

/// Orders in random order: contact, day, amount (one in 20 negative).
struct OrderColumns {
  std::vector<std::uint32_t> contact;
  std::vector<std::uint16_t> day;
  std::vector<std::int64_t> amount;
};
OrderColumns order_columns(std::size_t orders, std::size_t contacts);

/// The same kind of orders stored by contact; offsets has contacts + 1 entries.
struct StoredOrders {
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint16_t> day;
  std::vector<std::int64_t> amount;
};
StoredOrders stored_orders(std::size_t contacts);

}  // namespace quintile::bench
