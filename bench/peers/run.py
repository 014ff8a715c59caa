"""`./dev bench peers`: the same work on the same data in quintile and four other engines.

Every engine is a process of its own that keeps its tables in memory. Results are compared to the
last contact before anything is timed; then the engines take turns, several rounds, and medians are
shown. docs/benchmarking.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PEERS = {"duckdb": "duckdb", "clickhouse": "chdb", "polars": "polars", "pandas": "pandas"}
LABELS = {
    "quintile": "quintile", "duckdb": "DuckDB", "clickhouse": "ClickHouse", "polars": "Polars",
    "pandas": "pandas",
}  # fmt: skip
FORMS = {"rescore": "counts", "recompute": "counts", "aggregate": "sums"}
CODE_KINDS = {"r": "u1", "f": "u1", "m": "u1", "class": "u1"}
TOTAL_KINDS = {"last_day": "u2", "first_day": "u2", "frequency": "u4", "monetary": "i8"}


NOISY_SPREAD = 1.5  # slowest over fastest round


class Disagreement(Exception):
    """Two engines gave different results."""


@dataclass
class Worker:
    name: str
    process: subprocess.Popen[str]
    version: str = ""

    def ask(self, command: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended while doing: {command}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def run(self, task: str, form: str, cuts: dict[str, list[int]] | None = None) -> dict[str, Any]:
        texts = [",".join(str(cut) for cut in column) for column in (cuts or {}).values()]
        return self.ask(" ".join(["run", task, form, *texts]))

    def close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(timeout=60)


@dataclass
class Measured:
    """Seconds by (task, form, engine), in the order they were taken."""

    seconds: dict[tuple[str, str, str], list[float]] = field(default_factory=dict)

    def add(self, task: str, form: str, engine: str, seconds: float) -> None:
        self.seconds.setdefault((task, form, engine), []).append(seconds)

    def median(self, task: str, form: str, engine: str) -> float:
        return median(self.seconds[task, form, engine])

    def spread(self, task: str, form: str, engine: str) -> float:
        taken = self.seconds[task, form, engine]
        return max(taken) / min(taken)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def start(name: str, threads: int, program: Path) -> Worker:
    command = (
        [str(program), str(threads)]
        if name == "quintile"
        else [sys.executable, str(HERE / "worker.py"), name, str(threads)]
    )
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return Worker(name, process)


def expect_equal(what: str, name: str, expected: object, got: object) -> None:
    if expected != got:
        raise Disagreement(f"{what}: quintile has {expected}, {LABELS[name]} has {got}")


def saved(worker: Worker, what: str, kinds: dict[str, str], folder: Path) -> dict[str, Any]:
    import numpy as np

    stored = worker.ask(f"save {what} {folder}")["columns"]
    return {
        name: np.fromfile(folder / f"{name}.bin", np.dtype(stored[name])).astype(kind)
        for name, kind in kinds.items()
    }


def compare_columns(name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    import numpy as np

    for column, mine in ours.items():
        other = theirs[column]
        if len(mine) != len(other):
            raise Disagreement(f"{column}: {len(mine)} rows, {LABELS[name]} has {len(other)}")
        different = np.flatnonzero(mine != other)
        if len(different):
            row = different[0]
            raise Disagreement(
                f"{column} of contact {row}: quintile has {mine[row]}, {LABELS[name]} {other[row]} "
                f"({len(different)} rows differ)"
            )


def compare(workers: list[Worker], folder: Path) -> dict[str, list[int]]:
    """Runs everything once everywhere, compares all results; returns the cut points."""
    ours, *others = workers
    scored = ours.run("recompute", "kept")["result"]
    cuts: dict[str, list[int]] = scored["cuts"]
    codes = saved(ours, "codes", CODE_KINDS, folder)
    expect_equal("rescore", "quintile", scored, ours.run("rescore", "kept", cuts)["result"])
    compare_columns("quintile", codes, saved(ours, "codes", CODE_KINDS, folder))
    summed = ours.run("aggregate", "kept")["result"]
    totals = saved(ours, "totals", TOTAL_KINDS, folder)
    for worker in others:
        say(f"  comparing {LABELS[worker.name]}")
        for form in ("counts", "kept"):
            found = worker.run("recompute", form)["result"]
            expect_equal(f"recompute, {form}", worker.name, scored, found)
        compare_columns(worker.name, codes, saved(worker, "codes", CODE_KINDS, folder))
        for form in ("counts", "kept"):
            found = worker.run("rescore", form, cuts)["result"]
            expect_equal(f"rescore, {form}", worker.name, scored, found)
        compare_columns(worker.name, codes, saved(worker, "codes", CODE_KINDS, folder))
        for form in ("sums", "kept"):
            found = worker.run("aggregate", form)["result"]
            expect_equal(f"aggregate, {form}", worker.name, summed, found)
        compare_columns(worker.name, totals, saved(worker, "totals", TOTAL_KINDS, folder))
    return cuts


def measure(
    workers: list[Worker], cuts: dict[str, list[int]], rounds: int
) -> tuple[Measured, list[float]]:
    measured = Measured()
    bandwidths = []
    for round_number in range(1, rounds + 1):
        say(f"  round {round_number} of {rounds}")
        bandwidths.append(workers[0].ask("bandwidth")["bytes_per_second"])
        for task, light in FORMS.items():
            given = cuts if task == "rescore" else None
            for worker in workers:
                forms = ("kept",) if worker.name == "quintile" else ("kept", light)
                for form in forms:
                    seconds = worker.run(task, form, given)["seconds"]
                    measured.add(task, form, worker.name, seconds)
    return measured, bandwidths


def bytes_touched(task: str, contacts: int, orders: int) -> int:
    """What a perfect program reads and writes: columns in; codes and 13 class bitmaps out, or
    totals out."""
    if task == "aggregate":
        return orders * 14 + contacts * 16
    reads = contacts * 14 * (2 if task == "recompute" else 1)
    return reads + contacts * 4 + contacts * 13 // 8


def shown(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms" if seconds < 10 else f"{seconds:.1f} s"


def times(ratio: float) -> str:
    return f"{ratio:.1f}x" if ratio < 100 else f"{ratio:.0f}x"


def table(report: dict[str, Any]) -> str:
    lines = [
        f"{report['contacts']:,} contacts, {report['orders']:,} orders, "
        f"{report['threads']} threads, {report['processor']}, kernels {report['instruction_set']}",
        f"read bandwidth in the same run: {report['bandwidth'] / 1e9:.1f} GB/s "
        f"(median of {report['rounds']} rounds, engines taking turns)",
        "",
        f"{'work':<11}{'engine':<12}{'kept':>11}{'ratio':>8}{'counts only':>13}{'ratio':>8}",
    ]
    for task, entry in report["tasks"].items():
        for name, figures in entry["engines"].items():
            light = figures.get("light_seconds")
            lines.append(
                f"{task if name == 'quintile' else '':<11}{LABELS[name]:<12}"
                f"{shown(figures['kept_seconds']):>11}"
                f"{times(figures['kept_ratio']) if name != 'quintile' else '':>8}"
                f"{shown(light) if light else '':>13}"
                f"{times(figures['light_ratio']) if light else '':>8}"
            )
        lines.append(
            f"{'':<11}{entry['items_per_second'] / 1e6:,.0f} M {entry['item']}/s, "
            f"{entry['bytes_per_second'] / 1e9:.1f} GB/s = "
            f"{100 * entry['bytes_per_second'] / report['bandwidth']:.0f} % of the bandwidth"
        )
    versions = ", ".join(f"{LABELS[n]} {v}" for n, v in report["versions"].items())
    lines += ["", versions]
    if report["spread"] > NOISY_SPREAD:
        lines.append(
            f"Noisy: one work took {report['spread']:.1f} times as long in one round as in another "
            "(quintile's); measure again on a quiet machine."
        )
    return "\n".join(lines)


def processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def make_report(
    options: argparse.Namespace, workers: list[Worker], measured: Measured, bandwidths: list[float]
) -> dict[str, Any]:
    tasks: dict[str, Any] = {}
    for task, light in FORMS.items():
        ours = measured.median(task, "kept", "quintile")
        engines: dict[str, dict[str, float]] = {}
        for worker in workers:
            kept = measured.median(task, "kept", worker.name)
            engines[worker.name] = {"kept_seconds": kept, "kept_ratio": kept / ours}
            if worker.name != "quintile":
                seconds = measured.median(task, light, worker.name)
                engines[worker.name] |= {"light_seconds": seconds, "light_ratio": seconds / ours}
        item = "orders" if task == "aggregate" else "contacts"
        tasks[task] = {
            "item": item,
            "items_per_second": getattr(options, item) / ours,
            "bytes_per_second": bytes_touched(task, options.contacts, options.orders) / ours,
            "engines": engines,
        }
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "contacts": options.contacts,
        "orders": options.orders,
        "threads": options.threads,
        "rounds": options.rounds,
        "processor": processor(),
        "instruction_set": workers[0].ask("isa")["isa"],
        "bandwidth": median(bandwidths),
        "versions": {worker.name: worker.version for worker in workers[1:]},
        "tasks": tasks,
        "spread": max(measured.spread(task, "kept", "quintile") for task in FORMS),
        "seconds": {" ".join(key): values for key, values in measured.seconds.items()},
    }


def is_installed(peer: str) -> bool:
    needed = ("numpy", "pyarrow", PEERS[peer])
    return all(importlib.util.find_spec(package) is not None for package in needed)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--orders", type=int, default=50_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="a few thousand rows, one round")
    parser.add_argument(
        "--peers", help=f"of {','.join(PEERS)} (default: all; small: those that are installed)"
    )
    parser.add_argument("--data", type=Path, help="keep the data in this folder")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args(arguments)
    if options.small:
        options.contacts, options.orders, options.rounds = 70_000, 200_000, 1
    if options.peers is None:
        options.peers = [name for name in PEERS if not options.small or is_installed(name)]
    else:
        options.peers = options.peers.split(",")
    for name in options.peers:
        if name not in PEERS:
            parser.error(f"no peer '{name}'; there are {', '.join(PEERS)}")
    return options


def bench(options: argparse.Namespace, program: Path, folder: Path) -> dict[str, Any]:
    from shop_columns import Size, make
    from work import CLASSES

    say("making the data")
    make(folder, Size(options.contacts, options.orders))
    say("loading")
    workers = [start(name, options.threads, program) for name in ("quintile", *options.peers)]
    try:
        for worker in workers:
            loaded = worker.ask(f"load {folder}")
            worker.version = loaded["version"]
            if loaded.get("classes", list(CLASSES)) != list(CLASSES):
                raise Disagreement(f"classic5 has the classes {loaded['classes']}")
        with tempfile.TemporaryDirectory(prefix="quintile-compare-") as results:
            say("comparing results")
            cuts = compare(workers, Path(results))
        say("results are equal; measuring")
        measured, bandwidths = measure(workers, cuts, options.rounds)
        return make_report(options, workers, measured, bandwidths)
    finally:
        for worker in workers:
            worker.close()


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    build = Path(os.environ.get("QUINTILE_BUILD_DIR") or REPOSITORY / "build-bench")
    program = build / "bench-programs" / "quintile_peer"
    if not program.is_file():
        say(f"no program at {program}; build the benchmarks first (./dev bench peers does)")
        return 1
    missing = [PEERS[name] for name in options.peers if not is_installed(name)]
    if missing or not options.peers:
        say(f"Python packages are missing: {', '.join(missing)}; run this as ./dev bench peers")
        return 77
    folder = options.data or Path(tempfile.mkdtemp(prefix="quintile-peers-"))
    try:
        report = bench(options, program, folder)
    except Disagreement as found:
        say(f"the engines disagree: {found}")
        return 1
    finally:
        if options.data is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(table(report))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
