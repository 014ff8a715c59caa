"""The engine through segment_engine.cpp: Arrow tables in, members and unknown counts out."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
DATA_TYPES = (
    "bool", "int64", "decimal", "double", "date", "timestamp", "category", "tags", "consent",
)  # fmt: skip
ARROW_TYPES = {
    "bool": pa.bool_(), "int64": pa.int64(), "decimal": pa.int64(), "double": pa.float64(),
    "date": pa.date32(), "timestamp": pa.timestamp("us", "UTC"), "category": pa.string(),
    "tags": pa.list_(pa.string()), "consent": pa.bool_(),
}  # fmt: skip

# struct ArrowArrayStream: four functions and the data they work on.
_STREAM_POINTERS = 5


class EngineError(Exception):
    """What the engine refused, in its words."""


def library_path() -> Path:
    build = Path(os.environ.get("QUINTILE_BUILD_DIR") or REPOSITORY / "build-dev")
    path = build / "test-programs" / "libquintile_segment_engine.so"
    if not path.is_file():
        pytest.fail(f"no library at {path}; build it, or set QUINTILE_BUILD_DIR")
    return path


def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(str(library_path()))
    library.probe_new.restype = ctypes.c_void_p
    library.probe_error.restype = ctypes.c_char_p
    library.probe_contact_id.restype = ctypes.c_char_p
    library.probe_contact_count.restype = ctypes.c_uint32
    return library


class Engine:
    def __init__(self, zone: str, currency_decimals: int = 2, threads: int = 2) -> None:
        self._library = _load()
        self._probe = ctypes.c_void_p(
            self._library.probe_new(zone.encode(), currency_decimals, threads)
        )

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self._library.probe_free(self._probe)

    def _check(self, failed: int) -> None:
        if failed:
            raise EngineError(self._library.probe_error(self._probe).decode())

    def attribute(
        self, name: str, type_: str, decimals: int = 0, channel: str = "", purpose: str = ""
    ) -> None:
        self._library.probe_attribute(
            self._probe, name.encode(), DATA_TYPES.index(type_), decimals, channel.encode(),
            purpose.encode(),
        )  # fmt: skip

    def event_type(self, name: str, properties: Mapping[str, tuple[str, int]]) -> None:
        """`properties`: type and decimals by name."""
        self._library.probe_event_type(self._probe, name.encode())
        for property_name, (type_, decimals) in properties.items():
            self._library.probe_property(
                self._probe, property_name.encode(), DATA_TYPES.index(type_), decimals
            )

    def create(self) -> None:
        self._check(self._library.probe_create(self._probe))

    def _ingest(self, function: Any, table: pa.Table, batch_rows: int) -> None:
        stream = (ctypes.c_void_p * _STREAM_POINTERS)()
        batches = table.to_batches(max_chunksize=batch_rows)
        reader = pa.RecordBatchReader.from_batches(table.schema, batches)
        reader._export_to_c(ctypes.addressof(stream))
        self._check(function(self._probe, ctypes.byref(stream)))

    def contacts(self, table: pa.Table, batch_rows: int = 50_000) -> None:
        self._ingest(self._library.probe_contacts, table, batch_rows)

    def orders(self, table: pa.Table, batch_rows: int = 50_000) -> None:
        self._ingest(self._library.probe_orders, table, batch_rows)

    def events(self, table: pa.Table, batch_rows: int = 50_000) -> None:
        self._ingest(self._library.probe_events, table, batch_rows)

    def model(self, yaml: str) -> None:
        self._check(self._library.probe_model(self._probe, yaml.encode()))

    def list(self, name: str, contacts: Sequence[str]) -> None:
        self._library.probe_list(self._probe, name.encode(), "\n".join(contacts).encode())

    def segment(self, name: str, where: str) -> None:
        self._library.probe_segment(self._probe, name.encode(), where.encode())

    def recompute(self, as_of: str) -> None:
        self._check(self._library.probe_recompute(self._probe, as_of.encode()))

    def contact_ids(self) -> Sequence[str]:
        count = self._library.probe_contact_count(self._probe)
        return [self._library.probe_contact_id(self._probe, row).decode() for row in range(count)]

    def _members(self, function: Any, *arguments: Any) -> tuple[np.ndarray, int]:
        count = self._library.probe_contact_count(self._probe)
        words = np.zeros((count + 63) // 64, np.uint64)
        unknown = ctypes.c_uint64()
        place = words.ctypes.data_as(ctypes.c_void_p)
        self._check(function(self._probe, *arguments, place, ctypes.byref(unknown)))
        bits = np.unpackbits(words.view(np.uint8), bitorder="little")[:count]
        return bits.astype(bool), unknown.value

    def select(self, text: str) -> tuple[np.ndarray, int]:
        """Whether each row is in, and how many are unknown."""
        written = text.encode()
        return self._members(self._library.probe_select, written, ctypes.c_size_t(len(written)))

    def members(self, segment: str) -> tuple[np.ndarray, int]:
        """The same of a segment that was defined."""
        return self._members(self._library.probe_members, segment.encode())
