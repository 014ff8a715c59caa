"""Large sets that cross blocks of 65,536 contacts, and sets made of ties."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from model import ClassRule, Dimension, Fixed, Model, Ntile, Quantile, Range, Window, model_yaml
from order_files import write_parquet
from order_lines import PreparedLines
from program import difference, rfm_bytes
from segmentation import csv_bytes, load_lines, segment

DAY_0 = 19_000  # 2022-01-08
DAYS = 900
AS_OF_DAY = DAY_0 + DAYS - 30
AS_OF = str(np.datetime64(AS_OF_DAY, "D"))


@dataclass(frozen=True)
class Large:
    contacts: int
    lines: int
    heavy_ties: bool


SIZES = {
    "300k": Large(300_000, 900_000, False),
    "300k-ties": Large(300_000, 600_000, True),
    "one-block": Large(65_536, 65_536, True),
    "one-block-and-one": Large(65_537, 131_074, False),
}
CLASSES = (
    ClassRule("first", (("r", Range(2, None)), ("first_days", Range(None, 100)))),
    ClassRule("second", (("fm", Range(2, None)),)),
)


def models() -> dict[str, Model]:
    quantile = Dimension(Quantile(5))
    mixed = (Dimension(Ntile(7)), Dimension(Fixed((1, 2, 3, 5, 10))), Dimension(Quantile(10)))
    return {
        "quantile": Model(quantile, quantile, quantile, classes=CLASSES),
        "mixed": Model(*mixed, classes=CLASSES, measure="mean"),
        "match": Model(
            quantile,
            Dimension(Quantile(4), (), Window(9_000, "h")),
            Dimension(Quantile(3), (), Window(200, "d")),
            classes=CLASSES,
            returns="match",
            zero_is_purchase=True,
            where="amount <> 10",
            where_sql="amount <> 1000",
        ),
    }


def draw(size: Large, seed: int) -> tuple[pa.Table, PreparedLines]:
    random = np.random.default_rng(seed)
    # Every contact has a line, so that rows end just where the size says.
    extra = random.integers(0, size.contacts, size.lines - size.contacts)
    contact = np.concatenate([random.permutation(size.contacts), extra])
    spread = 4 if size.heavy_ties else DAYS
    day = DAY_0 + random.integers(0, spread, size.lines) * (DAYS // spread)
    amount = (
        random.choice([500, 500, 500, 1000, -500, 0], size.lines)
        if size.heavy_ties
        else np.round(random.lognormal(8, 2, size.lines)).astype(np.int64)
        * random.choice([1, 1, 1, 1, 1, -1], size.lines)
    )
    order = random.integers(0, 3, size.lines)
    ids = pa.array(contact.astype(np.int64) * 7919).cast(pa.string())
    orders = pa.array(order).cast(pa.string())
    instant = day * 86_400_000_000
    table = pa.table(
        {
            "contact": ids,
            "time": pa.array(instant).cast(pa.timestamp("us")),
            "order": orders,
            # int64 minor units reread as decimals with two digits
            "amount": pa.Array.from_buffers(
                pa.decimal128(18, 2), len(amount), [None, decimal_buffer(amount)]
            ),
        }
    )
    prepared = PreparedLines(
        ids.to_pylist(), orders.to_pylist(), instant, day, amount, {}, "UTC", 2
    )
    return table, prepared


def decimal_buffer(amount: np.ndarray) -> pa.Buffer:
    """Little-endian 128-bit integers."""
    words = np.empty((len(amount), 2), np.int64)
    words[:, 0] = amount
    words[:, 1] = amount >> 63
    return pa.py_buffer(words.tobytes())


@pytest.mark.parametrize("name", SIZES)
def test_large(connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str) -> None:
    table, prepared = draw(SIZES[name], seed=len(name))
    orders = write_parquet(tmp_path / "orders.parquet", table)
    load_lines(connection, prepared)
    for model in models().values():
        path = tmp_path / "model.yaml"
        path.write_text(model_yaml(model), encoding="utf-8")
        expected = csv_bytes(segment(connection, prepared, model, AS_OF).rows)
        got = rfm_bytes(["--orders", orders, "--model", path, "--as-of", AS_OF, "--format", "csv"])
        assert not difference(expected, got)
