"""Made-up figures for the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def benchmark(name: str, milliseconds: float, rows: int) -> dict[str, Any]:
    return {
        "name": name,
        "run_name": name,
        "run_type": "iteration",
        "iterations": 1,
        "real_time": milliseconds,
        "time_unit": "ms",
        "items_per_second": rows / milliseconds * 1e3,
        "bytes_per_second": 18 * rows / milliseconds * 1e3,
    }


def write_run(path: Path, names: dict[str, float], rows: int = 1000) -> None:
    context = {
        "command": f"build-bench/bench-programs/{path.stem}",
        "read_bandwidth_one_core": "10.000000 GB/s",
        "read_bandwidth_all_cores": "20.000000 GB/s",
    }
    entries = [benchmark(name, time, rows) for name, time in names.items()]
    path.write_text(json.dumps({"context": context, "benchmarks": entries}))
