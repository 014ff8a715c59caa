"""The work that is measured, said once for all engines.

rescore     R, F, M columns and given cut points -> tiers r, f, m and a class per contact, and the
            number of contacts in each class
recompute   the same with the cut points computed: SQL's PERCENTILE_DISC(i/5) over the contacts
            that ever bought
range       how many contacts have a monetary value between two bounds
category    how many contacts are from one of three countries
aggregate   unsorted orders -> per contact the days of the last and first purchase (amount > 0),
            the number of purchases, and the sum of all amounts
intersect, union, difference, expression
            how many contacts are in a combination of segments (SET_QUESTIONS)
visits      how many contacts have at least 3 visits in the last 30 days, from event lines
load_csv, load_parquet
            a file of order lines (contact, time, order, amount) into a table; `counts`: to
            columns that are dropped when they were read

The first two, `aggregate` and loading exist in two forms: `kept` leaves the result in memory, ready
for the next question; `counts` gives only the totals and may forget the rest. The others have the
second form only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Task:
    name: str
    group: str  # what data it needs
    item: str
    forms: tuple[str, ...] = ("counts",)


TASKS = {
    task.name: task
    for task in (
        Task("rescore", "contacts", "contacts", ("kept", "counts")),
        Task("recompute", "contacts", "contacts", ("kept", "counts")),
        Task("range", "contacts", "contacts"),
        Task("category", "contacts", "contacts"),
        Task("aggregate", "orders", "orders", ("kept", "counts")),
        Task("intersect", "segments", "contacts"),
        Task("union", "segments", "contacts"),
        Task("difference", "segments", "contacts"),
        Task("expression", "segments", "contacts"),
        Task("visits", "events", "events"),
        Task("load_csv", "files", "lines", ("kept", "counts")),
        Task("load_parquet", "files", "lines", ("kept", "counts")),
    )
}
GROUPS = tuple(dict.fromkeys(task.group for task in TASKS.values()))

# A million of ten million contacts in each of the first three.
SEGMENT_SHARES = {
    "s1": 0.1, "s2": 0.1, "s3": 0.1, "s4": 0.2, "s5": 0.3, "s6": 0.4, "s7": 0.5, "s8": 0.3,
}  # fmt: skip
SET_QUESTIONS = {
    "intersect": "s1 AND s2 AND s3",
    "union": "s1 OR s2 OR s3",
    "difference": "s1 AND NOT s2 AND NOT s3",
    "expression": "(s1 AND s4 AND NOT s5) OR (s6 AND s7 AND NOT s8) OR (s2 AND NOT s3)",
}

# Minor units, both ends included.
MONEY_RANGE = (10_000, 50_000)
COUNTRIES = (
    "PL", "DE", "GB", "FR", "CZ", "NL", "AT", "SK", "IT", "ES", "SE", "UA", "LT", "US",
)  # fmt: skip
COUNTRIES_ASKED = ("DE", "AT", "SK")

EVENT_TYPES = ("visit", "search", "cart", "purchase", "open", "click")
VISITS_ASKED = 3
AS_OF_DAY = 46_000
WINDOW_DAYS = (AS_OF_DAY - 29, AS_OF_DAY)  # both included

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


class Peer:
    """One engine, loaded with the data of one group. Every call does its whole work again; an
    engine implements what engines.py says it does."""

    folder = Path()

    def version(self) -> str:
        raise NotImplementedError

    def load(self, group: str, folder: Path) -> None:
        raise NotImplementedError

    def rescore(self, cuts: Cuts, *, keep: bool) -> Counts:
        raise NotImplementedError

    def recompute(self, *, keep: bool) -> Scored:
        raise NotImplementedError

    def aggregate(self, *, keep: bool) -> Summed:
        raise NotImplementedError

    def read_file(self, path: Path, *, keep: bool) -> int:
        """Reads a CSV or Parquet file; how many lines it has."""
        raise NotImplementedError

    def count(self, task: str) -> int:
        """The answer to one of the tasks that only count."""
        raise NotImplementedError

    def codes(self) -> dict[str, np.ndarray]:
        """The columns CODES that the last kept rescore or recompute left, in contact order."""
        raise NotImplementedError

    def totals(self) -> dict[str, np.ndarray]:
        """The columns TOTALS that the last kept aggregate left, in contact order; all contacts."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends what the engine started."""


ORDER_FILES = {"load_csv": "orders.csv", "load_parquet": "orders.parquet"}


def arguments(task: str) -> list[int]:
    """What the programs of this project are told of a task: they do not read this file."""
    if task == "range":
        return list(MONEY_RANGE)
    if task == "category":
        return [COUNTRIES.index(name) for name in COUNTRIES_ASKED]
    return [VISITS_ASKED, *WINDOW_DAYS] if task == "visits" else []


def as_python(question: str) -> str:
    """A question about segments with Python's operators, which bind in the same order."""
    return question.replace("NOT ", "~").replace("AND", "&").replace("OR", "|")


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
