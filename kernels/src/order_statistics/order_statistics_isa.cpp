#include "kernel_table.hpp"
#include "order_statistics/order_statistics_body.hpp"
#include "order_statistics/place_body.hpp"

namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

using Arch = QUINTILE_ISA_ARCH;

void place_values_u16(std::span<const std::uint16_t> values,
                      std::span<const std::uint16_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::uint16_t>> kept) noexcept {
  place_values<Arch, std::uint16_t, std::uint16_t>(values, {}, thresholds, counts, kept);
}

void place_values_u32(std::span<const std::uint32_t> values,
                      std::span<const std::uint32_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::uint32_t>> kept) noexcept {
  place_values<Arch, std::uint32_t, std::uint32_t>(values, {}, thresholds, counts, kept);
}

void place_values_i64(std::span<const std::int64_t> values, std::span<const std::uint64_t> valid,
                      std::span<const std::int64_t> thresholds, std::span<std::uint64_t> counts,
                      std::span<KeptValues<std::int64_t>> kept) noexcept {
  if (fit_32_bits(thresholds)) {
    place_values<Arch, std::int64_t, std::int32_t>(values, valid, thresholds, counts, kept);
  } else {
    place_values<Arch, std::int64_t, std::int64_t>(values, valid, thresholds, counts, kept);
  }
}

}  // namespace

extern const OrderStatisticsKernels kOrderStatisticsKernels;
const OrderStatisticsKernels kOrderStatisticsKernels = {place_values_u16,
                                                        place_values_u32,
                                                        place_values_i64,
                                                        count_u16<Arch>,
                                                        count_range<Arch, std::uint32_t>,
                                                        count_range<Arch, std::int64_t>,
                                                        count_magnitudes_of_u32<Arch>,
                                                        count_magnitudes_of_i64<Arch>,
                                                        fold_copies<Arch>};

}  // namespace quintile::kernels::QUINTILE_ISA_NS
