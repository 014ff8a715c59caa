"""Draws conditions over the columns and events of a world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from expression_tree import (
    DAY_US,
    Column,
    EventCall,
    EventType,
    Flags,
    Kind,
    Named,
    Node,
    Step,
    TooWideError,
    Window,
    arithmetic,
    coalesce,
    column,
    events,
    literal,
    negate,
    null_of,
    nullary,
    timestamp_literal,
)
from quintile_text import date_text
from random_world import TEXTS, World

KINDS: tuple[Kind, ...] = ("number", "number", "text", "text", "date", "timestamp", "duration")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
REGEXES = (
    "^a",
    "b$",
    "[A-Z]+",
    "a|b",
    "^$",
    "\\d",
    "(sale|PL)",
    "\u017c",
    "^.$",
    "x{3}",
    "[^a]",
    "/",
)
WINDOWS = tuple(
    Window(count, unit)
    for count, unit in ((1, "d"), (2, "d"), (7, "d"), (30, "d"), (1, "w"), (365, "d"), (1, "h"),
                        (2, "h"), (24, "h"), (36, "h"), (90, "m"), (65534, "d"))
)  # fmt: skip
DURATIONS = (*WINDOWS[:9], Window(1, "m"), Window(100, "w"))
PROPERTY_FUNCTIONS = ("sum", "avg", "min", "max", "first", "last", "mode", "distinct")
FIRST_DAY, LAST_DAY = -25567, 39_000


@dataclass
class Drawer:
    """Conditions over `columns`; without `world` those of a WHERE of events."""

    random: Random
    clock: tuple[int, int]  # as_of, local day
    columns: Sequence[Column]
    event_types: Sequence[EventType] = ()
    segments: Sequence[Named] = ()
    lists: Sequence[Named] = ()
    of_contacts: bool = True
    samples: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for of in self.columns:
            if of.type not in ("tags", "consent", "bool", "double"):
                known = self.samples.setdefault(of.kind, [])
                scale = of.decimals if of.kind == "number" else 0
                known += [(value, scale) for value in of.samples[:12]]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def retried(self, draw: Callable[[], Node]) -> Node:
        """Draws until the language would take it."""
        while True:
            try:
                return draw()
            except TooWideError:
                continue

    # Operands

    def literal(self, kind: Kind) -> Node:
        random = self.random
        if self.chance(0.05):
            return null_of(kind)
        known = self.samples.get(kind)
        value, scale = random.choice(known) if known and self.chance(0.75) else (None, 0)
        match kind:
            case "number":
                return self.number(value, scale)
            case "text":
                return literal(kind, value if value is not None else random.choice(TEXTS))
            case "date":
                day = value if value is not None else self.clock[1] - random.randrange(-2, 60)
                day += random.choice((0, 0, 1, -1))
                return literal(kind, min(max(day, FIRST_DAY), LAST_DAY))
            case "timestamp":
                return self.timestamp(value)
            case "bool":
                return literal(kind, self.chance(0.5))
        return literal(kind, random.choice(DURATIONS))

    def number(self, value: int | None, scale: int) -> Node:
        random = self.random
        if value is None:
            scale = random.choice((0, 0, 0, 1, 2, 3))
            value = random.randrange(-10, 60) * 10 ** random.choice((0, scale))
        value += random.choice((0, 0, 0, 1, -1))
        if self.chance(0.1):
            more = random.choice((1, 2, 6))
            value, scale = value * 10**more + random.choice((0, 1, -1)), scale + more
        if self.chance(0.02):
            value, scale = random.choice(
                ((10**38 - 1, 0), (-(10**38) + 1, 0), (10**37, 38), (1, 30))
            )
        return literal("number", value, scale)

    def timestamp(self, value: int | None) -> Node:
        random = self.random
        if value is None:
            value = self.clock[0] - random.randrange(-DAY_US, 40 * DAY_US)
        value += random.choice((0, 0, 1, -1))
        value = min(max(value, FIRST_DAY * DAY_US), LAST_DAY * DAY_US)
        seconds, rest = divmod(value, 1_000_000)
        hours, minutes = divmod(seconds % 86400 // 60, 60)
        clock = f"{hours:02}:{minutes:02}:{seconds % 60:02}.{rest:06}"
        return timestamp_literal(f"{date_text(seconds // 86400)} {clock}Z", value)

    def leaf(self, kind: Kind) -> Node:
        known = [c for c in self.columns if c.kind == kind and c.type not in ("tags", "consent")]
        if kind == "date" and self.chance(0.15):
            return nullary("today", kind, self.clock[1])
        if kind == "timestamp" and self.chance(0.15):
            return nullary("now", kind, self.clock[0])
        if self.event_types and self.chance(0.35):
            call = self.event_operand(kind)
            if call is not None:
                return call
        if known:
            return column(self.random.choice(known))
        return self.literal(kind)

    def operand(self, kind: Kind, depth: int = 2) -> Node:
        shape = self.random.random()
        if depth == 0 or shape < 0.55:
            return self.leaf(kind)
        if shape < 0.65:
            return self.literal(kind)
        if shape < 0.78:
            count = self.random.randrange(2, 4)
            return coalesce(kind, tuple(self.operand(kind, depth - 1) for _ in range(count)))
        if kind in ("number", "duration") and shape < 0.83:
            return self.negated(kind, depth)
        return self.computed(kind, depth) if kind != "text" else self.leaf(kind)

    def negated(self, kind: Kind, depth: int) -> Node:
        child = self.operand(kind, depth - 1)
        # A minus before a literal is part of it.
        return negate(child) if child.op != "literal" or kind != "number" else child

    def computed(self, kind: Kind, depth: int) -> Node:
        random = self.random
        sign = random.choice("+-")
        match kind:
            case "number":
                if self.chance(0.2):
                    sides = (self.operand("date", depth - 1), self.operand("date", depth - 1))
                    return arithmetic("-", kind, *sides)
                sign = random.choice("+-*")
                return arithmetic(
                    sign, kind, self.operand(kind, depth - 1), self.operand(kind, depth - 1)
                )
            case "date":
                days = literal("duration", random.choice([d for d in DURATIONS if d.days()]))
                return arithmetic(sign, kind, self.operand(kind, depth - 1), days)
            case "timestamp":
                duration = self.operand("duration", depth - 1)
                return arithmetic(sign, kind, self.operand(kind, depth - 1), duration)
        if self.chance(0.5):
            sides = (self.operand("timestamp", depth - 1), self.operand("timestamp", depth - 1))
            return arithmetic("-", kind, *sides)
        return arithmetic(sign, kind, self.operand(kind, depth - 1), self.operand(kind, depth - 1))

    # Functions of events

    def step(self, event: EventType) -> Step:
        if self.chance(0.6):
            return Step(event)
        inner = Drawer(self.random, self.clock, event.properties, of_contacts=False)
        return Step(event, inner.condition(self.random.choice((0, 0, 1))))

    def window(self) -> Window | None:
        return self.random.choice(WINDOWS) if self.chance(0.7) else None

    def event_operand(self, kind: Kind) -> Node | None:
        """A function of events whose value is of `kind`, if there is one."""
        event = self.random.choice(self.event_types)
        if kind == "bool" and self.chance(0.5):
            return self.rhythm()
        if kind == "number" and self.chance(0.5):
            function = self.random.choice(("count", "count", "days_since"))
            return events(EventCall(function, (self.step(event),), None, self.window()))
        choices = []
        for of in event.properties:
            functions: tuple[str, ...] = PROPERTY_FUNCTIONS[2:7]
            if of.type == "bool":
                functions = ("first", "last", "mode")
            if of.kind == kind and of.type not in ("tags", "consent"):
                choices += [(function, of) for function in functions]
            if kind == "number":
                choices.append(("distinct", of))
                if of.kind == "number":
                    choices += [("sum", of), ("avg", of)]
        if not choices:
            return None
        function, of = self.random.choice(choices)
        return events(EventCall(function, (self.step(event),), of, self.window()))

    def rhythm(self) -> Node:
        random = self.random
        if self.chance(0.5):
            days = random.choice((1, 7))
            periods = random.choice((1, 2, 4, 12, 366))
            step = self.step(random.choice(self.event_types))
            required = random.randrange(1, min(periods, 4) + 1)
            return events(
                EventCall(
                    "regularly", (step,), required=required, periods=periods, period_days=days
                )
            )
        steps = [self.step(random.choice(self.event_types))]
        for _ in range(random.choice((1, 1, 2, 3))):
            step = self.step(random.choice(self.event_types))
            within = random.choice(WINDOWS[:-1]) if self.chance(0.4) else None
            negated = not steps[-1].negated and self.chance(0.35)
            steps.append(Step(step.event, step.where, negated, within))
        return events(EventCall("sequence", tuple(steps), None, self.window()))

    # Conditions

    def condition(self, depth: int) -> Node:
        if depth == 0 or self.chance(0.25):
            return self.retried(self.predicate)
        shape = self.random.random()
        if shape < 0.2:
            return Node("not", "bool", (self.condition(depth - 1),))
        if shape < 0.3:
            return self.truth_test(self.condition(depth - 1))
        if shape < 0.36:
            sides = (self.condition(depth - 1), self.condition(depth - 1))
            return self.retried(lambda: self.pair(*sides))
        op = "and" if shape < 0.68 else "or"
        count = self.random.choice((2, 2, 2, 3, 4))
        children = []
        for _ in range(count):
            child = self.condition(depth - 1)
            # One of the same kind would become one with it.
            children.append(child if child.op != op else Node("not", "bool", (child,)))
        return Node(op, "bool", tuple(children))

    def truth_test(self, of: Node) -> Node:
        what = self.random.choice(("TRUE", "FALSE", "NULL"))
        return Node("is", "bool", (of,), Flags(self.chance(0.5), what))

    def pair(self, left: Node, right: Node) -> Node:
        if self.chance(0.3):
            return coalesce("bool", (left, right))
        if self.chance(0.4):
            return Node("distinct", "bool", (left, right), Flags(self.chance(0.5)))
        return Node("compare", "bool", (left, right), self.random.choice(("=", "<>")))

    def fact(self) -> Node:
        """A condition that is an operand of its own."""
        random = self.random
        choices: list[Callable[[], Node]] = [lambda: self.leaf("bool")]
        tags = tuple(c for c in self.columns if c.type == "tags")
        if tags:
            known = [tag for c in tags for tag in c.samples] or ["nobody"]
            name = random.choice([tag for tag in known if tag] or ["nobody"])
            choices.append(lambda: Node("tag", "bool", data=Named(name, tags)))
            tested = Node("column", "bool", data=random.choice(tags))
            choices.append(lambda: Node("is", "bool", (tested,), Flags(self.chance(0.5), "NULL")))
        consents = [c for c in self.columns if c.type == "consent"]
        if consents:
            choices.append(lambda: Node("consent", "bool", data=random.choice(consents)))
        for op, names in (("segment", self.segments), ("in_list", self.lists)):
            if names:
                named = random.choice(names)
                choices.append(lambda op=op, named=named: Node(op, "bool", data=named))  # type: ignore[misc]
        if self.event_types:
            choices.append(self.rhythm)
        return random.choice(choices)()

    def predicate(self) -> Node:
        random = self.random
        if self.chance(0.15):
            return self.fact()
        kind = random.choice(KINDS)
        left = self.operand(kind)
        closed = left.op == "column" and left.data.closed
        if is_closed(left) and not closed:
            return self.predicate()
        shape = random.choice(("compare", "compare", "compare", "between", "in", "is", "distinct"))
        if closed and shape in ("compare", "between"):
            return Node("compare", "bool", (left, self.class_of(left)), random.choice(("=", "<>")))
        match shape:
            case "is":
                return Node("is", "bool", (left,), Flags(self.chance(0.5), "NULL"))
            case "in":
                count = random.choice((1, 2, 3, 8))
                items = tuple(
                    self.class_of(left) if closed else self.literal(kind) for _ in range(count)
                )
                return Node("in", "bool", (left, *items), Flags(self.chance(0.4)))
            case "between":
                low, high = self.operand(kind, 1), self.operand(kind, 1)
                if is_closed(low) or is_closed(high):
                    return self.predicate()
                return Node("between", "bool", (left, low, high), Flags(self.chance(0.4)))
        if kind == "text" and self.chance(0.4):
            return self.pattern(left)
        right = self.class_of(left) if closed else self.other_side(left, kind)
        if shape == "distinct":
            return Node("distinct", "bool", (left, right), Flags(self.chance(0.5)))
        comparison = random.choice(COMPARISONS)
        return Node("compare", "bool", (left, right), comparison)

    def other_side(self, left: Node, kind: Kind) -> Node:
        """Mostly a literal; never a class, of which a text need not be one."""
        while True:
            right = self.literal(kind) if self.chance(0.6) else self.operand(kind, 1)
            if not is_closed(right):
                return right

    def class_of(self, closed: Node) -> Node:
        return literal("text", self.random.choice(closed.data.samples))

    def pattern(self, left: Node) -> Node:
        random = self.random
        op = random.choice(("like", "like", "ilike", "matches"))
        if op == "matches":
            return Node(op, "bool", (left,), Flags(pattern=random.choice(REGEXES)))
        known = [value for value, _ in self.samples.get("text", [])] or list(TEXTS)
        text = random.choice(known)
        at = random.randrange(len(text) + 1)
        pattern = random.choice((
            text, text[:at] + "%", "%" + text[at:], "%" + text[at : at + 2] + "%", "_" + text[1:],
            text[:at] + "_" + text[at:], "%", "_", "%_", "__%", text.swapcase(),
        ))  # fmt: skip
        escape = random.choice(("", "", "!", "\\", "#"))
        if escape:
            pattern = pattern.replace(escape, escape * 2)
            if self.chance(0.4):
                pattern = pattern.replace("%", escape + "%", 1)
        return Node(op, "bool", (left,), Flags(self.chance(0.4), pattern=pattern, escape=escape))


def is_closed(node: Node) -> bool:
    return any(n.op == "column" and n.data.closed for n in node.walk())


def drawer_of(random: Random, world: World, classes: Sequence[Named] = ()) -> Drawer:
    """Of all that a contact can be asked for; `classes` are the segments of models."""
    return Drawer(
        random, (world.as_of, world.day), [*world.attributes, *world.model_columns],
        world.all_event_types(), [*classes, *world.segments], world.lists,
    )  # fmt: skip


def draw_segments(random: Random, world: World, classes: Sequence[Named]) -> None:
    """Segments that may use those before them."""
    for n in range(8):
        condition = drawer_of(random, world, classes).condition(random.choice((0, 1, 2)))
        world.segments.append(Named(f"segment-{n}", condition=condition))
