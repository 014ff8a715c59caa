"""ClickHouse (chdb), tables of engine Memory.

quantileExact picks the value at floor(level * n), so levels are set to the middle of the wanted
ranks; quantileExactWeighted with weight 1 counts distinct values first, which is faster for R and
F. The class is a `transform` of the cell. Countries and event types are Enum8, segments Bool
columns. Events are in Memory too: MergeTree tables by (type, day) or by contact, with and without
aggregation in order, were slower.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import chdb.session
import numpy as np
from columns import contacts_of
from sql_text import COUNT_QUERIES, tiers
from work import (
    CLASSES,
    CODES,
    COUNTRIES,
    EVENT_TYPES,
    PROSPECT,
    SEGMENT_SHARES,
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


def enum8(names: tuple[str, ...]) -> str:
    return "Enum8(" + ", ".join(f"'{name}' = {code}" for code, name in enumerate(names)) + ")"


TYPES = {
    "contacts": (
        f"contact UInt32, recency UInt16, frequency UInt32, monetary Int64, "
        f"country {enum8(COUNTRIES)}"
    ),
    "orders": "contact UInt32, day UInt16, amount Int64",
    "events": f"contact UInt32, type {enum8(EVENT_TYPES)}, day UInt16",
    "segments": "contact UInt32, " + ", ".join(f"{name} Bool" for name in SEGMENT_SHARES),
    "lines": "contact Int64, time DateTime64(6), order Int64, amount Decimal(18, 2)",
    "codes": "contact UInt32, r UInt8, f UInt8, m UInt8, class UInt8",
    "totals": (
        "contact UInt32, last_day UInt16, first_day UInt16, frequency UInt64, monetary Int64"
    ),
}
AGGREGATE = """
  SELECT contact, maxIf(day, amount > 0) AS last_day, minIf(day, amount > 0) AS first_day,
         countIf(amount > 0) AS frequency, sum(amount) AS monetary
  FROM shop.orders GROUP BY contact"""


class ClickhousePeer(Peer):
    def __init__(self, threads: int) -> None:
        open_session: Any = chdb.session.Session
        self.session: Any = open_session()
        self.session.query(f"SET max_threads = {threads}, max_insert_threads = {threads}")
        self.settings = f"SETTINGS max_threads = {threads}"
        self.contacts = 0
        self.buyers = 0

    def version(self) -> str:
        return str(self.rows("SELECT version()")[0][0])

    def rows(self, query: str) -> list[list[Any]]:
        text = self.session.query(
            f"{query} {self.settings}, output_format_json_quote_64bit_integers = 0", "JSONCompact"
        ).data()
        found: list[list[Any]] = json.loads(text)["data"]
        return found

    def make_table(self, name: str) -> None:
        self.session.query(f"CREATE OR REPLACE TABLE shop.{name} ({TYPES[name]}) ENGINE = Memory")

    def load(self, group: str, folder: Path) -> None:
        self.session.query("CREATE DATABASE IF NOT EXISTS shop")
        self.make_table(group)
        self.session.query(
            f"INSERT INTO shop.{group} SELECT * FROM file('{folder}/table.arrow', 'Arrow')"
        )
        self.session.query("USE shop")
        if group == "contacts":
            [[self.buyers]] = self.rows("SELECT countIf(frequency > 0) FROM contacts")
        self.contacts = contacts_of(folder)

    def read_file(self, path: Path, *, keep: bool) -> int:
        kind = "CSVWithNames" if path.suffix == ".csv" else "Parquet"
        source = f"file('{path}', '{kind}', '{TYPES['lines']}')"
        if not keep:
            used = "max(contact), max(time), max(order), sum(amount)"
            return int(self.rows(f"SELECT count(), {used} FROM {source}")[0][0])
        self.session.query("CREATE DATABASE IF NOT EXISTS shop")
        self.make_table("lines")
        self.session.query(
            f"INSERT INTO shop.lines SELECT * FROM {source} {self.settings}, "
            "date_time_input_format = 'best_effort'"
        )
        return int(self.rows("SELECT count() FROM shop.lines")[0][0])

    def count(self, task: str) -> int:
        return int(self.rows(COUNT_QUERIES[task])[0][0])

    def rescore(self, cuts: Cuts, *, keep: bool) -> Counts:
        columns = ", ".join(
            f"toUInt8((frequency > 0) * {text}) AS {name}" for name, text in tiers(cuts).items()
        )
        table = class_table()
        by_cell = (
            f"toUInt8(transform(r * 6 + intDiv(f + m + 1, 2), {list(range(36))}, {table}, "
            f"{PROSPECT}))"
        )
        if keep:
            self.make_table("codes")
            self.session.query(
                f"""INSERT INTO shop.codes
                    SELECT contact, r, f, m, {by_cell} AS class
                    FROM (SELECT contact, {columns} FROM shop.contacts) {self.settings}"""
            )
            found = self.rows("SELECT class, count() FROM shop.codes GROUP BY class")
        else:
            found = self.rows(
                f"""SELECT {by_cell} AS class, count()
                    FROM (SELECT {columns} FROM shop.contacts) GROUP BY class"""
            )
        counts = [0] * len(CLASSES)
        for code, count in found:
            counts[code] = count
        return counts

    def cuts(self) -> Cuts:
        # The number of buyers is known to an engine that keeps counts, so it is not timed.
        n = self.buyers
        levels = ", ".join(repr((cut_rank(i, n) - 0.5) / n) for i in range(1, TIERS))
        shares = ", ".join(repr(i / TIERS) for i in range(1, TIERS))
        [[recency, frequency, monetary]] = self.rows(
            f"""SELECT quantilesExactWeighted({shares})(recency, 1),
                       quantilesExactWeighted({shares})(frequency, 1),
                       quantilesExact({levels})(monetary)
                FROM shop.contacts WHERE frequency > 0"""
        )
        return {"recency": recency, "frequency": frequency, "monetary": monetary}

    def recompute(self, *, keep: bool) -> Scored:
        cuts = self.cuts()
        return Scored(cuts, self.rescore(cuts, keep=keep))

    def aggregate(self, *, keep: bool) -> Summed:
        source = f"({AGGREGATE})"
        if keep:
            self.make_table("totals")
            self.session.query(f"INSERT INTO shop.totals {AGGREGATE} {self.settings}")
            source = "shop.totals"
        sums = ", ".join(f"sum({name})" for name in TOTALS)
        return Summed(*self.rows(f"SELECT {sums} FROM {source}")[0])

    def numpy(self, query: str) -> dict[str, np.ndarray]:
        table = self.session.query(query, "ArrowTable")
        return {name: table[name].to_numpy() for name in table.column_names}

    def codes(self) -> dict[str, np.ndarray]:
        found = self.numpy("SELECT * FROM shop.codes ORDER BY contact")
        return {name: found[name] for name in CODES}

    def totals(self) -> dict[str, np.ndarray]:
        found = self.numpy("SELECT * FROM shop.totals")
        # minIf over nothing is 0 here.
        found["first_day"] = np.where(found["frequency"] > 0, found["first_day"], 0xFFFF)
        return dense_totals(self.contacts, found["contact"], found)


def make(_name: str, threads: int) -> ClickhousePeer:
    return ClickhousePeer(threads)
