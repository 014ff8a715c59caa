"""`./dev bench peers`: the same work on the same data in quintile and in other engines.

Every engine is a process of its own that keeps its tables in memory. Work comes in groups that
share their data; only the engines of one group are in memory at a time. Results are compared to the
last contact before anything is timed; then the engines take turns, several rounds, and medians are
shown. docs/benchmarking.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from columns import Size, make
from compare_results import Disagreement, compare_task
from engines import ENGINES, PEERS, is_installed, programs
from process import Measured, Worker, start
from report import figures, table
from work import GROUPS, ORDER_FILES, TASKS, Cuts

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import machine

DEFAULT_JSON = "peers.json"
OURS = ENGINES["quintile"].tasks
SMALL = Size(contacts=70_000, orders=200_000, events=300_000)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--orders", type=int, default=50_000_000)
    parser.add_argument("--events", type=int, default=30_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="a few thousand rows, one round")
    parser.add_argument("--only", type=names, help=f"of {','.join(OURS)} (default: all)")
    parser.add_argument(
        "--peers", type=names, help=f"of {','.join(PEERS)} (default: all that are installed)"
    )
    parser.add_argument("--data", type=Path, help="keep the data in this folder")
    parser.add_argument(
        "--json", type=Path, help=f"write the figures here (default: {DEFAULT_JSON} in the build)"
    )
    options = parser.parse_args(arguments)
    for asked, known in ((options.only, OURS), (options.peers, PEERS)):
        for name in asked or []:
            if name not in known:
                parser.error(f"no '{name}'; there are {', '.join(known)}")
    options.size = Size(options.contacts, options.orders, options.events)
    if options.small:
        options.size, options.rounds = SMALL, 1
    return options


def chosen_peers(asked: list[str] | None) -> list[str]:
    """All that were asked for, or those that this machine has."""
    absent = [name for name in asked or PEERS if not is_installed(name)]
    if absent:
        labels = ", ".join(ENGINES[name].label for name in absent)
        say(f"not installed here: {labels} (./dev bench peers installs all)")
        if asked is not None:
            raise SystemExit(1)
    return [name for name in asked or PEERS if name not in absent]


def sizes_of(size: Size) -> dict[str, int]:
    return {**asdict(size), "lines": size.lines}


def measure(
    workers: list[Worker], tasks: list[str], cuts: Cuts | None, rounds: int
) -> tuple[Measured, list[float]]:
    measured = Measured()
    bandwidths = []
    for round_number in range(1, rounds + 1):
        say(f"  round {round_number} of {rounds}")
        bandwidths.append(workers[0].ask("bandwidth")["bytes_per_second"])
        for task in tasks:
            for worker in workers:
                if task not in ENGINES[worker.name].tasks:
                    continue
                forms = TASKS[task].forms
                ours = forms if task in ORDER_FILES else forms[:1]
                for form in ours if worker.name == "quintile" else forms:
                    seconds = worker.run(task, form, cuts if task == "rescore" else None)["seconds"]
                    measured.add(task, form, worker.name, seconds)
    return measured, bandwidths


def compare(workers: list[Worker], tasks: list[str], folder: Path) -> Cuts | None:
    """Runs everything once everywhere and compares; returns the cut points, if there are any."""
    cuts: Cuts | None = None
    if "rescore" in tasks:
        cuts = workers[0].run("recompute", "kept")["result"]["cuts"]
    for task in tasks:
        say(f"  comparing {task}")
        able = [worker for worker in workers if task in ENGINES[worker.name].tasks]
        compare_task(able, task, cuts if task == "rescore" else None, folder)
    return cuts


def bench_group(
    group: str, tasks: list[str], peers: list[str], options: argparse.Namespace, folder: Path
) -> dict[str, Any]:
    say(f"{group}: making the data")
    make(folder, group, options.size)
    wanted = set(tasks)
    able = [name for name in ("quintile", *peers) if wanted & set(ENGINES[name].tasks)]
    say(f"{group}: loading into {', '.join(ENGINES[name].label for name in able)}")
    workers: list[Worker] = []
    try:
        for name in able:
            workers.append(start(name, options.threads))
            workers[-1].load(group, folder)
        with tempfile.TemporaryDirectory(prefix="quintile-compare-") as results:
            cuts = compare(workers, tasks, Path(results))
        say("  results are equal; measuring")
        measured, bandwidths = measure(workers, tasks, cuts, options.rounds)
        return {
            "tasks": figures(tasks, able, measured, sizes_of(options.size)),
            "versions": {worker.name: worker.version for worker in workers[1:]},
            "bandwidths": bandwidths,
            "instruction_set": workers[0].ask("isa")["isa"],
            "seconds": {" ".join(key): taken for key, taken in measured.seconds.items()},
        }
    finally:
        for worker in workers:
            worker.close()


def bench(options: argparse.Namespace, data: Path) -> dict[str, Any]:
    peers = chosen_peers(options.peers)
    tasks = options.only or list(OURS)
    report: dict[str, Any] = {
        "machine": machine.describe(programs().parent),
        "sizes": sizes_of(options.size),
        "threads": options.threads,
        "rounds": options.rounds,
        "labels": {name: engine.label for name, engine in ENGINES.items()},
    }
    merged: dict[str, Any] = {"tasks": {}, "versions": {}, "seconds": {}, "bandwidths": []}
    for group in GROUPS:
        asked = [name for name in tasks if TASKS[name].group == group]
        if not asked:
            continue
        found = bench_group(group, asked, peers, options, data / group)
        report["instruction_set"] = found["instruction_set"]
        merged["bandwidths"] += found["bandwidths"]
        for part in ("tasks", "versions", "seconds"):
            merged[part] |= found[part]
        if options.data is None:
            shutil.rmtree(data / group)
    return report | {"bandwidth": median(merged["bandwidths"])} | merged


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    missing = [
        name for name in ("quintile_peer", "croaring_peer") if not (programs() / name).is_file()
    ]
    if missing:
        say(f"no program {missing[0]}; build the benchmarks first (./dev bench peers does)")
        return 1
    data = options.data or Path(tempfile.mkdtemp(prefix="quintile-peers-"))
    try:
        report = bench(options, data)
    except Disagreement as found:
        say(f"the engines disagree: {found}")
        return 1
    finally:
        if options.data is None:
            shutil.rmtree(data, ignore_errors=True)
    print(table(report))
    out = options.json or programs().parent / DEFAULT_JSON
    out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    say(f"figures: {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
