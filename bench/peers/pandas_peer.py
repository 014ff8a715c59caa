"""pandas, with the numpy calls its users reach for. It has one thread, whatever is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from columns import contacts_of, read_all
from work import (
    CLASSES,
    CODES,
    COLUMNS,
    TIERS,
    TOTALS,
    Counts,
    Cuts,
    Peer,
    Scored,
    Summed,
    class_table,
    cut_rank,
    dense_totals,
)


class PandasPeer(Peer):
    def __init__(self) -> None:
        self.frame = pd.DataFrame()
        self.contacts = 0
        self.kept = pd.DataFrame()
        self.table = np.array(class_table(), np.uint8)

    def version(self) -> str:
        return str(pd.__version__)

    def load(self, group: str, folder: Path) -> None:
        self.frame = pd.DataFrame(read_all(folder, group))
        self.contacts = contacts_of(folder)

    def tier(self, column: str, cuts: Sequence[int], *, is_reversed: bool = False) -> np.ndarray:
        values = self.frame[column].to_numpy()
        below = np.zeros(len(values), np.uint8)
        for cut in cuts:
            below += values > cut
        tier: np.ndarray = TIERS - below if is_reversed else 1 + below
        tier *= self.frame["frequency"].to_numpy() > 0
        return tier

    def rescore(self, cuts: Cuts, *, keep: bool) -> Counts:
        r = self.tier("recency", cuts["recency"], is_reversed=True)
        f = self.tier("frequency", cuts["frequency"])
        m = self.tier("monetary", cuts["monetary"])
        codes = self.table[r * np.uint8(6) + (f + m + np.uint8(1)) // np.uint8(2)]
        if keep:
            self.kept = pd.DataFrame({"r": r, "f": f, "m": m, "class": codes}, copy=False)
        counts: Counts = np.bincount(codes, minlength=len(CLASSES)).tolist()
        return counts

    def cuts(self) -> Cuts:
        bought = self.frame["frequency"].to_numpy() > 0
        cuts: Cuts = {}
        for column in COLUMNS:
            values = self.frame[column].to_numpy()[bought]
            ranks = np.array([cut_rank(i, len(values)) for i in range(1, TIERS)])
            if column == "monetary":
                cuts[column] = np.partition(values, ranks - 1)[ranks - 1].tolist()
            else:
                counted = np.cumsum(np.bincount(values))
                cuts[column] = np.searchsorted(counted, ranks, side="left").tolist()
        return cuts

    def recompute(self, *, keep: bool) -> Scored:
        cuts = self.cuts()
        return Scored(cuts, self.rescore(cuts, keep=keep))

    def aggregate(self, *, keep: bool) -> Summed:
        purchases = self.frame[self.frame["amount"] > 0]
        days = purchases.groupby("contact", sort=False)["day"].agg(["max", "min", "count"])
        money = self.frame.groupby("contact", sort=False)["amount"].sum()
        totals = pd.concat([days, money], axis=1)
        totals.columns = pd.Index(["last_day", "first_day", "frequency", "monetary"])
        if keep:
            self.kept = totals
        return Summed(*(int(totals[name].sum()) for name in TOTALS))

    def codes(self) -> dict[str, np.ndarray]:
        return {name: self.kept[name].to_numpy() for name in CODES}

    def totals(self) -> dict[str, np.ndarray]:
        kept = self.kept
        columns = {
            "last_day": kept["last_day"].fillna(0).to_numpy(),
            "first_day": kept["first_day"].fillna(0xFFFF).to_numpy(),
            "frequency": kept["frequency"].fillna(0).to_numpy(),
            "monetary": kept["monetary"].to_numpy(),
        }
        return dense_totals(self.contacts, kept.index.to_numpy(), columns)


def make(_name: str, _threads: int) -> PandasPeer:
    return PandasPeer()
