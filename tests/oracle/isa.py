"""Which instruction sets this machine can be asked for."""

from __future__ import annotations

from pathlib import Path

ISAS = {
    "scalar": (),
    "sse42": ("sse4_2", "popcnt"),
    "avx2": ("avx2", "fma", "bmi1", "bmi2"),
    "avx512": ("avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl"),
}


def unsupported_reason(isa: str) -> str:
    """Empty if the processor has all that `isa` needs."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    missing = [flag for flag in ISAS[isa] if flag not in flags]
    return f"this processor lacks {', '.join(missing)}" if missing else ""
