# The CMake package of the engine: find_package(quintile) gives quintile::quintile.
# engine/CMakeLists.txt installs the library and its headers into the export set quintileTargets.

if(NOT TARGET quintile)
  return()
endif()

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/quintile")
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/quintileConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/quintileConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/quintileConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/quintileConfig.cmake"
  "${PROJECT_BINARY_DIR}/quintileConfigVersion.cmake"
  DESTINATION "${package_dir}")
install(EXPORT quintileTargets NAMESPACE quintile:: DESTINATION "${package_dir}")

# A CRoaring fetched by ./dev setup is no package of the system: it travels with the engine, which
# finds it through $ORIGIN.
get_target_property(roaring_location roaring::roaring LOCATION)
cmake_path(IS_PREFIX QUINTILE_DEPS_DIR "${roaring_location}" NORMALIZE roaring_is_fetched)
if(roaring_is_fetched)
  install(IMPORTED_RUNTIME_ARTIFACTS roaring::roaring
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
