"""Text files: where records begin and end, how they are numbered, what is refused."""

from __future__ import annotations

import csv as python_csv
import gzip
import io
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from loader_library import DATA, USAGE, Loader, LoaderError

Write = Callable[..., Path]
HEADER = "contact,time,order,amount\n"


def failure(load: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(LoaderError) as caught:
        load()
    return caught.value.status, str(caught.value)


def test_a_quoted_line_end_survives_every_block_edge(loader: Loader, csv: Write) -> None:
    """A block may end before, between or after the CR and the LF of a quoted field."""
    text = (
        "contact,time,amount,product\r\n"
        '1,2011-01-01,1.00,"first\r\nsecond"\r\n'
        '2,2011-01-02,2.00,"a ""quoted"", word\r\n\r\n"\r\n'
        "3,2011-01-03,3.00,plain\r\n"
        '4,2011-01-04,4.00,"\r\n"\r\n'
    )
    path = csv(text.encode())
    for block_bytes in range(45, len(text) + 3):
        loaded = loader.orders(path, product="product", block_bytes=block_bytes)
        assert loaded.column("product") == [
            "first\r\nsecond",
            'a "quoted", word\r\n\r\n',
            "plain",
            "\r\n",
        ], block_bytes
        assert loaded.column("amount") == [100, 200, 300, 400]
        assert loaded.records == 4


def test_records_equal_those_of_pythons_reader(loader: Loader, csv: Write) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    for _ in range(60):
        out = io.StringIO()
        line_end = rng.choice(["\n", "\r\n"])
        writer = python_csv.writer(out, lineterminator=line_end)
        writer.writerow(["contact", "time", "amount", "product"])
        for i in range(rng.randrange(0, 60)):
            product = "".join(rng.choice("ab,\"\r\n '\u00e9") for _ in range(rng.randrange(0, 12)))
            fields = [str(i + 1), "2011-01-01", "1", product]
            fields += ["extra"] if rng.random() < 0.1 else []
            writer.writerow(fields)
        text = out.getvalue()
        if rng.random() < 0.5 and text.endswith(line_end):
            text = text[: -len(line_end)]
        path = csv(text)
        # An empty line is no record. (A bare CR ends a line too, and the writer does not quote it.)
        expected = [row for row in python_csv.reader(io.StringIO(text, newline="")) if row][1:]
        loaded = loader.orders(path, product="product", block_bytes=rng.randrange(80, 400))
        good = [row for row in expected if len(row) == 4]
        bad = [i + 2 for i, row in enumerate(expected) if len(row) != 4]
        assert loaded.column("contact") == [row[0] for row in good]
        assert loaded.column("product") == [row[3] or None for row in good]
        assert [record for record, _, _ in loaded.reasons] == bad


@pytest.mark.parametrize("block_bytes", [60, 100, 0])
def test_record_numbers_are_exact(loader: Loader, csv: Write, block_bytes: int) -> None:
    path = csv(
        HEADER
        + "1,2011-01-01,A,1.00\n"  # 2
        + "too,few\n"  # 3
        + '2,2011-01-02,"A\nB",x\n'  # 4: one record on two lines
        + "1,2,3,4,5\n"  # 5
        + "\n"  # no record at all
        + "3,yesterday,C,1.00\n"  # 6
        + ",nothing,of,this counts\n"  # 7: anonymous
        + "4,2011-01-04,D,4.00\n"  # 8
        + "5,2011-01-05,E,1e30"  # 9, without a line end
    )
    loaded = loader.orders(path, block_bytes=block_bytes)
    assert loaded.rejects == [
        (str(path), 3, "column_count", "2 fields, expected 4"),
        (str(path), 4, "bad_amount", "x"),
        (str(path), 5, "column_count", "5 fields, expected 4"),
        (str(path), 6, "bad_time", "yesterday"),
        (str(path), 9, "amount_overflow", "1e30"),
    ]
    assert (loaded.records, loaded.accepted, loaded.anonymous, loaded.rejected) == (8, 2, 1, 5)
    assert loaded.by_reason == {
        "column_count": 2,
        "bad_time": 1,
        "bad_amount": 1,
        "amount_overflow": 1,
    }
    assert loaded.column("contact") == ["1", "4"]


def test_record_numbers_past_one_batch(loader: Loader, csv: Write) -> None:
    rows = [f"{i},2011-01-01,{i},1.00" for i in range(2, 200_002)]
    wrong = {
        3: "x",
        65_537: "short",
        65_538: "1,2011-01-01,1,y",
        150_000: "a,b",
        200_001: "1,z,1,1",
    }
    for record, row in wrong.items():
        rows[record - 2] = row
    loaded = loader.orders(csv(HEADER + "\n".join(rows) + "\n"), block_bytes=1 << 20)
    assert [record for record, _, _ in loaded.reasons] == sorted(wrong)
    assert loaded.records == 200_000


def test_numbers_restart_in_each_file(loader: Loader, csv: Write) -> None:
    good = csv(HEADER + "1,2011-01-01,A,1\n", "good.csv")
    bad = csv(HEADER + "1,2011-01-01,A,one\n", "bad.csv")
    empty = csv(HEADER, "empty.csv")
    loaded = loader.orders(good, empty, bad, good, bad)
    assert loaded.rejects == [(str(bad), 2, "bad_amount", "one")] * 2
    assert loaded.accepted == 2


def test_a_header_alone_is_an_empty_result(loader: Loader, csv: Write) -> None:
    for text in (HEADER, HEADER.strip(), "\ufeff" + HEADER, HEADER + "\n\n"):
        loaded = loader.orders(csv(text))
        assert loaded.records == 0
        assert loaded.batches == []
        assert loaded.schema.names == ["contact", "time", "amount", "order"]


def test_files_that_are_none(loader: Loader, csv: Write, tmp_path: Path) -> None:
    empty = csv(b"", "zero.csv")
    assert failure(lambda: loader.orders(empty)) == (
        DATA,
        f"{empty}: is empty (0 bytes), expected at least a header",
    )
    packed = csv(gzip.compress(b""), "zero.csv.gz")
    assert failure(lambda: loader.orders(packed)) == (
        DATA,
        f"{packed}: is empty, expected at least a header",
    )
    missing = tmp_path / "missing.csv"
    assert failure(lambda: loader.orders(missing)) == (DATA, f"no such file: {missing}")
    assert failure(lambda: loader.orders(tmp_path)) == (
        DATA,
        f"is a folder, expected a file: {tmp_path}",
    )
    status, message = failure(lambda: loader.orders(csv("\n\n\n", "blank.csv")))
    assert (status, "no complete header" in message) == (DATA, True)
    assert failure(lambda: loader.orders())[0] == USAGE
    utf16 = csv((HEADER + "1,2,3,4\n").encode("utf-16"), "wide.csv")
    assert failure(lambda: loader.orders(utf16)) == (
        DATA,
        f"{utf16}: is UTF-16 text, expected UTF-8",
    )


def test_a_later_file_is_checked_before_anything_is_read(loader: Loader, csv: Write) -> None:
    good = csv(HEADER + "1,2011-01-01,A,1\n", "good.csv")
    other = csv("contact,time,amount\n1,2011-01-01,1\n", "other.csv")
    status, message = failure(lambda: loader.orders(good, other))
    assert status == DATA
    assert message == f"{other}: no column 'order'. Columns: contact, time, amount"


@pytest.mark.parametrize("cut", [20, 100, -1, -8])
def test_a_truncated_gzip_file_is_an_error(loader: Loader, csv: Write, cut: int) -> None:
    rng = random.Random(1)
    rows = "".join(f"{rng.random()},2011-01-01,A,{rng.randrange(10**9)}\n" for _ in range(1000))
    whole = gzip.compress((HEADER + rows).encode())
    path = csv(whole[:cut], "cut.csv.gz")
    status, message = failure(lambda: loader.orders(path))
    assert status == DATA
    assert str(path) in message
    assert "Truncated" in message


def test_names_that_promise_another_content(loader: Loader, csv: Write) -> None:
    for name, content in (
        ("plain.csv.gz", "gzip"),
        ("plain.csv.zst", "zstd"),
        ("plain.parquet", "Parquet"),
        ("plain.arrow", "Arrow IPC"),
    ):
        path = csv(HEADER + "1,2011-01-01,A,1\n", name)
        assert failure(partial(loader.orders, path)) == (
            DATA,
            f"{path}: is not {content}, as its name says",
        )


def test_gzip_is_known_by_content_alone(loader: Loader, csv: Write) -> None:
    path = csv(gzip.compress((HEADER + "1,2011-01-01,A,1\n").encode()), "orders.csv")
    assert loader.orders(path).accepted == 1


def test_corrupt_gzip_is_an_error(loader: Loader, csv: Write) -> None:
    packed = bytearray(gzip.compress((HEADER + "1,2011-01-01,A,1\n" * 500).encode()))
    packed[-6] ^= 0xFF  # the check sum
    path = csv(bytes(packed), "corrupt.csv.gz")
    status, message = failure(lambda: loader.orders(path))
    assert (status, str(path) in message) == (DATA, True)


def test_a_quote_that_is_never_closed(loader: Loader, csv: Write) -> None:
    path = csv(HEADER + "1,2011-01-01,A,1\n" * 3 + '2,2011-01-01,"B,1\n' + "3,2011-01-01,C,1\n" * 3)
    assert failure(lambda: loader.orders(path)) == (
        DATA,
        f"{path}: record 5 opens a quote that is never closed",
    )


def test_a_record_past_the_limit(loader: Loader, csv: Write) -> None:
    path = csv(
        HEADER
        + "1,2011-01-01,A,1\n" * 7
        + f'2,2011-01-01,"{"B" * 5000}",1\n'
        + "3,2011-01-01,C,1\n"
    )
    assert failure(lambda: loader.orders(path, block_bytes=1000)) == (
        DATA,
        f"{path}: record 9 is longer than the limit of 1000 bytes; is a quote open in it?",
    )
    status, message = failure(lambda: loader.orders(path, block_bytes=10))
    assert (status, "the header is longer than the limit of 10 bytes" in message) == (DATA, True)


def test_a_field_of_a_mebibyte(loader: Loader, csv: Write) -> None:
    big = "x" * (1 << 20)
    path = csv(
        "contact,time,amount,note\n"
        + f"1,2011-01-01,1.00,{big}\n"
        + f"{big},2011-01-01,1.00,short\n"
        + f'2,2011-01-02,2.00,"{big}\n"\n'
        + f"3,{big},2.00,short\n"
        + f"4,2011-01-01,{'9' * (1 << 20)},short\n"
    )
    loaded = loader.orders(path)  # `note` is not asked for
    assert loaded.column("amount") == [100, 200]
    assert [(record, reason, len(value)) for record, reason, value in loaded.reasons] == [
        (3, "id_too_long", 120),
        (5, "bad_time", 120),
        (6, "bad_amount", 120),
    ]
    assert loaded.reasons[0][2].endswith("xxx...")
    loaded = loader.orders(path, category="note")
    assert [reason for _, reason, _ in loaded.reasons].count("text_too_long") == 2


def test_bytes_that_are_no_text(loader: Loader, csv: Write) -> None:
    path = csv(
        HEADER.encode()
        + b"1\xff,2011-01-01,A,1\n"
        + b"2\x00,2011-01-01,A,1\n"
        + b"3,2011-01-01,\xc3\x28,1\n"
        + b"4,2011-01-01\x00,A,1\n"
        + b"5,2011-01-01,A,1\x00\n"
        + "\u00fc,2011-01-01,\u017c\u00f3\u0142w,1\n".encode()
    )
    loaded = loader.orders(path)
    assert loaded.reasons == [
        (2, "invalid_utf8", "1\\xff"),
        (3, "nul_byte", "2\\x00"),
        (4, "invalid_utf8", "\\xc3("),
        (5, "bad_time", "2011-01-01\\x00"),
        (6, "bad_amount", "1\\x00"),
    ]
    assert loaded.column("contact") == ["\u00fc"]
    assert loaded.column("order") == ["\u017c\u00f3\u0142w"]


def test_columns_are_found_or_named(loader: Loader, csv: Write) -> None:
    path = csv("client,date,order,amount\n1,2011-01-01,A,1\n")
    assert failure(lambda: loader.orders(path, time="date")) == (
        DATA,
        f"{path}: no column 'contact'. Columns: client, date, order, amount",
    )
    assert failure(lambda: loader.orders(path, contact="cleint", time="date")) == (
        DATA,
        f"{path}: no column 'cleint' for the contact; did you mean 'client'?"
        " Columns: client, date, order, amount",
    )
    semicolons = csv("contact;time;amount\n1;2011-01-01;1\n", "semicolons.csv")
    _, message = failure(lambda: loader.orders(semicolons))
    assert message.endswith("Is the delimiter another one?")
    assert loader.orders(semicolons, delimiter=b";").column("amount") == [100]


def test_only_columns_that_are_asked_for_count(loader: Loader, csv: Write) -> None:
    path = csv("contact,time,order,amount,quantity,price,x,x\n1,2011-01-01,A,1,many,dear,,\n")
    assert loader.orders(path).accepted == 1
    _, message = failure(lambda: loader.orders(path, order="x"))
    assert message == f"{path}: the header has 'x' twice; which is meant?"


def test_delimiters(loader: Loader, csv: Write) -> None:
    path = csv('contact\ttime\tamount\n"1\t2"\t2011-01-01\t1\n')
    assert loader.orders(path, delimiter=b"\t").column("contact") == ["1\t2"]
    assert failure(lambda: loader.orders(path, delimiter=b'"'))[0] == USAGE
