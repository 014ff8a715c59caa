"""How figures and tables are written."""

from __future__ import annotations

Rows = list[list[str]]


def table(head: list[str], rows: Rows) -> str:
    """Markdown; figures stand on the right."""
    marks = ["---" if number == 0 else "---:" for number in range(len(head))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, marks, *rows])


def command_line(command: str) -> str:
    return f"Command: `{command}`"


def rate(per_second: float) -> str:
    """Items a second, three figures."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if per_second >= size:
            return f"{per_second / size:.3g} {unit}/s"
    return f"{per_second:.3g} /s"


def time_text(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def ratio_text(ratio: float) -> str:
    return f"{ratio:.1f}x" if ratio < 100 else f"{ratio:.0f}x"
