"""NumPy: segments are packed bits, a visit counted by its contact. It has one thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from columns import Columns, read_all, read_words
from work import (
    COUNTRIES,
    COUNTRIES_ASKED,
    EVENT_TYPES,
    MONEY_RANGE,
    SET_QUESTIONS,
    VISITS_ASKED,
    WINDOW_DAYS,
    Peer,
    as_python,
)


class NumpyPeer(Peer):
    def __init__(self) -> None:
        self.columns: Columns = {}

    def version(self) -> str:
        return np.__version__

    def load(self, group: str, folder: Path) -> None:
        self.columns = read_words(folder) if group == "segments" else read_all(folder, group)

    def count(self, task: str) -> int:
        if task in SET_QUESTIONS:
            words = eval(as_python(SET_QUESTIONS[task]), dict(self.columns))
            return int(np.bitwise_count(words).sum())
        if task == "range":
            money = self.columns["monetary"]
            return int(np.count_nonzero((money >= MONEY_RANGE[0]) & (money <= MONEY_RANGE[1])))
        if task == "category":
            asked = np.zeros(256, bool)
            asked[[COUNTRIES.index(name) for name in COUNTRIES_ASKED]] = True
            return int(np.count_nonzero(asked[self.columns["country"]]))
        day = self.columns["day"]
        seen = (day >= WINDOW_DAYS[0]) & (day <= WINDOW_DAYS[1])
        seen &= self.columns["type"] == EVENT_TYPES.index("visit")
        visits = np.bincount(self.columns["contact"][seen])
        return int(np.count_nonzero(visits >= VISITS_ASKED))


def make(_name: str, _threads: int) -> NumpyPeer:
    return NumpyPeer()
