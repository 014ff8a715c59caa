"""Builds the benchmarks of two commits in work trees and runs them in turns."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MIN_TIME = "--benchmark_min_time=0.05"


class NotBuilt(Exception):
    """A commit that does not exist, or whose benchmarks cannot be built."""


@dataclass(frozen=True)
class Done:
    base: str
    change: str
    build: Path  # of the change
    files: tuple[Path, Path]


def said_by(command: list[str | Path], folder: Path, what: str) -> str:
    """The output of a command; NotBuilt with its last words when it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise NotBuilt(f"{what}\n{last}")
    return done.stdout


def commit_of(name: str, repository: Path) -> str:
    asked: list[str | Path] = ["git", "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"]
    return said_by(asked, repository, f"{name}: neither a commit nor a JSON file").strip()[:12]


def work_tree(commit: str, repository: Path, out: Path) -> Path:
    """A checkout that is kept, so that the next comparison with this commit builds nothing."""
    tree = out / commit
    if not tree.is_dir():
        said_by(["git", "worktree", "prune"], repository, "git worktree prune failed")
        said_by(
            ["git", "worktree", "add", "--detach", tree, commit],
            repository,
            f"{commit}: no work tree",
        )
        if (repository / ".deps").exists():
            (tree / ".deps").symlink_to((repository / ".deps").resolve())
    return tree


def build(tree: Path) -> Path:
    """Builds the benchmarks of a work tree; returns its build folder."""
    configure: list[str | Path] = ["cmake", "--preset", "bench"]
    if shutil.which("ccache"):
        configure += [
            "-DCMAKE_C_COMPILER_LAUNCHER=ccache",
            "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache",
        ]
    said_by(configure, tree, f"{tree.name}: cmake --preset bench failed")
    folder = tree / "build-bench"
    listed = said_by(["cmake", "--build", folder, "--target", "help"], tree, "no list of targets")
    targets = re.findall(r"^(\w+_bench): phony$", listed, re.MULTILINE)
    if not targets:
        raise NotBuilt(f"{tree.name}: has no benchmarks")
    jobs = str(os.cpu_count() or 1)
    said_by(
        ["cmake", "--build", folder, "--parallel", jobs, "--target", *targets],
        tree,
        f"{tree.name}: the benchmarks cannot be built",
    )
    return folder


def measured(program: Path, pattern: str, out: Path) -> dict[str, Any]:
    out.unlink(missing_ok=True)
    said_by(
        [
            program,
            f"--benchmark_filter={pattern}",
            MIN_TIME,
            f"--benchmark_out={out}",
            "--benchmark_out_format=json",
        ],
        program.parent,
        f"{program.name} failed",
    )
    # A program without a benchmark of that name writes nothing.
    if not out.is_file() or not out.stat().st_size:
        return {"benchmarks": []}
    run: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return run


def take_turns(builds: list[Path], pattern: str, rounds: int, out: Path) -> list[list[Any]]:
    """All measurements of each build. Who goes first changes from round to round."""
    found: list[list[Any]] = [[] for _ in builds]
    programs = [sorted((build / "bench-programs").glob("*_bench")) for build in builds]
    names = sorted({program.name for side in programs for program in side})
    for round_number in range(rounds):
        print(f"round {round_number + 1} of {rounds}", file=sys.stderr, flush=True)
        for name in names:
            sides = range(len(builds))
            for side in sides if round_number % 2 == 0 else reversed(sides):
                program = builds[side] / "bench-programs" / name
                if program in programs[side]:
                    run = measured(program, pattern, out / "round.json")
                    found[side] += run["benchmarks"]
    return found


def run(base: str, change: str, out: Path, rounds: int, pattern: str) -> Done:
    commits = [commit_of(name, ROOT) for name in (base, change)]
    out.mkdir(parents=True, exist_ok=True)
    builds = []
    for commit in commits:
        print(f"building {commit}", file=sys.stderr, flush=True)
        builds.append(build(work_tree(commit, ROOT, out)))
    taken = take_turns(builds, pattern, rounds, out)
    files = (out / "base.json", out / "change.json")
    for path, benchmarks in zip(files, taken, strict=True):
        path.write_text(json.dumps({"benchmarks": benchmarks}), encoding="utf-8")
    return Done(commits[0], commits[1], builds[1], files)
