#!/usr/bin/env python3
"""Compares two runs of the benchmarks: compare.py BASE CHANGE [--percent 10] [--floor-us 1].

BASE and CHANGE are two commits, or two files that `PROGRAM --benchmark_out=FILE
--benchmark_out_format=json` wrote. Commits are built in work trees under build-bench/compare, and
their programs take turns (--rounds, --filter).

Prints a table of times and ratios (below 1 is faster). A benchmark counts as worse when it is
slower by more than both the percentage and the absolute floor: a percentage alone flags noise of
nanoseconds, a floor alone hides what matters for small inputs. Of several rounds or repetitions the
fastest is taken, because noise only adds.

Exit code: 0 nothing is worse, 1 something is worse, or a result changed, 2 a file cannot be read or
a commit not built.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import compare_commits
import machine

MICROSECONDS = {"ns": 1e-3, "us": 1.0, "ms": 1e3, "s": 1e6}


class UnreadableRun(Exception):
    """The file is no output of Google Benchmark."""


@dataclass(frozen=True)
class Measurement:
    time_us: float
    label: str  # holds the checksum of the result


@dataclass(frozen=True)
class Difference:
    name: str
    base: Measurement | None
    change: Measurement | None
    verdict: str

    @property
    def is_bad(self) -> bool:
        return self.verdict in ("WORSE", "RESULT CHANGED")


def read_run(path: Path) -> dict[str, Measurement]:
    try:
        benchmarks = json.loads(path.read_text())["benchmarks"]
        run: dict[str, Measurement] = {}
        for entry in benchmarks:
            if entry.get("run_type", "iteration") != "iteration" or entry.get("error_occurred"):
                continue
            time_us = float(entry["real_time"]) * MICROSECONDS[entry["time_unit"]]
            name = str(entry["name"])
            known = run.get(name)
            if known is None or time_us < known.time_us:
                run[name] = Measurement(time_us, str(entry.get("label", "")))
        return run
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise UnreadableRun(f"{path}: expected JSON of Google Benchmark: {problem}") from problem


def judge(
    base: Measurement | None, change: Measurement | None, percent: float, floor_us: float
) -> str:
    if base is None:
        return "new"
    if change is None:
        return "gone"
    if base.label != change.label:
        return "RESULT CHANGED"
    limits = (base.time_us * percent / 100, floor_us)
    slower = change.time_us - base.time_us
    if all(slower > limit for limit in limits):
        return "WORSE"
    if all(-slower > limit for limit in limits):
        return "better"
    return ""


def compare(
    base: dict[str, Measurement], change: dict[str, Measurement], percent: float, floor_us: float
) -> list[Difference]:
    names = [*base, *(name for name in change if name not in base)]
    return [
        Difference(
            name,
            base.get(name),
            change.get(name),
            judge(base.get(name), change.get(name), percent, floor_us),
        )
        for name in names
    ]


def table(differences: list[Difference]) -> str:
    def shown(measurement: Measurement | None) -> str:
        return f"{measurement.time_us:.1f}" if measurement else "-"

    rows = [("benchmark", "base us", "change us", "ratio", "")]
    for one in differences:
        ratio = "-"
        if one.base and one.change and one.base.time_us > 0:
            ratio = f"{one.change.time_us / one.base.time_us:.2f}"
        rows.append((one.name, shown(one.base), shown(one.change), ratio, one.verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = []
    for name, *figures, verdict in rows:
        right = "  ".join(
            text.rjust(width) for text, width in zip(figures, widths[1:4], strict=True)
        )
        lines.append(f"{name.ljust(widths[0])}  {right}  {verdict}".rstrip())
    return "\n".join(lines)


def runs_of(options: argparse.Namespace) -> tuple[Path, Path]:
    """The two files, made first where commits are given."""
    named = (options.base, options.change)
    if any(Path(name).suffix == ".json" for name in named):
        return Path(options.base), Path(options.change)
    out = compare_commits.ROOT / "build-bench" / "compare"
    done = compare_commits.run(options.base, options.change, out, options.rounds, options.filter)
    about = machine.describe(done.build)
    print(f"base {done.base}, change {done.change}; {about['processor']}, {about['compiler']}")
    print(f"{about['command']}: the fastest of {options.rounds} rounds, taking turns")
    return done.files


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("base")
    parser.add_argument("change")
    parser.add_argument("--percent", type=float, default=10.0)
    parser.add_argument("--floor-us", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5, help="of commits: how often each runs")
    parser.add_argument("--filter", default=".", help="of commits: which benchmarks, a pattern")
    options = parser.parse_args(arguments)
    try:
        base_file, change_file = runs_of(options)
        base, change = read_run(base_file), read_run(change_file)
    except (UnreadableRun, compare_commits.NotBuilt) as problem:
        print(problem, file=sys.stderr)
        return 2
    differences = compare(base, change, options.percent, options.floor_us)
    print(table(differences))
    return 1 if any(one.is_bad for one in differences) else 0


if __name__ == "__main__":
    sys.exit(main())
