"""Small shops and models drawn from a seed, dense with the cases that go wrong.

Values come from tiny ranges so that ties, windows met to the day, equal amounts with opposite
signs and empty tiers are the rule and not the exception.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import prod
from random import Random
from zoneinfo import ZoneInfo

from model import (
    VALUE_KEYS,
    ClassRule,
    Dimension,
    Fixed,
    Method,
    Model,
    Ntile,
    Quantile,
    Range,
    Window,
)
from order_lines import OrderLines, Rates, instant_of, normal_id

STRETCHES_MAX = 4096  # as docs/models.md says
# Each zone with a date on which its clock changes; Apia also lost a whole day.
ZONES = (
    ("UTC", "2024-03-01"),
    ("Europe/Warsaw", "2024-03-31"),
    ("Europe/Warsaw", "2024-10-27"),
    ("America/New_York", "2024-11-03"),
    ("America/Sao_Paulo", "2018-11-04"),  # midnight does not exist
    ("Australia/Lord_Howe", "2024-04-07"),  # half an hour
    ("Asia/Kathmandu", "2024-02-29"),
    ("Pacific/Apia", "2011-12-30"),
    ("America/Havana", "2024-11-03"),  # midnight hour occurs twice
)
ODD_IDS = (
    "a,b", 'say "hi"', "line\nbreak", "\u017c\u00f3\u0142\u0107", "\U0001f6d2", "007", "-5", "+5",
    "0", "-0", "1e5", "13085.0", "13085.5", "9223372036854775807", "9223372036854775808",
    "18446744073709551616", "null", "NULL", "nan", "N/A", "true", "a:b", "id:1", "#1", "'q'",
    "x" * 256, "e\u0301", "\u00e9", "\ufeffz", "A", "a", "Z", "_", "~",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    lines: OrderLines
    model: Model
    as_of: str


def draw_times(random: Random, day: date, zone: str, count: int) -> list[str]:
    span = random.choice((3, 20, 400, 3000))
    style = random.choice(("dates", "local", "local", "edges", "mixed"))
    times = []
    for _ in range(count):
        days = timedelta(days=random.randint(-span, 5))
        if style == "dates":
            times.append(str(day + days))
            continue
        second = random.choice((0, 1, 3599, 3600, 5400, 7199, 9000, 43200, 86399)) + (
            random.randint(0, 7200) if style == "local" else 0
        )
        local = datetime(day.year, day.month, day.day) + days + timedelta(seconds=second)
        if random.random() < 0.1:
            local += timedelta(microseconds=random.choice((1, 500_000, 999_999)))
        if style == "mixed" and random.random() < 0.4:
            offset = random.choice(("Z", "+02:00", "-05:30", "+14:00"))
            times.append(local.isoformat(sep="T") + offset)
        else:
            times.append(local.isoformat(sep=random.choice(" T")))
    return times


def draw_ids(random: Random, contacts: int) -> list[str]:
    style = random.choice(("integers", "integers", "text", "odd", "mixed"))
    integers = [str(random.randint(0, 10 * contacts)) for _ in range(contacts)]
    text = [f"{random.choice('abAZ_')}{random.randint(0, 4 * contacts)}" for _ in range(contacts)]
    if style == "integers":
        return integers
    if style == "text":
        return text
    odd = [*ODD_IDS, *integers[:5]]
    return odd if style == "odd" else [*odd, *text, *integers]


def draw_amounts(random: Random, count: int) -> list[str]:
    style = random.choice(("equal", "few", "few", "cents", "wide", "signs", "long"))
    if style == "equal":
        return ["5.00"] * count
    if style == "few":
        few = [f"{random.randint(-3, 6)}.{random.choice(('00', '5', '50'))}" for _ in range(4)]
        return [random.choice([*few, "0"]) for _ in range(count)]
    if style == "cents":
        return [f"0.0{random.randint(0, 9)}" for _ in range(count)]
    if style == "signs":
        return [random.choice(("1", "-1", "2", "-2", "0", "-0", "+3")) for _ in range(count)]
    if style == "long":
        return [
            f"{random.choice(('', '-'))}{random.randint(0, 9)}."
            f"{random.randint(0, 99):02}{random.choice(('5', '50', '500', '4999', '5001', ''))}"
            for _ in range(count)
        ]
    return [
        f"{random.choice(('', '', '-'))}{random.randint(0, 10 ** random.randint(1, 11))}."
        f"{random.randint(0, 99):02}"
        for _ in range(count)
    ]


def draw_lines(random: Random, zone: str, day: date) -> OrderLines:
    contacts = random.choice((1, 2, 5, 12, 40, 150))
    count = random.choice((1, contacts, 3 * contacts, 8 * contacts))
    ids = draw_ids(random, contacts)
    columns: dict[str, list[str | None]] = {
        "contact": [random.choice(ids) for _ in range(count)],
        "time": list(draw_times(random, day, zone, count)),
    }
    if random.random() < 0.1:
        columns["contact"] = [c if random.random() < 0.8 else "" for c in columns["contact"]]
    if random.random() < 0.8:
        numbers = random.choice((3, count + 1, 10 * count))
        columns["order"] = [
            ""
            if random.random() < 0.1
            else f"{random.choice(('', 'C'))}{random.randint(1, numbers)}"
            for _ in range(count)
        ]
    if random.random() < 0.7:
        columns["amount"] = list(draw_amounts(random, count))
    else:
        columns["quantity"] = [
            random.choice(("1", "2", "-1", "0", "12", "0.5", "-0.125", "3.000"))
            for _ in range(count)
        ]
        columns["price"] = list(draw_amounts(random, count))
    rates = None
    if random.random() < 0.25:
        rates, columns["currency"] = draw_currencies(random, day, count)
    properties = []
    for name, words in (("category", ("postage", "toys", "Tools", "")), ("channel", ("web", ""))):
        if random.random() < 0.5:
            columns[name] = [random.choice(words) or None for _ in range(count)]
            properties.append(name)
    lines = OrderLines(columns, zone, 2, rates, tuple(properties))
    if random.random() < 0.3:  # identical lines all count
        lines = lines.take([*range(count), *random.choices(range(count), k=max(1, count // 4))])
    return lines


def draw_currencies(random: Random, day: date, count: int) -> tuple[Rates, list[str | None]]:
    first = day - timedelta(days=20_000)
    rows = [
        ("USD", str(first), "0.9"),
        ("USD", str(day - timedelta(days=2)), "0.915"),
        ("USD", str(day), "0.92345678"),
        ("JPY", str(first), "0.00615"),
    ]
    random.shuffle(rows)
    return Rates("EUR", tuple(rows)), [
        random.choice(("EUR", "EUR", "USD", "JPY")) for _ in range(count)
    ]


def draw_window(random: Random) -> Window | None:
    return random.choice(
        (
            None,
            None,
            None,
            None,
            None,
            Window(random.choice((1, 2, 3, 4)), "d"),
            Window(random.choice((20, 30, 365)), "d"),
            Window(random.choice((2, 24, 25, 49, 480)), "h"),
            Window(random.choice((1, 90, 1440, 4321)), "m"),
        )
    )


def draw_method(random: Random, which: str) -> Method:
    k = random.choice((2, 3, 5, 5, 10, random.randint(2, 10)))
    kind = random.choice(("quantile", "quantile", "ntile", "fixed"))
    if kind != "fixed":
        return Quantile(k) if kind == "quantile" else Ntile(k)
    top = {"recency": 400, "frequency": 14, "monetary": 3000}[which]
    low = 0 if which == "recency" else 1
    bounds: list[int | None] = list(sorted(random.sample(range(low, top), k)))
    if which == "recency":
        bounds.reverse()
    return Fixed(tuple(bounds))


def draw_dimension(random: Random, which: str, window: Window | None) -> Dimension:
    method = draw_method(random, which)
    names: tuple[str, ...] = ()
    if random.random() < 0.3:
        names = tuple(f"{which[0]}-{i}" for i in range(method.tiers, 0, -1))
        if isinstance(method, Fixed) and random.random() < 0.5:
            method = Fixed((None, *method.bounds[1:]))
    return Dimension(method, names, window)


def draw_range(random: Random, low: int, high: int) -> Range:
    a, b = sorted((random.randint(low, high), random.randint(low, high)))
    return random.choice((Range(a, b), Range(None, b), Range(a, None)))


def draw_tier_range(random: Random, tiers: int) -> Range:
    a, b = sorted((random.randint(1, tiers), random.randint(1, tiers)))
    return Range(a, b)


def too_many_stretches(conditions: list[tuple[str, Range]]) -> bool:
    """Whether a map with these conditions is refused for the ranges it cuts values into."""
    starts = {
        (key, start)
        for key, range_ in conditions
        for start in (range_.low, None if range_.high is None else range_.high + 1)
        if start is not None
    }
    stretches = prod(1 + sum(key == which for which, _ in starts) for key in VALUE_KEYS)
    return stretches > STRETCHES_MAX


def draw_classes(random: Random, dimensions: dict[str, Dimension]) -> tuple[ClassRule, ...]:
    r, f, m = (dimensions[which].tiers for which in ("recency", "frequency", "monetary"))
    tiers = {"r": r, "f": f, "m": m, "fm": (f + m + 1) // 2}
    values = {"recency_days": 60, "first_days": 400, "frequency": 6, "monetary": 2000}
    drawn = [*values.items()] * random.choice((1, 2, 6))
    pool = [(key, draw_range(random, 0, high)) for key, high in drawn]
    while too_many_stretches(pool):
        pool.pop()
    names = [f"c{i}" for i in range(random.randint(1, 8))]
    rules = []
    for _ in range(random.randint(1, 12)):
        keys = random.sample(sorted(tiers), random.randint(0, 3))
        conditions = [(key, draw_tier_range(random, tiers[key])) for key in keys]
        chosen = random.sample(pool, random.choice((0, 0, 1, 2, 3)))
        conditions += [c for i, c in enumerate(chosen) if c[0] not in [k for k, _ in chosen[:i]]]
        if conditions:
            rules.append(ClassRule(random.choice(names), tuple(conditions)))
    return tuple(rules) or (ClassRule("c0", (("r", Range(1, 2)),)),)


WHERES = {
    "category": (
        "category <> 'postage'",
        "category = 'toys' OR category IS NULL",
        "NOT (category IN ('toys', 'Tools'))",
        "category LIKE 't%'",
        "category ILIKE 'T%'",
        "category IS DISTINCT FROM 'toys'",
        "category BETWEEN 'a' AND 'q'",
    ),
    "channel": ("channel = 'web'", "channel IS NOT NULL", "channel = 'shop'"),
}
POPULATIONS = (
    "country = 'PL'",
    "country IN ('PL', 'DE') AND age >= 30",
    "age IS NULL OR age < 40",
    "country IS DISTINCT FROM 'PL'",
    "NOT (age BETWEEN 20 AND 35)",
)


def draw_where(random: Random, lines: OrderLines, day: date) -> tuple[str, str]:
    """The condition, and the same in the words of the oracle's tables."""
    texts = [text for name in lines.properties for text in WHERES[name]]
    pairs = [(text, text) for text in texts]
    pairs.append(("amount > 2.50", "amount > 250"))
    pairs.append(("amount BETWEEN -1 AND 3", "amount BETWEEN -100 AND 300"))
    noon = f"{day} 12:00:00"
    instant = instant_of(datetime.fromisoformat(noon), ZoneInfo(lines.zone))
    pairs.append((f"time < TIMESTAMP '{noon}'", f"t < {instant}"))
    if "order" in lines.columns:
        order = "nullif(order_id, '')"
        pairs.append(("\"order\" NOT LIKE 'C%'", f"{order} NOT LIKE 'C%'"))
        pairs.append(('"order" IS NOT NULL', f"{order} IS NOT NULL"))
    return random.choice(pairs)


def draw_contacts(random: Random, lines: OrderLines) -> dict[str, list[str | None]]:
    """Attributes of most contacts, and of some without orders."""
    ids = sorted({normal_id(contact) for contact in lines.columns["contact"] if contact})
    known = [contact for contact in ids if random.random() < 0.85] + ["nobody-1", "nobody-2"]
    random.shuffle(known)
    return {
        "contact": list(known),
        "country": [random.choice(("PL", "DE", "", "FR")) or None for _ in known],
        "age": [random.choice(("", "18", "30", "39", "71")) or None for _ in known],
    }


def draw_model(random: Random, lines: OrderLines, day: date) -> Model:
    shared = draw_window(random) if random.random() < 0.5 else None
    dimensions = {
        which: draw_dimension(
            random, which, shared or (draw_window(random) if random.random() < 0.3 else None)
        )
        for which in ("recency", "frequency", "monetary")
    }
    if random.random() < 0.15:
        dimensions = {
            which: replace(d, names=tuple(f"{which[0]}{i}" for i in range(d.tiers, 0, -1)))
            for which, d in dimensions.items()
            if d.tiers <= 6
        }
    named = len(dimensions) == 3 and all(d.names for d in dimensions.values())
    while len(dimensions) < 3:
        missing = next(w for w in ("recency", "frequency", "monetary") if w not in dimensions)
        dimensions[missing] = Dimension(Quantile(3), (), shared)
    model = Model(
        dimensions["recency"],
        dimensions["frequency"],
        dimensions["monetary"],
        measure=random.choice(("net", "net", "gross", "mean")),
        returns=random.choice(("net", "net", "match")),
        zero_is_purchase=random.random() < 0.25,
    )
    cells = model.recency.tiers * model.frequency.tiers * model.monetary.tiers
    if named and cells <= 250:
        model = replace(model, classes=None, otherwise=None)
    else:
        model = replace(model, classes=draw_classes(random, dimensions))
    if random.random() < 0.4:
        where, where_sql = draw_where(random, lines, day)
        model = replace(model, where=where, where_sql=where_sql)
    if lines.contacts:
        model = replace(model, population=random.choice(POPULATIONS))
    return model


def draw_as_of(random: Random, lines: OrderLines, day: date) -> str:
    """A date, the instant of a line, or one just beside it."""
    style = random.choice(("date", "date", "line", "instant", "offset"))
    if style == "date":
        return str(day + timedelta(days=random.randint(-4, 4)))
    if style == "line":
        text = random.choice(lines.columns["time"]) or ""
        return text
    moment = datetime(day.year, day.month, day.day) + timedelta(
        hours=random.randint(-48, 48), minutes=random.choice((0, 30)), seconds=random.randint(0, 1)
    )
    if style == "instant":
        return moment.isoformat(sep=" ")
    zone = ZoneInfo(lines.zone)
    return moment.replace(tzinfo=UTC).astimezone(zone).isoformat()


def draw_case(seed: int) -> Case:
    random = Random(seed)
    zone, change = random.choice(ZONES)
    day = date.fromisoformat(change)
    lines = draw_lines(random, zone, day)
    if random.random() < 0.2:
        lines.contacts = draw_contacts(random, lines)
        lines.contact_types = {"age": "BIGINT"}
    return Case(lines, draw_model(random, lines, day), draw_as_of(random, lines, day))
