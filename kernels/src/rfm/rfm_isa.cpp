#include "kernel_table.hpp"
#include "rfm/rfm_body.hpp"
#include "rfm/score_body.hpp"

namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

using Arch = QUINTILE_ISA_ARCH;

void tiers_u16(std::span<const std::uint16_t> values, std::span<const std::uint16_t> cuts,
               bool reversed, std::span<std::uint8_t> out) noexcept {
  tiers<Arch>(values, cuts, kNoAge, reversed, out);
}

void tiers_u32(std::span<const std::uint32_t> values, std::span<const std::uint32_t> cuts,
               bool reversed, std::span<std::uint8_t> out) noexcept {
  tiers<Arch>(values, cuts, std::uint32_t{0}, reversed, out);
}

}  // namespace

extern const RfmKernels kRfmKernels;
const RfmKernels kRfmKernels = {tiers_u16,
                                tiers_u32,
                                tiers_where<Arch>,
                                flag_range<Arch, std::uint16_t>,
                                flag_range<Arch, std::uint32_t>,
                                flag_range<Arch, std::int64_t>,
                                cells_of<Arch>,
                                classify_cells<Arch>,
                                score_columns<Arch>,
                                fill_outside<Arch>,
                                replace_where<Arch>};

}  // namespace quintile::kernels::QUINTILE_ISA_NS
