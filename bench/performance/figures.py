"""Reads what the benchmark programs wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETS = ("scalar", "sse42", "avx2", "avx512", "neon64")
SIZE_NAMES = ("contacts", "rows", "orders", "events", "lines")


@dataclass(frozen=True)
class Name:
    """`score/flags:3/cores:2/avx512/real_time`, taken apart."""

    base: str
    options: tuple[tuple[str, str], ...]
    cores: int
    instruction_set: str

    @classmethod
    def of(cls, text: str) -> Name:
        base, *parts = text.split("/")
        found, cores, options = "", 1, []
        for part in parts:
            key, colon, value = part.partition(":")
            if part in SETS:
                found = part
            elif key in ("cores", "threads") and colon:
                cores = int(value)
            elif colon or (part and part not in ("real_time", "process_time")):
                options.append((key, value))
        return cls(base, tuple(options), cores, found)

    @property
    def work(self) -> str:
        """What is done, whatever the threads and the instruction set."""
        options = [f"{key}:{value}" if value else key for key, value in self.options]
        return "/".join([self.base, *options])

    @property
    def size(self) -> int | None:
        for key, value in self.options:
            if key in SIZE_NAMES and value.isdigit():
                return int(value)
        return None

    @property
    def sizeless(self) -> str:
        return "/".join(
            [self.base, *(f"{k}:{v}" if v else k for k, v in self.options if k not in SIZE_NAMES)]
        )


@dataclass(frozen=True)
class Figure:
    name: Name
    seconds: float  # of an iteration, the fastest of the repetitions
    slowest_seconds: float
    items_per_second: float
    bytes_per_second: float

    @property
    def bytes_per_item(self) -> float:
        return self.bytes_per_second / self.items_per_second


@dataclass(frozen=True)
class Run:
    program: str
    command: str
    bandwidth_one_core: float
    bandwidth_all_cores: float
    figures: tuple[Figure, ...]

    def bandwidth(self, cores: int) -> float:
        return self.bandwidth_one_core if cores <= 1 else self.bandwidth_all_cores

    def share(self, figure: Figure) -> float:
        return figure.bytes_per_second / self.bandwidth(figure.name.cores)

    def of(self, work: str, cores: int) -> dict[str, Figure]:
        """By instruction set."""
        return {
            figure.name.instruction_set: figure
            for figure in self.figures
            if figure.name.work == work and figure.name.cores == cores
        }

    def works(self) -> list[str]:
        return list(dict.fromkeys(figure.name.work for figure in self.figures))

    def core_counts(self, work: str) -> list[int]:
        return sorted({f.name.cores for f in self.figures if f.name.work == work})


def fastest(figures: dict[str, Figure]) -> Figure:
    return min(figures.values(), key=lambda figure: figure.seconds)


UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def repetitions(entries: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        if entry.get("run_type", "iteration") != "iteration" or entry.get("error_occurred"):
            continue
        found.setdefault(entry.get("run_name") or entry["name"], []).append(entry)
    return found


def figure_of(name: str, entries: list[dict[str, Any]]) -> Figure | None:
    def seconds(entry: dict[str, Any]) -> float:
        return float(entry["real_time"]) * UNITS[entry["time_unit"]]

    best = min(entries, key=seconds)
    if not best.get("items_per_second"):
        return None
    return Figure(
        Name.of(name),
        seconds(best),
        max(seconds(entry) for entry in entries),
        float(best["items_per_second"]),
        float(best.get("bytes_per_second", 0.0)),
    )


def read_run(path: Path) -> Run:
    """A file of Google Benchmark, written by a program of this project."""
    text = json.loads(path.read_text(encoding="utf-8"))
    context = text["context"]
    figures = [figure_of(name, found) for name, found in repetitions(text["benchmarks"]).items()]
    return Run(
        path.stem,
        context.get("command", ""),
        float(context["read_bandwidth_one_core"].split()[0]) * 1e9,
        float(context["read_bandwidth_all_cores"].split()[0]) * 1e9,
        tuple(figure for figure in figures if figure is not None),
    )


def read_runs(folder: Path, prefix: str) -> dict[str, Run]:
    """By what stands between the prefix and `_bench` in the name of the program."""
    return {
        path.stem.removeprefix(prefix).removesuffix("_bench"): read_run(path)
        for path in sorted(folder.glob(f"{prefix}*_bench.json"))
    }


def read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
