#include "kernel_table.hpp"
#include "order_statistics/order_statistics_body.hpp"

namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

using Arch = QUINTILE_ISA_ARCH;

}  // namespace

extern const OrderStatisticsKernels kOrderStatisticsKernels;
const OrderStatisticsKernels kOrderStatisticsKernels = {count_u16<Arch>,
                                                        count_range<Arch, std::uint32_t>,
                                                        count_range<Arch, std::int64_t>,
                                                        count_magnitudes_of_u32<Arch>,
                                                        count_magnitudes_of_i64<Arch>,
                                                        fold_copies<Arch>};

}  // namespace quintile::kernels::QUINTILE_ISA_NS
