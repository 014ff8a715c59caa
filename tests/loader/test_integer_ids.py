"""Ids that every file has as integers may be handed on as integers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
from loader_library import Loader

TIME = datetime.datetime(2011, 1, 1)


def orders(path: Path, contacts: pa.Array, numbers: pa.Array) -> Path:
    rows = len(contacts)
    table = {"contact": contacts, "time": [TIME] * rows, "amount": [1.5] * rows, "order": numbers}
    pyarrow.parquet.write_table(pa.table(table), path)
    return path


def test_integers_stay_integers(loader: Loader, tmp_path: Path) -> None:
    contacts = [13085, None, 2**63 - 1, -7, 13085]
    path = orders(
        tmp_path / "a.parquet", pa.array(contacts), pa.array([1, 2, None, 4, 5], pa.int32())
    )
    loaded = loader.orders(path, integer_ids=1)
    assert loaded.schema.field("contact").type == pa.int64()
    assert loaded.schema.field("order").type == pa.int64()
    assert loaded.column("contact") == [13085, 2**63 - 1, -7, 13085]
    assert loaded.column("order") == [1, None, 4, 5]
    assert loaded.anonymous == 1
    as_text = loader.orders(path)
    assert as_text.schema.field("contact").type == pa.string()
    assert as_text.column("contact") == [
        str(contact) for contact in contacts if contact is not None
    ]
    assert as_text.column("order") == ["1", None, "4", "5"]


def test_a_rejected_row_leaves_no_gap(loader: Loader, tmp_path: Path) -> None:
    table = pa.table({"contact": [1, 2, 3], "time": ["2011-01-01", "soon", "2011-01-03"],
                      "amount": [1, 2, 3]})  # fmt: skip
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    loaded = loader.orders(tmp_path / "a.parquet", integer_ids=1)
    assert loaded.column("contact") == [1, 3]
    assert loaded.reasons == [(3, "bad_time", "soon")]


def test_one_file_of_text_makes_all_text(
    loader: Loader, csv: Callable[..., Path], tmp_path: Path
) -> None:
    integers = orders(tmp_path / "a.parquet", pa.array([7]), pa.array([1]))
    text = csv("contact,time,amount,order\n08,2011-01-01,1,2\n")
    for files in ((integers, text), (text, integers)):
        loaded = loader.orders(*files, integer_ids=1)
        assert loaded.schema.field("contact").type == pa.string()
        assert sorted(loaded.column("contact")) == ["08", "7"]
    wide = orders(tmp_path / "b.parquet", pa.array([2**64 - 1], pa.uint64()), pa.array([1]))
    loaded = loader.orders(integers, wide, integer_ids=1)
    assert loaded.column("contact") == ["7", str(2**64 - 1)]
    assert loaded.column("order") == [1, 1]


def test_contacts(loader: Loader, tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"contact": [5, None, 6]}), tmp_path / "c.parquet")
    loaded = loader.contacts(tmp_path / "c.parquet", integer_ids=1)
    assert loaded.column("contact") == [5, 6]
    assert loaded.anonymous == 1
