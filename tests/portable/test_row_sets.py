"""Row sets as bytes: what other implementations of Roaring's portable format read, and write."""

from __future__ import annotations

import os
import random
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyroaring
import pytest

PROGRAM = Path(os.environ["QUINTILE_BUILD_DIR"]) / "test-programs" / "row_set_files"

COOKIE_WITHOUT_RUNS = 12346
COOKIE_WITH_RUNS = 12347
ARRAY_MAX = 4096  # rows of an array container; more are a bitmap
OFFSETS_FROM = 4  # containers; fewer have no offsets where there are runs


def read_as_specified(data: bytes) -> Iterator[int]:
    """The format by the letter of its specification, which Java, Go and Rust implement too."""
    (cookie,) = struct.unpack_from("<I", data)
    if cookie & 0xFFFF == COOKIE_WITH_RUNS:
        count, at = (cookie >> 16) + 1, 4
        flags = data[at : at + (count + 7) // 8]
        at += len(flags)
    else:
        assert cookie == COOKIE_WITHOUT_RUNS
        (count,), at, flags = struct.unpack_from("<I", data, 4), 8, b""
    keys = [struct.unpack_from("<HH", data, at + 4 * i) for i in range(count)]
    at += 4 * count
    offsets: tuple[int, ...] = ()
    if not flags or count >= OFFSETS_FROM:
        offsets = struct.unpack_from(f"<{count}I", data, at)
        at += 4 * count
    for i, (key, less_one) in enumerate(keys):
        assert not offsets or offsets[i] == at
        high = key << 16
        if flags and flags[i // 8] >> (i % 8) & 1:
            (runs,) = struct.unpack_from("<H", data, at)
            for run in range(runs):
                first, more = struct.unpack_from("<HH", data, at + 2 + 4 * run)
                yield from range(high + first, high + first + more + 1)
            at += 2 + 4 * runs
        elif less_one + 1 <= ARRAY_MAX:
            yield from (high + v for v in struct.unpack_from(f"<{less_one + 1}H", data, at))
            at += 2 * (less_one + 1)
        else:
            bits = int.from_bytes(data[at : at + 8192], "little")
            assert bits.bit_count() == less_one + 1
            yield from (high + v for v in range(65536) if bits >> v & 1)
            at += 8192
    assert at == len(data)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, list[int]]]:
    folder = tmp_path_factory.mktemp("row_sets")
    subprocess.run([PROGRAM, "write", folder], check=True)
    sets = {
        path.stem: (
            path.read_bytes(),
            [int(row) for row in path.with_suffix(".rows").read_text().split()],
        )
        for path in sorted(folder.glob("*.roaring"))
    }
    assert len(sets) == 9
    return sets


def test_the_specification_reads_them(written: dict[str, tuple[bytes, list[int]]]) -> None:
    for name, (data, rows) in written.items():
        assert list(read_as_specified(data)) == rows, name


def test_pyroaring_reads_them(written: dict[str, tuple[bytes, list[int]]]) -> None:
    for name, (data, rows) in written.items():
        assert list(pyroaring.BitMap.deserialize(data)) == rows, name


def varint(number: int) -> bytes:
    out = b""
    while number >= 128:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def test_clickhouse_reads_them(written: dict[str, tuple[bytes, list[int]]], tmp_path: Path) -> None:
    """A state of groupBitmap is the byte 1, the size, and the portable format."""
    chdb = pytest.importorskip("chdb", reason="ClickHouse (chdb) is not installed")
    for name, (data, rows) in written.items():
        path = tmp_path / f"{name}.bin"
        path.write_bytes(b"\x01" + varint(len(data)) + data)
        answer = chdb.query(
            "SELECT bitmapCardinality(b), arraySum(bitmapToArray(b)), "
            "bitmapCardinality(bitmapXor(b, bitmapBuild(bitmapToArray(b)))) "
            f"FROM file('{path}', RowBinary, 'b AggregateFunction(groupBitmap, UInt32)')",
            "CSV",
        )
        assert str(answer).split(",") == [str(len(rows)), str(sum(rows)), "0\n"], name


def test_what_pyroaring_writes_is_read(tmp_path: Path) -> None:
    choose = random.Random(7)
    paths, expected = [], []
    for i in range(40):
        bitmap = pyroaring.BitMap()
        for _ in range(choose.randint(0, 6)):
            start = choose.randrange(1 << choose.randint(10, 32))
            if choose.random() < 0.5:
                bitmap.add_range(start, min(start + choose.randint(1, 100_000), 1 << 32))
            else:
                rows = (start + choose.randrange(200_000) for _ in range(choose.randint(1, 9000)))
                bitmap.update(row for row in rows if row < 1 << 32)
        if choose.random() < 0.5:
            bitmap.run_optimize()
        paths.append(tmp_path / f"{i}.roaring")
        paths[-1].write_bytes(bitmap.serialize())
        expected += [*map(str, bitmap), "-"]
    run = subprocess.run([PROGRAM, "read", *paths], check=True, capture_output=True, text=True)
    assert run.stdout.split() == expected
