"""Order lines as text, and what that text means: instants, local dates, minor units.

The rules are those of DESIGN section 3, written with Python's own decimal and zoneinfo modules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
Integers = Sequence[int] | np.ndarray
DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")


def instant_of(local: datetime, zone: ZoneInfo) -> int:
    """Microseconds UTC; an ambiguous time is the earlier one, a gap uses the offset before it."""
    aware = local if local.tzinfo is not None else local.replace(tzinfo=zone, fold=0)
    return (aware.astimezone(UTC) - EPOCH) // MICROSECOND


def local_day(instant: int, zone: ZoneInfo) -> int:
    """The local date of an instant, in days since 1970-01-01."""
    local = (EPOCH + instant * MICROSECOND).astimezone(zone)
    return (local.date() - date(1970, 1, 1)).days


@cache
def parse_time(text: str, zone_name: str) -> tuple[int, int]:
    """(instant, local day) of ISO 8601 text."""
    zone = ZoneInfo(zone_name)
    instant = instant_of(datetime.fromisoformat(text), zone)
    return instant, local_day(instant, zone)


def parse_as_of(text: str, zone_name: str) -> tuple[int, int]:
    """(last instant seen, local day); a date means the end of that day.

    The local day is that of the instant: a date that a clock skipped whole, such as 2011-12-30 in
    Apia, ends when the date before it does.
    """
    zone = ZoneInfo(zone_name)
    if DATE_ONLY.fullmatch(text):
        day = date.fromisoformat(text)
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
        end = instant_of(midnight, zone) - 1
        return end, local_day(end, zone)
    return parse_time(text, zone_name)


def to_minor(value: Decimal, scale: int) -> int:
    """Rounds once, half to even, to minor units."""
    with localcontext() as context:
        context.prec = 120
        return int(value.scaleb(scale).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def product(*factors: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 120
        result = Decimal(1)
        for factor in factors:
            result *= factor
        return result


@dataclass(frozen=True)
class Rates:
    """Dated rates into the project's currency: (currency, first date it holds, rate)."""

    currency: str
    rows: tuple[tuple[str, str, str], ...]

    def factor(self, currency: str, day: int) -> Decimal:
        if currency == self.currency:
            return Decimal(1)
        best: tuple[int, Decimal] | None = None
        for name, since, rate in self.rows:
            since_day = (date.fromisoformat(since) - date(1970, 1, 1)).days
            if name == currency and since_day <= day and (best is None or since_day > best[0]):
                best = (since_day, Decimal(rate))
        assert best is not None, f"no rate for {currency}"
        return best[1]


@dataclass
class OrderLines:
    """Lines as text columns by role: contact, time, order, amount or quantity and price,
    currency, and any further line properties. None is a missing value."""

    columns: dict[str, list[str | None]]
    zone: str = "UTC"
    scale: int = 2
    rates: Rates | None = None
    properties: tuple[str, ...] = ()
    contacts: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    contact_types: Mapping[str, str] = field(default_factory=dict)  # SQL types, default VARCHAR

    def __len__(self) -> int:
        return len(self.columns["contact"])

    def take(self, rows: Sequence[int]) -> OrderLines:
        columns = {name: [values[i] for i in rows] for name, values in self.columns.items()}
        return replace(self, columns=columns)


@dataclass
class PreparedLines:
    """The same lines as typed columns; lines without a contact are gone."""

    contact: Sequence[str]
    order: Sequence[str | None]
    instant: Integers
    day: Integers
    amount: Integers
    properties: Mapping[str, Sequence[str | None]]
    zone: str
    scale: int
    contacts: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    contact_types: Mapping[str, str] = field(default_factory=dict)


@cache
def normal_id(text: str) -> str:
    """`13085.0` is `13085`; everything else is itself."""
    return text.split(".")[0] if re.fullmatch(r"-?(0|[1-9]\d*)\.0+", text) else text


def line_amount(lines: OrderLines, row: int, day: int) -> int:
    columns = lines.columns
    if "amount" in columns:
        factors = [Decimal(columns["amount"][row] or "")]
    else:
        factors = [Decimal(columns["quantity"][row] or ""), Decimal(columns["price"][row] or "")]
    if lines.rates is not None:
        factors.append(lines.rates.factor(columns["currency"][row] or "", day))
    return to_minor(product(*factors), lines.scale)


def prepare(lines: OrderLines) -> PreparedLines:
    columns = lines.columns
    kept = [i for i, contact in enumerate(columns["contact"]) if contact]
    times = [parse_time(columns["time"][i] or "", lines.zone) for i in kept]
    orders = columns.get("order")
    return PreparedLines(
        contact=[normal_id(columns["contact"][i] or "") for i in kept],
        order=[orders[i] if orders else None for i in kept],
        instant=[instant for instant, _ in times],
        day=[day for _, day in times],
        amount=[line_amount(lines, i, day) for i, (_, day) in zip(kept, times, strict=True)],
        properties={name: [columns[name][i] for i in kept] for name in lines.properties},
        zone=lines.zone,
        scale=lines.scale,
        contacts=lines.contacts,
        contact_types=lines.contact_types,
    )
