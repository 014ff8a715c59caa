#include "event_window/event_window_body.hpp"
#include "kernel_table.hpp"

namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

using Arch = QUINTILE_ISA_ARCH;

}  // namespace

extern const EventWindowKernels kEventWindowKernels;
const EventWindowKernels kEventWindowKernels = {count_in_window<Arch>, mark_counts_in_window<Arch>,
                                                sum_in_window<Arch>, bound_in_window<Arch>,
                                                find_in_window<Arch>};

}  // namespace quintile::kernels::QUINTILE_ISA_NS
