"""The same world for both sides: Arrow tables for the engine, tables of DuckDB or SQLite."""

from __future__ import annotations

import sqlite3
from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling
from engine_library import ARROW_TYPES, Engine
from expression_tree import Column
from model import model_yaml
from quintile_text import text
from random_world import Rows, World

SQL_TYPES = {
    "bool": "BOOLEAN",
    "consent": "BOOLEAN",
    "double": "DOUBLE",
    "category": "VARCHAR",
    "tags": "VARCHAR[]",
}  # fmt: skip; the others are exact integers


def contacts_table(world: World) -> pa.Table:
    arrays = {"contact": pa.array(world.contacts, pa.string())}
    for column in world.attributes:
        arrays[column.name] = pa.array(world.values[column.name], ARROW_TYPES[column.type])
    return pa.table(arrays)


def events_table(world: World) -> pa.Table:
    """All types in one stream, in order of arrival."""
    known = {p.name: p for e in world.event_types for p in e.properties if p.name != "time"}
    names: list[str] = []
    rows: dict[str, list[Any]] = {name: [] for name in ("contact", "time", "type", *known)}
    for event in world.event_types:
        of = world.event_rows[event.name]
        has = {p.name: p.sql for p in event.properties}
        names += [event.name] * len(of)
        rows["contact"] += [world.contacts[i] for i in of.columns["i"]]
        rows["time"] += of.columns["t"]
        for name in known:
            rows[name] += of.columns[has[name]] if name in has else [None] * len(of)
    arrays = {
        "contact": pa.array(rows["contact"], pa.string()),
        "time": pa.array(rows["time"], ARROW_TYPES["timestamp"]),
        "type": pa.array(names, pa.string()),
    }
    for name, column in known.items():
        arrays[name] = pa.array(rows[name], ARROW_TYPES[column.type])
    return pa.table(arrays)


def orders_table(world: World, lines: Rows) -> pa.Table:
    columns = lines.columns
    assert world.order_type is not None
    arrays = {
        "contact": pa.array([world.contacts[i] for i in columns["i"]], pa.string()),
        "time": pa.array(columns["t"], ARROW_TYPES["timestamp"]),
    }
    for column in world.order_type.properties:
        if column.name != "time":
            arrays[column.name] = pa.array(columns[column.sql], ARROW_TYPES[column.type])
    return pa.table(arrays)


def load_engine(engine: Engine, world: World, batch_rows: int = 50_000) -> None:
    """Everything but a recompute."""
    for column in world.attributes:
        engine.attribute(column.name, column.type, column.decimals, column.channel, column.purpose)
    for event in world.event_types:
        engine.event_type(
            event.name, {p.name: (p.type, p.decimals) for p in event.properties if p.name != "time"}
        )
    engine.create()
    engine.contacts(contacts_table(world), batch_rows)
    if world.event_types:
        engine.events(events_table(world), batch_rows)
    if world.lines is not None:
        engine.orders(orders_table(world, world.lines), batch_rows)
    if world.model is not None:
        engine.model(model_yaml(world.model))
    for named in world.lists:
        members = world.values[named.columns[0].name]
        engine.list(
            named.name, [id for id, is_in in zip(world.contacts, members, strict=True) if is_in]
        )
    for named in world.segments:
        assert named.condition is not None
        engine.segment(named.name, text(named.condition))


def nearest_quotient(total: int | None, count: int, decimals: int) -> float | None:
    """total / count / 10^decimals, rounded once: so do fractions become floats."""
    return float(Fraction(total, count * 10**decimals)) if total is not None and count else None


def sql_type(column: Column) -> str:
    return SQL_TYPES.get(column.type, "HUGEINT")


def fill_duckdb(
    connection: duckdb.DuckDBPyConnection, name: str, types: dict[str, str], columns: dict[str, Any]
) -> None:
    arrays = {}
    for column, type_ in types.items():
        # Exact integers travel as 64 bits, which is what the columns hold.
        kind = {"HUGEINT": pa.int64(), "BOOLEAN": pa.bool_(), "DOUBLE": pa.float64(),
                "VARCHAR": pa.string(), "VARCHAR[]": pa.list_(pa.string())}[type_]  # fmt: skip
        arrays[column] = pa.array(columns[column], kind)
    connection.register("arriving", pa.table(arrays))
    casts = ", ".join(f"CAST({column} AS {type_}) AS {column}" for column, type_ in types.items())
    connection.execute(f"CREATE TABLE {name} AS SELECT {casts} FROM arriving")
    connection.unregister("arriving")


def oracle_columns(world: World) -> list[Column]:
    lists = [column for named in world.lists for column in named.columns]
    return [*world.attributes, *world.model_columns, *lists]


def load_duckdb(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    known = oracle_columns(world)
    types = {"i": "HUGEINT"} | {c.sql: sql_type(c) for c in known}
    columns: dict[str, Any] = {"i": list(range(len(world.contacts)))}
    columns |= {c.sql: world.values[c.name] for c in known}
    fill_duckdb(connection, "contacts", types, columns)
    fixed = {"i": "HUGEINT", "t": "HUGEINT", "day": "HUGEINT", "arrival": "HUGEINT"}
    for event in world.event_types:
        types = fixed | {p.sql: sql_type(p) for p in event.properties if p.sql != "t"}
        fill_duckdb(connection, event.sql, types, world.event_rows[event.name].columns)
    connection.create_function(
        "nearest_quotient", nearest_quotient, ["HUGEINT", "BIGINT", "INTEGER"], "DOUBLE",
        null_handling=FunctionNullHandling.SPECIAL,
    )  # fmt: skip
    if world.lines is not None and world.order_type is not None:
        types = fixed | {p.sql: sql_type(p) for p in world.order_type.properties if p.sql != "t"}
        fill_duckdb(connection, "ev_order", types, world.lines.columns)
        make_purchases(connection, world.as_of)


def make_purchases(connection: duckdb.DuckDBPyConnection, as_of: int) -> None:
    """Orders of the lines up to as_of; those without an id are one line each.

    Lines of one time go by their orders, as these began, then by arrival.
    """
    connection.execute("""
        CREATE OR REPLACE TABLE ev_order AS
        SELECT * EXCLUDE (start, starter) REPLACE (
                 row_number() OVER (ORDER BY start, starter, t, arrival) AS arrival)
        FROM (SELECT *, first_value(t) OVER lines AS start,
                     first_value(arrival) OVER lines AS starter
              FROM ev_order
              WINDOW lines AS (PARTITION BY i, order_id, CASE WHEN order_id IS NULL THEN arrival END
                               ORDER BY t, arrival))""")
    connection.execute(f"""
        CREATE TABLE orders AS
        SELECT i, min(t) AS t, arg_min(day, t) AS day, sum(amount)::HUGEINT AS amount,
               arg_min(arrival, (t, arrival)) AS arrival
        FROM ev_order WHERE t <= {as_of}
        GROUP BY i, CASE WHEN order_id IS NULL THEN arrival END, order_id""")
    connection.execute("CREATE TABLE ev_purchase AS SELECT * FROM orders WHERE amount > 0")
    connection.execute("CREATE TABLE ev_return AS SELECT * FROM orders WHERE amount <= 0")


def load_sqlite(connection: sqlite3.Connection, world: World) -> None:
    """Contacts alone: what is asked of SQLite is the logic of NULLs."""
    known = oracle_columns(world)
    kept = [c for c in known if c.type not in ("tags", "double")]
    connection.execute("PRAGMA case_sensitive_like = ON")
    affinity = {"category": "TEXT"}
    names = ", ".join(f"{c.sql} {affinity.get(c.type, 'INTEGER')}" for c in kept)
    connection.execute(f"CREATE TABLE contacts (i INTEGER{', ' if names else ''}{names})")
    rows = zip(range(len(world.contacts)), *(world.values[c.name] for c in kept), strict=True)
    marks = ", ".join("?" * (len(kept) + 1))
    connection.executemany(f"INSERT INTO contacts VALUES ({marks})", rows)
