"""DuckDB, in memory.

R and F have few distinct values, so their cut points come from a grouped histogram, which is
several times faster there than quantile_disc; M has many and uses quantile_disc. Tiers are sums of
comparisons, the class is a look-up in a constant list. Countries and event types are ENUMs,
segments BOOLEAN columns. Events are sorted by type and time, so that a question about the last
days skips most of them.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
from columns import contacts_of, read_arrow
from sql_text import COUNT_QUERIES, tier
from work import (
    CLASSES,
    CODES,
    COUNTRIES,
    EVENT_TYPES,
    TIERS,
    TOTALS,
    Counts,
    Cuts,
    Peer,
    Scored,
    Summed,
    class_table,
    dense_totals,
)

AGGREGATE = """
  SELECT contact,
         max(day) FILTER (amount > 0) AS last_day, min(day) FILTER (amount > 0) AS first_day,
         count(*) FILTER (amount > 0) AS frequency, sum(amount)::BIGINT AS monetary
  FROM orders GROUP BY contact"""


SOURCES = {
    "contacts": "SELECT * REPLACE (country::country AS country) FROM source",
    "orders": "SELECT * FROM source",
    "events": "SELECT * REPLACE (type::event_type AS type) FROM source ORDER BY type, day",
    "segments": "SELECT * FROM source",
}


# So that no column is left unread.
USE_ALL = 'max(contact), max(time), max("order"), sum(amount)'


class DuckdbPeer(Peer):
    def __init__(self, threads: int) -> None:
        self.connection = duckdb.connect(config={"threads": threads})
        self.connection.execute("SET preserve_insertion_order = true")
        self.contacts = 0

    def version(self) -> str:
        return duckdb.__version__

    def load(self, group: str, folder: Path) -> None:
        self.connection.register("source", read_arrow(folder))
        for name, values in (("country", COUNTRIES), ("event_type", EVENT_TYPES)):
            self.connection.execute(f"CREATE TYPE {name} AS ENUM {values}")
        self.connection.execute(f"CREATE TABLE {group} AS {SOURCES[group]}")
        self.connection.unregister("source")
        if group == "orders":
            self.contacts = contacts_of(folder)

    def read_file(self, path: Path, *, keep: bool) -> int:
        source = "read_csv" if path.suffix == ".csv" else "read_parquet"
        query = f"FROM {source}('{path}')"
        if not keep:
            found = self.connection.execute(f"SELECT count(*), {USE_ALL} {query}").fetchall()
            return int(found[0][0])
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT * {query}")
        return int(self.connection.execute("SELECT count(*) FROM lines").fetchall()[0][0])

    def count(self, task: str) -> int:
        return int(self.connection.execute(COUNT_QUERIES[task]).fetchall()[0][0])

    def tiers_sql(self, cuts: Cuts) -> str:
        def case(column: str, *, is_reversed: bool = False) -> str:
            cast = "::UTINYINT"
            text = tier(column, cuts[column], is_reversed=is_reversed, cast=cast)
            return f"CASE WHEN frequency > 0 THEN {text} ELSE 0{cast} END"

        return (
            f"SELECT contact, {case('recency', is_reversed=True)} AS r, {case('frequency')} AS f, "
            f"{case('monetary')} AS m FROM contacts"
        )

    def rescore(self, cuts: Cuts, *, keep: bool) -> Counts:
        table = ", ".join(f"{code}::UTINYINT" for code in class_table())
        tiers = self.tiers_sql(cuts)
        if keep:
            self.connection.execute(
                f"""CREATE OR REPLACE TEMP TABLE codes AS
                    SELECT contact, r, f, m,
                           list_extract([{table}], r * 6 + (f + m + 1) // 2 + 1) AS class
                    FROM ({tiers})"""
            )
            found = self.connection.execute(
                "SELECT class, count(*) FROM codes GROUP BY class"
            ).fetchall()
        else:
            # At most 126 cells: look the class up once per cell.
            found = self.connection.execute(
                f"""SELECT list_extract([{table}], r * 6 + (f + m + 1) // 2 + 1) AS class, sum(n)
                    FROM (SELECT r, f, m, count(*) AS n FROM ({tiers}) GROUP BY ALL)
                    GROUP BY class"""
            ).fetchall()
        counts = [0] * len(CLASSES)
        for code, count in found:
            counts[code] = int(count)
        return counts

    def cuts(self) -> Cuts:
        cuts: Cuts = {}
        for column in ("recency", "frequency"):
            at = ", ".join(
                f"min(v) FILTER (cumulated * {TIERS} >= {i} * n)" for i in range(1, TIERS)
            )
            row = self.connection.execute(
                f"""SELECT {at} FROM (
                      SELECT {column} AS v, sum(count(*)) OVER (ORDER BY {column}) AS cumulated,
                             sum(count(*)) OVER () AS n
                      FROM contacts WHERE frequency > 0 GROUP BY {column})"""
            ).fetchall()[0]
            cuts[column] = list(row)
        cuts["monetary"] = self.connection.execute(
            """SELECT quantile_disc(monetary, [0.2, 0.4, 0.6, 0.8])
               FROM contacts WHERE frequency > 0"""
        ).fetchall()[0][0]
        return cuts

    def recompute(self, *, keep: bool) -> Scored:
        cuts = self.cuts()
        return Scored(cuts, self.rescore(cuts, keep=keep))

    def aggregate(self, *, keep: bool) -> Summed:
        source = f"({AGGREGATE})"
        if keep:
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE totals AS {AGGREGATE}")
            source = "totals"
        row = self.connection.execute(
            "SELECT " + ", ".join(f"sum({name})::BIGINT" for name in TOTALS) + f" FROM {source}"
        ).fetchall()[0]
        return Summed(*row)

    def codes(self) -> dict[str, np.ndarray]:
        found = self.connection.execute("SELECT * FROM codes ORDER BY contact").fetchnumpy()
        return {name: np.asarray(found[name]) for name in CODES}

    def totals(self) -> dict[str, np.ndarray]:
        found = self.connection.execute(
            "SELECT contact, coalesce(last_day, 0) AS last_day, "
            "coalesce(first_day, 65535) AS first_day, frequency, monetary FROM totals"
        ).fetchnumpy()
        return dense_totals(self.contacts, np.asarray(found["contact"]), found)


def make(_name: str, threads: int) -> DuckdbPeer:
    return DuckdbPeer(threads)
