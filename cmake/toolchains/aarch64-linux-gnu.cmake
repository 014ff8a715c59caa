# 64-bit Arm on a machine of another kind: Debian's cross compiler, its programs run by qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

# Programs of this machine, libraries and headers of the other one; packages are named by the project.
set(CMAKE_FIND_ROOT_PATH /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

find_program(QUINTILE_QEMU_AARCH64 NAMES qemu-aarch64 qemu-aarch64-static)
if(NOT QUINTILE_QEMU_AARCH64)
  message(FATAL_ERROR "qemu-aarch64 is not installed (Debian package qemu-user).")
endif()
set(CMAKE_CROSSCOMPILING_EMULATOR "${QUINTILE_QEMU_AARCH64}" -L "${CMAKE_FIND_ROOT_PATH}")
