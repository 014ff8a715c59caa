"""Runs `quintile generate` and reads the tables that it wrote, whatever their format."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TABLES = ("contacts", "orders", "events", "links")
# As datasets/schemas has them, in the types of pyarrow.
TYPES = {
    "l": pa.int64(),
    "u": pa.string(),
    "b": pa.bool_(),
    "tdD": pa.date32(),
    "tsu:UTC": pa.timestamp("us", "UTC"),
    "d:18,2": pa.decimal128(18, 2),
}


def binary() -> Path:
    path = Path(os.environ.get("QUINTILE_BIN") or REPOSITORY / "build" / "quintile")
    if not path.is_file():
        pytest.fail(f"no program at {path}; build it, or set QUINTILE_BIN")
    return path


def generate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [binary(), "generate", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


def generated(folder: Path, *arguments: str | Path) -> Path:
    """The folder of a run that must succeed."""
    done = generate("--out", folder, *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "", "results go to files, progress to standard error"
    return folder


def schema(table: str) -> pa.Schema:
    text = (REPOSITORY / "datasets" / "schemas" / f"{table}.txt").read_text()
    fields = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return pa.schema(
        pa.field(name, TYPES[kind], nulls == "nullable") for name, kind, nulls in fields
    )


def read_table(folder: Path, table: str) -> pa.Table:
    wanted = schema(table)
    parquet = folder / f"{table}.parquet"
    if parquet.exists():
        found = pq.read_table(parquet)
        assert found.schema.names == wanted.names
        return found.cast(wanted)
    return pyarrow.csv.read_csv(
        folder / f"{table}.csv",
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict(zip(wanted.names, wanted.types, strict=True)),
            strings_can_be_null=True,
            timestamp_parsers=[pyarrow.csv.ISO8601],
        ),
    ).cast(wanted)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
