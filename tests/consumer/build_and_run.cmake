# Installs BUILD_DIR into a new prefix, copies SOURCE_DIR out of the tree, configures and builds it
# against the prefix alone, and runs both programs.
file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
file(COPY "${SOURCE_DIR}/" DESTINATION "${WORK_DIR}/source")

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT code EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\nended with ${code}:\n${said}")
  endif()
endfunction()

run("${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${WORK_DIR}/prefix")
set(sanitizer_flags "")
if(SANITIZE STREQUAL "address")
  set(sanitizer_flags "-fsanitize=address,undefined")
elseif(SANITIZE STREQUAL "thread")
  set(sanitizer_flags "-fsanitize=thread")
endif()
run("${CMAKE_COMMAND}" -S "${WORK_DIR}/source" -B "${WORK_DIR}/build" -G "${GENERATOR}"
  "-DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix"
  "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_C_COMPILER=${C_COMPILER}"
  "-DCMAKE_CXX_FLAGS=${sanitizer_flags}" "-DCMAKE_C_FLAGS=${sanitizer_flags}")
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
run("${WORK_DIR}/build/consumer_cpp")
run("${WORK_DIR}/build/consumer_c")
