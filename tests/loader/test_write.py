"""Streams to files: text by the rules, equal bytes, all or nothing."""

from __future__ import annotations

import csv as python_csv
import datetime
import decimal
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet
import pytest
from loader_library import DATA, FAILED, USAGE, VERSION, Loader, LoaderError

UTC = datetime.UTC


@pytest.fixture
def table() -> pa.Table:
    return pa.table(
        {
            "text": pa.array(["plain", 'say "hi"', "a,b", "two\nlines", "", None, " x "]),
            "n": pa.array([1, -2, None, 4, 5, 6, -(2**63)], pa.int64()),
            "small": pa.array([1, -2, None, 4, 5, 6, 65], pa.int8()),
            "money": pa.array(
                [decimal.Decimal("-12.30"), None, *[decimal.Decimal("0.05")] * 5],
                pa.decimal128(10, 2),
            ),
            "x": pa.array([0.1, 1e300, None, -0.0, 5.0, 1 / 3, 2.5]),
            "yes": pa.array([True, False, None, True, True, True, True]),
            "day": pa.array([datetime.date(1969, 12, 31), None, *[datetime.date(2011, 1, 2)] * 5]),
            "at": pa.array(
                [
                    datetime.datetime(2011, 1, 2, 3, 4, 5, 60),
                    None,
                    *[datetime.datetime(1969, 12, 31, 23, 59, 59)] * 5,
                ],
                pa.timestamp("us", "UTC"),
            ),
            "local": pa.array([datetime.datetime(2011, 1, 2), *[None] * 6], pa.timestamp("ms")),
            "tags": pa.array([["a", "b"], [], None, ["x,y"], ['"'], ["one"], [None]]),
            "kind": pa.array(["p", "q", None, "p", "p,", "q", "p"]).dictionary_encode(),
        }
    )


def test_version(loader: Loader) -> None:
    assert loader.version() == VERSION


def test_csv_is_plain(loader: Loader, table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    loader.write(path, "csv", table.to_reader())
    assert path.read_text().split("\n")[:3] == [
        "text,n,small,money,x,yes,day,at,local,tags,kind",
        "plain,1,1,-12.30,0.1,true,1969-12-31,2011-01-02T03:04:05.00006Z,2011-01-02T00:00:00,a|b,p",
        '"say ""hi""",-2,-2,,1e+300,false,,,,,q',
    ]
    with path.open(newline="") as opened:
        rows = list(python_csv.DictReader(opened))
    assert [row["text"] for row in rows] == [
        "plain",
        'say "hi"',
        "a,b",
        "two\nlines",
        "",
        "",
        " x ",
    ]
    assert [row["tags"] for row in rows] == ["a|b", "", "", "x,y", '"', "one", ""]
    assert [row["kind"] for row in rows] == ["p", "q", "", "p", "p,", "q", "p"]
    assert rows[6]["n"] == str(-(2**63))
    assert rows[3]["at"] == "1969-12-31T23:59:59Z"


def test_a_lone_null_is_no_empty_line(loader: Loader, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    loader.write(path, "csv", pa.table({"a": ["x", None, "y"]}).to_reader())
    assert path.read_text() == 'a\nx\n""\ny\n'


def test_tables_come_back(loader: Loader, table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    loader.write(path, "parquet", table.to_reader())
    assert pyarrow.parquet.read_table(path).equals(table)
    path = tmp_path / "out.arrow"
    loader.write(path, "arrow", table.to_reader())
    with pa.ipc.open_file(path) as reader:
        assert reader.read_all().equals(table)


@pytest.mark.parametrize("file_format", ["csv", "parquet", "arrow"])
def test_equal_streams_give_equal_bytes(
    loader: Loader, table: pa.Table, tmp_path: Path, file_format: str
) -> None:
    paths = [tmp_path / f"{i}.{file_format}" for i in range(2)]
    for path in paths:
        loader.write(path, file_format, table.to_reader(max_chunksize=2))
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert stat.S_IMODE(paths[0].stat().st_mode) & stat.S_IRUSR
    assert sorted(tmp_path.iterdir()) == paths


@pytest.mark.parametrize("file_format", ["csv", "parquet", "arrow"])
def test_a_stream_without_rows(
    loader: Loader, table: pa.Table, tmp_path: Path, file_format: str
) -> None:
    path = tmp_path / "out"
    loader.write(path, file_format, table.slice(0, 0).to_reader())
    if file_format == "csv":
        assert path.read_text().count("\n") == 1
    elif file_format == "parquet":
        assert pyarrow.parquet.read_table(path).equals(table.slice(0, 0))
    else:
        assert pa.ipc.open_file(path).read_all().num_rows == 0


@pytest.mark.parametrize("file_format", ["csv", "parquet", "arrow"])
def test_a_failed_stream_leaves_nothing_new(
    loader: Loader, table: pa.Table, tmp_path: Path, file_format: str
) -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield table.to_batches()[0]
        raise ValueError("the source broke")

    path = tmp_path / "out"
    path.write_text("as it was")
    with pytest.raises(LoaderError, match="the source broke") as caught:
        loader.write(path, file_format, pa.RecordBatchReader.from_batches(table.schema, batches()))
    assert caught.value.status == DATA
    assert path.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [path]


def test_places_that_cannot_be_written(loader: Loader, table: pa.Table, tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "out.csv", tmp_path):
        with pytest.raises(LoaderError) as caught:
            loader.write(path, "csv", table.to_reader())
        assert caught.value.status == FAILED
        assert str(path) in str(caught.value)
    with pytest.raises(LoaderError) as caught:
        loader.write("/dev/full", "csv", table.to_reader())
    assert caught.value.status == FAILED
    assert "No space left" in str(caught.value)
    with pytest.raises(LoaderError) as caught:
        loader.write(tmp_path / "out", "xml", table.to_reader())
    assert caught.value.status == USAGE
    assert list(tmp_path.iterdir()) == []


def test_devices_and_links_stay_what_they_are(
    loader: Loader, table: pa.Table, tmp_path: Path
) -> None:
    loader.write("/dev/null", "csv", table.to_reader())
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    target = tmp_path / "target.csv"
    target.write_text("old")
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    loader.write(link, "csv", table.to_reader())
    assert link.is_symlink()
    assert target.read_text().startswith("text,n,")


def test_a_type_without_text(loader: Loader, tmp_path: Path) -> None:
    table = pa.table({"a": pa.array([datetime.timedelta(1)])})
    with pytest.raises(LoaderError, match="column 'a' has type duration") as caught:
        loader.write(tmp_path / "out.csv", "csv", table.to_reader())
    assert caught.value.status == USAGE
    assert list(tmp_path.iterdir()) == []
