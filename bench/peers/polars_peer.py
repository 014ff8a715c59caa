"""Polars.

R and F go through value counts, M through one sort, for the cut points; both beat its quantile.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from columns import contacts_of, read_arrow
from work import (
    CLASSES,
    CODES,
    COUNTRIES_ASKED,
    MONEY_RANGE,
    SEGMENT_SHARES,
    SET_QUESTIONS,
    TIERS,
    TOTALS,
    VISITS_ASKED,
    WINDOW_DAYS,
    Counts,
    Cuts,
    Peer,
    Scored,
    Summed,
    as_python,
    class_table,
    cut_rank,
    dense_totals,
)


class PolarsPeer(Peer):
    def __init__(self, threads: int) -> None:
        os.environ["POLARS_MAX_THREADS"] = str(threads)
        import polars

        assert polars.thread_pool_size() == threads
        self.pl: Any = polars
        self.frame: Any = None
        self.contacts = 0
        self.kept: Any = None
        self.table = polars.Series("class", class_table(), dtype=polars.UInt8)

    def version(self) -> str:
        return str(self.pl.__version__)

    def load(self, group: str, folder: Path) -> None:
        self.frame = self.pl.from_arrow(read_arrow(folder)).rechunk()
        self.contacts = contacts_of(folder)

    def read_file(self, path: Path, *, keep: bool) -> int:
        pl = self.pl
        if path.suffix == ".csv":
            types = {"contact": pl.Int64, "order": pl.Int64, "amount": pl.Decimal(18, 2)}
            lines = pl.scan_csv(path, try_parse_dates=True, schema_overrides=types)
        else:
            lines = pl.scan_parquet(path)
        if keep:
            self.kept = lines.collect()
            return int(self.kept.height)
        used = [pl.len(), *(pl.col(name).max() for name in ("contact", "time", "order"))]
        return int(lines.select(*used, pl.col("amount").sum()).collect().row(0)[0])

    def count(self, task: str) -> int:
        pl = self.pl
        col = pl.col
        if task == "visits":
            found = (
                self.frame.lazy()
                .filter((col("type") == "visit") & col("day").is_between(*WINDOW_DAYS))
                .group_by("contact")
                .len()
                .select((col("len") >= VISITS_ASKED).sum())
            )
        elif task == "range":
            found = self.frame.lazy().select(col("monetary").is_between(*MONEY_RANGE).sum())
        elif task == "category":
            found = self.frame.lazy().select(col("country").is_in(list(COUNTRIES_ASKED)).sum())
        else:
            columns = {name: col(name) for name in SEGMENT_SHARES}
            found = self.frame.lazy().select(eval(as_python(SET_QUESTIONS[task]), columns).sum())
        return int(found.collect().item())

    def tier(self, column: str, cuts: Sequence[int], *, is_reversed: bool = False) -> Any:
        pl = self.pl
        terms = [(pl.col(column) > cut).cast(pl.UInt8) for cut in cuts]
        below = terms[0] + terms[1] + terms[2] + terms[3]
        one = pl.lit(1, pl.UInt8)
        tier = pl.lit(TIERS, pl.UInt8) - below if is_reversed else one + below
        return tier * (pl.col("frequency") > 0).cast(pl.UInt8)

    def rescore(self, cuts: Cuts, *, keep: bool) -> Counts:
        pl = self.pl
        six, two, one = (pl.lit(value, pl.UInt8) for value in (6, 2, 1))
        cell = pl.col("r") * six + (pl.col("f") + pl.col("m") + one) // two
        codes = (
            self.frame.lazy()
            .select(
                "contact",
                self.tier("recency", cuts["recency"], is_reversed=True).alias("r"),
                self.tier("frequency", cuts["frequency"]).alias("f"),
                self.tier("monetary", cuts["monetary"]).alias("m"),
            )
            .with_columns(
                cell.replace_strict(
                    list(range(36)), self.table.to_list(), return_dtype=pl.UInt8
                ).alias("class")
            )
        )
        if keep:
            self.kept = codes.collect()
            found = self.kept.group_by("class").len()
        else:
            # At most 36 cells: the class is looked up after counting.
            cells = codes.drop("class").select(cell.alias("cell")).group_by("cell").len().collect()
            found = cells.select(
                pl.col("cell").replace_strict(list(range(36)), self.table.to_list()), "len"
            )
        counts = [0] * len(CLASSES)
        for code, count in found.iter_rows():
            counts[code] += count
        return counts

    def cuts(self) -> Cuts:
        pl = self.pl
        bought = self.frame.lazy().filter(pl.col("frequency") > 0)
        counted = [
            bought.group_by(column).len().sort(column).with_columns(pl.col("len").cum_sum())
            for column in ("recency", "frequency")
        ]
        ordered = bought.select(pl.col("monetary").sort())
        recency, frequency, monetary = pl.collect_all([*counted, ordered])
        n = monetary.height
        ranks = pl.Series([cut_rank(i, n) for i in range(1, TIERS)])
        cuts: Cuts = {
            histogram.columns[0]: histogram[:, 0]
            .gather(histogram["len"].search_sorted(ranks, side="left"))
            .to_list()
            for histogram in (recency, frequency)
        }
        cuts["monetary"] = monetary["monetary"].gather(ranks - 1).to_list()
        return cuts

    def recompute(self, *, keep: bool) -> Scored:
        cuts = self.cuts()
        return Scored(cuts, self.rescore(cuts, keep=keep))

    def aggregate(self, *, keep: bool) -> Summed:
        pl = self.pl
        purchase = pl.col("amount") > 0
        totals = (
            self.frame.lazy()
            .with_columns(pl.when(purchase).then("day").alias("bought"))
            .group_by("contact")
            .agg(
                pl.col("bought").max().alias("last_day"),
                pl.col("bought").min().alias("first_day"),
                pl.col("bought").count().alias("frequency"),
                pl.col("amount").sum().alias("monetary"),
            )
        )
        sums = [pl.col(name).cast(pl.Int64).sum() for name in TOTALS]
        if keep:
            self.kept = totals.collect(engine="streaming")
            return Summed(*self.kept.select(sums).row(0))
        return Summed(*totals.select(sums).collect(engine="streaming").row(0))

    def codes(self) -> dict[str, np.ndarray]:
        return {name: self.kept[name].to_numpy() for name in CODES}

    def totals(self) -> dict[str, np.ndarray]:
        kept = self.kept.with_columns(
            self.pl.col("last_day").fill_null(0), self.pl.col("first_day").fill_null(0xFFFF)
        )
        columns = {name: kept[name].to_numpy() for name in TOTALS}
        return dense_totals(self.contacts, kept["contact"].to_numpy(), columns)


def make(_name: str, threads: int) -> PolarsPeer:
    return PolarsPeer(threads)
