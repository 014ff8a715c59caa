#include "aggregate/accumulate_body.hpp"
#include "aggregate/aggregate_body.hpp"
#include "aggregate/chunk_body.hpp"
#include "aggregate/partition_body.hpp"
#include "aggregate/reduce_body.hpp"
#include "kernel_table.hpp"

namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

using Arch = QUINTILE_ISA_ARCH;

}  // namespace

extern const AggregateKernels kAggregateKernels;
const AggregateKernels kAggregateKernels = {reduce_stored_orders<Arch>,
                                            count_orders_of_blocks<Arch>,
                                            partition<Arch>,
                                            accumulate_block<Arch>,
                                            partition_to_chunks<Arch>,
                                            accumulate_chunk<Arch>,
                                            spread<Arch>,
                                            ages<Arch>};

}  // namespace quintile::kernels::QUINTILE_ISA_NS
