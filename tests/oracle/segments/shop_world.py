"""The shop of `quintile generate` as a world."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
from expression_tree import Column, EventType
from order_lines import local_day, parse_as_of
from program import binary
from random_world import Rows, World, event_type, with_samples

ATTRIBUTES = {
    "country": "category", "channel": "category", "signup_date": "date", "birth_year": "int64",
    "tags": "tags", "consent_email_marketing": "consent", "consent_sms_marketing": "consent",
}  # fmt: skip
EVENTS = {
    "visit": {"url": "category", "source": "category"}, "search": {"phrase": "category"},
    "cart": {"product": "category"}, "email_opened": {"campaign": "category"},
    "survey": {"score": "int64"},
}  # fmt: skip


def generate(folder: Path, contacts: int, seed: int, *more: str) -> None:
    subprocess.run(
        [binary(), "generate", "--contacts", str(contacts), "--seed", str(seed), "--out", folder,
         *more],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip


def read(path: Path) -> dict[str, list[Any]]:
    """Columns as plain values: times in microseconds, amounts in minor units."""
    out = {}
    for name, values in zip(
        (table := pq.read_table(path)).column_names, table.columns, strict=True
    ):
        if pa.types.is_timestamp(values.type):
            values = values.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
        out[name] = values.to_pylist()
    return out


def shop_world(folder: Path, zone: str, as_of_text: str) -> World:
    as_of, day = parse_as_of(as_of_text, zone)
    contacts = read(folder / "contacts.parquet")
    ids = [str(contact) for contact in contacts["contact"]]
    world = World(zone, as_of_text, as_of, day, ids, [], {}, [], {})
    for n, (name, type_) in enumerate(ATTRIBUTES.items()):
        values = contacts[name]
        if type_ == "date":
            values = [None if v is None else (v - date(1970, 1, 1)).days for v in values]
        if type_ == "tags":
            values = [None if v is None else v.split("|") for v in values]
        column = Column(name, f"a{n}", type_)
        if type_ == "consent":
            _, channel, purpose = name.split("_")
            column = Column(name, f"a{n}", type_, channel=channel, purpose=purpose)
        world.values[name] = values
        world.attributes.append(with_samples(column, values))
    place = {contact: i for i, contact in enumerate(contacts["contact"])}
    if (folder / "events.parquet").is_file():
        add_events(world, read(folder / "events.parquet"), place)
    add_orders(world, read(folder / "orders.parquet"), place)
    return world


def rows_of(
    world: World, table: dict[str, list[Any]], kept: list[int], place: dict[int, int]
) -> Rows:
    zone = ZoneInfo(world.zone)
    times = [table["time"][row] for row in kept]
    return Rows({
        "i": [place[table["contact"][row]] for row in kept],
        "t": times,
        "day": [local_day(t, zone) for t in times],
        "arrival": list(range(len(kept))),
    })  # fmt: skip


def add_events(world: World, table: dict[str, list[Any]], place: dict[int, int]) -> None:
    """Those of contacts; who has no name is left out."""
    for n, (name, types) in enumerate(EVENTS.items()):
        kept = [
            row for row, type_ in enumerate(table["type"])
            if type_ == name and table["contact"][row] is not None
        ]  # fmt: skip
        rows = rows_of(world, table, kept, place)
        properties = [Column(p, f"p_{p}", type_) for p, type_ in types.items()]
        for column in properties:
            rows.columns[column.sql] = [table[column.name][row] for row in kept]
        world.event_rows[name] = rows
        world.event_types.append(event_type(name, f"ev{n}", properties, rows))


def add_orders(world: World, table: dict[str, list[Any]], place: dict[int, int]) -> None:
    rows = rows_of(world, table, list(range(len(table["contact"]))), place)
    rows.columns |= {
        "amount": [int(amount * 100) for amount in table["amount"]],
        "order_id": [str(order) for order in table["order"]],
        "quantity": [quantity * 1000 for quantity in table["quantity"]],
        "product": table["product"],
        "category": table["category"],
    }
    properties = [
        Column("amount", "amount", "decimal", 2), Column("order", "order_id", "category"),
        Column("quantity", "quantity", "decimal", 3), Column("product", "product", "category"),
        Column("category", "category", "category"),
    ]  # fmt: skip
    world.lines = rows
    world.order_type = event_type("order", "ev_order", properties, rows)
    made = (world.order_type.properties[0], world.order_type.properties[-1])
    world.purchase_types = [EventType(name, f"ev_{name}", made) for name in ("purchase", "return")]
