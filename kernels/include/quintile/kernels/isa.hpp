#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// Which instruction set the kernels run on. The choice is made once, at the first question: the
// best one that this processor supports, or the one named by the environment variable
// QUINTILE_ISA. It then holds for the whole process, except inside a ForcedIsa guard.
namespace quintile::kernels {

/// Instruction sets that kernels are compiled for, worst first. Which of them a build holds is
/// decided by kernels/isa.cmake alone; ask built().
enum class Isa : std::uint8_t { kScalar, kSse42, kAvx2, kAvx512, kNeon64 };

enum class IsaError : std::uint8_t {
  kNone,
  kUnknownName,  // no instruction set of this build has that name
  kUnsupported,  // built, but this processor lacks a feature it needs
};

/// Name as written in QUINTILE_ISA and in reports: "scalar", "sse42", "avx2", "avx512", "neon64".
std::string_view name(Isa isa) noexcept;

/// All instruction sets of this build, worst first; never empty, scalar is always the first.
std::span<const Isa> built() noexcept;

/// True when `isa` is in this build and the processor (and system) can run it.
bool supported(Isa isa) noexcept;

/// The instruction set in use. The first call of this or of any kernel makes the choice. When
/// QUINTILE_ISA is unknown or unsupported, kernels run on scalar: programs must ask
/// startup_error() first and refuse to start.
Isa active() noexcept;

/// Outcome of reading QUINTILE_ISA; kNone when it is unset, empty or fine. Thread-safe.
IsaError startup_error() noexcept;

/// The value of QUINTILE_ISA as it was when the choice was made; empty when unset.
std::string_view requested_name() noexcept;

/// Switches the process to the instruction set `isa_name` ("" = best). Meant for program start
/// (an option of the command line) and tests: kernels already running finish on the old one.
/// On an error nothing changes.
[[nodiscard]] IsaError select(std::string_view isa_name) noexcept;

/// One sentence fit for the user: what was asked for and which names this machine accepts, such as
/// `unknown instruction set "avx9": this machine accepts scalar, sse42, avx2`. Written to `text`
/// (cut to its size, always ended by NUL when not empty); returns the view of what was written.
std::string_view describe(IsaError error, std::string_view isa_name, std::span<char> text) noexcept;

/// Forces an instruction set while in scope; for tests and benchmarks, not for concurrent use.
/// `isa` must be supported. Guards nest.
class ForcedIsa {
 public:
  explicit ForcedIsa(Isa isa) noexcept;
  ~ForcedIsa();
  ForcedIsa(const ForcedIsa&) = delete;
  ForcedIsa& operator=(const ForcedIsa&) = delete;

 private:
  const void* previous_;
};

}  // namespace quintile::kernels
