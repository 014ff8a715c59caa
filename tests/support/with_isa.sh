#!/bin/sh
# with_isa.sh ISA PROGRAM [ARGUMENT...]: runs the program with that instruction set forced.
# Exit code 77 (skipped) when this processor lacks it.
isa=$1
shift
case $isa in
  scalar) needed="" ;;
  sse42) needed="sse4_2 popcnt" ;;
  avx2) needed="avx2 fma bmi1 bmi2" ;;
  avx512) needed="avx512f avx512cd avx512dq avx512bw avx512vl" ;;
  neon64) needed="asimd" ;;
  *) echo "with_isa.sh: unknown instruction set '$isa'" >&2; exit 2 ;;
esac
flags=$(grep -m1 -iE '^(flags|features)' /proc/cpuinfo)
for flag in $needed; do
  case " $flags " in
    *" $flag "*) ;;
    *) echo "skipped: this processor has no $flag, needed by $isa"; exit 77 ;;
  esac
done
QUINTILE_ISA=$isa exec "$@"
