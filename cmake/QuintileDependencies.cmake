# Finds what the project is built on. `./dev setup` puts what Debian 12 lacks under QUINTILE_DEPS_DIR;
# any other install that CMake finds through CMAKE_PREFIX_PATH serves as well.

set(QUINTILE_DEPS_DIR "${PROJECT_SOURCE_DIR}/.deps" CACHE PATH
    "Folder that ./dev setup filled: prefix/ (packages) and venv/ (Python)")
if(IS_DIRECTORY "${QUINTILE_DEPS_DIR}/prefix/usr")
  list(PREPEND CMAKE_PREFIX_PATH "${QUINTILE_DEPS_DIR}/prefix/usr")
endif()

find_package(Threads REQUIRED)

# Asked for without a version: xsimd's version file calls each major release incompatible.
set(XSIMD_ENABLE_XTL_COMPLEX OFF)
find_package(xsimd CONFIG REQUIRED)
if(xsimd_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "xsimd >= 14 is needed, found ${xsimd_VERSION} in ${xsimd_DIR}. "
                      "Run ./dev setup.")
endif()

if(NOT QUINTILE_ONLY_KERNELS)
  find_package(roaring CONFIG REQUIRED)
  if(roaring_VERSION VERSION_LESS 4)
    message(FATAL_ERROR "CRoaring >= 4 is needed, found ${roaring_VERSION} in ${roaring_DIR}. "
                        "Run ./dev setup.")
  endif()

  find_package(TBB CONFIG REQUIRED)
  find_package(yaml-cpp CONFIG REQUIRED)
  if(NOT TARGET yaml-cpp::yaml-cpp)
    add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
  endif()
  find_package(date CONFIG REQUIRED)
  find_package(Boost 1.74 REQUIRED)
  find_package(CLI11 CONFIG REQUIRED)
  find_package(re2 REQUIRED)
  find_package(simdjson CONFIG REQUIRED)
  find_package(xxHash REQUIRED)
endif()

set(QUINTILE_PYTHON "" CACHE FILEPATH "Python with the packages of requirements-test.txt")
if(NOT QUINTILE_PYTHON AND EXISTS "${QUINTILE_DEPS_DIR}/venv/bin/python")
  set(QUINTILE_PYTHON "${QUINTILE_DEPS_DIR}/venv/bin/python" CACHE FILEPATH "" FORCE)
endif()
if(QUINTILE_BUILD_LOADER OR QUINTILE_BUILD_TESTS)
  if(NOT QUINTILE_PYTHON)
    message(FATAL_ERROR "No Python with pyarrow: run ./dev setup or set QUINTILE_PYTHON.")
  endif()
endif()
if(QUINTILE_BUILD_LOADER)
  find_package(PyArrow 26 REQUIRED)
endif()

if(QUINTILE_BUILD_TESTS)
  if(CMAKE_CROSSCOMPILING)
    # Debian has no compiled GoogleTest for another processor, but its source (package googletest).
    set(QUINTILE_GOOGLETEST_SOURCE /usr/src/googletest CACHE PATH "Source folder of GoogleTest")
    set(INSTALL_GTEST OFF)
    add_subdirectory("${QUINTILE_GOOGLETEST_SOURCE}" googletest EXCLUDE_FROM_ALL SYSTEM)
  else()
    find_package(GTest CONFIG REQUIRED)
  endif()
  if(NOT QUINTILE_ONLY_KERNELS)
    find_package(rapidcheck CONFIG REQUIRED)
  endif()
endif()
if(QUINTILE_BUILD_BENCH)
  find_package(benchmark CONFIG REQUIRED)
endif()
