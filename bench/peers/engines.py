"""The engines that are compared: what each can do, and what it needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from work import SET_QUESTIONS, TASKS

MODEL = ("rescore", "recompute", "aggregate")
LOAD = ("load_csv", "load_parquet")
COUNTED = ("range", "category", *SET_QUESTIONS, "visits")


@dataclass(frozen=True)
class Engine:
    name: str
    label: str
    tasks: tuple[str, ...]
    module: str = ""  # of worker.py; none: a program of this project
    needs: tuple[str, ...] = ()  # Python packages
    threads: int = 0  # it never has more; 0: as many as asked for

    def does(self, group: str) -> list[str]:
        return [name for name in self.tasks if TASKS[name].group == group]


ENGINES = {
    engine.name: engine
    for engine in (
        Engine("quintile", "quintile", tuple(TASKS)),
        Engine("duckdb", "DuckDB", (*MODEL, *COUNTED, *LOAD), "duckdb_peer", ("duckdb",)),
        Engine("clickhouse", "ClickHouse", (*MODEL, *COUNTED, *LOAD), "clickhouse_peer", ("chdb",)),
        Engine(
            "clickhouse_bitmap",
            "ClickHouse groupBitmap",
            tuple(SET_QUESTIONS),
            "clickhouse_bitmap_peer",
            ("chdb",),
            threads=1,
        ),
        Engine("polars", "Polars", (*MODEL, *COUNTED, *LOAD), "polars_peer", ("polars",)),
        Engine("pandas", "pandas", MODEL, "pandas_peer", ("pandas",), threads=1),
        Engine("numpy", "NumPy", COUNTED, "numpy_peer", threads=1),
        Engine("croaring", "CRoaring", tuple(SET_QUESTIONS), threads=1),
        Engine(
            "redis",
            "Redis sets",
            ("intersect", "union", "difference"),
            "redis_peer",
            ("redis",),
            threads=1,
        ),
        Engine(
            "redis_bits", "Redis bits", tuple(SET_QUESTIONS), "redis_peer", ("redis",), threads=1
        ),
    )
}
PEERS = tuple(name for name in ENGINES if name != "quintile")


def redis_server() -> str | None:
    """The program, which Debian's redis-tools has under another name (redis-server only adds a
    service to it): it decides by the name it is started with."""
    return shutil.which("redis-server") or shutil.which("redis-check-rdb")


def is_installed(name: str) -> bool:
    engine = ENGINES[name]
    if "redis" in engine.needs and redis_server() is None:
        return False
    needed = ("numpy", "pyarrow", *engine.needs)
    return all(importlib.util.find_spec(package) is not None for package in needed)


def programs() -> Path:
    here = Path(__file__).resolve().parent
    build = Path(os.environ.get("QUINTILE_BUILD_DIR") or here.parents[1] / "build-bench")
    return build / "bench-programs"


def command_of(name: str, threads: int, python: str) -> list[str]:
    engine = ENGINES[name]
    if not engine.module:
        return [str(programs() / f"{name}_peer"), str(threads)]
    return [python, str(Path(__file__).resolve().parent / "worker.py"), name, str(threads)]
