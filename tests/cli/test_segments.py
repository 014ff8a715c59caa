"""The commands `segments` and `models` on a store."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from processes import Run

REPOSITORY = Path(__file__).resolve().parents[2]

CONFIG = """\
currency: EUR
contacts:
  files: contacts.csv
  attributes: {country: category, age: int64}
orders: {files: orders.csv}
models: {rfm: classic5}
segments:
  rest: NOT segment('polish')
  polish: country='PL'
"""
CONTACTS = "contact,country,age\nann,PL,25\nbob,DE,40\neve,PL,\nzoe,,61\n"
ORDERS = (
    "contact,time,order,amount\nann,2026-01-30,o1,10\nbob,2026-01-29,o2,5\nbob,2026-01-30,o3,5\n"
)

Rows = list[dict[str, str]]


@pytest.fixture
def store(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "quintile.yaml").write_text(CONFIG)
    (tmp_path / "contacts.csv").write_text(CONTACTS)
    (tmp_path / "orders.csv").write_text(ORDERS)
    done = run("load", "--config", "quintile.yaml", "--store", "store")
    assert done.returncode == 0, done.stderr
    return tmp_path / "store"


def rows(run: Run, *arguments: object, command: str = "segments") -> Rows:
    done = run(command, "--store", "store", "--as-of", "2026-01-31", *arguments)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def refusal(run: Run, *arguments: object, code: int = 2) -> str:
    done = run("segments", "--store", "store", "--as-of", "2026-01-31", *arguments)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    return str(done.stderr)


def listed(run: Run) -> dict[str, dict[str, str]]:
    return {row["segment"]: row for row in rows(run)}


def test_segments_of_the_configuration_and_classes(run: Run, store: Path) -> None:
    found = listed(run)
    polish = {"kind": "dynamic", "count": "2", "unknown": "1", "version": "1", "broken": ""}
    assert found["polish"] | polish == found["polish"]
    assert (found["rest"]["count"], found["rest"]["unknown"]) == ("2", "0")
    assert found["rfm.champions"]["kind"] == "class"
    assert found["rfm.champions"]["version"] == ""
    assert list(found) == sorted(found)


def test_loading_again_makes_no_version(run: Run, store: Path) -> None:
    assert run("load", "--config", "quintile.yaml", "--store", "store").returncode == 0
    assert len(rows(run, "--history", "polish")) == 1


def test_put_shows_what_changes(run: Run, store: Path) -> None:
    put = ("--put", "polish", "--where", "country IN ('PL', 'DE')")
    effect = rows(run, *put, "--preview", "--overlap", "rfm.prospect")
    assert [row["segment"] for row in effect] == ["polish", "rest", "rfm.prospect"]
    assert effect[0] | {"before": "2", "after": "3", "entering": "1", "leaving": "0"} == effect[0]
    assert effect[1] | {"relation": "depends", "before": "2", "after": "1"} == effect[1]
    assert effect[2] | {"relation": "overlap", "before": "2", "both": "1"} == effect[2]
    assert listed(run)["polish"]["count"] == "2"  # nothing was saved
    rows(run, *put, "--author", "ann", "--note", "two countries")
    assert listed(run)["polish"] | {"count": "3", "version": "2"} == listed(run)["polish"]
    history = rows(run, "--history", "polish")
    assert [row["where"] for row in history] == ["country='PL'", "country IN ('PL', 'DE')"]
    assert history[1] | {"author": "ann", "note": "two countries"} == history[1]
    again = run("segments", "--store", "store", *put)
    assert "is as it was, version 2" in again.stderr


def test_lists_of_contacts(run: Run, store: Path, tmp_path: Path) -> None:
    (tmp_path / "guests.txt").write_text("zoe\r\n\nann\nnobody\n7.0\n")
    effect = rows(run, "--put", "guests", "--list", "guests.txt")
    assert effect[0] | {"after": "2", "unknown": "2"} == effect[0]
    assert (
        rows(run, "--put", "old-guests", "--where", "in_list('guests') AND age > 30")[0]["after"]
        == "1"
    )
    found = listed(run)["guests"]
    assert found | {"kind": "static", "count": "2", "unknown": "2"} == found
    more = tmp_path / "more.csv"
    more.write_text("contact,country,age\n7,PL,30\n")
    done = run(
        "load", "--config", "quintile.yaml", "--store", "store", "--append", f"contacts={more}"
    )
    assert done.returncode == 0, done.stderr
    assert listed(run)["guests"]["unknown"] == "1"


def test_show_rename_delete(run: Run, store: Path) -> None:
    shown = {row["field"]: row["value"] for row in rows(run, "--show", "polish")}
    assert shown["where"] == "country='PL'"
    assert shown["canonical"] == "country = 'PL'"
    assert shown["used_by"] == "rest"
    assert shown["count"] == "2"
    assert "used by rest" in refusal(run, "--delete", "polish")
    assert rows(run, "--rename", "polish", "--to", "from-poland") == []
    assert listed(run)["from-poland"]["id"] == shown["id"]
    assert rows(run, "--history", "rest")[-1]["where"] == "NOT segment('from-poland')"
    assert rows(run, "--delete", "rest") == []
    assert "rest" not in listed(run)


def test_what_cannot_be_is_refused(run: Run, store: Path) -> None:
    put = ("--put", "polish", "--where")
    assert "polish -> rest -> polish" in refusal(run, *put, "segment('rest')")
    assert "did you mean 'country'?" in refusal(run, *put, "contry = 'PL'")
    assert "1:10" in refusal(run, *put, "country =")
    assert "class of model" in refusal(run, "--put", "rfm.champions", "--where", "age > 1")
    assert "expected a name" in refusal(run, "--put", "No", "--where", "age > 1")
    assert "did you mean 'rest'?" in refusal(run, "--show", "resst")
    assert "did you mean 'rest'?" in refusal(run, "--history", "resst")
    assert "did you mean 'rest'?" in refusal(run, "--delete", "resst")
    assert "class of model" in refusal(run, "--rename", "rest", "--to", "rfm.lost")
    assert "either --where" in refusal(run, "--put", "x")
    assert "belong to --put" in refusal(run, "--where", "age > 1")
    assert "expected one of" in refusal(run, "--show", "rest", "--delete", "rest")
    assert "--to" in refusal(run, "--rename", "rest")
    assert "--format" in refusal(run, "--format", "xml")
    assert "cannot open" in refusal(run, "--put", "x", "--list", "none.txt", code=1)
    assert len(listed(run)) == len(set(listed(run)))


def test_nothing_is_saved_when_its_answer_cannot_be_written(run: Run, store: Path) -> None:
    refusal(run, "--put", "all", "--where", "TRUE", "--out", "nowhere/answer.csv", code=1)
    assert "all" not in listed(run)


def test_a_column_that_has_gone_breaks_what_needs_it(run: Run, store: Path, tmp_path: Path) -> None:
    config = tmp_path / "quintile.yaml"
    config.write_text(CONFIG.replace("country: category, ", "").split("segments:")[0])
    assert run("load", "--config", "quintile.yaml", "--store", "store").returncode == 0
    found = listed(run)
    assert "country" in found["polish"]["broken"]
    assert found["polish"]["count"] == ""
    assert "depends on segment 'polish'" in found["rest"]["broken"]
    assert found["rfm.champions"]["broken"] == ""


def test_a_damaged_catalogue_is_told(run: Run, store: Path) -> None:
    (store / "catalogue.json").write_text("{")
    assert "catalogue.json" in refusal(run, code=1)
    assert "catalogue.json" in refusal(run, "--delete", "rest", code=1)


def test_models_with_tiers_and_classes(run: Run, store: Path) -> None:
    found = rows(run, command="models")
    tiers = [row for row in found if row["part"] == "f"]
    assert [row["code"] for row in tiers] == ["0", "1", "2", "3", "4", "5"]
    assert sum(int(row["contacts"]) for row in tiers) == 4
    classes = {row["name"]: row for row in found if row["part"] == "class"}
    assert sum(int(row["contacts"]) for row in classes.values()) == 4
    assert {row["model"] for row in found} == {"rfm"}
    done = run("models", "--store", "store", "--model", "rfm", "--format", "json")
    assert len(json.loads(done.stdout)) == len(found)
    assert run("models", "--store", "store", "--model", "other").returncode == 2


def test_documented_commands(run: Run, store: Path, tmp_path: Path, program: Path) -> None:
    text = (REPOSITORY / "docs" / "segments.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    assert len(blocks) == 1
    (tmp_path / "shop.store").symlink_to(store)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "quintile").symlink_to(program)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", blocks[0]],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    options = set(re.findall(r"--[a-z-]+", run("segments", "--help").stdout)) - {"--help"}
    assert {each for each in options - {"--threads"} if each not in text} == set()


def test_results_go_to_files_of_each_format(run: Run, store: Path, tmp_path: Path) -> None:
    for suffix in ("csv", "json", "ndjson", "parquet"):
        done = run("segments", "--store", "store", "--out", f"all.{suffix}")
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
        assert (tmp_path / f"all.{suffix}").stat().st_size > 0
    assert "polish" in run("segments", "--store", "store", "--format", "table").stdout
