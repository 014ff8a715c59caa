"""Runs `quintile rfm` and holds what it says against the oracle."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def binary() -> Path:
    path = Path(os.environ.get("QUINTILE_BIN") or REPOSITORY / "build" / "quintile")
    if not path.is_file():
        pytest.fail(f"no program at {path}; build it, or set QUINTILE_BIN")
    return path


def run_rfm(
    arguments: Sequence[str | Path], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [binary(), "rfm", *arguments],
        check=False,
        capture_output=True,
        env={**os.environ, **(environment or {})},
        timeout=300,
    )


def rfm_bytes(arguments: Sequence[str | Path], environment: dict[str, str] | None = None) -> bytes:
    """Standard output of a run that must succeed."""
    done = run_rfm(arguments, environment)
    command = " ".join(str(a) for a in arguments)
    assert done.returncode == 0, (
        f"quintile rfm {command}\nexit {done.returncode}\n{done.stderr.decode(errors='replace')}"
    )
    return done.stdout


def difference(expected: bytes, got: bytes, limit: int = 8) -> str:
    """Says where two CSV outputs differ; empty if they are equal."""
    if expected == got:
        return ""
    wanted, found = expected.split(b"\n"), got.split(b"\n")
    out = [f"{len(wanted) - 2} rows expected, {len(found) - 2} got"]
    for number, (left, right) in enumerate(zip(wanted, found, strict=False), 1):
        if left != right:
            out.append(f"line {number}: expected {left!r}, got {right!r}")
            if len(out) > limit:
                break
    return "\n".join(out)
