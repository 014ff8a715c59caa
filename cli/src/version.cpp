#include "version.hpp"

#include <quintile/engine.hpp>

namespace quintile::cli {
namespace {

std::string compiler_text() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

}  // namespace

std::string program_name() { return "quintile " QUINTILE_VERSION; }

std::string version_text() {
  const Result<std::string> isa = active_instruction_set();
  return program_name() + " (" + compiler_text() + ", " + (isa.ok() ? *isa : "no instruction set") +
         ")";
}

std::optional<Failure> check_instruction_set() {
  const Result<std::string> isa = active_instruction_set();
  if (isa.ok()) {
    return std::nullopt;
  }
  return Failure{ExitCode::kUsage, std::string(isa.status().message())};
}

}  // namespace quintile::cli
