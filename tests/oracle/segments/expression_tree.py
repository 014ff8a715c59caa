"""Expressions as trees that are printed two ways: in quintile's language and as SQL.

A node knows its kind, and a number what docs/segment_language.md says of it: how many digits stand
after the point, whether it is a double, and how large it could be for any value of its columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["bool", "number", "text", "date", "timestamp", "duration"]

MOST_DIGITS = 38
LIMIT = 10**MOST_DIGITS - 1
COLUMN_MOST = 2**63
DAY_US = 86_400_000_000
UNIT_US = {"w": 7 * DAY_US, "d": DAY_US, "h": 3_600_000_000, "m": 60_000_000}

KIND_OF_TYPE: dict[str, Kind] = {
    "bool": "bool", "int64": "number", "decimal": "number", "double": "number",
    "date": "date", "timestamp": "timestamp", "category": "text", "tags": "bool",
    "consent": "bool",
}  # fmt: skip


class TooWideError(Exception):
    """The language refuses it: some value of its columns could need more than 38 digits."""


@dataclass(frozen=True)
class Column:
    """An attribute, a column of a model or a property of events."""

    name: str
    sql: str  # its name in the tables of the oracle
    type: str  # as in a schema: bool int64 decimal double date timestamp category tags consent
    decimals: int = 0
    channel: str = ""
    purpose: str = ""
    closed: bool = False  # a class: texts have no order, and others than its own are refused
    samples: tuple[Any, ...] = ()  # values that it has: integers scaled, days, microseconds
    bound: int = COLUMN_MOST  # no value in the data is larger

    @property
    def kind(self) -> Kind:
        return KIND_OF_TYPE[self.type]


@dataclass(frozen=True)
class EventType:
    name: str
    sql: str
    properties: tuple[Column, ...]  # `time` among them


@dataclass(frozen=True)
class Window:
    count: int
    unit: str  # w d h m

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    def microseconds(self) -> int:
        return self.count * UNIT_US[self.unit]

    def days(self) -> int | None:
        return self.count * {"w": 7, "d": 1}[self.unit] if self.unit in "wd" else None


@dataclass(frozen=True)
class Step:
    event: EventType
    where: Node | None = None
    negated: bool = False
    within: Window | None = None


@dataclass(frozen=True)
class Node:
    op: str
    kind: Kind
    children: tuple[Node, ...] = ()
    data: Any = None
    scale: int = 0
    double: bool = False
    most: int = 0  # magnitude, by the rule of the language
    bound: int = 0  # magnitude, by the data
    unknown: bool = False  # NULL, or computed from a NULL: of every kind

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.all_children():
            yield from child.walk()

    def all_children(self) -> tuple[Node, ...]:
        """Children, and the conditions of the events that a function asks for."""
        steps = self.data.steps if isinstance(self.data, EventCall) else ()
        return self.children + tuple(step.where for step in steps if step.where is not None)

    def size(self) -> int:
        return sum(1 for _ in self.walk())


@dataclass(frozen=True)
class Flags:
    """Of predicates: between, in, like, ilike, matches, is, distinct."""

    negated: bool = False
    what: str = ""  # is: NULL, TRUE or FALSE
    pattern: str = ""
    escape: str = ""


@dataclass(frozen=True)
class Named:
    """What tag(), segment() and in_list() ask for."""

    name: str
    columns: tuple[Column, ...] = ()  # tag: those of tags; in_list: the one of its members
    condition: Node | None = None  # segment: its definition


@dataclass(frozen=True)
class EventCall:
    function: str  # count sum ... days_since, regularly, sequence
    steps: tuple[Step, ...]
    property: Column | None = None
    window: Window | None = None
    required: int = 0  # regularly: of the last `periods` spans of `period_days`
    periods: int = 0
    period_days: int = 0


def scaled(magnitude: int, digits: int) -> int:
    most: int = magnitude * 10**digits
    if most > LIMIT:
        raise TooWideError
    return most


def literal(kind: Kind, value: Any, scale: int = 0) -> Node:
    """A number as (units of 10^-scale), a date in days, a time as text, a duration as a Window."""
    most = abs(value) if kind == "number" else 0
    if kind == "date":
        most = abs(value)
    if kind == "duration":
        most = value.microseconds()
    return Node("literal", kind, data=value, scale=scale, most=most, bound=most)


def timestamp_literal(text: str, instant: int) -> Node:
    return Node("literal", "timestamp", data=(text, instant), most=abs(instant), bound=abs(instant))


def null_of(kind: Kind) -> Node:
    return Node("null", kind, unknown=True)


def column(of: Column) -> Node:
    return Node(
        "column", of.kind, data=of, scale=of.decimals if of.type == "decimal" else 0,
        double=of.type == "double", most=COLUMN_MOST, bound=of.bound,
    )  # fmt: skip


def nullary(function: str, kind: Kind, value: int) -> Node:
    """today() and now()."""
    return Node(function, kind, data=value, most=abs(value), bound=abs(value))


def is_exact_number(node: Node) -> bool:
    return node.kind not in ("bool", "text") and not node.double


def arithmetic(sign: str, kind: Kind, left: Node, right: Node) -> Node:
    """left + right, left - right or left * right, which is of `kind`. A duration beside a date is
    a number of days."""
    if left.unknown or right.unknown:
        return Node("arithmetic", kind, (left, right), sign, unknown=True)
    if left.double or right.double:
        return Node("arithmetic", kind, (left, right), sign, double=True)
    if kind == "date":
        left, right = (_in_days(side) for side in (left, right))
    if sign == "*":
        most, bound = left.most * right.most, left.bound * right.bound
        scale = left.scale + right.scale
    else:
        scale = max(left.scale, right.scale)
        sides = ((left, scale - left.scale), (right, scale - right.scale))
        most = sum(scaled(side.most, digits) for side, digits in sides)
        bound = sum(side.bound * 10**digits for side, digits in sides)
    if most > LIMIT or scale > MOST_DIGITS:
        raise TooWideError
    return Node("arithmetic", kind, (left, right), sign, scale=scale, most=most, bound=bound)


def _in_days(side: Node) -> Node:
    if side.kind != "duration":
        return side
    days = side.data.microseconds() // DAY_US
    return replace(side, most=days, bound=days)


def negate(operand: Node) -> Node:
    return replace(operand, op="negate", children=(operand,), data=None)


def coalesce(kind: Kind, items: tuple[Node, ...]) -> Node:
    known = [item for item in items if not item.unknown]
    if not known:
        return Node("coalesce", kind, items, unknown=True)
    if len(known) == 1 or not is_exact_number(known[0]) or any(item.double for item in known):
        first = known[0]
        only = len(known) == 1
        return Node(
            "coalesce", kind, items, double=any(item.double for item in known),
            scale=first.scale if only else 0, most=first.most if only else 0,
            bound=first.bound if only else 0,
        )  # fmt: skip
    scale = max(item.scale for item in known)
    return Node(
        "coalesce", kind, items, scale=scale,
        most=max(scaled(item.most, scale - item.scale) for item in known),
        bound=max(item.bound * 10 ** (scale - item.scale) for item in known),
    )  # fmt: skip


def events(call: EventCall) -> Node:
    """A function of events; its value is a column like any other."""
    of = call.property
    if call.function in ("regularly", "sequence"):
        return Node("events", "bool", data=call)
    if call.function in ("count", "distinct", "days_since"):
        return Node("events", "number", data=call, most=COLUMN_MOST, bound=2**31)
    assert of is not None
    double = of.type == "double" or call.function == "avg"
    sums = call.function == "sum"
    return Node(
        "events", of.kind, data=call, scale=0 if double or of.type != "decimal" else of.decimals,
        double=double, most=COLUMN_MOST, bound=COLUMN_MOST if sums else of.bound,
    )  # fmt: skip
