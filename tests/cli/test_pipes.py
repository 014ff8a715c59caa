"""Order lines that come through a pipe instead of from a file."""

from __future__ import annotations

import gzip
import os
import subprocess
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
import shop


def rfm(program: Path, folder: Path, path: str, content: bytes, *more: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [program, "rfm", "--orders", path, "--as-of", shop.AS_OF, "--model", "m.yaml", *more],
        cwd=folder, input=content, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.yaml").write_text(shop.MODEL)
    return tmp_path


def arrow_stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def test_standard_input(program: Path, folder: Path) -> None:
    table = pyarrow.csv.read_csv(
        pa.BufferReader(shop.ORDERS.encode()),
        convert_options=pyarrow.csv.ConvertOptions(column_types={"time": pa.string()}),
    )
    for content in (
        shop.ORDERS.encode(),
        gzip.compress(shop.ORDERS.encode()),
        arrow_stream(table.append_column("unused", table["amount"])),
    ):
        code, rows, said = rfm(program, folder, "/dev/stdin", content)
        assert code == 0, said
        assert rows == shop.ROWS
        assert "9 records" in said


def test_named_pipes_beside_a_file(program: Path, folder: Path) -> None:
    header, *lines = shop.ORDERS.splitlines(keepends=True)
    pipes = [folder / "one", folder / "two"]
    parts = [lines[:3], lines[3:7]]
    (folder / "rest.csv").write_text(header + "".join(lines[7:]))
    writers = []
    for pipe, part in zip(pipes, parts, strict=True):
        os.mkfifo(pipe)
        content = header + "".join(part)
        writers.append(threading.Thread(target=pipe.write_text, args=(content,), daemon=True))
        writers[-1].start()
    code, rows, said = rfm(program, folder, "one", b"", "--orders", "rest.csv", "two")
    assert code == 0, said
    assert rows == shop.ROWS


def test_a_format_that_needs_a_file(program: Path, folder: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"contact": ["ann"]}), folder / "orders.parquet")
    with pa.ipc.new_file(folder / "orders.arrow", pa.schema([("contact", pa.string())])):
        pass
    for name in ("orders.parquet", "orders.arrow"):
        code, rows, said = rfm(program, folder, "/dev/stdin", (folder / name).read_bytes())
        assert code == 1
        assert rows == ""
        assert "/dev/stdin" in said
        assert "expected a file that can be read at any position, got a pipe" in said
        assert "lseek" not in said


def test_an_empty_pipe(program: Path, folder: Path) -> None:
    code, _, said = rfm(program, folder, "/dev/stdin", b"")
    assert code == 1
    assert "/dev/stdin: is empty" in said
