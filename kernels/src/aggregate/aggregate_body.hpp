#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "counter_copies.hpp"
#include "lanes.hpp"
#include "quintile/kernels/aggregate.hpp"

// The simple loops of the family; orders to totals are in reduce_body.hpp (stored by contact),
// partition_body.hpp, chunk_body.hpp and accumulate_body.hpp (unsorted).
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

// Copies count in 32 bits: so many orders at a time.
constexpr std::size_t kOrdersPerCount = std::size_t{1} << 31;

template <class Arch>
void count_orders_of_blocks(std::span<const std::uint32_t> contact,
                            std::span<std::uint64_t> counts) noexcept {
  if (counts.size() > kCopiedCodes || contact.size() < kFewRows) {
    for (std::size_t i = 0; i < contact.size(); ++i)
      ++counts[contact[i] / kBlockRows];
    return;
  }
  for (std::size_t done = 0; done < contact.size(); done += kOrdersPerCount) {
    const std::size_t left = contact.size() - done;
    const std::size_t rows = left < kOrdersPerCount ? left : kOrdersPerCount;
    const std::uint32_t* from = contact.data() + done;
    count_in_copies<kCopiedCodes>(rows, counts.data(), counts.size(),
                                  [from](std::size_t i) { return from[i] / kBlockRows; });
  }
}

template <class Arch>
void spread(std::span<const ContactTotals> totals, const TotalsColumns& out) noexcept {
  std::uint16_t* last_day = out.last_day.data();
  std::uint16_t* first_day = out.first_day.data();
  std::uint32_t* frequency = out.frequency.data();
  std::int64_t* monetary = out.monetary.data();
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const ContactTotals total = totals[i];
    last_day[i] = total.last_day;
    first_day[i] = total.first_day();
    frequency[i] = total.frequency;
    monetary[i] = total.monetary;
  }
}

template <class Arch>
void ages(std::span<const std::uint16_t> days, std::uint16_t as_of_day,
          std::span<std::uint16_t> out) noexcept {
  using Words = Lanes<std::uint16_t, Arch>;
  std::size_t row = 0;
  for (; row + Words::size <= days.size(); row += Words::size) {
    const Words day = Words::load_unaligned(days.data() + row);
    const auto none = (day == Words(kNoLastDay)) | (day == Words(kNoFirstDay));
    xsimd::select(none, Words(kNoAge), Words(as_of_day) - day).store_unaligned(out.data() + row);
  }
  for (; row < days.size(); ++row) {
    const bool none = days[row] == kNoLastDay || days[row] == kNoFirstDay;
    out[row] = none ? kNoAge : static_cast<std::uint16_t>(as_of_day - days[row]);
  }
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
