"""Peak memory of `quintile rfm` per contact and per line.

Three order files are segmented, each by a process of its own: a base, one with as many contacts
more, one with as many lines more. The differences of the peaks divided by what was added are the
bytes per contact and per line; what every process needs falls out.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

SEED = 7
AS_OF = "2026-01-31"
DAY_US = 86_400_000_000
LAST_US = 20_484 * DAY_US  # 2026-01-31


def write_orders(path: Path, contacts: int, lines: int) -> None:
    """Every contact has at least one line."""
    random = np.random.default_rng(SEED)
    others = random.integers(0, contacts, lines - contacts)
    contact = np.concatenate([np.arange(contacts), others])
    random.shuffle(contact)
    table = pa.table(
        {
            "contact": contact,
            "time": pa.array(
                LAST_US - random.integers(0, 1000 * DAY_US, lines), pa.timestamp("us", "UTC")
            ),
            "order": np.arange(lines),
            "amount": pa.array(random.integers(100, 100_000, lines)).cast(pa.decimal128(21, 2)),
        }
    )
    pyarrow.parquet.write_table(table, path)


def peak_bytes(program: Path, orders: Path, threads: int) -> int:
    """The greatest resident size of one run."""
    out = orders.with_suffix(".csv")
    command = [str(program), "rfm", "--orders", str(orders), "--as-of", AS_OF, "--out", str(out)]
    command += ["--model", "classic5", "--threads", str(threads)]
    child = os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{' '.join(command)} failed")
    out.unlink()
    return usage.ru_maxrss * 1024


def measure(program: Path, contacts: int, lines: int, threads: int) -> dict[str, Any]:
    shapes = {
        "base": (contacts, lines),
        "twice the contacts": (2 * contacts, lines),
        "twice the lines": (contacts, 2 * lines),
    }
    peaks = {}
    with tempfile.TemporaryDirectory(prefix="quintile-memory-") as folder:
        for name, (some_contacts, some_lines) in shapes.items():
            path = Path(folder) / "orders.parquet"
            write_orders(path, some_contacts, some_lines)
            peaks[name] = peak_bytes(program, path, threads)
    return {
        "threads": threads,
        "shapes": {
            name: {"contacts": shape[0], "lines": shape[1], "peak_bytes": peaks[name]}
            for name, shape in shapes.items()
        },
        "bytes_per_contact": (peaks["twice the contacts"] - peaks["base"]) / contacts,
        "bytes_per_line": (peaks["twice the lines"] - peaks["base"]) / lines,
    }
