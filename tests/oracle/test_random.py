"""Property test: random shops and models, equal to the oracle to the byte.

QUINTILE_ORACLE_CASES sets how many are drawn, QUINTILE_ORACLE_SEED the first seed. A failure
prints its seed and leaves a reduced case as files.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom

import duckdb
import pytest
from model import model_yaml
from order_files import column_map, csv_text, write_csv, write_rates
from order_lines import prepare
from program import difference, run_rfm
from random_shop import Case, draw_case
from segmentation import Outcome, csv_bytes, load_lines, segment
from summary import summary_difference

CASES = int(os.environ.get("QUINTILE_ORACLE_CASES", "200"))
SEED = int(os.environ.get("QUINTILE_ORACLE_SEED") or SystemRandom().randrange(1 << 30))
BATCH = 25


def expected_outcome(connection: duckdb.DuckDBPyConnection, case: Case) -> Outcome:
    prepared = prepare(case.lines)
    load_lines(connection, prepared)
    return segment(connection, prepared, case.model, case.as_of)


def command(case: Case, folder: Path) -> list[str | Path]:
    """Writes the case's files and returns the arguments that run it."""
    orders = write_csv(folder / "orders.csv", case.lines)
    model = folder / "model.yaml"
    model.write_text(model_yaml(case.model), encoding="utf-8")
    arguments: list[str | Path] = [
        "--orders", orders, "--map", column_map(list(case.lines.columns)), "--model", model,
        "--as-of", case.as_of, "--time-zone", case.lines.zone, "--max-rejects", "0",
    ]  # fmt: skip
    if case.lines.rates is not None:
        rates = write_rates(folder / "rates.csv", case.lines.rates)
        arguments += ["--currency", case.lines.rates.currency, "--rates", rates]
    if case.lines.contacts:
        contacts = folder / "contacts.csv"
        contacts.write_bytes(csv_text(dict(case.lines.contacts)))
        arguments += ["--contacts", contacts, "--attributes", "country=category,age=int64"]
    return arguments


def disagreement(connection: duckdb.DuckDBPyConnection, case: Case, folder: Path) -> str:
    outcome = expected_outcome(connection, case)
    arguments = command(case, folder)
    rows = folder / "rows.csv"
    done = run_rfm([*arguments, "--out", rows, "--summary", "--format", "csv"])
    if done.returncode != 0:
        return f"exit {done.returncode}: {done.stderr.decode(errors='replace')}"
    return difference(csv_bytes(outcome.rows), rows.read_bytes()) or summary_difference(
        outcome.summary, done.stdout
    )


def reduced(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Drops lines while the case still fails."""
    piece = max(1, len(case.lines) // 2)
    tries = 0
    while tries < 120:
        rows = list(range(len(case.lines)))
        for start in range(0, len(rows), piece):
            tries += 1
            kept = rows[:start] + rows[start + piece :]
            if not kept:
                continue
            smaller = Case(case.lines.take(kept), case.model, case.as_of)
            if fails(smaller):
                case = smaller
                break
        else:
            if piece == 1:
                break
            piece = max(1, piece // 2)
    return case


@pytest.mark.parametrize("first", range(SEED, SEED + CASES, BATCH))
def test_random_shops(connection: duckdb.DuckDBPyConnection, tmp_path: Path, first: int) -> None:
    for seed in range(first, min(first + BATCH, SEED + CASES)):
        case = draw_case(seed)
        if not disagreement(connection, case, tmp_path):
            continue
        case = reduced(case, lambda smaller: bool(disagreement(connection, smaller, tmp_path)))
        found = disagreement(connection, case, tmp_path)
        (tmp_path / "lines.json").write_text(json.dumps(case.lines.columns), encoding="utf-8")
        shown = " ".join(shlex.quote(str(argument)) for argument in command(case, tmp_path))
        pytest.fail(
            f"QUINTILE_ORACLE_SEED={seed} QUINTILE_ORACLE_CASES=1\nquintile rfm {shown}\n{found}\n"
            + model_yaml(case.model),
            pytrace=False,
        )
