list(APPEND QUINTILE_ENGINE_SOURCES ${CMAKE_CURRENT_LIST_DIR}/status.cpp)

# Debug and sanitizer builds end at an error that nobody read.
set(unread_status_is_fatal "$<$<CONFIG:Debug>:QUINTILE_UNREAD_STATUS_IS_FATAL>")
if(QUINTILE_SANITIZE)
  set(unread_status_is_fatal QUINTILE_UNREAD_STATUS_IS_FATAL)
endif()
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/status.cpp PROPERTIES
  COMPILE_DEFINITIONS "${unread_status_is_fatal}")
