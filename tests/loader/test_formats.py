"""The same data in every format gives the same batches."""

from __future__ import annotations

import datetime
import decimal
import gzip
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet
import pytest
from loader_library import Loader

ROWS = 150_000
SEED = 20260101


@pytest.fixture(scope="module")
def lines() -> pa.Table:
    """Order lines with all that formats may treat differently: nulls, quotes, cents, days."""
    rng = random.Random(SEED)
    start = datetime.datetime(2011, 1, 1)
    contacts, times, orders, cents, products = [], [], [], [], []
    for i in range(ROWS):
        contacts.append(None if rng.random() < 0.05 else rng.randrange(1, 5000))
        times.append(start + datetime.timedelta(seconds=rng.randrange(0, 86400 * 365)))
        orders.append(None if rng.random() < 0.1 else f"A{i // 3}")
        cents.append(rng.randrange(-10_000, 1_000_000))
        products.append(
            rng.choice(
                ["plain", "with, comma", 'with "quotes"', "two\nlines", "\u017c\u00f3\u0142w", ""]
            )
        )
    return pa.table(
        {
            "contact": pa.array(contacts, pa.int64()),
            "time": pa.array(times, pa.timestamp("us")),
            "order": pa.array(orders, pa.string()),
            "amount": pa.array(
                [decimal.Decimal(c).scaleb(-2) for c in cents], pa.decimal128(12, 2)
            ),
            "product": pa.array(products, pa.string()),
        }
    )


def with_column(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)


def write_csv(loader: Loader, table: pa.Table, path: Path) -> Path:
    loader.write(path, "csv", table.to_reader())
    return path


@pytest.fixture(scope="module")
def files(
    loader: Loader, lines: pa.Table, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("formats")
    csv = write_csv(loader, lines, folder / "lines.csv")
    floats = pa.array([float(a) for a in lines["amount"].to_pylist()], pa.float64())
    contacts = pa.array([None if c is None else float(c) for c in lines["contact"].to_pylist()])
    with_floats = with_column(with_column(lines, "amount", floats), "contact", contacts)
    with_texts = with_column(lines, "contact", lines["contact"].cast(pa.large_string()))
    with_texts = with_column(with_texts, "product", lines["product"].dictionary_encode())
    with_times = with_column(lines, "time", lines["time"].cast(pa.timestamp("ns")))
    paths = {"csv": csv}

    paths["csv.gz"] = folder / "lines.csv.gz"
    paths["csv.gz"].write_bytes(gzip.compress(csv.read_bytes(), 1))
    paths["csv.gz in two members"] = folder / "members.csv.gz"
    text = csv.read_bytes()
    paths["csv.gz in two members"].write_bytes(
        gzip.compress(text[:1_000_001], 1) + gzip.compress(text[1_000_001:], 1)
    )
    paths["csv.zst"] = folder / "lines.csv.zst"
    with pa.CompressedOutputStream(str(paths["csv.zst"]), "zstd") as out:
        out.write(text)
    paths["csv with CRLF"] = folder / "crlf.csv"
    # Quoted line ends stay \n: only those of records are changed.
    paths["csv with CRLF"].write_bytes(
        text.replace(b"\n", b"\r\n").replace(b"two\r\nlines", b"two\nlines")
    )
    paths["csv with a byte order mark"] = folder / "bom.csv"
    paths["csv with a byte order mark"].write_bytes(b"\xef\xbb\xbf" + text)
    paths["csv of floats"] = write_csv(loader, with_floats, folder / "floats.csv")

    for name, table in (
        ("decimals", lines),
        ("floats", with_floats),
        ("texts", with_texts),
        ("nanoseconds", with_times),
    ):
        paths[f"parquet of {name}"] = folder / f"{name}.parquet"
        pyarrow.parquet.write_table(table, paths[f"parquet of {name}"], row_group_size=40_000)
        paths[f"arrow of {name}"] = folder / f"{name}.arrow"
        with pa.ipc.new_file(paths[f"arrow of {name}"], table.schema) as out:
            out.write_table(table, max_chunksize=30_000)
    paths["arrow stream"] = folder / "stream.arrow"
    with pa.ipc.new_stream(paths["arrow stream"], lines.schema) as out:
        out.write_table(lines, max_chunksize=100_000)
    paths["feather"] = folder / "lines.feather"
    pyarrow.feather.write_feather(lines, paths["feather"], compression="zstd")
    return paths


def test_all_formats_give_the_same(loader: Loader, files: dict[str, Path]) -> None:
    expected = loader.orders(files["csv"], product="product", time_zone="Europe/Warsaw")
    assert expected.records == ROWS
    assert expected.anonymous > 0
    assert expected.rejected == 0
    assert expected.accepted == expected.table.num_rows
    for name, path in files.items():
        loaded = loader.orders(path, product="product", time_zone="Europe/Warsaw")
        assert loaded.table.equals(expected.table), name
        assert (loaded.records, loaded.anonymous) == (expected.records, expected.anonymous), name


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_threads_change_nothing(loader: Loader, files: dict[str, Path], threads: int) -> None:
    options = {"amount": "product", "block_bytes": 100_000}  # an amount that is rejected throughout
    expected = loader.orders(files["csv"], threads=1, **options)
    loaded = loader.orders(files["csv"], threads=threads, **options)
    assert len(expected.rejects) == expected.rejected > 100_000
    assert loaded.rejects == expected.rejects


def test_values_are_those_of_the_file(
    loader: Loader, files: dict[str, Path], lines: pa.Table
) -> None:
    loaded = loader.orders(files["parquet of floats"], product="product")
    known = [row for row in lines.to_pylist() if row["contact"] is not None]
    assert loaded.column("contact") == [str(row["contact"]) for row in known]
    assert loaded.column("amount") == [int(row["amount"].scaleb(2)) for row in known]
    assert loaded.column("order") == [row["order"] for row in known]
    assert loaded.column("product") == [row["product"] or None for row in known]
    assert loaded.column("time") == [row["time"].replace(tzinfo=datetime.UTC) for row in known]


def test_batches_are_bounded(loader: Loader, files: dict[str, Path]) -> None:
    for path in files.values():
        loaded = loader.orders(path)
        assert all(0 < batch.num_rows <= 65_536 for batch in loaded.batches)


def test_progress_reaches_the_end(loader: Loader, files: dict[str, Path]) -> None:
    for name, path in files.items():
        progress = loader.orders(path).progress
        assert progress == sorted(progress), name
        assert progress[-1] == (path.stat().st_size, path.stat().st_size), name


def test_several_files_are_one_load(loader: Loader, files: dict[str, Path]) -> None:
    one = loader.orders(files["csv"])
    both = loader.orders(files["csv"], files["parquet of decimals"])
    assert both.records == 2 * ROWS
    assert both.table.equals(pa.concat_tables([one.table, one.table]))


def test_schema_is_the_engines_door(loader: Loader, files: dict[str, Path]) -> None:
    schema = loader.orders(
        files["csv"], product="product", category="product", quantity="contact"
    ).schema
    assert schema == pa.schema(
        [
            pa.field("contact", pa.string(), False),
            pa.field("time", pa.timestamp("us", "UTC"), False),
            pa.field("amount", pa.int64(), False),
            pa.field("order", pa.string()),
            pa.field("product", pa.string()),
            pa.field("category", pa.string()),
            pa.field("quantity", pa.int64()),
        ]
    )
