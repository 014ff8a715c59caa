#include "support/columns.hpp"

#include <cmath>

namespace quintile::bench {

namespace {

constexpr std::uint64_t kLastDay = 45000;
constexpr std::uint64_t kDays = 1500;

// Most contacts buy once or twice, a few very often; the mean is about five.
std::uint32_t frequency_from(double unit) {
  return 1 + static_cast<std::uint32_t>(std::pow(unit, 4.0) * 20.0);
}

std::int64_t amount_from(FixedRandom& random) {
  const double amount = 300.0 + 2500.0 * -std::log(1.0 - random.unit());
  const auto minor_units = static_cast<std::int64_t>(amount);
  return random.below(20) == 0 ? -minor_units : minor_units;
}

std::uint16_t day_from(FixedRandom& random) {
  return static_cast<std::uint16_t>(kLastDay - random.below(kDays));
}

}  // namespace

std::uint64_t FixedRandom::operator()() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t mix = state_;
  mix = (mix ^ (mix >> 30)) * 0xBF58476D1CE4E5B9U;
  mix = (mix ^ (mix >> 27)) * 0x94D049BB133111EBU;
  return mix ^ (mix >> 31);
}

ContactColumns contact_columns(std::size_t contacts) {
  FixedRandom random(1);
  ContactColumns columns;
  columns.recency.resize(contacts);
  columns.frequency.resize(contacts);
  columns.monetary.resize(contacts);
  for (std::size_t i = 0; i < contacts; ++i) {
    if (random.below(20) == 0) {
      columns.recency[i] = 0xFFFF;
      continue;
    }
    const double unit = random.unit();
    columns.recency[i] = static_cast<std::uint16_t>(unit * unit * static_cast<double>(kDays));
    columns.frequency[i] = frequency_from(random.unit());
    columns.monetary[i] = amount_from(random) * columns.frequency[i];
  }
  return columns;
}

std::vector<std::uint8_t> code_column(std::size_t rows, std::uint64_t limit) {
  FixedRandom random(2);
  std::vector<std::uint8_t> codes(rows);
  for (std::uint8_t& code : codes) {
    const double unit = random.unit();
    code = static_cast<std::uint8_t>(unit * unit * static_cast<double>(limit));
  }
  return codes;
}

OrderColumns order_columns(std::size_t orders, std::size_t contacts) {
  FixedRandom random(3);
  OrderColumns columns;
  columns.contact.resize(orders);
  columns.day.resize(orders);
  columns.amount.resize(orders);
  for (std::size_t i = 0; i < orders; ++i) {
    columns.contact[i] = static_cast<std::uint32_t>(random.below(contacts));
    columns.day[i] = day_from(random);
    columns.amount[i] = amount_from(random);
  }
  return columns;
}

StoredOrders stored_orders(std::size_t contacts) {
  FixedRandom random(4);
  StoredOrders stored;
  stored.offsets.push_back(0);
  for (std::size_t c = 0; c < contacts; ++c) {
    const std::uint32_t count = frequency_from(random.unit());
    for (std::uint32_t i = 0; i < count; ++i) {
      stored.day.push_back(day_from(random));
      stored.amount.push_back(amount_from(random));
    }
    stored.offsets.push_back(static_cast<std::uint32_t>(stored.day.size()));
  }
  return stored;
}

}  // namespace quintile::bench
