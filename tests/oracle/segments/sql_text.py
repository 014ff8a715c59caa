"""Prints a tree as SQL, exactly: numbers, dates and times are integers, scaled where they have
decimals, so that nothing is rounded that the language does not round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from event_sql import event_query, event_value
from expression_tree import DAY_US, EventCall, Kind, Node
from quintile_text import number_text, quoted

MOST_HUGEINT = 2**127 - 1
MOST_SQLITE = 2**63 - 1


class UnsupportedError(Exception):
    """The dialect cannot say it exactly."""


@dataclass(frozen=True)
class Clock:
    as_of: int  # the last instant that is seen, microseconds UTC
    day: int  # its local date


class SqlPrinter:
    """Prints conditions over the table `contacts`; functions of events become tables beside it."""

    def __init__(self, clock: Clock, *, sqlite: bool = False) -> None:
        self.clock = clock
        self.sqlite = sqlite
        self.alias = "c"
        self.tables: dict[EventCall, str] = {}
        self.queries: list[str] = []

    def query(self, condition: Node) -> str:
        """A query of (i, truth) for every contact."""
        truth = self.sql(condition)
        tables = ", ".join(
            f"{name} AS ({query})"
            for name, query in zip(self.tables.values(), self.queries, strict=True)
        )
        joins = " ".join(f"LEFT JOIN {name} ON {name}.i = c.i" for name in self.tables.values())
        return (
            f"WITH {tables} " if tables else ""
        ) + f"SELECT c.i, {truth} AS truth FROM contacts c {joins} ORDER BY c.i"

    def condition_of_events(self, condition: Node) -> str:
        """The same for a WHERE of events: over the columns of `e`."""
        outer, self.alias = self.alias, "e"
        truth = self.sql(condition)
        self.alias = outer
        return truth

    def sql(self, node: Node) -> str:
        if node.unknown:
            return self._null(node.kind)
        match node.op:
            case "literal" | "today" | "now":
                return self._literal(node)
            case "column" | "consent":
                if node.data.type in ("double", "tags"):
                    self._only_duckdb()
                return f"{self.alias}.{node.data.sql}"
            case "tag":
                self._only_duckdb()
                terms = (f"list_contains({self.alias}.{c.sql}, {quoted(node.data.name)})"
                         for c in node.data.columns)  # fmt: skip
                return f"({' OR '.join(terms)})"
            case "segment":
                return f"COALESCE({self.sql(node.data.condition)}, FALSE)"
            case "in_list":
                return f"{self.alias}.{node.data.columns[0].sql}"
            case "events":
                return self._events(node)
            case "negate":
                return f"(-1 * {self.sql(node.children[0])})"
            case "arithmetic":
                return self._arithmetic(node)
            case "coalesce":
                return f"COALESCE({', '.join(self._coalesced(node))})"
        return self._condition(node)

    def _condition(self, node: Node) -> str:
        flags = node.data
        negated = " NOT" if getattr(flags, "negated", False) else ""
        if node.op in ("and", "or"):
            return "(" + f" {node.op.upper()} ".join(self.sql(c) for c in node.children) + ")"
        if node.op == "not":
            return f"(NOT {self.sql(node.children[0])})"
        if node.op == "between":
            return self._between(node, negated)
        if node.op in ("like", "ilike", "matches"):
            return self._pattern(node, negated)
        if node.op == "is":
            return f"({self.sql(node.children[0])} IS{negated} {flags.what})"
        values = self._comparable(node.children)
        if node.op == "in":
            return f"({values[0]}{negated} IN ({', '.join(values[1:])}))"
        if node.op == "distinct":
            return f"({values[0]} IS{negated} DISTINCT FROM {values[1]})"
        return f"({values[0]} {flags} {values[1]})"

    def _between(self, node: Node, negated: str) -> str:
        if not any(child.double for child in node.children):
            value, low, high = self._comparable(node.children)
            return f"({value}{negated} BETWEEN {low} AND {high})"
        # Each bound by itself: only the one that meets a double is compared as a double.
        first, low = self._comparable(node.children[:2])
        second, high = self._comparable((node.children[0], node.children[2]))
        both = f"({first} >= {low} AND {second} <= {high})"
        return f"(NOT {both})" if negated else both

    def _pattern(self, node: Node, negated: str) -> str:
        if node.op != "like":
            self._only_duckdb()
        value, pattern = self.sql(node.children[0]), quoted(node.data.pattern)
        if node.op == "matches":
            return f"regexp_matches({value}, {pattern})"
        escape = f" ESCAPE {quoted(node.data.escape)}" if node.data.escape else ""
        return f"({value}{negated} {node.op.upper()} {pattern}{escape})"

    def _only_duckdb(self) -> None:
        if self.sqlite:
            raise UnsupportedError

    def _null(self, kind: Kind) -> str:
        types = {"bool": "BOOLEAN", "text": "VARCHAR"}
        return "NULL" if self.sqlite else f"CAST(NULL AS {types.get(kind, 'HUGEINT')})"

    def _integer(self, value: int) -> str:
        if self.sqlite and abs(value) > MOST_SQLITE:
            raise UnsupportedError
        return str(value) if self.sqlite else f"CAST({value} AS HUGEINT)"

    def _literal(self, node: Node) -> str:
        if node.kind == "bool":
            return "TRUE" if node.data else "FALSE"
        if node.kind == "text":
            return quoted(node.data)
        if node.op == "literal" and node.kind == "timestamp":
            return self._integer(node.data[1])
        if node.kind == "duration":
            return self._integer(node.data.microseconds())
        return self._integer(node.data)

    def _events(self, node: Node) -> str:
        self._only_duckdb()
        call = node.data
        if call not in self.tables:
            query = event_query(call, self.clock.as_of, self.clock.day, self.condition_of_events)
            self.tables[call] = f"e{len(self.tables)}"
            self.queries.append(query)
        return event_value(call, self.tables[call])

    def _real(self, node: Node) -> str:
        """As a double, the nearest one: DuckDB reads text so, and would not divide so."""
        self._only_duckdb()
        if node.unknown:
            return "CAST(NULL AS DOUBLE)"
        if node.double:
            return self.sql(node)
        if node.op == "literal":
            return f"CAST('{number_text(node.data, node.scale)}' AS DOUBLE)"
        return f"CAST(CAST({self.sql(node)} AS VARCHAR) || 'e-{node.scale}' AS DOUBLE)"

    def _scaled(self, node: Node, scale: int) -> str:
        if node.unknown or scale == node.scale:
            return self.sql(node)
        if self.sqlite and node.bound * 10 ** (scale - node.scale) > MOST_SQLITE:
            raise UnsupportedError
        return f"({self.sql(node)} * {self._integer(10 ** (scale - node.scale))})"

    def _comparable(self, nodes: Sequence[Node]) -> list[str]:
        """Values that compare as the language says, whatever their scales are."""
        known = [node for node in nodes if not node.unknown]
        if not known or known[0].kind in ("bool", "text"):
            return [self.sql(node) for node in nodes]
        if any(node.double for node in known):
            return [self._real(node) for node in nodes]
        scale = max(node.scale for node in known)
        if all(n.bound * 10 ** (scale - n.scale) <= MOST_HUGEINT for n in known):
            return [self._scaled(node, scale) for node in nodes]
        self._only_duckdb()
        return [
            "CAST(NULL AS BIGNUM)" if node.unknown else
            f"CAST(CAST({self.sql(node)} AS VARCHAR) || '{'0' * (scale - node.scale)}' AS BIGNUM)"
            for node in nodes
        ]  # fmt: skip

    def _arithmetic(self, node: Node) -> str:
        left, right = node.children
        if node.double:
            # What is no number is NULL.
            return (
                f"nullif({self._real(left)} {node.data} {self._real(right)}, CAST('nan' AS DOUBLE))"
            )
        if self.sqlite and node.bound > MOST_SQLITE:
            raise UnsupportedError
        if node.kind == "date":
            sides = [
                self._integer(side.data.microseconds() // DAY_US)
                if side.kind == "duration" else self.sql(side)
                for side in node.children
            ]  # fmt: skip
            return f"({sides[0]} {node.data} {sides[1]})"
        if node.data == "*":
            return f"({self.sql(left)} * {self.sql(right)})"
        return f"({self._scaled(left, node.scale)} {node.data} {self._scaled(right, node.scale)})"

    def _coalesced(self, node: Node) -> list[str]:
        if node.kind in ("bool", "text"):
            return [self.sql(item) for item in node.children]
        if node.double:
            return [self._real(item) for item in node.children]
        return [self._scaled(item, node.scale) for item in node.children]
