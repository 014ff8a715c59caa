"""Query pieces that DuckDB and ClickHouse share."""

from __future__ import annotations

from collections.abc import Sequence

from work import TIERS, Cuts


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
