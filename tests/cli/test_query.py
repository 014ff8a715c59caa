"""The command `query` on a store small enough to be answered by hand."""

from __future__ import annotations

import csv
import io
import itertools
import json
from pathlib import Path

import pytest
from processes import Run

CONFIG = """\
currency: EUR
contacts:
  files: contacts.csv
  attributes: {country: category, age: int64}
orders: {files: orders.csv}
models: {rfm: classic5}
segments:
  polish: country = 'PL'
  young: age < 50
"""
CONTACTS = [
    ("ann", "PL", 25),
    ("bob", "DE", 40),
    ("eve", "PL", None),
    ("zoe", None, 61),
    ("kim", "PL", 70),
]
ORDERS = (
    "contact,time,order,amount\nann,2026-01-30,o1,10\nbob,2026-01-29,o2,5.5\nbob,2026-01-30,o3,5\n"
)

Rows = list[dict[str, str]]


@pytest.fixture
def store(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "quintile.yaml").write_text(CONFIG)
    lines = ["contact,country,age"]
    lines += [f"{name},{country or ''},{age or ''}" for name, country, age in CONTACTS]
    (tmp_path / "contacts.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "orders.csv").write_text(ORDERS)
    done = run("load", "--config", "quintile.yaml", "--store", "store")
    assert done.returncode == 0, done.stderr
    return tmp_path / "store"


def rows(run: Run, *arguments: object) -> Rows:
    done = run("query", "--store", "store", "--as-of", "2026-01-31", *arguments)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def refusal(run: Run, *arguments: object) -> str:
    done = run("query", "--store", "store", "--as-of", "2026-01-31", *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    return str(done.stderr)


def test_count_is_the_answer_without_a_question(run: Run, store: Path) -> None:
    young = [age for _, _, age in CONTACTS if age is not None and age < 50]
    unknown = [age for _, _, age in CONTACTS if age is None]
    expected = [{"count": str(len(young)), "unknown": str(len(unknown))}]
    assert rows(run, "age < 50") == expected
    assert rows(run, "age < 50", "--count") == expected
    assert rows(run, "segment('young')")[0]["count"] == str(len(young))


def test_ids_and_limit(run: Run, store: Path) -> None:
    assert [row["contact"] for row in rows(run, "country = 'PL'", "--ids")] == ["ann", "eve", "kim"]
    assert len(rows(run, "country = 'PL'", "--ids", "--limit", "2")) == 2
    assert rows(run, "country = 'FR'", "--ids") == []


def test_rows_in_an_order(run: Run, store: Path) -> None:
    asked = ["--rows", "contact, age, count(purchase, 90d), rfm.monetary"]
    found = rows(run, "TRUE", *asked, "--order-by", "age desc")
    assert [row["contact"] for row in found] == ["kim", "zoe", "bob", "ann", "eve"]
    assert found[2] == {
        "contact": "bob",
        "age": "40",
        "count(purchase, 90d)": "2",
        "rfm.monetary": "10.50",
    }
    assert found[4]["age"] == ""
    by_sum = ["--order-by", "sum(purchase.amount) DESC, contact desc", "--limit", "3"]
    assert [row["contact"] for row in rows(run, "TRUE", *asked, *by_sum)] == ["bob", "ann", "zoe"]


def test_formats(run: Run, store: Path) -> None:
    done = run(
        "query", "--store", "store", "age > 50", "--rows", "contact,age,country", "--format", "json"
    )
    assert json.loads(done.stdout) == [
        {"contact": "zoe", "age": 61, "country": None},
        {"contact": "kim", "age": 70, "country": "PL"},
    ]
    done = run("query", "--store", "store", "TRUE", "--ids", "--out", "ids.parquet")
    assert done.returncode == 0, done.stderr
    assert (store.parent / "ids.parquet").read_bytes().startswith(b"PAR1")


def test_a_sample_is_exact_and_repeats(run: Run, store: Path) -> None:
    first = rows(run, "TRUE", "--sample", "3", "--seed", "spring")
    assert len(first) == 3
    assert first == rows(run, "TRUE", "--sample", "3", "--seed", "spring")
    assert len(rows(run, "TRUE", "--sample", "30")) == len(CONTACTS)
    aged = rows(run, "TRUE", "--sample", "2", "--seed", "spring", "--rows", "contact,age")
    assert {row["contact"] for row in aged} <= {row["contact"] for row in first}


def test_facet_stats_crosstab(run: Run, store: Path) -> None:
    assert rows(run, "TRUE", "--facet", "country") == [
        {"country": "PL", "count": "3"},
        {"country": "DE", "count": "1"},
        {"country": "", "count": "1"},
    ]
    ages = sorted(age for _, _, age in CONTACTS if age is not None)
    found = {row["measure"]: row["value"] for row in rows(run, "TRUE", "--stats", "age")}
    assert found == {
        "count": str(len(ages)),
        "null": "1",
        "sum": str(sum(ages)),
        "mean": f"{sum(ages) / len(ages):.6f}",
        "min": str(ages[0]),
        "quantile 0.25": str(ages[0]),
        "quantile 0.5": str(ages[1]),
        "quantile 0.75": str(ages[2]),
        "max": str(ages[3]),
    }
    pairs = rows(run, "TRUE", "--crosstab", "country,age")
    assert sum(int(row["count"]) for row in pairs) == len(CONTACTS)
    assert {"country": "DE", "age": "40", "count": "1"} in pairs


def test_overlap(run: Run, store: Path) -> None:
    found = {row["segments"]: row["count"] for row in rows(run, "--overlap", "polish, young")}
    assert found == {"polish": "3", "young": "2", "polish&young": "1"}


def test_explain_and_near_misses(run: Run, store: Path) -> None:
    where = "country = 'PL' AND age < 50 AND rfm.class <> 'lost'"
    terms = rows(run, where, "--explain", "kim")
    assert (terms[0]["level"], terms[0]["truth"]) == ("0", "false")
    by_term = {row["term"]: row for row in terms}
    assert by_term["country = 'PL'"]["truth"] == "true"
    assert by_term["age < 50"] == {
        "level": "1",
        "term": "age < 50",
        "truth": "false",
        "values": "age = 70",
    }
    assert by_term["rfm.class <> 'lost'"]["values"] == "rfm.class = prospect"
    assert "rfm: class prospect, never purchased" in by_term
    misses = {row["term"]: row for row in rows(run, where, "--near-misses")}
    assert (misses["country = 'PL'"]["near_misses"], misses["country = 'PL'"]["unknown"]) == (
        "1",
        "0",
    )
    assert (misses["age < 50"]["near_misses"], misses["age < 50"]["unknown"]) == ("2", "1")


def test_refusals(run: Run, store: Path) -> None:
    assert "did you mean 'country'" in refusal(run, "contry = 'PL'")
    assert "1:7" in refusal(run, "age = = 3")
    assert "'polish'" in refusal(run, "--overlap", "polsh")
    assert "did you mean 'age'" in refusal(run, "TRUE", "--facet", "aeg")
    assert "unknown contact 'joe'" in refusal(run, "TRUE", "--explain", "joe")
    assert "expected a condition" in refusal(run, "--count")
    assert "expected one of" in refusal(run, "TRUE", "--ids", "--facet", "age")
    assert "--order-by" in refusal(run, "TRUE", "--order-by", "age")
    assert "--limit" in refusal(run, "TRUE", "--limit", "3")
    for question in ["--ids", "--rows=age", "--facet=age"]:
        assert "--limit: expected a number from 1" in refusal(
            run, "TRUE", question, "--limit", "-1"
        )
    for question in ["--rows", "--facet", "--stats", "--crosstab", "--explain"]:
        assert question in refusal(run, "TRUE", question, "")
    assert "--quantiles" in refusal(run, "TRUE", "--stats", "age", "--quantiles", "2")
    assert "--crosstab" in refusal(run, "TRUE", "--crosstab", "age")
    assert "--as-of" in refusal(run, "TRUE", "--as-of", "soon")


def test_an_output_within_the_store_is_refused(run: Run, store: Path) -> None:
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    for name in ["catalogue.json", "lock", "new.csv", "snapshot-1/engine.data"]:
        out = f"store/{name}"
        assert "--out: expected a file outside" in refusal(run, "TRUE", "--ids", "--out", out)
        for command in ["segments", "models"]:
            done = run(command, "--store", "store", "--out", out)
            assert done.returncode == 2
            assert "--out: expected a file outside" in done.stderr
        done = run("load", "--config", "quintile.yaml", "--store", "store", "--rejects", out)
        assert done.returncode == 2
        assert "--rejects: expected a file outside" in done.stderr
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before


def test_segments_are_those_of_their_conditions(run: Run, store: Path) -> None:
    conditions = {"polish": "country = 'PL'", "young": "age < 50"}
    for left, right in itertools.product(conditions, repeat=2):
        by_name = f"segment('{left}') AND NOT segment('{right}')"
        by_text = f"({conditions[left]}) AND NOT COALESCE({conditions[right]}, FALSE)"
        assert rows(run, by_name, "--ids") == rows(run, by_text, "--ids")
