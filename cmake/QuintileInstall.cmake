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

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# Libraries that are no packages of the system travel along, with their licences; the engine and the
# loader find them through $ORIGIN.
get_target_property(roaring_location roaring::roaring LOCATION)
cmake_path(IS_PREFIX QUINTILE_DEPS_DIR "${roaring_location}" NORMALIZE roaring_is_fetched)
if(roaring_is_fetched)
  install(IMPORTED_RUNTIME_ARTIFACTS roaring::roaring LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(FILES "${QUINTILE_DEPS_DIR}/prefix/usr/share/doc/libroaring-dev/copyright"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}/CRoaring")
endif()
if(TARGET quintile_loader)
  install(IMPORTED_RUNTIME_ARTIFACTS Arrow::arrow Parquet::parquet
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  file(GLOB_RECURSE arrow_licences
    "${PyArrow_LIBRARY_DIR}/../pyarrow-${PyArrow_VERSION}.dist-info/*LICENSE*"
    "${PyArrow_LIBRARY_DIR}/../pyarrow-${PyArrow_VERSION}.dist-info/*NOTICE*")
  install(FILES ${arrow_licences} DESTINATION "${CMAKE_INSTALL_DOCDIR}/Arrow")
endif()
