// What the program says about itself.
#pragma once

#include <optional>
#include <string>

#include "command.hpp"

namespace quintile::cli {

// "quintile 0.1.0"
[[nodiscard]] std::string program_name();

// "quintile 0.1.0 (GCC 12.2.0, avx512)" on one line: version, compiler, active instruction set.
[[nodiscard]] std::string version_text();

// Check that QUINTILE_ISA, when set, names an instruction set that this machine has.
[[nodiscard]] std::optional<Failure> check_instruction_set();

}  // namespace quintile::cli
