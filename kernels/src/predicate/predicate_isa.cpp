#include "kernel_table.hpp"
#include "predicate/predicate_body.hpp"

namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

using Arch = QUINTILE_ISA_ARCH;

}  // namespace

extern const PredicateKernels kPredicateKernels;
const PredicateKernels kPredicateKernels = {
    where_in_interval<Arch, std::uint8_t>,  where_in_interval<Arch, std::uint16_t>,
    where_in_interval<Arch, std::uint32_t>, where_in_interval<Arch, std::int32_t>,
    where_in_interval<Arch, std::int64_t>,  where_in_interval<Arch, double>,
    where_in_list<Arch, std::uint16_t>,     where_in_list<Arch, std::uint32_t>,
    where_in_list<Arch, std::int32_t>,      where_in_list<Arch, std::int64_t>,
    where_code_is_set<Arch, std::uint8_t>,  where_code_is_set<Arch, std::uint16_t>,
    where_code_is_set<Arch, std::uint32_t>};

}  // namespace quintile::kernels::QUINTILE_ISA_NS
