"""The commands `load` and `stats`: files into a store, and what is in it."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
from pathlib import Path

import pytest
from processes import Run

CONFIG = """\
currency: EUR
contacts:
  files: contacts.csv
  identifiers: {email: email}
  attributes: {country: category}
orders: {files: orders.csv}
events:
  files: events.csv
  map: {contact: who}
  identifiers: {anonymous: device}
  types:
    visit: {url: category}
    survey: {score: int64}
links:
  files: links.csv
  map: {time: since}
  identifiers: {anonymous: device}
models: {rfm: retail}
"""
FILES = {
    "contacts.csv": "contact,email,country\nann,a@example.org,PL\nbob,a@example.org,DE\n",
    "orders.csv": "contact,time,order,amount\nann,2026-01-30,o1,10\nzoe,2026-01-29,o2,5\n",
    "links.csv": "contact,device,since\nann,d1,2026-01-02\nbob,d1,2026-01-05\n",
    "events.csv": "who,device,time,type,url,score\n"
    "ann,,2026-01-01,visit,/a,\n"
    ",d1,2026-01-01,visit,/b,\n"
    ",d9,2026-01-03,survey,,9\n"
    ",,2026-01-03,visit,/c,\n"
    "bob,,2026-01-03,scroll,,\n",
}
Counts = dict[str, int | None]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "quintile.yaml").write_text(CONFIG, encoding="utf-8")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def counts(run: Run, *arguments: object) -> Counts:
    done = run("stats", "--store", "store", *arguments)
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader(io.StringIO(done.stdout))
    return {row["part"]: int(row["count"]) if row["count"] else None for row in rows}


def load(run: Run, *arguments: object) -> str:
    done = run("load", "--config", "shop/quintile.yaml", "--store", "store", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return str(done.stderr)


def refusal(run: Run, *arguments: object, code: int = 1) -> str:
    done = run("load", "--config", "shop/quintile.yaml", "--store", "store", *arguments)
    assert done.returncode == code, done.stderr
    return str(done.stderr)


def test_a_configuration_becomes_a_store(run: Run, shop: Path, tmp_path: Path) -> None:
    told = load(run)
    assert "read links from shop/links.csv: 2 records, 2 accepted" in told
    assert "1 anonymous, 1 of undeclared types, 0 rejected" in told
    assert "1 identifier was given to a second contact and stayed with the first one" in told
    assert "snapshot 1: 4 contacts, 2 order lines, 3 events" in told
    stats = counts(run)
    assert stats["snapshot"] == 1
    assert stats["models"] == 1
    assert stats["contacts"] == 4  # ann, bob, zoe, and whoever has the device d9
    assert stats["orders"] == 2
    assert (stats["events.visit"], stats["events.survey"], stats["events"]) == (2, 1, 3)
    assert stats["total"] is None
    assert set(os.listdir(tmp_path / "store")) == {"lock", "snapshot-1"}


def test_stats_have_formats(run: Run, shop: Path) -> None:
    load(run, "--quiet")
    done = run("stats", "--store", "store", "--format", "json")
    rows = {row["part"]: row for row in json.loads(done.stdout)}
    assert rows["contacts"]["bytes"] > 0
    assert rows["contacts"]["bytes_each"] == rows["contacts"]["bytes"] / 4
    assert "bytes each" in run("stats", "--store", "store", "--format", "table").stdout
    wrong = run("stats", "--store", "store", "--format", "parquet")
    assert wrong.returncode == 2
    none = run("stats", "--store", "elsewhere")
    assert none.returncode == 1
    assert "there is no store 'elsewhere'" in none.stderr


def test_a_load_makes_the_store_anew_and_append_adds(run: Run, shop: Path, tmp_path: Path) -> None:
    load(run)
    assert counts(run)["orders"] == 2
    load(run)
    assert counts(run) | {"snapshot": 0} == counts(run, "--snapshot", 1) | {"snapshot": 0}
    (tmp_path / "more.csv").write_text(
        "contact,time,order,amount\neve,2026-01-31,o3,1\nann,2026-01-31,o4,1\n"
    )
    load(run, "--append", "orders=more.csv")
    stats = counts(run)
    assert (stats["snapshot"], stats["orders"], stats["contacts"]) == (3, 4, 5)
    assert stats["events"] == 3
    load(run, "orders=more.csv")
    assert counts(run)["orders"] == 2
    assert set(os.listdir(tmp_path / "store")) == {"lock", "snapshot-3", "snapshot-4"}


def test_append_needs_files_and_the_same_declarations(run: Run, shop: Path) -> None:
    assert "--append needs the files to add" in refusal(run, "--append", code=2)
    load(run)
    config = shop / "quintile.yaml"
    config.write_text(CONFIG.replace("country: category", "country: category, age: int64"))
    message = refusal(run, "--append", "orders=shop/orders.csv")
    assert "has another list of attributes than 'shop/quintile.yaml'" in message


def test_a_failed_load_leaves_the_store_as_it_was(run: Run, shop: Path, tmp_path: Path) -> None:
    (shop / "events.csv").write_text("who,time,type\nann,soon,visit\n")
    assert "no column 'device'" in refusal(run)
    assert not (tmp_path / "store").exists()
    (shop / "events.csv").write_text(FILES["events.csv"] + "ann,,soon,visit,,\n")
    message = refusal(run, "--rejects", "rejects.csv")
    assert "too many rejects: 1 of 6 records" in message
    assert not (tmp_path / "store").exists()
    assert (tmp_path / "rejects.csv").read_text().splitlines()[1] == (
        "shop/events.csv,7,bad_time,soon"
    )
    load(run, "--max-rejects", "20%")
    before = counts(run)
    refusal(run)
    assert counts(run) == before
    assert set(os.listdir(tmp_path / "store")) == {"lock", "snapshot-1"}


def test_one_writer_at_a_time(run: Run, shop: Path, tmp_path: Path) -> None:
    load(run)
    with (tmp_path / "store" / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another process is writing to the store 'store'" in refusal(run)
        assert counts(run)["orders"] == 2, "reading needs no lock"


def test_a_damaged_store_is_refused_with_its_place(run: Run, shop: Path, tmp_path: Path) -> None:
    load(run)
    load(run)
    path = tmp_path / "store" / "snapshot-2" / "engine.data"
    data = bytearray(path.read_bytes())
    data[64] ^= 1
    path.write_bytes(data)
    done = run("stats", "--store", "store")
    assert done.returncode == 1
    assert "the checksum of section 0 at byte 64 is wrong" in done.stderr
    assert "snapshot 1 is there too" in done.stderr
    assert counts(run, "--snapshot", 1)["orders"] == 2


@pytest.mark.parametrize(
    ("change", "expected", "code"),
    [
        (("models: {rfm: retail}", "models: {rfm: retial}"), "'retail'", 2),
        (("models: {rfm: retail}", "models: {rfm: none.yaml}"), "cannot read model", 1),
        (("  attributes", "  atributes"), "quintile.yaml:5:3: unknown key 'atributes'", 1),
        (("orders.csv", "order.csv"), "shop/order.csv", 1),
        (("{country: category}", "{land: category}"), "no column 'land'", 1),
    ],
)
def test_what_is_wrong_with_a_configuration_is_said(
    run: Run, shop: Path, tmp_path: Path, change: tuple[str, str], expected: str, code: int
) -> None:
    (shop / "quintile.yaml").write_text(CONFIG.replace(*change))
    assert expected in refusal(run, code=code)
    assert not (tmp_path / "store").exists()


def test_segments_of_the_configuration_are_put_into_the_catalogue(
    run: Run, shop: Path, tmp_path: Path
) -> None:
    config = shop / "quintile.yaml"
    config.write_text(CONFIG + "segments: {polish: \"country = 'PL'\"}\n")
    load(run)
    catalogue = tmp_path / "store" / "catalogue.json"
    before = catalogue.read_text()
    assert "country = 'PL'" in before
    load(run)
    assert catalogue.read_text() == before, "what is the same makes no version"
    config.write_text(CONFIG + "segments: {polish: \"segment('none')\"}\n")
    assert "segments: " in refusal(run)
    config.write_text(CONFIG + "segments: {polish: \"contry = 'PL'\"}\n")
    message = refusal(run)
    assert "segments: 'polish': 1:1: unknown column 'contry', did you mean 'country'?" in message
    assert catalogue.read_text() == before


def test_the_list_of_rejects_never_replaces_an_input(run: Run, shop: Path) -> None:
    message = refusal(run, "--rejects", "shop/orders.csv", code=2)
    assert "'shop/orders.csv' is an input" in message
    assert (shop / "orders.csv").read_text() == FILES["orders.csv"]


def test_rates_are_beside_the_configuration(run: Run, shop: Path) -> None:
    config = shop / "quintile.yaml"
    orders = "orders: {files: orders.csv, map: {currency: currency}, rates: rates.csv}"
    config.write_text(CONFIG.replace("orders: {files: orders.csv}", orders))
    (shop / "orders.csv").write_text(
        "contact,time,order,amount,currency\nann,2026-01-30,o1,10,USD\n"
    )
    (shop / "rates.csv").write_text("date,currency,rate\n2026-01-01,USD,0.9\n")
    load(run)
    assert counts(run)["orders"] == 1


def test_text_that_is_too_long_for_a_store_is_a_reject(run: Run, shop: Path) -> None:
    events = FILES["events.csv"].replace("/a", "x" * 32_769).replace("/b", "x" * 32_768)
    (shop / "events.csv").write_text(events)
    assert "1 rejected (1 text_too_long)" in load(run, "--max-rejects", "1")
    assert counts(run)["events.visit"] == 1


def test_misspelt_kinds_are_named(run: Run, shop: Path) -> None:
    assert "did you mean orders=?" in refusal(run, "order=x.csv", code=2)
    assert "expected orders=FILE" in refusal(run, "orders", code=2)


def test_a_generated_shop_loads(run: Run) -> None:
    arguments = "--contacts 300 --seed 7 --format csv --out shop --quiet"
    assert run("generate", *arguments.split()).returncode == 0
    assert " 0 rejected" in load(run)
    stats = counts(run)
    assert stats["contacts"] is not None
    assert stats["contacts"] > 300, "and visitors without a name"
    with_parquet = arguments.replace("csv", "parquet")
    assert run("generate", *with_parquet.split(), "--force").returncode == 0
    load(run)
    assert counts(run) | {"snapshot": 0} == stats | {"snapshot": 0}
