"""One answer, whatever the instruction set, the threads and the kind of file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from isa import ISAS, unsupported_reason
from order_files import compress, typed_table, write_arrow, write_csv, write_parquet
from order_lines import OrderLines, prepare
from presets import CLASSIC5
from program import difference, rfm_bytes
from segmentation import csv_bytes, load_lines, segment

MAP = "contact=contact,time=time,order=order,quantity=quantity,price=price"
AS_OF = "2024-06-30"


@dataclass(frozen=True)
class Shop:
    lines: OrderLines
    csv: Path
    expected: bytes


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """40,000 lines whose ids and prices are whole or short decimals, so that every kind of file
    can hold them; with empty contacts, returns, repeated orders and prices of three decimals."""
    random = np.random.default_rng(7)
    count = 40_000
    contact = random.integers(1, 9_000, count)
    seconds = random.integers(0, 200 * 86_400, count)
    times = np.datetime64("2024-01-01", "s") + seconds.astype("timedelta64[s]")
    prices = random.integers(0, 30_000, count)
    lines = OrderLines(
        {
            "contact": ["" if c % 97 == 0 else str(c) for c in contact.tolist()],
            "time": [str(t).replace("T", " ") for t in times],
            "order": [str(o) for o in random.integers(1, 30_000, count).tolist()],
            "quantity": [str(q) for q in random.integers(-3, 12, count).tolist()],
            "price": [f"{p // 1000}.{p % 1000:03}" for p in prices.tolist()],
        },
        "Europe/Warsaw",
    )
    path = write_csv(tmp_path_factory.mktemp("shop") / "orders.csv", lines)
    with duckdb.connect(config={"threads": 2}) as connection:
        prepared = prepare(lines)
        load_lines(connection, prepared)
        outcome = segment(connection, prepared, CLASSIC5, AS_OF)
    return Shop(lines, path, csv_bytes(outcome.rows))


def answer(file: Path, *options: str, environment: dict[str, str] | None = None) -> bytes:
    return rfm_bytes(
        [
            "--orders", file, "--map", MAP, "--model", "classic5", "--as-of", AS_OF,
            "--time-zone", "Europe/Warsaw", "--format", "csv", *options,
        ],
        environment,
    )  # fmt: skip


@pytest.mark.parametrize("isa", ISAS)
def test_instruction_sets(shop: Shop, isa: str) -> None:
    if reason := unsupported_reason(isa):
        pytest.skip(reason)
    got = answer(shop.csv, environment={"QUINTILE_ISA": isa})
    assert not difference(shop.expected, got)


@pytest.mark.parametrize("threads", ["1", "2", "7"])
def test_threads(shop: Shop, threads: str) -> None:
    assert not difference(shop.expected, answer(shop.csv, "--threads", threads))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_text(shop: Shop, suffix: str) -> None:
    assert not difference(shop.expected, answer(compress(shop.csv, suffix)))


def test_several_files(shop: Shop, tmp_path: Path) -> None:
    """The same lines in three files of three kinds, in another order."""
    third = len(shop.lines) // 3
    cut = [0, third, 2 * third, len(shop.lines)]
    parts = [shop.lines.take(range(cut[i], cut[i + 1])) for i in range(3)]
    files = [
        write_parquet(tmp_path / "c.parquet", typed_table(parts[2], FLOATING)),
        write_csv(tmp_path / "a.csv", parts[0]),
        compress(write_csv(tmp_path / "b.csv", parts[1]), ".gz"),
    ]
    got = answer(files[0], "--orders", str(files[1]), "--orders", str(files[2]))
    assert not difference(shop.expected, got)


EXACT: dict[str, pa.DataType] = {
    "contact": pa.int64(),
    "time": pa.timestamp("us"),
    "quantity": pa.int32(),
    "price": pa.decimal128(12, 3),
}
FLOATING = {
    "contact": pa.float64(),  # 13085.0 is 13085
    "time": pa.timestamp("s"),
    "order": pa.int64(),
    "quantity": pa.float64(),
    "price": pa.float64(),
}
NARROW = {
    "contact": pa.int32(),
    "time": pa.timestamp("ms"),
    "order": pa.float64(),
    "quantity": pa.int16(),
    "price": pa.decimal128(7, 3),
}
TEXT: dict[str, pa.DataType] = {}
LARGE_TEXT = {name: pa.large_string() for name in ("contact", "time", "order")} | {
    "time": pa.timestamp("ns")
}
CODED = {"contact": pa.dictionary(pa.int32(), pa.string()), "time": pa.timestamp("us")}
KINDS = {
    "exact": EXACT,
    "floating": FLOATING,
    "narrow": NARROW,
    "text": TEXT,
    "large_text": LARGE_TEXT,
    "dictionary": CODED,
}
WRITERS: dict[str, Callable[[Path, pa.Table], Path]] = {
    "parquet": write_parquet,
    "arrow_file": lambda path, table: write_arrow(path, table, stream=False),
    "arrow_stream": lambda path, table: write_arrow(path, table, stream=True),
}
SUFFIX = {"parquet": ".parquet", "arrow_file": ".arrow", "arrow_stream": ".arrows"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("writer", WRITERS)
def test_typed_files(shop: Shop, tmp_path: Path, writer: str, kind: str) -> None:
    table = typed_table(shop.lines, KINDS[kind])
    file = WRITERS[writer](tmp_path / f"orders{SUFFIX[writer]}", table)
    assert not difference(shop.expected, answer(file))


def test_instants_with_a_zone(shop: Shop, tmp_path: Path) -> None:
    """Instants are instants: a column in UTC is not read as local time."""
    prepared = prepare(shop.lines)
    kept = [i for i, contact in enumerate(shop.lines.columns["contact"]) if contact]
    table = typed_table(shop.lines.take(kept), {"price": pa.float64()})
    instants = pa.array(prepared.instant, pa.timestamp("us", tz="America/New_York"))
    table = table.set_column(table.schema.get_field_index("time"), "time", instants)
    file = write_parquet(tmp_path / "orders.parquet", table)
    assert not difference(shop.expected, answer(file))


def test_rounded_floats(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A floating price means its shortest decimal text: 1.005 is not 1.00499999999999989."""
    texts = ["1.005", "1.015", "2.675", "0.125", "0.1", "1e-3", "4.35", "1234567.885", "-0.005"]
    lines = OrderLines(
        {
            "contact": [f"c{i}" for i in range(len(texts))],
            "time": ["2024-01-01"] * len(texts),
            "order": ["1"] * len(texts),
            "quantity": ["1"] * len(texts),
            "price": list(texts),
        }
    )
    prepared = prepare(lines)
    load_lines(connection, prepared)
    expected = csv_bytes(segment(connection, prepared, CLASSIC5, AS_OF).rows)
    table = typed_table(lines, {"price": pa.float64(), "time": pa.timestamp("us")})
    for file in (
        write_csv(tmp_path / "orders.csv", lines),
        write_parquet(tmp_path / "orders.parquet", table),
    ):
        assert not difference(expected, answer(file))
