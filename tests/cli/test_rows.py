"""Rows and summary against what was worked out by hand, in every format."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shop
from processes import Run


@pytest.fixture
def arguments(orders: Path, tmp_path: Path) -> list[object]:
    model = tmp_path / "tiny.yaml"
    model.write_text(shop.MODEL, encoding="utf-8")
    return ["rfm", "--orders", orders, "--model", model, "--as-of", shop.AS_OF]


def test_rows_go_to_standard_output(run: Run, arguments: list[object]) -> None:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout == shop.ROWS
    assert "9 records, 8 accepted, 1 anonymous, 0 rejected" in done.stderr
    assert "recency: up to 7  90 days (fixed 3)" in done.stderr
    assert "frequency: from 2 purchases (fixed 2)" in done.stderr
    assert "monetary: from 30.00  100.00 (fixed 3)" in done.stderr


def test_rows_go_to_a_file(run: Run, arguments: list[object], tmp_path: Path) -> None:
    done = run(*arguments, "--out", "scores.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert (tmp_path / "scores.csv").read_text(encoding="utf-8") == shop.ROWS


def test_a_dash_is_standard_output(run: Run, arguments: list[object]) -> None:
    assert run(*arguments, "--out", "-").stdout == shop.ROWS
    done = run(*arguments, "--out", "-", "--summary")
    assert done.returncode == 2
    assert "standard output" in done.stderr


def test_summary_takes_the_place_of_rows(run: Run, arguments: list[object], tmp_path: Path) -> None:
    done = run(*arguments, "--summary")
    assert done.returncode == 0, done.stderr
    assert done.stdout == shop.SUMMARY
    done = run(*arguments, "--summary", "--out", "scores.csv")
    assert done.stdout == shop.SUMMARY
    assert (tmp_path / "scores.csv").read_text(encoding="utf-8") == shop.ROWS


def expected_rows() -> list[dict[str, object]]:
    rows = []
    for row in csv.DictReader(io.StringIO(shop.ROWS)):
        typed: dict[str, object] = {}
        for name, value in row.items():
            if name in ("contact", "class"):
                typed[name] = value
            elif name == "monetary":
                typed[name] = Decimal(value)
            else:
                typed[name] = int(value) if value else None
        rows.append(typed)
    return rows


@pytest.mark.parametrize("suffix", ["csv", "json", "ndjson", "parquet", "table"])
@pytest.mark.parametrize("by_option", [False, True])
def test_formats_hold_the_same_rows(
    run: Run, arguments: list[object], tmp_path: Path, suffix: str, by_option: bool
) -> None:
    name = "scores" if by_option else f"scores.{suffix}"
    done = run(*arguments, "--out", name, *(["--format", suffix] if by_option else []))
    assert done.returncode == 0, done.stderr
    path = tmp_path / name
    if suffix == "table":
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line.split() for line in lines[1:3]] == [
            ["ann", "1", "2", "120.50", "3", "2", "3", "best"],
            ["bob", "40", "1", "30.00", "2", "1", "2", "steady"],
        ]
        assert len({len(line) for line in lines[1:3]}) <= 2
        assert lines[0].index("monetary") + len("monetary") == lines[1].index("120.50") + 6
        return
    if suffix == "csv":
        assert path.read_text(encoding="utf-8") == shop.ROWS
        return
    if suffix == "parquet":
        rows = pq.read_table(path).to_pylist()
    elif suffix == "json":
        text = path.read_text(encoding="utf-8")
        assert '"monetary":120.50,' in text  # not 120.5: the decimals of the currency
        rows = json.loads(text, parse_float=Decimal)
    else:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line, parse_float=Decimal) for line in lines]
    assert rows == expected_rows()


def test_parquet_goes_through_a_pipe(
    run: Run, arguments: list[object], program: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [program, *map(str, arguments), "--format", "parquet"], capture_output=True, check=True
    )
    assert pq.read_table(pa.BufferReader(done.stdout)).to_pylist() == expected_rows()


def test_summary_in_json(run: Run, arguments: list[object]) -> None:
    done = run(*arguments, "--summary", "--format", "json")
    rows = json.loads(done.stdout, parse_float=Decimal)
    assert [row["class"] for row in rows] == [
        "best", "steady", "never_reached", "rest", "prospect", "lapsed"
    ]  # fmt: skip
    assert rows[0]["revenue"] == Decimal("120.50")
    assert rows[2]["recency_days"] is None


def test_summary_for_people(run: Run, arguments: list[object]) -> None:
    done = run(*arguments, "--summary", "--format", "table")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[1] == ["best", "1", "25.0%", "120.50", "76.5%", "1.0", "2.0", "120.50"]
    assert lines[-1] == ["total", "4", "100.0%", "157.49", "100.0%", "95.0", "1.0", "39.37"]


def test_means_are_rounded_half_to_even(run: Run, tmp_path: Path) -> None:
    # Recency 1, 1, 2: 4/3. Frequency sum 3. Monetary 0.01 + 0.02 + 0.02 over 3 = 0.016667.
    (tmp_path / "orders.csv").write_text(
        "contact,time,amount\na,2026-01-30,0.01\nb,2026-01-30,0.02\nc,2026-01-29,0.02\n"
    )
    (tmp_path / "one.yaml").write_text(
        "name: one\ntiers:\n  recency: {fixed: [365, 30]}\n  frequency: {fixed: [1, 9]}\n"
        "  monetary: {fixed: [1, 5]}\nclasses:\n  - everybody: {}\n"
    )
    done = run("rfm", "--orders", "orders.csv", "--as-of", "2026-01-31", "--model", "one.yaml",
               "--summary")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1] == "everybody,3,1.000000,0.05,1.333333,1.000000,0.016667"


def test_currency_without_decimals(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("contact,time,amount\na,2026-01-30,1500\n")
    done = run("rfm", "--orders", "orders.csv", "--as-of", "2026-01-31", "--currency", "JPY")
    assert done.stdout.splitlines()[1].split(",")[3] == "1500"
    done = run("rfm", "--orders", "orders.csv", "--as-of", "2026-01-31", "--decimals", "3")
    assert done.stdout.splitlines()[1].split(",")[3] == "1500.000"


def test_a_file_with_only_a_header_gives_an_empty_result(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("contact,time,amount\n")
    done = run("rfm", "--orders", "orders.csv", "--as-of", "2026-01-31", "--out", "scores.csv",
               "--summary", "--report", "page.html")  # fmt: skip
    assert done.returncode == 0, done.stderr
    header = "contact,recency_days,frequency,monetary,r,f,m,class\n"
    assert (tmp_path / "scores.csv").read_text() == header
    assert all(",0,0.000000,0.00,,," in line for line in done.stdout.splitlines()[1:])


def test_grid_is_plain_off_a_terminal(run: Run, arguments: list[object]) -> None:
    done = run(*arguments, "--grid")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[1].split() == ["f", "1", "f", "2"]
    assert lines[2].split() == ["r", "short", "0", "0%", "1", "76.5%"]
    assert lines[4].split() == ["r", "long", "1", "6.3%", "0", "0%"]


def test_unreachable_classes_are_told(run: Run, arguments: list[object]) -> None:
    done = run(*arguments, "--quiet", "--out", "scores.csv")
    assert done.returncode == 0
    assert "never_reached" in done.stderr


def test_quiet_says_nothing_without_need(run: Run, orders: Path) -> None:
    done = run("rfm", "--orders", orders, "--as-of", shop.AS_OF, "--model", "classic5", "--quiet")
    assert all(line.startswith("warning: ") for line in done.stderr.splitlines())


def test_transitions(run: Run, arguments: list[object], tmp_path: Path) -> None:
    # At the end of 2025: bob bought 9 days ago; ann and eve were not there; c,d was as today.
    done = run(*arguments, "--compare-as-of", "2025-12-31", "--transitions", "moves.csv",
               "--out", "scores.csv")  # fmt: skip
    assert done.returncode == 0, done.stderr
    moves = (tmp_path / "moves.csv").read_text().splitlines()
    assert moves[0] == "dimension,from,to,contacts"
    assert sorted(line for line in moves if line.startswith("class")) == sorted(
        [
            "class,steady,steady,1",
            "class,rest,rest,1",
            "class,,best,1",
            "class,,prospect,1",
        ]
    )
    assert "r,2,2,1" in moves
    assert "r,,3,1" in moves


def test_columns_with_odd_names(run: Run, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text('"who, exactly",when=,"the ""sum"""\nann,2026-01-30,5.00\n')
    done = run("rfm", "--orders", "odd.csv", "--as-of", "2026-01-31", "--map",
               'contact="who, exactly",time="when=",amount="the ""sum"""')  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].startswith("ann,1,1,5.00,")


def test_delimiter_and_date_format(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("contact\ttime\tamount\nann\t30.01.2026 09:15\t5\n")
    done = run("rfm", "--orders", "orders.csv", "--as-of", "2026-01-31", "--delimiter", "tab",
               "--date-format", "%d.%m.%Y %H:%M")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].startswith("ann,1,1,5.00,")


def test_where_and_population(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "contact,time,amount,Channel\nann,2026-01-30,5,web\nann,2026-01-31,7,shop\n"
        "bob,2026-01-20,9,web\n"
    )
    (tmp_path / "contacts.csv").write_text("id,land\nann,PL\nbob,DE\n")
    (tmp_path / "m.yaml").write_text(
        "name: m\nwhere: \"channel = 'web'\"\npopulation: \"country = 'PL'\"\ntiers:\n"
        "  recency: {quantile: 2}\n  frequency: {quantile: 2}\n  monetary: {quantile: 2}\n"
        "classes:\n  - everybody: {}\n"
    )
    done = run("rfm", "--orders", "orders.csv", "--map", "channel=Channel", "--as-of",
               "2026-01-31", "--model", "m.yaml", "--contacts", "contacts.csv", "--contacts-map",
               "contact=id,country=land", "--attributes", "country=category")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == ["ann,1,1,5.00,2,1,1,everybody"]
