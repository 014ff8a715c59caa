#!/bin/sh
# on_nehalem.sh PROGRAM [ARGUMENT...]: runs the program on an emulated Nehalem (no AVX, no BMI).
# Exit code 77 (skipped) without qemu-user. Not for sanitizer builds, which the emulator cannot map.
for emulator in qemu-x86_64 qemu-x86_64-static; do
  command -v "$emulator" >/dev/null && exec "$emulator" -cpu Nehalem "$@"
done
echo "skipped: qemu-x86_64 is not installed (Debian package qemu-user)"
exit 77
