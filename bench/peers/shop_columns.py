"""Makes the columns every engine is given: contacts with R, F, M, and unsorted orders.

They are written twice: raw little-endian arrays (NAME.bin) for the programs that read memory, and
uncompressed Arrow files for the engines that have a reader for them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

SEED = 20_111_209
NO_AGE = 0xFFFF  # recency of a contact that never bought
FIRST_DAY = 44_000  # day numbers count from 1899-12-31
DAYS = 1_500
STEP = 1 << 20


@dataclass(frozen=True)
class Size:
    contacts: int
    orders: int


CONTACT_COLUMNS = {"recency": np.uint16, "frequency": np.uint32, "monetary": np.int64}
ORDER_COLUMNS = {"contact": np.uint32, "day": np.uint16, "amount": np.int64}


def contact_columns(random: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    """One in twenty never bought; the others' values have the usual long tails."""
    bought = random.random(count) >= 0.05
    frequency = 1 + np.floor(random.pareto(1.2, count) * 2.5)
    spent = frequency * random.lognormal(8.3, 0.9, count) - random.exponential(800, count)
    recency = np.minimum(random.exponential(260, count), DAYS)
    return {
        "recency": np.where(bought, recency, NO_AGE).astype(np.uint16),
        "frequency": np.where(bought, np.minimum(frequency, 1e6), 0).astype(np.uint32),
        "monetary": np.where(bought, np.round(spent), 0).astype(np.int64),
    }


def order_columns(random: np.random.Generator, count: int, contacts: int) -> dict[str, np.ndarray]:
    """Half of the orders by anyone, half mostly by the busier; one in twelve is a return."""
    skewed = np.floor(random.power(0.6, count) * contacts)
    contact = np.where(random.random(count) < 0.5, random.integers(0, contacts, count), skewed)
    amount = np.round(random.lognormal(8.3, 0.9, count))
    kind = random.random(count)
    amount = np.where(kind < 0.08, -amount, np.where(kind < 0.09, 0, amount))
    return {
        "contact": contact.astype(np.uint32),
        "day": random.integers(FIRST_DAY, FIRST_DAY + DAYS, count).astype(np.uint16),
        "amount": amount.astype(np.int64),
    }


def write_arrow(folder: Path, name: str, columns: dict[str, np.ndarray]) -> None:
    table = pa.table(columns)
    with pa.ipc.new_file(str(folder / f"{name}.arrow"), table.schema) as writer:
        writer.write_table(table, max_chunksize=STEP)


def make(folder: Path, size: Size) -> None:
    """Fills `folder`, unless it holds a complete shop of this size already."""
    stamp = folder / "size.json"
    if stamp.is_file() and json.loads(stamp.read_text()) == asdict(size):
        return
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    contacts = contact_columns(random, size.contacts)
    numbers = np.arange(size.contacts, dtype=np.uint32)
    for name, column in contacts.items():
        column.tofile(folder / f"{name}.bin")
    write_arrow(folder, "contacts", {"contact": numbers, **contacts})
    orders = order_columns(random, size.orders, size.contacts)
    for name, column in orders.items():
        column.tofile(folder / f"{name}.bin")
    write_arrow(folder, "orders", orders)
    stamp.write_text(json.dumps(asdict(size)))


def read(folder: Path, name: str, kind: type) -> np.ndarray:
    return np.fromfile(folder / f"{name}.bin", dtype=kind)


def read_arrow(folder: Path, name: str) -> pa.Table:
    with pa.memory_map(str(folder / f"{name}.arrow")) as source:
        return pa.ipc.open_file(source).read_all()
