# Sources of engine/src/models, and the preset files as one more, written when CMake runs.
list(APPEND QUINTILE_ENGINE_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/class_map.cpp
  ${CMAKE_CURRENT_LIST_DIR}/class_map_parser.cpp
  ${CMAKE_CURRENT_LIST_DIR}/coverage.cpp
  ${CMAKE_CURRENT_LIST_DIR}/describe.cpp
  ${CMAKE_CURRENT_LIST_DIR}/model_parser.cpp
  ${CMAKE_CURRENT_LIST_DIR}/presets.cpp
  ${CMAKE_CURRENT_LIST_DIR}/reachability.cpp
  ${CMAKE_CURRENT_LIST_DIR}/tiers_parser.cpp
  ${CMAKE_CURRENT_LIST_DIR}/value_space.cpp
  ${CMAKE_CURRENT_LIST_DIR}/yaml_tree.cpp
  ${CMAKE_CURRENT_LIST_DIR}/yaml_values.cpp)

set(QUINTILE_PRESET_ENTRIES "")
foreach(preset IN ITEMS retail classic5 grid10 tiers3)
  set(preset_file "${CMAKE_CURRENT_LIST_DIR}/presets/${preset}.yaml")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${preset_file}")
  file(READ "${preset_file}" preset_yaml)
  string(APPEND QUINTILE_PRESET_ENTRIES "    {\"${preset}\", R\"preset(${preset_yaml})preset\"},\n")
endforeach()
configure_file("${CMAKE_CURRENT_LIST_DIR}/preset_files.cpp.in"
               "${CMAKE_CURRENT_BINARY_DIR}/preset_files.cpp" @ONLY)
list(APPEND QUINTILE_ENGINE_SOURCES "${CMAKE_CURRENT_BINARY_DIR}/preset_files.cpp")
