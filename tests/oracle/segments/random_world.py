"""Made-up contacts, events and orders: every type of column, nulls, extreme values, odd texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from expression_tree import Column, EventType, Named
from model import Model
from order_lines import local_day, parse_as_of
from quintile_text import date_text

ZONES = ("UTC", "Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Apia")
AS_OFS = (
    "2026-01-31", "2025-03-30", "2025-10-26 02:30:00", "2024-02-29 23:59:59",
    "2025-06-15T12:00:00Z", "2026-03-29 00:00:00", "2025-11-02 01:30:00", "2011-12-31",
)  # fmt: skip
TEXTS = (
    "", "a", "A", "ab", "b", "it's", '"', "''", "50%", "5_0", "a%b", "a_b", "!", "\\",
    "\u017b\u00f3\u0142\u0107", "\u017c\u00f3\u0142\u0107", "za\u017c\u00f3\u0142\u0107",
    "\u65e5\u672c", "\u65e5\u672c\u8a9e", "\u00e9", "e\u0301", "\U0001f600", "line\nbreak", " a",
    "a ", "NULL", "true", "0", "PL", "pl", "CZ", "/sale/1", "/sale/2", "/", "x" * 40,
)  # fmt: skip
INTEGERS = (
    0, 1, -1, 2, 3, 7, 10, 18, 30, 64, 100, 127, 128, 255, 256, 65535, 65536, -128, 2**31 - 1,
    2**31, -(2**31), 2**53, 2**53 + 1, -(2**53) - 1, 2**62, 2**63 - 1, -(2**63), -(2**63) + 1,
    10**18,
)  # fmt: skip
DOUBLES = (
    0.0, -0.0, 0.1, 0.5, 1.0, -1.0, 1.5, 2.0, 3.0, 12.5, 100.25, 1e15, 9007199254740993.0, 1e22,
    1e-9, 1e300, -1e300, 5e-324, float("inf"), float("-inf"), 0.30000000000000004, 2.0**63,
)  # fmt: skip
SUMMABLE = (0.0, 0.25, 0.5, 1.0, -1.5, 2.75, 3.0, 100.5, -64.25)  # their sums are exact
DAYS = (0, 1, -1, 20000, 20480, 20484, 11016, -25567, 40000, 10957)
DAY_US = 86_400_000_000
TYPES = ("bool", "int64", "decimal", "double", "date", "timestamp", "category", "tags", "consent")
SHARED_PROPERTIES = (
    ("url", "p0", "category"), ("value", "p1", "decimal"), ("flag", "p2", "bool"),
    ("when", "p3", "timestamp"), ("x-y", "p4", "category"), ("n", "p5", "int64"),
    ("r", "p6", "double"), ("day", "p7", "date"),
)  # fmt: skip
ODD_NAMES = (
    "age", "loyalty-points", "a.b", "country", "from", "Null", "x_1", "count", "today", "NOT", "e",
    "w.9",
)  # fmt: skip


@dataclass
class Rows:
    """Columns of one length; None is a null."""

    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


@dataclass
class World:
    zone: str
    as_of_text: str
    as_of: int  # last instant seen
    day: int  # its local date
    contacts: list[str]  # ids; attributes are of all
    attributes: list[Column]
    values: dict[str, list[Any]]  # by name of the attribute
    event_types: list[EventType]  # the declared ones
    event_rows: dict[str, Rows]  # by type: i, t, day, arrival and properties by SQL name
    order_type: EventType | None = None
    purchase_types: list[EventType] = field(default_factory=list)
    lines: Rows | None = None  # i, t, day, arrival, amount, order and properties by SQL name
    model: Model | None = None
    model_columns: list[Column] = field(default_factory=list)  # beside the attributes in `values`
    segments: list[Named] = field(default_factory=list)  # with their conditions
    lists: list[Named] = field(default_factory=list)  # with the column, in `values`, of members

    def all_event_types(self) -> list[EventType]:
        made = [*self.purchase_types, self.order_type] if self.order_type else []
        return [*self.event_types, *made]


def value_drawer(random: Random, column: Column, as_of: int, day: int) -> Callable[[], Any]:
    """Draws values of a column, from a pool of its own so that they repeat."""
    match column.type:
        case "bool" | "consent":
            return lambda: random.random() < 0.5
        case "int64":
            small = [random.randrange(-20, 100) for _ in range(6)]
            integers = small if random.random() < 0.6 else [*small, *random.sample(INTEGERS, 8)]
            return lambda: random.choice(integers)
        case "decimal":
            unit = 10 ** min(column.decimals, 17)
            amounts = [random.randrange(-5 * unit, 50 * unit) for _ in range(5)] + [
                0,
                unit,
                10 * unit,
            ]
            if random.random() < 0.4:
                amounts += random.sample(INTEGERS, 4)
                amounts += [random.randrange(2**53, 2**63) for _ in range(4)]
            return lambda: random.choice(amounts)
        case "double":
            reals = random.sample(DOUBLES, 8)
            return lambda: random.choice(reals)
        case "date":
            days = [
                *random.sample(DAYS, 3),
                *(day - random.randrange(-3, 400) for _ in range(6)),
                day,
            ]
            return lambda: random.choice(days)
        case "timestamp":
            times = [as_of - random.randrange(-DAY_US, 40 * DAY_US) for _ in range(6)]
            times += [as_of, as_of + 1, 0, -1, as_of - 2 * 3_600_000_000]
            return lambda: random.choice(times)
    texts = random.sample(TEXTS, random.randrange(2, 12))
    return lambda: random.choice(texts)


def draw_column(random: Random, name: str, sql: str, type_: str) -> Column:
    column = Column(name, sql, type_)
    if type_ == "decimal":
        column = replace(column, decimals=random.choice((0, 1, 2, 2, 3, 6, 18)))
    if type_ == "consent":
        column = replace(column, channel=random.choice(("email", "sms")), purpose=sql)
    return column


def with_samples(column: Column, values: list[Any]) -> Column:
    if column.type == "tags":
        known = sorted({tag for tags in values if tags is not None for tag in tags})
        return replace(column, samples=tuple(known))
    distinct = list(dict.fromkeys(value for value in values if value is not None))
    bound = column.bound
    if column.type in ("int64", "decimal", "date", "timestamp"):
        bound = max((abs(value) for value in distinct), default=0)
    return replace(column, samples=tuple(distinct[:40]), bound=bound)


def doubles_near(random: Random, world: World) -> list[float]:
    """The nearest doubles of exact values: where one is turned into a double, they are equal."""
    exact = [(v, c.decimals) for c in world.attributes if c.type in ("int64", "decimal")
             for v in c.samples]  # fmt: skip
    chosen = random.choices(exact, k=8) if exact else []
    return [value / 10**decimals for value, decimals in chosen] or [0.0]


def draw_attributes(random: Random, world: World) -> None:
    types = [*TYPES, *random.choices(TYPES, k=random.randrange(3, 8))]
    names = random.sample(ODD_NAMES, len(ODD_NAMES))
    for n, type_ in enumerate(types):
        name = names[n] if n < len(names) and random.random() < 0.5 else f"c{n}"
        column = draw_column(random, name, f"a{n}", type_)
        nulls = random.choice((0.0, 0.1, 0.1, 0.5, 1.0 if random.random() < 0.2 else 0.3))
        if type_ == "tags":
            tags = random.sample(TEXTS[1:], 5)
            draw: Callable[[], Any] = lambda tags=tags: random.sample(tags, random.randrange(4))  # type: ignore[misc] # noqa: E731
        else:
            draw = value_drawer(random, column, world.as_of, world.day)
        if type_ == "double" and random.random() < 0.7:
            near = doubles_near(random, world)
            draw = lambda near=near, draw=draw: random.choice((draw(), random.choice(near)))  # type: ignore[misc] # noqa: E731
        values = [None if random.random() < nulls else draw() for _ in world.contacts]
        world.values[name] = values
        world.attributes.append(with_samples(column, values))


def draw_times(random: Random, world: World, count: int) -> list[int]:
    """Instants about as_of, with edges of local days and equal ones among them."""
    hour = 3_600_000_000
    edges = [world.as_of, world.as_of + 1, world.as_of - 2 * hour, world.as_of - 24 * hour]
    zone = ZoneInfo(world.zone)
    for back in (0, 1, 6, 7, 13, 29, 30):
        end, _ = parse_as_of(date_text(world.day - back), world.zone)
        edges += [end, end + 1]
    pool = [
        world.as_of - round(abs(random.gauss(0, 20)) * DAY_US) + random.choice((0, 0, DAY_US))
        for _ in range(max(4, count // 3))
    ]
    times = [
        random.choice(edges) if random.random() < 0.3 else random.choice(pool) for _ in range(count)
    ]
    assert all(local_day(t, zone) > 0 for t in times)
    return times


def draw_event_rows(
    random: Random, world: World, properties: list[Column], count: int, arrival: int
) -> Rows:
    zone = ZoneInfo(world.zone)
    times = draw_times(random, world, count)
    busy = random.sample(range(len(world.contacts)), max(1, len(world.contacts) // 3))
    columns: dict[str, list[Any]] = {
        "i": [random.choice(busy) for _ in range(count)],
        "t": times,
        "day": [local_day(t, zone) for t in times],
        "arrival": [arrival + n for n in range(count)],
    }
    for column in properties:
        draw = value_drawer(random, column, world.as_of, world.day)
        if column.type == "double":
            draw = lambda: random.choice(SUMMABLE)  # noqa: E731
        nulls = random.choice((0.0, 0.1, 0.4))
        columns[column.sql] = [None if random.random() < nulls else draw() for _ in range(count)]
    return Rows(columns)


def event_type(name: str, sql: str, properties: list[Column], rows: Rows) -> EventType:
    known = [with_samples(column, rows.columns[column.sql]) for column in properties]
    time = with_samples(Column("time", "t", "timestamp"), rows.columns["t"])
    return EventType(name, sql, (*known, time))


def draw_events(random: Random, world: World) -> None:
    # A property of one name is of one type everywhere.
    shared = [draw_column(random, *named) for named in SHARED_PROPERTIES]
    # Sums stay within 64 bits, which others are refused.
    for n, name in enumerate(("visit", "cart", "mail.open")[: random.randrange(1, 4)]):
        properties = random.sample(shared, random.randrange(2, len(shared) + 1))
        count = random.choice((0, 40, 400, 1500))
        arrival = sum(len(rows) for rows in world.event_rows.values())
        rows = draw_event_rows(random, world, properties, count, arrival)
        for column in properties:
            if column.type in ("int64", "decimal"):
                rows.columns[column.sql] = [
                    value if value is None or abs(value) < 2**50 else value % 1000
                    for value in rows.columns[column.sql]
                ]
        world.event_rows[name] = rows
        world.event_types.append(event_type(name, f"ev{n}", properties, rows))


def draw_orders(random: Random, world: World) -> None:
    count = random.choice((0, 30, 300, 1000))
    properties = [
        Column("amount", "amount", "decimal", 2), Column("order", "order_id", "category"),
        Column("quantity", "quantity", "decimal", 3), Column("product", "product", "category"),
        Column("category", "category", "category"), Column("gift", "gift", "bool"),
    ]  # fmt: skip
    rows = draw_event_rows(random, world, properties, count, 0)
    columns = rows.columns
    columns["amount"] = [random.choice((500, 1000, 1999, -500, 0, 25000, -1)) for _ in range(count)]
    columns["order_id"] = [
        None if random.random() < 0.1 else f"o{random.randrange(max(1, count // 2))}"
        for _ in range(count)
    ]
    columns["quantity"] = [random.choice((1000, 2000, 500, -1000)) for _ in range(count)]
    world.lines = rows
    world.order_type = event_type("order", "ev_order", properties, rows)
    amount = Column(
        "amount", "amount", "decimal", 2, samples=world.order_type.properties[0].samples
    )
    time = world.order_type.properties[-1]
    world.purchase_types = [
        EventType(name, f"ev_{name}", (amount, time)) for name in ("purchase", "return")
    ]


def draw_lists(random: Random, world: World) -> None:
    for n in range(2):
        column = Column(f"list {n}", f"l{n}", "bool")
        world.values[column.name] = [random.random() < 0.3 for _ in world.contacts]
        world.lists.append(Named(f"list-{n}", (column,)))


def draw_world(seed: int, contacts: int | None = None) -> World:
    random = Random(seed)
    zone = random.choice(ZONES)
    as_of_text = random.choice(AS_OFS)
    as_of, day = parse_as_of(as_of_text, zone)
    count = contacts or random.choice((1, 63, 64, 65, 130, 300, 600))
    ids = [f"k{n}" if random.random() < 0.8 else f"k{n}'\"\u017c" for n in range(count)]
    world = World(zone, as_of_text, as_of, day, ids, [], {}, [], {})
    draw_attributes(random, world)
    draw_events(random, world)
    draw_orders(random, world)
    draw_lists(random, world)
    return world
