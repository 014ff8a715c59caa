"""`./dev bench performance`: runs all benchmarks, keeps the figures, writes docs/performance.md.

The figures are JSON under build-bench/performance; --steps runs some of the steps again and writes
the page from new and kept figures. --quick is a trial with short runs and small inputs: its page
goes to build-bench/performance-quick, not to docs.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import instructions
import memory
import page
import peers_section

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import machine

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STEPS = ("kernels", "engine", "instructions", "memory", "peers", "page")
FULL = ["--benchmark_min_time=0.1", "--benchmark_repetitions=3"]
QUICK = ["--benchmark_min_time=0.01"]
LARGE = 100_000_000  # contacts
LARGE_NEEDS_BYTES = 16 * 2**30
QUICK_PEERS = ["--contacts", "200000", "--orders", "1000000", "--events", "600000", "--rounds", "3"]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def steps(text: str) -> list[str]:
    return [step for step in text.split(",") if step]


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a trial: short runs, small inputs")
    parser.add_argument("--steps", type=steps, default=list(STEPS), help=f"of {','.join(STEPS)}")
    options = parser.parse_args(arguments)
    for step in options.steps:
        if step not in STEPS:
            parser.error(f"no step '{step}'; there are {', '.join(STEPS)}")
    return options


def run_programs(build: Path, prefix: str, out: Path, *, quick: bool) -> None:
    flags = QUICK if quick else FULL
    programs = sorted((build / "bench-programs").glob(f"{prefix}*_bench"))
    for program in programs:
        say(f"  {program.name}")
        path = out / f"{program.name}.json"
        command = [
            str(program),
            *flags,
            f"--benchmark_out={path}",
            "--benchmark_out_format=json",
        ]
        # Their headers say for every program what machine.json says once.
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        shown = shlex.join([f"build-bench/bench-programs/{program.name}", *flags])
        stamp(path, {"command": shown})


def run_large(build: Path, out: Path) -> None:
    """The largest size, in the best instruction set alone: the others would take minutes."""
    for path in sorted(out.glob("quintile_engine_*_bench.json")):
        if path.name.endswith("_large_bench.json"):
            continue
        best = json.loads(path.read_text(encoding="utf-8"))["context"]["instruction_set"]
        program = build / "bench-programs" / path.stem
        flags = [f"--benchmark_filter=contacts:{LARGE}/.*/{best}/", "--benchmark_min_time=0.1"]
        large = path.with_name(path.name.replace("_bench.json", "_large_bench.json"))
        large.unlink(missing_ok=True)
        subprocess.run(
            [program, *flags, f"--benchmark_out={large}", "--benchmark_out_format=json"],
            env={**os.environ, "QUINTILE_BENCH_CONTACTS": str(LARGE)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        # A program without that size writes nothing.
        if large.is_file() and large.stat().st_size:
            words = [f"QUINTILE_BENCH_CONTACTS={LARGE}", f"build-bench/bench-programs/{path.stem}"]
            stamp(large, {"command": shlex.join([*words, *flags])})
        else:
            large.unlink(missing_ok=True)


def stamp(path: Path, extra: dict[str, str]) -> None:
    """Puts the command into the context, without the folders of this machine."""
    run = json.loads(path.read_text(encoding="utf-8"))
    run["context"] |= extra
    run["context"].pop("executable", None)
    run["context"].pop("host_name", None)
    path.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")


def write(path: Path, report: dict[str, Any]) -> None:
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def run_peers(build: Path, out: Path, *, quick: bool) -> None:
    arguments = QUICK_PEERS if quick else []
    environment = {
        **os.environ,
        "QUINTILE_BUILD_DIR": str(build),
        "QUINTILE_COMMAND": shlex.join(["./dev", "bench", "peers", *arguments]),
    }
    script = HERE.parent / "peers" / "run.py"
    subprocess.run(
        [sys.executable, "-B", script, *arguments, "--json", out / "peers.json"],
        env=environment,
        stdout=sys.stderr,
        check=True,
    )


def take(step: str, build: Path, out: Path, *, quick: bool) -> None:
    command = f"./dev bench performance --steps {step}" + (" --quick" if quick else "")
    if step == "kernels":
        run_programs(build, "quintile_kernels_", out, quick=quick)
    elif step == "engine":
        run_programs(build, "quintile_engine_", out, quick=quick)
        run_programs(build, "quintile_load_", out, quick=quick)
        if not quick and machine.memory_bytes() >= LARGE_NEEDS_BYTES:
            run_large(build, out)
    elif step == "instructions":
        programs = sorted((build / "bench-programs").glob("quintile_kernels_*_bench"))
        counted = instructions.count_all(programs, only=1 if quick else None)
        write(out / "instructions.json", {"command": command, "families": counted})
    elif step == "memory":
        contacts = 200_000 if quick else 2_000_000
        threads = os.cpu_count() or 1
        found = memory.measure(build / "quintile", contacts, 4 * contacts, threads)
        write(out / "memory.json", {"command": command, **found})
    elif step == "peers":
        run_peers(build, out, quick=quick)


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    build = Path(os.environ.get("QUINTILE_BUILD_DIR") or ROOT / "build-bench")
    out = build / ("performance-quick" if options.quick else "performance")
    out.mkdir(parents=True, exist_ok=True)
    if options.steps != ["page"]:
        write(out / "machine.json", machine.describe(build))
    for step in options.steps:
        if step == "page":
            continue
        say(f"performance: {step}")
        take(step, build, out, quick=options.quick)
    if "page" in options.steps:
        docs = out / "docs" if options.quick else ROOT / "docs"
        page.write(out, docs)
        say(f"performance: wrote {docs / 'performance.md'}")
        if not options.quick:
            peers_section.write_ratios(out, ROOT / "README.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
