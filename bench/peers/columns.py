"""Makes the columns every engine is given, a folder per group of work.

They are written twice: raw little-endian arrays (NAME.bin) for the programs that read memory, and
an uncompressed Arrow file for the engines that have a reader for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from work import AS_OF_DAY, COUNTRIES, EVENT_TYPES, SEGMENT_SHARES

SEED = 20_111_209
NO_AGE = 0xFFFF  # recency of a contact that never bought
FIRST_DAY = 44_000  # day numbers count from 1899-12-31
DAYS = 1_500
EVENT_DAYS = 730
STEP = 1 << 20

Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Size:
    contacts: int
    orders: int
    events: int

    @property
    def lines(self) -> int:
        """Of the order files: a tenth of the orders."""
        return max(1, self.orders // 10)


KINDS: dict[str, dict[str, type]] = {
    "contacts": {
        "recency": np.uint16, "frequency": np.uint32, "monetary": np.int64, "country": np.uint8,
    },
    "orders": {"contact": np.uint32, "day": np.uint16, "amount": np.int64},
    "events": {"contact": np.uint32, "type": np.uint8, "day": np.uint16},
}  # fmt: skip

NAMES = {"country": COUNTRIES, "type": EVENT_TYPES}


def contact_columns(random: np.random.Generator, size: Size) -> Columns:
    """One in twenty never bought; the others' values have the usual long tails."""
    count = size.contacts
    bought = random.random(count) >= 0.05
    frequency = 1 + np.floor(random.pareto(1.2, count) * 2.5)
    spent = frequency * random.lognormal(8.3, 0.9, count) - random.exponential(800, count)
    recency = np.minimum(random.exponential(260, count), DAYS)
    country = random.power(0.5, count) * len(COUNTRIES)
    return {
        "recency": np.where(bought, recency, NO_AGE).astype(np.uint16),
        "frequency": np.where(bought, np.minimum(frequency, 1e6), 0).astype(np.uint32),
        "monetary": np.where(bought, np.round(spent), 0).astype(np.int64),
        "country": country.astype(np.uint8),
    }


def order_columns(random: np.random.Generator, size: Size) -> Columns:
    """Half of the orders by anyone, half mostly by the busier; one in twelve is a return."""
    count, contacts = size.orders, size.contacts
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


def event_columns(random: np.random.Generator, size: Size) -> Columns:
    """Sorted by contact, then day; 4 of 10 are visits, 2 of 10 lie in the last 30 days."""
    contact = random.integers(0, size.contacts, size.events)
    busier = np.floor(random.power(0.6, size.events) * size.contacts).astype(np.int64)
    contact = np.where(random.random(size.events) < 0.5, contact, busier)
    age = np.minimum(random.exponential(130, size.events), EVENT_DAYS - 1).astype(np.int64)
    key = contact * EVENT_DAYS + (EVENT_DAYS - 1 - age)  # one number sorts by both
    key.sort()
    kind = random.power(0.5, size.events) * len(EVENT_TYPES)
    return {
        "contact": (key // EVENT_DAYS).astype(np.uint32),
        "type": kind.astype(np.uint8),
        "day": (AS_OF_DAY - (EVENT_DAYS - 1) + key % EVENT_DAYS).astype(np.uint16),
    }


def segment_columns(random: np.random.Generator, size: Size) -> Columns:
    return {
        name: random.random(size.contacts, np.float32) < share
        for name, share in SEGMENT_SHARES.items()
    }


MAKERS: dict[str, Callable[[np.random.Generator, Size], Columns]] = {
    "contacts": contact_columns,
    "orders": order_columns,
    "events": event_columns,
    "segments": segment_columns,
}


def as_words(members: np.ndarray) -> np.ndarray:
    """Bit b of word w is contact 64 w + b."""
    padded = np.zeros(-(-len(members) // 64) * 64, bool)
    padded[: len(members)] = members
    return np.packbits(padded, bitorder="little").view(np.uint64)


def named(codes: np.ndarray, names: tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(names))


def write_arrow(folder: Path, columns: Columns) -> None:
    table = pa.table(
        {
            name: named(column, NAMES[name]) if name in NAMES else column
            for name, column in columns.items()
        }
    )
    with pa.ipc.new_file(str(folder / "table.arrow"), table.schema) as writer:
        writer.write_table(table, max_chunksize=STEP)


def write_files(folder: Path, size: Size) -> None:
    """The same order lines as CSV and as Parquet."""
    random = np.random.default_rng(SEED)
    second = random.integers(1_600_000_000, 1_760_000_000, size.lines)
    table = pa.table(
        {
            "contact": random.integers(1, size.contacts + 1, size.lines),
            "time": pa.array(second, pa.timestamp("s")),
            "order": np.arange(size.lines) + 1,
            "amount": pa.array(random.integers(100, 100_000, size.lines))
            .cast(pa.decimal128(21, 0))
            .cast(pa.decimal128(23, 2)),
        }
    )
    table = table.set_column(3, "amount", table["amount"].cast(pa.decimal128(18, 2)))
    pyarrow.csv.write_csv(table, folder / "orders.csv")
    milliseconds = table["time"].cast(pa.timestamp("us"))
    pyarrow.parquet.write_table(
        table.set_column(1, "time", milliseconds), folder / "orders.parquet"
    )


def make(folder: Path, group: str, size: Size) -> None:
    """Fills `folder`, unless it holds complete columns of this size already."""
    stamp = folder / "size.json"
    if stamp.is_file() and json.loads(stamp.read_text()) == asdict(size):
        return
    folder.mkdir(parents=True, exist_ok=True)
    if group == "files":
        write_files(folder, size)
        stamp.write_text(json.dumps(asdict(size)))
        return
    columns = MAKERS[group](np.random.default_rng(SEED), size)
    for name, column in columns.items():
        (as_words(column) if group == "segments" else column).tofile(folder / f"{name}.bin")
    if group in ("contacts", "segments"):
        columns = {"contact": np.arange(size.contacts, dtype=np.uint32), **columns}
    write_arrow(folder, columns)
    np.array([size.contacts], np.uint64).tofile(folder / "contacts.bin")
    stamp.write_text(json.dumps(asdict(size)))


def read(folder: Path, name: str, kind: type) -> np.ndarray:
    return np.fromfile(folder / f"{name}.bin", dtype=kind)


def read_all(folder: Path, group: str) -> Columns:
    return {name: read(folder, name, kind) for name, kind in KINDS[group].items()}


def contacts_of(folder: Path) -> int:
    """How many the shop has; orders and events know only those who have any."""
    return int(read(folder, "contacts", np.uint64)[0])


def read_words(folder: Path) -> Columns:
    return {name: read(folder, name, np.uint64) for name in SEGMENT_SHARES}


def read_arrow(folder: Path) -> pa.Table:
    with pa.memory_map(str(folder / "table.arrow")) as source:
        return pa.ipc.open_file(source).read_all()
