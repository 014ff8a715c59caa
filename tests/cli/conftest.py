"""Runs the built program in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).resolve().parent))

import shop  # noqa: E402
from processes import Completed, Run  # noqa: E402


@pytest.fixture(scope="session")
def program() -> Path:
    path = Path(os.environ.get("QUINTILE_BIN") or REPOSITORY / "build" / "quintile")
    if not path.is_file():
        pytest.fail(f"no program at {path}; build it, or set QUINTILE_BIN")
    return path


@pytest.fixture
def run(program: Path, tmp_path: Path) -> Run:
    """run("rfm", ...) -> the finished process; its folder is tmp_path."""

    def go(*arguments: object, env: Mapping[str, str] | None = None) -> Completed:
        return subprocess.run(
            [str(program), *(str(each) for each in arguments)],
            cwd=tmp_path,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return go


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """The shop of shop.py as a file."""
    path = tmp_path / "orders.csv"
    path.write_text(shop.ORDERS, encoding="utf-8")
    return path
