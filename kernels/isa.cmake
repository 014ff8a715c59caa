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
# An entry for 64-bit Arm needs: PROCESSORS "aarch64|arm64", ARCH xsimd::neon64, no features, no flags.

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
