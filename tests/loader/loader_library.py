"""The loader's C interface as Python sees it: ctypes in, pyarrow batches out."""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

OK, USAGE, DATA, FAILED = range(4)
AUTO, UTF8, INT64, BOOL, DECIMAL, DOUBLE, DATE, TIMESTAMP, LIST = range(9)
VERSION = 3

# struct ArrowArrayStream: four functions and the data they work on.
_STREAM_POINTERS = 5

_RejectFunction = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_char_p
)
_ProgressFunction = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64)


class _ExtraColumn(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("column", ctypes.c_char_p),
        ("type", ctypes.c_int32),
        ("decimals", ctypes.c_int32),
        ("wanted_by", ctypes.c_char_p),
    )


class _IdentifierColumn(ctypes.Structure):
    _fields_ = (("name_space", ctypes.c_char_p), ("column", ctypes.c_char_p))


class _Request(ctypes.Structure):
    _fields_ = (
        ("struct_bytes", ctypes.c_size_t),
        ("files", ctypes.POINTER(ctypes.c_char_p)),
        ("file_count", ctypes.c_size_t),
        ("contact", ctypes.c_char_p),
        ("time", ctypes.c_char_p),
        ("order", ctypes.c_char_p),
        ("amount", ctypes.c_char_p),
        ("quantity", ctypes.c_char_p),
        ("price", ctypes.c_char_p),
        ("product", ctypes.c_char_p),
        ("category", ctypes.c_char_p),
        ("currency", ctypes.c_char_p),
        ("identifiers", ctypes.c_char_p),
        ("type", ctypes.c_char_p),
        ("identifier_columns", ctypes.POINTER(_IdentifierColumn)),
        ("identifier_column_count", ctypes.c_size_t),
        ("event_types", ctypes.POINTER(ctypes.c_char_p)),
        ("event_type_count", ctypes.c_size_t),
        ("extra_columns", ctypes.POINTER(_ExtraColumn)),
        ("extra_column_count", ctypes.c_size_t),
        ("delimiter", ctypes.c_char),
        ("date_format", ctypes.c_char_p),
        ("time_zone", ctypes.c_char_p),
        ("base_currency", ctypes.c_char_p),
        ("currency_decimals", ctypes.c_int32),
        ("rates_file", ctypes.c_char_p),
        ("threads", ctypes.c_uint32),
        ("block_bytes", ctypes.c_uint32),
        ("integer_ids", ctypes.c_uint32),
        ("on_reject", _RejectFunction),
        ("on_progress", _ProgressFunction),
        ("context", ctypes.c_void_p),
    )


class _Counts(ctypes.Structure):
    _fields_ = (
        ("records", ctypes.c_uint64),
        ("accepted", ctypes.c_uint64),
        ("anonymous", ctypes.c_uint64),
        ("other_types", ctypes.c_uint64),
        ("rejected", ctypes.c_uint64),
        ("by_reason", ctypes.c_uint64 * 32),
    )


class LoaderError(Exception):
    """A call that failed: its status and its message."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


@dataclass
class Extra:
    name: str
    type: int = AUTO
    column: str | None = None
    decimals: int = 0
    wanted_by: str | None = None


@dataclass
class Loaded:
    """Everything one load gave."""

    schema: pa.Schema
    batches: list[pa.RecordBatch]
    rejects: list[tuple[str, int, str, str]]
    records: int
    accepted: int
    anonymous: int
    other_types: int
    rejected: int
    by_reason: dict[str, int]
    progress: list[tuple[int, int]] = field(default_factory=list)

    @property
    def table(self) -> pa.Table:
        return pa.Table.from_batches(self.batches, self.schema)

    def column(self, name: str) -> list[Any]:
        values: list[Any] = self.table[name].to_pylist()
        return values

    @property
    def reasons(self) -> list[tuple[int, str, str]]:
        return [(record, reason, value) for _, record, reason, value in self.rejects]


def _take_event_options(request: _Request, options: dict[str, Any]) -> None:
    identifiers = [
        _IdentifierColumn(name_space.encode(), column.encode())
        for name_space, column in options.pop("identifier_columns", {}).items()
    ]
    request.identifier_columns = (_IdentifierColumn * len(identifiers))(*identifiers)
    request.identifier_column_count = len(identifiers)
    types = [name.encode() for name in options.pop("event_types", [])]
    request.event_types = (ctypes.c_char_p * len(types))(*types)
    request.event_type_count = len(types)


def _request(files: tuple[Path | str, ...], options: dict[str, Any]) -> _Request:
    request = _Request(struct_bytes=ctypes.sizeof(_Request), currency_decimals=2)
    names = [os.fsencode(file) for file in files]
    request.files = (ctypes.c_char_p * len(names))(*names)
    request.file_count = len(names)
    extras = [
        _ExtraColumn(
            extra.name.encode(),
            None if extra.column is None else extra.column.encode(),
            extra.type,
            extra.decimals,
            None if extra.wanted_by is None else extra.wanted_by.encode(),
        )
        for extra in options.pop("extra", [])
    ]
    request.extra_columns = (_ExtraColumn * len(extras))(*extras)
    request.extra_column_count = len(extras)
    _take_event_options(request, options)
    for name, value in options.items():
        setattr(request, name, value.encode() if isinstance(value, str) else value)
    return request


class Loader:
    def __init__(self, path: Path):
        self._library = ctypes.CDLL(str(path))
        self._library.quintile_reject_reason.restype = ctypes.c_char_p
        self._library.quintile_reject_reason.argtypes = (ctypes.c_size_t,)
        self._library.quintile_load_report_counts.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        self._library.quintile_load_report_free.argtypes = (ctypes.c_void_p,)
        self._library.quintile_loader_version.restype = ctypes.c_uint32
        for name in ("orders", "contacts", "events"):
            getattr(self._library, f"quintile_loader_open_{name}").argtypes = (
                ctypes.c_void_p,
                ctypes.c_void_p,
                ctypes.c_void_p,
                ctypes.c_char_p,
                ctypes.c_size_t,
            )
        self._library.quintile_loader_write.argtypes = (
            ctypes.c_char_p,
            ctypes.c_char_p,
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_size_t,
        )

    def version(self) -> int:
        return int(self._library.quintile_loader_version())

    def reasons(self) -> list[str]:
        codes: list[str] = []
        while (code := self._library.quintile_reject_reason(len(codes))) is not None:
            codes.append(code.decode())
        return codes

    def orders(self, *files: Path | str, **options: object) -> Loaded:
        return self._load("orders", files, options)

    def contacts(self, *files: Path | str, **options: object) -> Loaded:
        return self._load("contacts", files, options)

    def events(self, *files: Path | str, **options: object) -> Loaded:
        return self._load("events", files, options)

    def _load(self, kind: str, files: tuple[Path | str, ...], options: dict[str, Any]) -> Loaded:
        rejects: list[tuple[str, int, str, str]] = []
        progress: list[tuple[int, int]] = []

        def on_reject(_: int, file: bytes, record: int, reason: bytes, value: bytes) -> None:
            rejects.append((file.decode(), record, reason.decode(), value.decode()))

        def on_progress(_: int, done: int, total: int) -> None:
            progress.append((done, total))

        request = _request(files, options)
        request.on_reject = _RejectFunction(on_reject)
        request.on_progress = _ProgressFunction(on_progress)
        schema, batches, counts = self._read_all(kind, request)
        return Loaded(
            schema,
            batches,
            rejects,
            counts.records,
            counts.accepted,
            counts.anonymous,
            counts.other_types,
            counts.rejected,
            {
                code: counts.by_reason[i]
                for i, code in enumerate(self.reasons())
                if counts.by_reason[i]
            },
            progress,
        )

    def _read_all(
        self, kind: str, request: _Request
    ) -> tuple[pa.Schema, list[pa.RecordBatch], _Counts]:
        stream = (ctypes.c_void_p * _STREAM_POINTERS)()
        address = ctypes.addressof(stream)
        report = ctypes.c_void_p()
        error = ctypes.create_string_buffer(4096)
        open_stream = getattr(self._library, f"quintile_loader_open_{kind}")
        status = open_stream(
            ctypes.addressof(request), address, ctypes.addressof(report), error, len(error)
        )
        if status != OK:
            raise LoaderError(status, error.value.decode())
        try:
            reader = pa.RecordBatchReader._import_from_c(address)
            try:
                batches = list(reader)
            except (pa.ArrowException, OSError) as failure:
                raise LoaderError(DATA, str(failure)) from failure
            counts = _Counts()
            self._library.quintile_load_report_counts(report, ctypes.addressof(counts))
        finally:
            self._library.quintile_load_report_free(report)
        return reader.schema, batches, counts

    def write(self, path: Path | str, file_format: str, reader: pa.RecordBatchReader) -> None:
        stream = (ctypes.c_void_p * _STREAM_POINTERS)()
        address = ctypes.addressof(stream)
        reader._export_to_c(address)
        error = ctypes.create_string_buffer(4096)
        status = self._library.quintile_loader_write(
            os.fsencode(path), file_format.encode(), address, error, len(error)
        )
        if status != OK:
            raise LoaderError(status, error.value.decode())
