list(APPEND QUINTILE_ENGINE_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/catalogue.cpp
  ${CMAKE_CURRENT_LIST_DIR}/catalogue_edit.cpp
  ${CMAKE_CURRENT_LIST_DIR}/catalogue_file.cpp
  ${CMAKE_CURRENT_LIST_DIR}/catalogue_json.cpp
  ${CMAKE_CURRENT_LIST_DIR}/segment.cpp
  ${CMAKE_CURRENT_LIST_DIR}/segment_graph.cpp)
