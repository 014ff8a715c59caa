"""What limits each kernel family, from limits.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

LIMITS = Path(__file__).resolve().parent / "limits.toml"


def load_limits() -> dict[str, Any]:
    return tomllib.loads(LIMITS.read_text(encoding="utf-8"))


def limit_of(limits: dict[str, Any], family: str, base: str) -> tuple[str, str]:
    entry = limits.get(family, {})
    entry = entry.get("works", {}).get(base, entry)
    return entry.get("limit", "not stated"), entry.get("why", "")
