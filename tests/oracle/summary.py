"""The rows of `quintile rfm --summary --format csv`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from model import money_text
from program import difference
from segmentation import ClassSummary

DECIMALS = 6


def fraction_text(value: Fraction | None) -> str:
    """Six decimals, half to even; nothing for no value."""
    if value is None:
        return ""
    return money_text(round(value * 10**DECIMALS), DECIMALS)  # round() is half to even


def summary_bytes(summary: Sequence[ClassSummary], scale: int = 2) -> bytes:
    out = ["class,contacts,share,revenue,recency_days,frequency,monetary\n"]
    for row in summary:
        money = None if row.monetary is None else row.monetary / 10**scale
        out.append(
            f"{row.class_name},{row.contacts},{fraction_text(row.share)},"
            f"{money_text(row.revenue, scale)},{fraction_text(row.recency_days)},"
            f"{fraction_text(row.frequency)},{fraction_text(money)}\n"
        )
    return "".join(out).encode()


def summary_difference(summary: Sequence[ClassSummary], got: bytes, scale: int = 2) -> str:
    found = difference(summary_bytes(summary, scale), got)
    return f"summary: {found}" if found else ""
