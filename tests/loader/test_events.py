"""Events, and identifiers that come in columns of their own."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from loader_library import DATA, INT64, TIMESTAMP, USAGE, UTF8, Extra, Loader, LoaderError

Write = Callable[..., Path]
UTC = datetime.UTC

EVENTS = """contact,device,time,type,url,score
1,d1,2026-01-01T10:00:00Z,visit,/a,
,d2,2026-01-02T10:00:00Z,visit,/b,
,,2026-01-03T10:00:00Z,visit,/c,
2,,2026-01-04T10:00:00Z,survey,,9
3,,soon,visit,,
3,,2026-01-05T10:00:00Z,,,
3,,soon,scroll,,bad
2,,2026-01-06T10:00:00Z,survey,,bad
"""


def test_events_have_a_contact_or_an_identifier(loader: Loader, csv: Write) -> None:
    loaded = loader.events(
        csv(EVENTS),
        identifier_columns={"anonymous": "device"},
        event_types=["visit", "survey"],
        extra=[Extra("url", UTF8), Extra("score", INT64)],
    )
    names = ["contact", "identifiers", "time", "type", "url", "score"]
    assert loaded.schema.names == names
    assert loaded.column("contact") == ["1", None, "2"]
    assert loaded.column("identifiers") == [["anonymous:d1"], ["anonymous:d2"], []]
    assert loaded.column("time")[1] == datetime.datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert loaded.column("type") == ["visit", "visit", "survey"]
    assert loaded.column("score") == [None, None, 9]
    assert (loaded.records, loaded.accepted, loaded.anonymous, loaded.other_types) == (8, 3, 1, 1)
    assert loaded.reasons == [(6, "bad_time", "soon"), (7, "no_type", ""), (9, "bad_value", "bad")]


def test_without_a_list_all_types_are_taken(loader: Loader, csv: Write) -> None:
    loaded = loader.events(
        csv("who,when,what\na,2026-01-01,x\na,2026-01-01,y\n"),
        contact="who",
        time="when",
        type="what",
    )
    assert loaded.column("type") == ["x", "y"]
    assert loaded.schema.names == ["contact", "time", "type"]


def test_a_file_of_devices_alone(loader: Loader, csv: Write) -> None:
    path = csv("time,type,device\n2026-01-01,x,d\n")
    loaded = loader.events(path, identifier_columns={"anonymous": "device"})
    assert loaded.schema.names == ["identifiers", "time", "type"]
    with pytest.raises(LoaderError) as caught:
        loader.events(path)
    assert caught.value.status == DATA
    assert "no column 'contact'" in str(caught.value)


def test_integer_contacts_stay_integers(loader: Loader, tmp_path: Path) -> None:
    table = pa.table(
        {
            "contact": pa.array([7, None], pa.int64()),
            "device": pa.array([None, 12], pa.int64()),
            "time": pa.array([0, 1], pa.timestamp("us", "UTC")),
            "type": ["visit", "visit"],
        }
    )
    pa.parquet.write_table(table, tmp_path / "events.parquet")
    loaded = loader.events(
        tmp_path / "events.parquet", integer_ids=1, identifier_columns={"anonymous": "device"}
    )
    assert loaded.schema.field("contact").type == pa.int64()
    assert loaded.column("contact") == [7, None]
    assert loaded.column("identifiers") == [[], ["anonymous:12"]]


def test_contacts_and_links_have_identifier_columns(loader: Loader, csv: Write) -> None:
    contacts = "contact,ids,email,device\n1,push:p,a@example.org,d1\n2,,,\n3,,,{}\n"
    loaded = loader.contacts(
        csv(contacts.format("x" * 250)),
        identifiers="ids",
        identifier_columns={"email": "email", "anonymous": "device"},
    )
    assert loaded.column("identifiers") == [
        ["push:p", "email:a@example.org", "anonymous:d1"],
        [],
    ]
    assert loaded.by_reason == {"id_too_long": 1}
    links = loader.contacts(
        csv("contact,device,time\n1,d1,2026-01-01\n"),
        identifier_columns={"anonymous": "device"},
        extra=[Extra("time", TIMESTAMP)],
    )
    assert links.schema.names == ["contact", "identifiers", "time"]


def test_a_namespace_must_be_one(loader: Loader, csv: Write) -> None:
    path = csv("contact,device\n1,d\n")
    for bad in ("", "id", "E-Mail", "x" * 33):
        with pytest.raises(LoaderError) as caught:
            loader.contacts(path, identifier_columns={bad: "device"})
        assert caught.value.status == USAGE
