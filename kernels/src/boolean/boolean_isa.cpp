#include "boolean/boolean_body.hpp"
#include "kernel_table.hpp"

namespace quintile::kernels::QUINTILE_ISA_NS {

extern const BooleanKernels kBooleanKernels;
const BooleanKernels kBooleanKernels = {evaluate<QUINTILE_ISA_ARCH>};

}  // namespace quintile::kernels::QUINTILE_ISA_NS
