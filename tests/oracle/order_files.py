"""Writes order lines as files of every kind the loader reads."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from order_lines import OrderLines, Rates

ROLES = ("contact", "time", "order", "amount", "quantity", "price", "currency")


def csv_text(columns: Mapping[str, Sequence[str | None]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(
        ["" if value is None else value for value in row]
        for row in zip(*columns.values(), strict=True)
    )
    return out.getvalue().encode()


def write_csv(path: Path, lines: OrderLines) -> Path:
    path.write_bytes(csv_text(lines.columns))
    return path


def compress(path: Path, suffix: str) -> Path:
    """Writes `path` again as .gz or .zst."""
    target = path.with_name(path.name + suffix)
    if suffix == ".gz":
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    else:
        with pa.CompressedOutputStream(str(target), "zstd") as out:
            out.write(path.read_bytes())
    return target


def typed_table(lines: OrderLines, kinds: dict[str, pa.DataType]) -> pa.Table:
    """The lines as an Arrow table; columns without a kind stay text. Empty text is null."""
    columns = {}
    for name, values in lines.columns.items():
        text = pa.array([value if value else None for value in values], pa.string())
        kind = kinds.get(name)
        if kind is not None and pa.types.is_timestamp(kind):
            text = pc.replace_substring(text, " ", "T")
        columns[name] = text if kind is None else text.cast(kind)
    return pa.table(columns)


def write_parquet(path: Path, table: pa.Table) -> Path:
    pq.write_table(table, path, row_group_size=100_000)
    return path


def write_arrow(path: Path, table: pa.Table, *, stream: bool) -> Path:
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=50_000)
    return path


def write_rates(path: Path, rates: Rates) -> Path:
    rows = [f"{since},{currency},{rate}\n" for currency, since, rate in rates.rows]
    path.write_text("date,currency,rate\n" + "".join(rows), encoding="utf-8")
    return path


def column_map(names: Sequence[str]) -> str:
    """`--map` for columns that are called as their roles are."""
    return ",".join(f"{name}={name}" for name in names if name in ROLES)
