"""Query pieces that DuckDB and ClickHouse share."""

from __future__ import annotations

from collections.abc import Sequence

from work import (
    COUNTRIES_ASKED,
    MONEY_RANGE,
    SET_QUESTIONS,
    TIERS,
    VISITS_ASKED,
    WINDOW_DAYS,
    Cuts,
)


def tier(column: str, cuts: Sequence[int], *, is_reversed: bool, cast: str = "") -> str:
    """1 + number of cuts below the value; reversed: 5 minus it. Branch-free; `cast` follows every
    term."""
    below = " + ".join(f"({column} > {cut}){cast}" for cut in cuts)
    return f"({TIERS}{cast} - ({below}))" if is_reversed else f"(1{cast} + {below})"


def tiers(cuts: Cuts) -> dict[str, str]:
    return {
        "r": tier("recency", cuts["recency"], is_reversed=True),
        "f": tier("frequency", cuts["frequency"], is_reversed=False),
        "m": tier("monetary", cuts["monetary"], is_reversed=False),
    }


# countIf is faster on both than a count of what WHERE lets through.
COUNT_QUERIES = {
    "range": (
        f"SELECT countIf(monetary BETWEEN {MONEY_RANGE[0]} AND {MONEY_RANGE[1]}) FROM contacts"
    ),
    "category": f"SELECT countIf(country IN {COUNTRIES_ASKED}) FROM contacts",
    "visits": f"""
      SELECT count(*) FROM (
        SELECT contact FROM events
        WHERE type = 'visit' AND day BETWEEN {WINDOW_DAYS[0]} AND {WINDOW_DAYS[1]}
        GROUP BY contact HAVING count(*) >= {VISITS_ASKED})""",
    **{
        task: f"SELECT countIf({question}) FROM segments"
        for task, question in SET_QUESTIONS.items()
    },
}
