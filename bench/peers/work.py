"""The work that is measured, said once for all engines.

rescore     R, F, M columns and given cut points -> tiers r, f, m and a class per contact, and the
            number of contacts in each class
recompute   the same with the cut points computed: SQL's PERCENTILE_DISC(i/5) over the contacts
            that ever bought
aggregate   unsorted orders -> per contact the days of the last and first purchase (amount > 0),
            the number of purchases, and the sum of all amounts

Each exists in two forms: `kept` leaves the result per contact in memory, ready for the next
question; `counts` (for aggregate: `sums`) gives only the totals and may forget the rest.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

TASKS = ("rescore", "recompute", "aggregate")
COLUMNS = ("recency", "frequency", "monetary")
TIERS = 5
CODES = ("r", "f", "m", "class")
TOTALS = ("last_day", "first_day", "frequency", "monetary")

# In the order of the engine's preset classic5, so that class codes are the same everywhere; nobody
# is lapsed, because it has no window.
CLASSES = (
    "champions", "loyal", "potential_loyalist", "new", "promising", "need_attention",
    "about_to_sleep", "cant_lose", "at_risk", "hibernating", "lost", "prospect", "lapsed",
)  # fmt: skip
PROSPECT = CLASSES.index("prospect")

# classic5: rows r 1 to 5, columns fm 1 to 5; fm is the mean of f and m, half up.
CELLS = (
    ("lost", "hibernating", "at_risk", "cant_lose", "cant_lose"),
    ("hibernating", "about_to_sleep", "at_risk", "at_risk", "at_risk"),
    ("promising", "need_attention", "need_attention", "loyal", "loyal"),
    ("promising", "potential_loyalist", "potential_loyalist", "loyal", "champions"),
    ("new", "potential_loyalist", "potential_loyalist", "champions", "champions"),
)

Cuts = dict[str, list[int]]
Counts = list[int]


def class_table() -> list[int]:
    """Class code by r * 6 + fm; 0 in either is a contact that never bought."""
    table = [PROSPECT] * 36
    for r, row in enumerate(CELLS, 1):
        for fm, name in enumerate(row, 1):
            table[r * 6 + fm] = CLASSES.index(name)
    return table


def cut_rank(i: int, count: int) -> int:
    """Rank, from 1, of cut point i: ceil(i * n / 5)."""
    return -(-i * count // TIERS)


@dataclass(frozen=True)
class Scored:
    cuts: Cuts
    counts: Counts  # by class code


@dataclass(frozen=True)
class Summed:
    """Over all contacts that have a purchase; frequency and monetary over all contacts."""

    last_day: int
    first_day: int
    frequency: int
    monetary: int


class Peer(Protocol):
    """One engine, loaded with one shop. Every call does its whole work again."""

    def version(self) -> str: ...

    def load(self, folder: Path) -> None: ...

    def rescore(self, cuts: Cuts, *, keep: bool) -> Counts: ...

    def recompute(self, *, keep: bool) -> Scored: ...

    def aggregate(self, *, keep: bool) -> Summed: ...

    def codes(self) -> dict[str, np.ndarray]:
        """The columns CODES that the last kept rescore or recompute left, in contact order."""
        ...

    def totals(self) -> dict[str, np.ndarray]:
        """The columns TOTALS that the last kept aggregate left, in contact order; all contacts."""
        ...


def result_json(result: Scored | Summed) -> str:
    return json.dumps(asdict(result))


def dense_totals(
    contacts: int, contact: np.ndarray, columns: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Totals of the contacts that have orders -> totals of all contacts."""
    kinds = (np.uint16, np.uint16, np.uint32, np.int64)
    empty = (0, 0xFFFF, 0, 0)
    out = {}
    for name, kind, value in zip(TOTALS, kinds, empty, strict=True):
        full = np.full(contacts, value, kind)
        full[contact] = columns[name]
        out[name] = full
    return out
