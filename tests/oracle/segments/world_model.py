"""The columns of an RFM model for a world, from the oracle of tests/oracle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
from expression_tree import Column, Named, Node, literal
from model import Model
from order_lines import PreparedLines
from random_world import World, with_samples
from segmentation import load_lines, segment

NAME = "rfm"
VALUES = (
    ("r", "r", "int64"), ("f", "f", "int64"), ("m", "m", "int64"),
    ("recency_days", "recency_days", "int64"), ("first_days", "first_days", "int64"),
    ("frequency", "frequency", "int64"), ("monetary", "monetary", "decimal"),
    ("class", "class", "category"),
)  # fmt: skip


def add_model(world: World, model: Model) -> None:
    """Adds `rfm` with its columns; contacts without orders are prospects."""
    assert world.lines is not None
    world.model = replace(model, name=NAME)
    lines = world.lines.columns
    prepared = PreparedLines(
        contact=[world.contacts[i] for i in lines["i"]], order=lines["order_id"],
        instant=lines["t"], day=lines["day"], amount=lines["amount"], properties={},
        zone=world.zone, scale=2, contacts={"contact": world.contacts},
    )  # fmt: skip
    with duckdb.connect(config={"threads": 1}) as connection:
        load_lines(connection, prepared)
        segment(connection, prepared, world.model, world.as_of_text)
        wanted = ", ".join(source for _, source, _ in VALUES)
        rows = connection.execute(f"SELECT contact, {wanted} FROM scored").fetchall()
    by_contact: dict[str, Any] = {contact: values for contact, *values in rows}
    for n, (name, _, type_) in enumerate(VALUES):
        values = [by_contact[contact][n] for contact in world.contacts]
        column = Column(f"{NAME}.{name}", f"m_{name}", type_, 2 if type_ == "decimal" else 0)
        column = with_samples(column, values)
        if name == "class":
            classes = tuple(world.model.class_names())
            column = replace(column, closed=True, samples=classes)
        world.values[column.name] = values
        world.model_columns.append(column)


def class_segments(world: World) -> list[Named]:
    """MODEL.CLASS for every class: segments that are there by themselves."""
    classes = next((c for c in world.model_columns if c.closed), None)
    if classes is None:
        return []
    of = Node("column", "text", data=classes)
    return [
        Named(f"{NAME}.{name}", condition=Node("compare", "bool", (of, literal("text", name)), "="))
        for name in classes.samples
    ]
