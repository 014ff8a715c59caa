# The only list of instruction sets. Everything else follows from it: the object libraries (one per
# entry, all from the same *_isa.cpp files), the table of isa.cpp, the test runs per instruction set.
#
# quintile_isa(NAME ENUMERATOR e [PROCESSORS regex] [FEATURES f...] [ARCH xsimd-arch] [FLAGS flag...])
#   ENUMERATOR  enumerator of quintile::kernels::Isa
#   PROCESSORS  CMAKE_SYSTEM_PROCESSOR values it exists for; none = every processor
#   FEATURES    what the processor must report at run time (names of __builtin_cpu_supports): exactly
#               what FLAGS allow the compiler to use, no more and no less
#   ARCH        the xsimd architecture of the bodies; none = the plain loops of *_scalar.cpp
#   FLAGS       compiler flags of its object library
# Order: worst first. -march=x86-64-v3, -v4 and native are not used: they also allow LZCNT and MOVBE.

set(quintile_isa_x86 "x86_64|AMD64|amd64")
set(quintile_isa_names "")

macro(quintile_isa isa_name)
  cmake_parse_arguments(isa "" "ENUMERATOR;PROCESSORS;ARCH" "FEATURES;FLAGS" ${ARGN})
  if(NOT isa_PROCESSORS OR CMAKE_SYSTEM_PROCESSOR MATCHES "^(${isa_PROCESSORS})$")
    list(APPEND quintile_isa_names ${isa_name})
    foreach(field IN ITEMS ENUMERATOR FEATURES ARCH FLAGS)
      set(quintile_isa_${isa_name}_${field} "${isa_${field}}")
    endforeach()
  endif()
endmacro()

quintile_isa(scalar ENUMERATOR kScalar)
quintile_isa(sse42 ENUMERATOR kSse42 PROCESSORS "${quintile_isa_x86}" ARCH xsimd::sse4_2
  FEATURES sse4.2 popcnt
  FLAGS -msse4.2 -mpopcnt)
quintile_isa(avx2 ENUMERATOR kAvx2 PROCESSORS "${quintile_isa_x86}" ARCH xsimd::fma3<xsimd::avx2>
  FEATURES avx2 fma bmi bmi2 popcnt
  FLAGS -mavx2 -mfma -mbmi -mbmi2 -mpopcnt)
quintile_isa(avx512 ENUMERATOR kAvx512 PROCESSORS "${quintile_isa_x86}" ARCH xsimd::avx512bw
  FEATURES avx2 fma bmi bmi2 popcnt avx512f avx512cd avx512dq avx512bw avx512vl
  FLAGS -mavx2 -mfma -mbmi -mbmi2 -mpopcnt -mavx512f -mavx512cd -mavx512dq -mavx512bw -mavx512vl)
# Part of every 64-bit Arm processor: nothing to test, and what the compiler takes without flags.
quintile_isa(neon64 ENUMERATOR kNeon64 PROCESSORS "aarch64|arm64" ARCH xsimd::neon64)
