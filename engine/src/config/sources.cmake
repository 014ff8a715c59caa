# Sources of engine/src/config.
list(APPEND QUINTILE_ENGINE_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/declared_columns.cpp
  ${CMAKE_CURRENT_LIST_DIR}/store_config.cpp)
