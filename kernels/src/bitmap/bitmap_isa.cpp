#include "bitmap/bitmap_body.hpp"
#include "kernel_table.hpp"

namespace quintile::kernels::QUINTILE_ISA_NS {

extern const BitmapKernels kBitmapKernels;
const BitmapKernels kBitmapKernels = {bitmaps_of_codes<QUINTILE_ISA_ARCH>,
                                      bits_in<QUINTILE_ISA_ARCH>, nonzero_bits<QUINTILE_ISA_ARCH>};

}  // namespace quintile::kernels::QUINTILE_ISA_NS
