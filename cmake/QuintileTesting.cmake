# How tests and benchmarks are registered. Every source list is written out by the caller.

include(GoogleTest)

# Labels: cxx (a C++ test binary), python (a pytest folder), bench (a benchmark with tiny inputs),
# isa (the same binary under a forced instruction set).

# quintile_add_test(NAME SOURCES file... [LINK target...] [ENVIRONMENT NAME=VALUE...]
#                   [TIMEOUT seconds] [EACH_ISA] [ON_NEHALEM])
# A GoogleTest binary (gmock and, where it was found, rapidcheck are linked too), each of its cases a ctest of its own.
# EACH_ISA runs the whole binary once more for every instruction set of kernels/isa.cmake.
# ON_NEHALEM runs it once more on an emulated processor of 2008 (SSE4.2, POPCNT, nothing wider): an
# instruction that leaked out of a wide unit stops the run. Death tests are left out there: they fork,
# which the emulator does not do well.
function(quintile_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "EACH_ISA;ON_NEHALEM" "TIMEOUT" "SOURCES;LINK;ENVIRONMENT")
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "quintile_add_test(${name}): needs SOURCES; not understood: "
                        "'${arg_UNPARSED_ARGUMENTS}'.")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/test-programs")
  target_link_libraries(${name} PRIVATE
    ${arg_LINK} quintile_warnings
    $<TARGET_NAME_IF_EXISTS:rapidcheck> $<TARGET_NAME_IF_EXISTS:rapidcheck_gtest>
    GTest::gmock GTest::gtest_main)
  add_dependencies(quintile_cxx_tests ${name})
  set(environment "QUINTILE_SOURCE_DIR=${PROJECT_SOURCE_DIR}" ${arg_ENVIRONMENT})
  gtest_discover_tests(${name}
    TEST_PREFIX "${name}."
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}"
    PROPERTIES LABELS cxx TIMEOUT ${arg_TIMEOUT} ENVIRONMENT "${environment}")
  if(arg_EACH_ISA)
    foreach(isa IN LISTS QUINTILE_ISA_NAMES)
      if(CMAKE_CROSSCOMPILING)
        # An emulator runs it, which has every instruction set of the build.
        add_test(NAME "${name}@${isa}"
          COMMAND "${CMAKE_COMMAND}" -E env QUINTILE_ISA=${isa}
                  ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:${name}>)
      else()
        add_test(NAME "${name}@${isa}"
          COMMAND "${PROJECT_SOURCE_DIR}/tests/support/with_isa.sh" ${isa} $<TARGET_FILE:${name}>)
      endif()
      set_tests_properties("${name}@${isa}" PROPERTIES
        LABELS "cxx;isa" TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77 ENVIRONMENT "${environment}")
    endforeach()
  endif()
  if(arg_ON_NEHALEM AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$" AND NOT QUINTILE_SANITIZE)
    add_test(NAME "${name}@nehalem"
      COMMAND "${PROJECT_SOURCE_DIR}/tests/support/on_nehalem.sh" $<TARGET_FILE:${name}>
              "--gtest_filter=-*DeathTest*")
    set_tests_properties("${name}@nehalem" PROPERTIES
      LABELS "cxx;isa" TIMEOUT 600 SKIP_RETURN_CODE 77 ENVIRONMENT "${environment}")
  endif()
endfunction()

# quintile_add_pytest(NAME DIR [TIMEOUT seconds] [COST n] [ENVIRONMENT NAME=VALUE...] [ARGS arg...])
# Runs pytest over DIR with QUINTILE_BIN (the program), QUINTILE_BUILD_DIR and QUINTILE_SOURCE_DIR set.
function(quintile_add_pytest name dir)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "TIMEOUT;COST" "ENVIRONMENT;ARGS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "quintile_add_pytest(${name}): not understood: '${arg_UNPARSED_ARGUMENTS}'.")
  endif()
  cmake_path(ABSOLUTE_PATH dir BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 600)
  endif()
  if(NOT arg_COST)
    set(arg_COST 1000)
  endif()
  add_test(NAME ${name}
    COMMAND "${QUINTILE_PYTHON}" -B -m pytest -q -rs -c "${PROJECT_SOURCE_DIR}/pyproject.toml"
            --rootdir "${PROJECT_SOURCE_DIR}" -p no:cacheprovider ${arg_ARGS} "${dir}"
    WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
  set_tests_properties(${name} PROPERTIES
    LABELS python TIMEOUT ${arg_TIMEOUT} COST ${arg_COST}
    ENVIRONMENT
      "QUINTILE_BIN=${PROJECT_BINARY_DIR}/quintile;QUINTILE_BUILD_DIR=${PROJECT_BINARY_DIR};QUINTILE_SOURCE_DIR=${PROJECT_SOURCE_DIR};${arg_ENVIRONMENT}")
endfunction()

# quintile_add_bench(NAME SOURCES file... [LINK target...])
# A Google Benchmark program; the sources (or what LINK brings) have main(). With tests on, it runs once
# as a ctest with QUINTILE_BENCH_SMOKE=1, which asks for tiny inputs, so that it cannot rot.
function(quintile_add_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "quintile_add_bench(${name}): needs SOURCES; not understood: "
                        "'${arg_UNPARSED_ARGUMENTS}'.")
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bench-programs")
  target_link_libraries(${name} PRIVATE ${arg_LINK} quintile_warnings benchmark::benchmark)
  if(QUINTILE_BUILD_TESTS)
    add_test(NAME "${name}.smoke" COMMAND ${name} --benchmark_min_time=0.001)
    set_tests_properties("${name}.smoke" PROPERTIES
      LABELS bench TIMEOUT 120 ENVIRONMENT QUINTILE_BENCH_SMOKE=1)
  endif()
endfunction()

if(QUINTILE_BUILD_TESTS)
  # What the sanitizer runs need and no more.
  add_custom_target(quintile_cxx_tests)
endif()
