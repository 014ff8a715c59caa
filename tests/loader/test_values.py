"""Cells to values: money, time, ids, currencies, further columns."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from loader_library import (
    BOOL,
    DATA,
    DATE,
    DECIMAL,
    DOUBLE,
    INT64,
    LIST,
    TIMESTAMP,
    USAGE,
    UTF8,
    Extra,
    Loader,
    LoaderError,
)

Write = Callable[..., Path]
UTC = datetime.UTC
TWO_BYTES = "\u00fc"


def failure(load: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(LoaderError) as caught:
        load()
    return caught.value.status, str(caught.value)


def parquet(path: Path, **columns: object) -> Path:
    pyarrow.parquet.write_table(pa.table(columns), path)
    return path


def lines(*rows: str, header: str = "contact,time,order,amount") -> str:
    return "".join(f"{row}\n" for row in (header, *rows))


def test_amounts_are_rounded_once_half_to_even(loader: Loader, csv: Write) -> None:
    rows = [
        "1.005",
        "1.015",
        "-1.005",
        "2.675",
        "1e2",
        ".5",
        "5.",
        " 7 ",
        "+1",
        "-0.00",
        "0.0049999",
    ]
    path = csv(lines(*(f"1,2011-01-01,A,{row}" for row in rows)))
    assert loader.orders(path).column("amount") == [
        100,
        102,
        -100,
        268,
        10000,
        50,
        500,
        700,
        100,
        0,
        0,
    ]
    assert loader.orders(path, currency_decimals=0).column("amount")[:4] == [1, 1, -1, 3]
    assert loader.orders(path, currency_decimals=3).column("amount")[:4] == [
        1005,
        1015,
        -1005,
        2675,
    ]


def test_quantity_times_price_is_exact(loader: Loader, csv: Write) -> None:
    path = csv(
        lines(
            "1,2011-01-01,3,0.335",
            "1,2011-01-01,-2,1.0025",
            "1,2011-01-01,0.5,0.05",
            "1,2011-01-01,1e-20,1e22",
            "1,2011-01-01,,2",
            "1,2011-01-01,2,",
            "1,2011-01-01,nan,1",
            '1,2011-01-01,1,"1,000"',
            "1,2011-01-01,1000000000,1000000000",
            "1,2011-01-01,99999999999999999,0",
            header="contact,time,quantity,price",
        )
    )
    loaded = loader.orders(path)  # found by their default names, as there is no amount
    assert loaded.column("amount") == [100, -200, 2, 10000]
    assert loaded.column("quantity") == [3000, -2000, 500, 0]
    assert loaded.reasons == [
        (6, "bad_quantity", ""),
        (7, "bad_price", ""),
        (8, "bad_quantity", "nan"),
        (9, "bad_price", "1,000"),
        (10, "amount_overflow", "1000000000 x 1000000000"),
        (11, "quantity_overflow", "99999999999999999"),
    ]


def test_amount_and_quantity_together(loader: Loader, csv: Write) -> None:
    path = csv(
        lines(
            "1,2011-01-01,10.00,3",
            "1,2011-01-01,10.00,",
            "1,2011-01-01,10.00,two",
            "1,2011-01-01,10.00,0.0005",
            header="contact,time,amount,units",
        )
    )
    loaded = loader.orders(path, quantity="units")
    assert loaded.column("amount") == [1000, 1000, 1000]
    assert loaded.column("quantity") == [3000, None, 0]
    assert loaded.reasons == [(4, "bad_quantity", "two")]


def test_ids_have_one_spelling(loader: Loader, csv: Write, tmp_path: Path) -> None:
    path = csv(
        lines(
            "13085.0,2011-01-01,17.00,1",
            "007.0,2011-01-01,-3.0,1",
            " x ,2011-01-01,,1",
            f"{'a' * 256},2011-01-01,{'b' * 257},1",
            f"{TWO_BYTES * 128},2011-01-01,{'b' * 256},1",
        )
    )
    loaded = loader.orders(path)
    assert loaded.column("contact") == ["13085", "007.0", " x ", TWO_BYTES * 128]
    assert loaded.column("order") == ["17", "-3", None, "b" * 256]
    assert [(record, reason) for record, reason, _ in loaded.reasons] == [(5, "id_too_long")]

    times = pa.array([datetime.datetime(2011, 1, 1)] * 4)
    amounts = pa.array([1, 2, 3, 4])
    for contacts, expected in (
        (pa.array([13085.0, 1.5, float("nan"), None]), ["13085", "1.5"]),
        (pa.array([13085.0, 0.1, float("nan"), None], pa.float32()), ["13085", "0.1"]),
        (pa.array([2**64 - 1, 0, None, None], pa.uint64()), ["18446744073709551615", "0"]),
        (pa.array([-5, 0, None, None], pa.int8()), ["-5", "0"]),
        (
            pa.array([decimal.Decimal("13085.00"), decimal.Decimal("0.50"), None, None]),
            ["13085", "0.50"],
        ),
        (pa.array(["13085.0", "x", "", None]).dictionary_encode(), ["13085", "x"]),
        (pa.array([b"13085", b"x", b"", None], pa.large_binary()), ["13085", "x"]),
        (pa.array(["13085", "a longer text than twelve", "", None], pa.string_view()), None),
    ):
        file = parquet(tmp_path / "ids.parquet", contact=contacts, time=times, amount=amounts)
        loaded = loader.orders(file)
        assert loaded.column("contact") == (expected or ["13085", "a longer text than twelve"])
        assert loaded.anonymous == 2


def test_times_by_rule(loader: Loader, csv: Write, tmp_path: Path) -> None:
    texts = [
        "2011-10-30 02:30",
        "2011-03-27T02:30:00",
        "2011-06-01",
        "2011-06-01T12:00:00Z",
        "2011-06-01T12:00:00.123456789+05:30",
    ]
    expected = [
        datetime.datetime(2011, 10, 30, 0, 30, tzinfo=UTC),
        datetime.datetime(2011, 3, 27, 1, 30, tzinfo=UTC),
        datetime.datetime(2011, 5, 31, 22, 0, tzinfo=UTC),
        datetime.datetime(2011, 6, 1, 12, 0, tzinfo=UTC),
        datetime.datetime(2011, 6, 1, 6, 30, 0, 123456, tzinfo=UTC),
    ]
    path = csv(lines(*(f"1,{text},A,1" for text in texts)))
    assert loader.orders(path, time_zone="Europe/Warsaw").column("time") == expected

    local = datetime.datetime(2011, 10, 30, 2, 30)
    for array, instants in (
        (pa.array([local], pa.timestamp("s")), expected[:1]),
        (pa.array([local], pa.timestamp("ns")), expected[:1]),
        (pa.array([local], pa.timestamp("ms", "Europe/Warsaw")), [local.replace(tzinfo=UTC)]),
        (pa.array([datetime.date(2011, 6, 1)]), expected[2:3]),
        (pa.array([datetime.date(2011, 6, 1)], pa.date64()), expected[2:3]),
    ):
        file = parquet(tmp_path / "times.parquet", contact=["1"], time=array, amount=[1])
        assert loader.orders(file, time_zone="Europe/Warsaw").column("time") == instants, array.type


def test_times_out_of_range(loader: Loader, csv: Write, tmp_path: Path) -> None:
    texts = ["1899-12-31", "1900-01-01", "2079-06-04", "2079-06-05", "0000-01-01", "2011-02-29", ""]
    loaded = loader.orders(csv(lines(*(f"1,{text},A,1" for text in texts))))
    assert loaded.accepted == 2
    assert loaded.reasons == [
        (2, "time_out_of_range", "1899-12-31"),
        (5, "time_out_of_range", "2079-06-05"),
        (6, "time_out_of_range", "0000-01-01"),
        (7, "bad_time", "2011-02-29"),
        (8, "bad_time", ""),
    ]
    for unit in ("s", "ms", "us", "ns"):
        ends = pa.array([-(2**63) + 1, 0, 2**63 - 1, None], pa.int64()).cast(pa.timestamp(unit))
        table = pa.table({"contact": ["1"] * 4, "time": ends, "amount": [1] * 4})
        path = tmp_path / "ends.arrow"
        with pa.ipc.new_file(path, table.schema) as out:
            out.write_table(table)
        loaded = loader.orders(path)
        assert loaded.by_reason == {"time_out_of_range": 2, "bad_time": 1}, unit


def test_date_formats(loader: Loader, csv: Write, tmp_path: Path) -> None:
    path = csv(lines("1,12/1/2010 8:26,A,1", "1,2010-12-01,A,1", "1,13/1/2010 8:26,A,1"))
    loaded = loader.orders(path, date_format="%m/%d/%Y %H:%M", time_zone="Europe/London")
    assert loaded.column("time") == [datetime.datetime(2010, 12, 1, 8, 26, tzinfo=UTC)]
    assert loaded.by_reason == {"bad_time": 2}
    file = parquet(tmp_path / "days.parquet", contact=["1"], time=[20101201], amount=[1])
    assert loader.orders(file, date_format="%Y%m%d").column("time") == [
        datetime.datetime(2010, 12, 1, tzinfo=UTC)
    ]
    status, message = failure(lambda: loader.orders(file))
    assert message == f"{file}: column 'time' has type int64, which cannot be read as time"
    assert failure(lambda: loader.orders(path, date_format="%H"))[0] == USAGE
    status, message = failure(lambda: loader.orders(path, time_zone="Europe/Warsow"))
    assert (status, "'Europe/Warsaw'" in message) == (USAGE, True)


def test_money_of_every_type(loader: Loader, tmp_path: Path) -> None:
    cents = [-1230, 0, 5, 999_999_999]
    exact = [decimal.Decimal(c).scaleb(-2) for c in cents]
    for array in (
        pa.array([float(d) for d in exact]),
        pa.array(exact, pa.decimal128(38, 2)),
        pa.array(exact, pa.decimal128(20, 5)),
        pa.array(exact, pa.decimal256(50, 2)),
        pa.array([str(d) for d in exact]),
        pa.array([str(d) for d in exact], pa.string()).dictionary_encode(),
    ):
        file = parquet(
            tmp_path / "money.parquet",
            contact=["1"] * 4,
            time=[datetime.date(2011, 1, 1)] * 4,
            amount=array,
        )
        assert loader.orders(file).column("amount") == cents, array.type
    file = parquet(
        tmp_path / "money.parquet",
        contact=["1"] * 4,
        time=[datetime.date(2011, 1, 1)] * 4,
        amount=pa.array([0.1, float("nan"), float("inf"), None], pa.float32()),
    )
    loaded = loader.orders(file)
    assert loaded.column("amount") == [10]
    assert loaded.by_reason == {"bad_amount": 3}
    assert [record for record, _, _ in loaded.reasons] == [3, 4, 5]


def test_types_that_cannot_play_a_role(loader: Loader, tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "types.parquet",
        contact=[True],
        time=[datetime.date(2011, 1, 1)],
        amount=pa.array([datetime.timedelta(1)]),
    )
    assert failure(lambda: loader.orders(file)) == (
        DATA,
        f"{file}: column 'contact' has type bool, which cannot be read as contact",
    )
    _, message = failure(lambda: loader.orders(file, contact="time"))
    assert "column 'time' has type date32" in message


def test_damaged_columnar_files(loader: Loader, tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "whole.parquet",
        contact=["1"] * 1000,
        time=[datetime.date(2011, 1, 1)] * 1000,
        amount=[1] * 1000,
    )
    damaged = tmp_path / "cut.parquet"
    damaged.write_bytes(file.read_bytes()[:-20])
    status, message = failure(lambda: loader.orders(damaged))
    assert (status, str(damaged) in message) == (DATA, True)
    table = pyarrow.parquet.read_table(file)
    for suffix, new in ((".arrow", pa.ipc.new_file), (".arrows", pa.ipc.new_stream)):
        whole = tmp_path / f"whole{suffix}"
        with new(whole, table.schema) as out:
            out.write_table(table)
        damaged = tmp_path / f"cut{suffix}"
        damaged.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
        status, message = failure(partial(loader.orders, damaged))
        assert (status, str(damaged) in message) == (DATA, True)


CURRENCIES = lines(
    "1,2011-01-01,A,10.00,EUR",
    "1,2011-01-05,B,10.00,EUR",
    "1,2011-01-05,C,10.00,PLN",
    "2,2011-01-05,D,1000,JPY",
    header="contact,time,order,amount,currency",
)


def test_a_mixture_of_currencies_needs_rates(loader: Loader, csv: Write) -> None:
    path = csv(CURRENCIES)
    assert failure(lambda: loader.orders(path, currency="currency")) == (
        DATA,
        f"{path}: amounts are in several currencies (EUR, JPY, PLN);"
        " expected one, or a file of rates to convert them",
    )
    one = csv(
        lines("1,2011-01-01,A,10.00,EUR", header="contact,time,order,amount,currency"), "one.csv"
    )
    assert loader.orders(one, currency="currency").column("amount") == [1000]
    assert loader.orders(one, currency="currency", base_currency="EUR").column("amount") == [1000]
    _, message = failure(lambda: loader.orders(one, currency="currency", base_currency="PLN"))
    assert message == f"{one}: amounts are in EUR, expected PLN or a file of rates to convert them"
    _, message = failure(lambda: loader.orders(one, path, currency="currency"))
    assert "several currencies" in message


def test_rates_are_those_of_the_local_day(loader: Loader, csv: Write) -> None:
    path = csv(CURRENCIES)
    rates = csv(
        "date,currency,rate\n2011-01-02,EUR,4.0005\n2010-12-31,EUR,3.95\n2011-01-05,JPY,0.035\n",
        "rates.csv",
    )
    options = {"currency": "currency", "rates_file": str(rates), "base_currency": "PLN"}
    loaded = loader.orders(path, **options)
    assert loaded.column("amount") == [3950, 4000, 1000, 3500]
    assert loaded.rejects == []
    # Half past midnight of the 2nd in Auckland is still the 1st in Greenwich.
    late = csv(
        lines("1,2011-01-01T11:30Z,A,10,EUR", header="contact,time,order,amount,currency"),
        "late.csv",
    )
    assert loader.orders(late, **options).column("amount") == [3950]
    assert loader.orders(late, time_zone="Pacific/Auckland", **options).column("amount") == [4000]
    early = csv(
        lines(
            "1,2010-12-30,A,1,EUR",
            "1,2011-01-01,B,1,USD",
            "1,2011-01-01,C,1,eur",
            "1,2011-01-01,D,1,",
            "1,2011-01-01,E,1,PLN",
            header="contact,time,order,amount,currency",
        ),
        "early.csv",
    )
    loaded = loader.orders(early, **options)
    assert loaded.column("order") == ["E"]
    assert loaded.reasons == [
        (2, "no_rate", "EUR 2010-12-30"),
        (3, "no_rate", "USD 2011-01-01"),
        (4, "bad_currency", "eur"),
        (5, "bad_currency", ""),
    ]


def test_quantity_price_and_rate_are_rounded_once(loader: Loader, csv: Write) -> None:
    path = csv(
        lines("1,2011-01-01,3,0.335,EUR", header="contact,time,quantity,price,currency"),
    )
    rates = csv("date,currency,rate\n2011-01-01,EUR,1.5\n", "rates.csv")
    loaded = loader.orders(path, currency="currency", rates_file=str(rates), base_currency="PLN")
    assert loaded.column("amount") == [151]  # 1.5075; 1.00 x 1.5 would be 1.50
    assert loaded.column("quantity") == [3000]


def test_every_rate_must_be_right(loader: Loader, csv: Write, tmp_path: Path) -> None:
    path = csv(CURRENCIES)
    for text, flaw in (
        ("2011-01-01,EUR,x\n", "record 2: expected a rate above 0, got 'x'"),
        ("2011-01-01,EUR,0\n", "record 2: expected a rate above 0, got '0'"),
        ("2011-01-01,EUR,1\n2011-13-01,EUR,1\n", "record 3: expected a date, got '2011-13-01'"),
        ("2011-01-01,eur,1\n", "record 2: expected a currency code of three capital letters"),
        ("2011-01-01,EUR\n", "record 2: expected as many fields as the header"),
        ("2011-01-01,EUR,1\n2011-01-01,EUR,2\n", "EUR has two rates on 2011-01-01"),
    ):
        rates = csv("date,currency,rate\n" + text, "rates.csv")
        status, message = failure(
            partial(loader.orders, path, currency="currency", rates_file=str(rates))
        )
        assert (status, flaw in message, str(rates) in message) == (DATA, True, True), message
    missing = str(tmp_path / "none.csv")
    assert failure(lambda: loader.orders(path, currency="currency", rates_file=missing))[0] == DATA
    assert failure(lambda: loader.orders(path, rates_file=missing))[0] == USAGE


EXTRAS = [
    Extra("n", INT64),
    Extra("b", BOOL),
    Extra("d", DECIMAL, decimals=2),
    Extra("x", DOUBLE),
    Extra("day", DATE),
    Extra("at", TIMESTAMP),
    Extra("tags", LIST),
    Extra("s", UTF8),
]


def test_extra_columns_have_their_types(loader: Loader, csv: Write) -> None:
    path = csv(
        lines(
            '1,2011-01-01,1,12.0,Yes,1.005,-1e3,1890-02-03,2011-01-01 12:00,a|b||c,"x,y"',
            "1,2011-01-01,1,,,,,,,,",
            "1,2011-01-01,1, 3 ,0,2, .5 ,2011-07-01T23:30Z,2011-01-01T12:00+01:00,|,1.0",
            header="contact,time,amount,n,b,d,x,day,at,tags,s",
        )
    )
    loaded = loader.orders(path, extra=EXTRAS, time_zone="Europe/Warsaw")
    noon = datetime.datetime(2011, 1, 1, 11, tzinfo=UTC)
    assert loaded.column("n") == [12, None, 3]
    assert loaded.column("b") == [True, None, False]
    assert loaded.column("d") == [100, None, 200]
    assert loaded.column("x") == [-1000.0, None, 0.5]
    assert loaded.column("day") == [datetime.date(1890, 2, 3), None, datetime.date(2011, 7, 2)]
    assert loaded.column("at") == [noon, None, noon]
    assert loaded.column("tags") == [["a", "b", "c"], [], []]
    assert loaded.column("s") == ["x,y", None, "1.0"]
    assert loaded.schema.field("d").type == pa.int64()
    assert loaded.schema.field("at").type == pa.timestamp("us", "UTC")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("n", "12.5"),
        ("n", "9223372036854775808"),
        ("n", "x"),
        ("b", "maybe"),
        ("d", "1e30"),
        ("x", "nan"),
        ("x", "0x1p3"),
        ("x", "1e999"),
        ("day", "2011-02-30"),
        ("at", "noon"),
    ],
)
def test_extra_values_that_are_wrong(loader: Loader, csv: Write, column: str, value: str) -> None:
    path = csv(lines(f"1,2011-01-01,1,{value}", header=f"contact,time,amount,{column}"))
    extra = [extra for extra in EXTRAS if extra.name == column]
    assert loader.orders(path, extra=extra).reasons == [(2, "bad_value", value)]
    assert loader.orders(path).accepted == 1


def test_extra_columns_take_the_files_types(loader: Loader, tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "extra.parquet",
        contact=["1"],
        time=[datetime.date(2011, 1, 1)],
        amount=[1],
        store=pa.array([7], pa.int32()),
        gift=[True],
        weight=[1.5],
        tags=[["a", "b"]],
    )
    extra = [Extra("store"), Extra("is_gift", column="gift"), Extra("weight"), Extra("tags", LIST)]
    loaded = loader.orders(file, extra=extra)
    assert loaded.table.select(["store", "is_gift", "weight", "tags"]).to_pylist() == [
        {"store": 7, "is_gift": True, "weight": "1.5", "tags": ["a", "b"]}
    ]
    assert failure(lambda: loader.orders(file, extra=[Extra("time")]))[0] == USAGE
    assert failure(lambda: loader.orders(file, extra=[Extra("gift", DOUBLE)]))[0] == DATA
    assert failure(lambda: loader.orders(file, extra=[Extra("x", 99)]))[0] == USAGE


def test_contacts(loader: Loader, csv: Write, tmp_path: Path) -> None:
    path = csv(
        lines(
            "1.0,email:a@example.org|cookie:77,PL,1980",
            "2,,DE,",
            ",email:x@example.org,PL,1990",
            "3,no namespace,PL,1990",
            "4,:x,PL,1990",
            "5,email:,PL,1990",
            f"6,email:{'x' * 256},PL,1990",
            "7,a:b:c,PL,19.5",
            header="contact,ids,country,born",
        ),
        "contacts.csv",
    )
    extra = [Extra("country"), Extra("birth_year", INT64, column="born")]
    loaded = loader.contacts(path, identifiers="ids", extra=extra)
    assert loaded.table.to_pylist() == [
        {
            "contact": "1",
            "identifiers": ["email:a@example.org", "cookie:77"],
            "country": "PL",
            "birth_year": 1980,
        },
        {"contact": "2", "identifiers": [], "country": "DE", "birth_year": None},
    ]
    assert loaded.anonymous == 1
    assert loaded.reasons == [
        (5, "bad_identifier", "no namespace"),
        (6, "bad_identifier", ":x"),
        (7, "bad_identifier", "email:"),
        (8, "id_too_long", "email:" + "x" * 111 + "..."),
        (9, "bad_value", "19.5"),
    ]
    file = parquet(tmp_path / "c.parquet", contact=[1], identifiers=[["email:a", "id:2"]])
    assert loader.contacts(file, identifiers="identifiers").column("identifiers") == [
        ["email:a", "id:2"]
    ]
    assert loader.contacts(file).schema.names == ["contact"]
