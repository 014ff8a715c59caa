"""Instructions per row of every kernel, counted by callgrind: a figure that noise cannot move.

Valgrind knows no AVX-512, so scalar, sse42 and avx2 are counted. Only what runs inside
bench::measure() counts: the kernel and the loop over blocks around it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from figures import Name

COUNTED_SETS = ("scalar", "sse42", "avx2")
MEASURED = "*quintile::bench::measure<*"


def names_of(program: Path) -> list[str]:
    """The benchmarks of a program that one thread runs, in the sets that are counted."""
    listed = subprocess.run(
        [program, "--benchmark_list_tests"],
        env={**os.environ, "QUINTILE_BENCH_SMOKE": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [
        name
        for name in listed
        if (found := Name.of(name)).instruction_set in COUNTED_SETS and found.cores == 1
    ]


def count(program: Path, name: str) -> dict[str, Any] | None:
    """Instructions and rows of one iteration over the small input; None: it cannot be run."""
    with tempfile.TemporaryDirectory(prefix="quintile-callgrind-") as text:
        folder = Path(text)
        done = subprocess.run(
            [
                "valgrind",
                "--tool=callgrind",
                f"--toggle-collect={MEASURED}",
                f"--callgrind-out-file={folder / 'callgrind'}",
                program,
                f"--benchmark_filter=^{re.escape(name)}$",
                "--benchmark_min_time=0",
                f"--benchmark_out={folder / 'run.json'}",
                "--benchmark_out_format=json",
            ],
            env={**os.environ, "QUINTILE_BENCH_SMOKE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            return None
        entries = json.loads((folder / "run.json").read_text(encoding="utf-8"))["benchmarks"]
        totals = re.search(r"^totals: (\d+)$", (folder / "callgrind").read_text(), re.MULTILINE)
    if totals is None or not entries or entries[0]["iterations"] != 1:
        return None
    unit = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}[entries[0]["time_unit"]]
    rows = round(entries[0]["items_per_second"] * entries[0]["real_time"] * unit)
    return {"instructions": int(totals.group(1)), "rows": rows}


def count_all(programs: list[Path], only: int | None = None) -> dict[str, Any]:
    """By family, work and instruction set; `only` so many works of each program."""
    found: dict[str, Any] = {}
    for program in programs:
        family = program.stem.removeprefix("quintile_kernels_").removesuffix("_bench")
        works: dict[str, dict[str, float]] = {}
        for text in names_of(program):
            name = Name.of(text)
            if only is not None and name.work not in works and len(works) >= only:
                continue
            counted = count(program, text)
            if counted and counted["rows"]:
                works.setdefault(name.work, {})[name.instruction_set] = (
                    counted["instructions"] / counted["rows"]
                )
        found[family] = works
    return found
