#include "kernel_table.hpp"
#include "tally/tally_body.hpp"

namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

using Arch = QUINTILE_ISA_ARCH;

}  // namespace

extern const TallyKernels kTallyKernels;
const TallyKernels kTallyKernels = {count_each_code<Arch>,
                                    count_each_pair<Arch>,
                                    count_each_cell<Arch>,
                                    sum_by<Arch, std::uint8_t, std::uint16_t>,
                                    sum_by<Arch, std::uint8_t, std::uint32_t>,
                                    sum_by<Arch, std::uint8_t, std::int64_t>,
                                    sum_by<Arch, std::uint16_t, std::uint16_t>,
                                    sum_by<Arch, std::uint16_t, std::uint32_t>,
                                    sum_by<Arch, std::uint16_t, std::int64_t>};

}  // namespace quintile::kernels::QUINTILE_ISA_NS
