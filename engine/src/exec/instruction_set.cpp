#include <array>

#include "quintile/engine.hpp"
#include "quintile/kernels/isa.hpp"

namespace quintile {

Result<std::string> active_instruction_set() {
  if (const kernels::IsaError error = kernels::startup_error(); error != kernels::IsaError::kNone) {
    std::array<char, 256> text{};
    return Status(
        StatusCode::kInvalidArgument,
        "QUINTILE_ISA: " + std::string(kernels::describe(error, kernels::requested_name(), text)));
  }
  return std::string(kernels::name(kernels::active()));
}

}  // namespace quintile
