# Arrow C++ and Parquet out of the pyarrow wheel of QUINTILE_PYTHON.
#
# The wheel ships headers and versioned shared files, but neither CMake files nor the unversioned
# links a linker looks for, so the targets point at the versioned files themselves:
#   Arrow::arrow  Parquet::parquet

if(NOT QUINTILE_PYTHON)
  set(PyArrow_NOT_FOUND_MESSAGE "QUINTILE_PYTHON is not set")
else()
  execute_process(
    COMMAND "${QUINTILE_PYTHON}" -c
      "import pyarrow; print(pyarrow.__version__, pyarrow.get_include(), pyarrow.get_library_dirs()[0], sep=';')"
    OUTPUT_VARIABLE PyArrow_answer
    ERROR_VARIABLE PyArrow_NOT_FOUND_MESSAGE
    OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()

if(PyArrow_answer)
  list(GET PyArrow_answer 0 PyArrow_VERSION)
  list(GET PyArrow_answer 1 PyArrow_INCLUDE_DIR)
  list(GET PyArrow_answer 2 PyArrow_LIBRARY_DIR)
  foreach(name IN ITEMS arrow parquet)
    file(GLOB PyArrow_${name}_files "${PyArrow_LIBRARY_DIR}/lib${name}.so.*[0-9]")
    if(PyArrow_${name}_files)
      list(GET PyArrow_${name}_files 0 PyArrow_${name}_LIBRARY)
    endif()
  endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PyArrow
  REQUIRED_VARS PyArrow_LIBRARY_DIR PyArrow_INCLUDE_DIR PyArrow_arrow_LIBRARY
                PyArrow_parquet_LIBRARY
  VERSION_VAR PyArrow_VERSION
  REASON_FAILURE_MESSAGE "${PyArrow_NOT_FOUND_MESSAGE}")

if(PyArrow_FOUND AND NOT TARGET Arrow::arrow)
  add_library(Arrow::arrow SHARED IMPORTED)
  set_target_properties(Arrow::arrow PROPERTIES
    IMPORTED_LOCATION "${PyArrow_arrow_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PyArrow_INCLUDE_DIR}")
  add_library(Parquet::parquet SHARED IMPORTED)
  set_target_properties(Parquet::parquet PROPERTIES
    IMPORTED_LOCATION "${PyArrow_parquet_LIBRARY}"
    INTERFACE_LINK_LIBRARIES Arrow::arrow)
endif()
