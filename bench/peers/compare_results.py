"""Holds every engine's results against quintile's, to the last contact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from engines import ENGINES
from process import Worker
from work import TASKS, Cuts

KINDS = {
    "codes": {"r": "u1", "f": "u1", "m": "u1", "class": "u1"},
    "totals": {"last_day": "u2", "first_day": "u2", "frequency": "u4", "monetary": "i8"},
}
KEPT = {"rescore": "codes", "recompute": "codes", "aggregate": "totals"}


class Disagreement(Exception):
    """Two engines gave different results."""


def saved(worker: Worker, what: str, folder: Path) -> dict[str, np.ndarray]:
    stored = worker.ask(f"save {what} {folder}")["columns"]
    return {
        name: np.fromfile(folder / f"{name}.bin", np.dtype(stored[name])).astype(kind)
        for name, kind in KINDS[what].items()
    }


def compare_columns(label: str, ours: dict[str, np.ndarray], theirs: dict[str, np.ndarray]) -> None:
    for column, mine in ours.items():
        other = theirs[column]
        if len(mine) != len(other):
            raise Disagreement(f"{column}: {len(mine)} rows, {label} has {len(other)}")
        different = np.flatnonzero(mine != other)
        if len(different):
            row = different[0]
            raise Disagreement(
                f"{column} of contact {row}: quintile has {mine[row]}, {label} {other[row]} "
                f"({len(different)} rows differ)"
            )


def compare_task(
    workers: list[Worker], task: str, cuts: Cuts | None, folder: Path
) -> dict[str, object]:
    """Runs one task once in every form everywhere; returns quintile's result."""
    ours, *others = workers
    forms = TASKS[task].forms
    expected: dict[str, object] = ours.run(task, forms[0], cuts)["result"]
    columns = saved(ours, KEPT[task], folder) if task in KEPT else {}
    for worker in others:
        label = ENGINES[worker.name].label
        for form in reversed(forms):
            found = worker.run(task, form, cuts)["result"]
            if found != expected:
                raise Disagreement(f"{task}, {form}: quintile has {expected}, {label} has {found}")
        if columns:
            compare_columns(label, columns, saved(worker, KEPT[task], folder))
    return expected
