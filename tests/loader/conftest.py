"""The loader under test, and files for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from loader_library import Loader


@pytest.fixture(scope="session")
def loader() -> Loader:
    return Loader(Path(os.environ["QUINTILE_BUILD_DIR"]) / "libquintile_loader.so")


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    """Write text or bytes to a file and return its path."""

    def write(content: str | bytes, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
