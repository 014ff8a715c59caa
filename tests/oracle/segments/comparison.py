"""Asks the engine and SQL the same, and makes what they disagree on small."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from random import Random

import duckdb
import numpy as np
from engine_library import Engine, EngineError
from expression_tree import EventCall, Node, TooWideError
from quintile_text import text
from random_world import World
from sql_text import Clock, SqlPrinter, UnsupportedError
from world_tables import load_duckdb, load_engine, load_sqlite

FALSE, TRUE, UNKNOWN = 0, 1, 2


def truths_by_duckdb(
    connection: duckdb.DuckDBPyConnection, clock: Clock, condition: Node
) -> np.ndarray:
    """FALSE, TRUE or UNKNOWN for each contact."""
    values = connection.execute(SqlPrinter(clock).query(condition)).fetchnumpy()["truth"]
    if not isinstance(values, np.ma.MaskedArray):
        return values.astype(np.int8)
    return np.where(values.mask, UNKNOWN, values.filled(False)).astype(np.int8)


@dataclass
class Sides:
    engine: Engine
    rows: np.ndarray  # of the engine, by contact of the oracle
    duckdb: duckdb.DuckDBPyConnection
    sqlite: sqlite3.Connection | None
    clock: Clock

    def truths_by_sqlite(self, condition: Node) -> np.ndarray | None:
        """None where SQLite cannot say it exactly."""
        if self.sqlite is None:
            return None
        try:
            query = SqlPrinter(self.clock, sqlite=True).query(condition)
        except UnsupportedError:
            return None
        truths = self.sqlite.execute(query).fetchall()
        return np.array([UNKNOWN if t is None else t for _, t in truths], np.int8)

    def difference(self, condition: Node, segment: str = "") -> str:
        """Empty if the engine says of every contact what SQL says, and counts the unknown so.

        It is asked the condition, or for the segment that was defined by it."""
        try:
            members, unknown = (
                self.engine.members(segment) if segment else self.engine.select(text(condition))
            )
        except EngineError as error:
            return f"refused: {error}"
        found = members[self.rows]
        for name, truths in (
            ("DuckDB", truths_by_duckdb(self.duckdb, self.clock, condition)),
            ("SQLite", self.truths_by_sqlite(condition)),
        ):
            if truths is None:
                continue
            wrong = np.flatnonzero((truths == TRUE) != found)
            expected = int(np.count_nonzero(truths == UNKNOWN))
            if len(wrong) or unknown != expected or len(members) != len(found):
                shown = ", ".join(f"{i}: {'in' if found[i] else 'out'}" for i in wrong[:8])
                return (
                    f"{name} differs: {len(wrong)} contacts ({shown}), {unknown} unknown where it "
                    f"has {expected}"
                )
        return ""


@contextmanager
def sides_of(world: World, seed: int) -> Iterator[Sides]:
    random = Random(seed)
    with (
        Engine(world.zone, threads=random.choice((1, 2))) as engine,
        duckdb.connect(config={"threads": 1}) as connection,
        closing(sqlite3.connect(":memory:")) as light,
    ):
        load_engine(engine, world, batch_rows=random.choice((7, 64, 50_000)))
        engine.recompute(world.as_of_text)
        load_duckdb(connection, world)
        load_sqlite(light, world)
        place = {contact: row for row, contact in enumerate(engine.contact_ids())}
        rows = np.array([place[contact] for contact in world.contacts])
        yield Sides(engine, rows, connection, light, Clock(world.as_of, world.day))


def check_segments(sides: Sides, world: World) -> None:
    """The segments of the world, which the engine computes together."""
    for named in world.segments:
        assert named.condition is not None
        found = sides.difference(named.condition, named.name)
        assert not found, f"segment {named.name}: {text(named.condition)}\n{found}"


def smaller_nodes(node: Node) -> Iterator[Node]:
    """Trees with one part less; what is simplest comes first."""
    for child in node.all_children():
        if child.kind == node.kind and child.op != "column":
            yield child
    for n, child in enumerate(node.children):
        if node.op in ("and", "or", "coalesce") and len(node.children) > 2:
            yield replace(node, children=node.children[:n] + node.children[n + 1 :])
        if node.op == "in" and n > 0 and len(node.children) > 2:
            yield replace(node, children=node.children[:n] + node.children[n + 1 :])
        for less in smaller_nodes(child):
            if (less.scale, less.double, less.unknown) == (
                child.scale,
                child.double,
                child.unknown,
            ):
                yield replace(node, children=(*node.children[:n], less, *node.children[n + 1 :]))
    if isinstance(node.data, EventCall):
        yield from (replace(node, data=call) for call in smaller_calls(node.data))


def smaller_calls(call: EventCall) -> Iterator[EventCall]:
    if call.window is not None and call.function != "regularly":
        yield replace(call, window=None)
    for n, step in enumerate(call.steps):
        if step.where is None:
            continue
        for where in (None, *smaller_nodes(step.where)):
            steps = (*call.steps[:n], replace(step, where=where), *call.steps[n + 1 :])
            yield replace(call, steps=steps)


def shrunk(condition: Node, fails: Callable[[Node], bool], tries: int = 300) -> Node:
    """The smallest tree found that still fails."""
    while tries > 0:
        for candidate in smaller_nodes(condition):
            tries -= 1
            if tries <= 0:
                break
            try:
                still = candidate.size() <= condition.size() and fails(candidate)
            except (duckdb.Error, TooWideError):
                continue
            if still:
                condition = candidate
                break
        else:
            break
    return condition


def report(sides: Sides, condition: Node, again: str) -> str:
    """What a failure says: how to have it again, the smallest condition that fails, who differs."""
    small = shrunk(condition, lambda tree: bool(sides.difference(tree)))
    return (
        f"{again}\n{text(small)}\n"
        f"{sides.difference(small)}\n{SqlPrinter(sides.clock).query(small)}\n"
        f"whole: {text(condition)}"
    )
