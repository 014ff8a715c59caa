"""Columnar files with wrong bytes in them give rows or a message, never a crash."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
from loader_library import DATA, LIST, Extra, Loader, LoaderError

ROUNDS = 400


def test_damaged_files_never_crash(loader: Loader, tmp_path: Path) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    table = pa.table(
        {
            "contact": pa.array(["a", "bb", None, "cc"] * 50).dictionary_encode(),
            "time": [datetime.datetime(2011, 1, 1)] * 200,
            "amount": [1.5] * 200,
            "order": [f"o{i}" for i in range(200)],
            "tags": [["x", "y"]] * 200,
        }
    )
    whole = {name: tmp_path / f"whole.{name}" for name in ("parquet", "arrow", "ipc")}
    pyarrow.parquet.write_table(table, whole["parquet"])
    with pa.ipc.new_file(whole["arrow"], table.schema) as out:
        out.write_table(table)
    with pa.ipc.new_stream(whole["ipc"], table.schema) as out:
        out.write_table(table)
    refused: list[tuple[LoaderError, Path]] = []
    for _ in range(ROUNDS):
        name = rng.choice(list(whole))
        content = bytearray(whole[name].read_bytes())
        for _ in range(rng.randrange(1, 6)):
            position = rng.randrange(8, len(content))
            match rng.randrange(3):
                case 0:
                    content[position] = rng.randrange(256)
                case 1:
                    content[position] ^= 1 << rng.randrange(8)
                case _:
                    del content[position : position + rng.randrange(1, 5)]
        damaged = tmp_path / f"damaged.{name}"
        damaged.write_bytes(content)
        try:
            loader.orders(damaged, extra=[Extra("tags", LIST)])
        except LoaderError as error:
            refused.append((error, damaged))
    assert refused
    for refusal, damaged in refused:
        assert refusal.status == DATA
        assert str(damaged) in str(refusal)
        assert "\n" not in str(refusal)
