"""Joins docs/unreleased/*.md into release notes; see docs/unreleased/README.md."""

from __future__ import annotations

import datetime
import re
import sys
from pathlib import Path

AREAS = ("kernels", "engine", "loader", "datasets", "cli", "server", "python", "build")
ROOT = Path(__file__).resolve().parents[1]
MARK = "<!-- releases below, newest first -->\n"


def note_files(root: Path) -> list[Path]:
    folder = root / "docs" / "unreleased"
    return sorted(path for path in folder.glob("*.md") if path.name != "README.md")


def join(root: Path) -> str:
    """The notes by area; ValueError names the file that is not as it should be."""
    by_area: dict[str, list[str]] = {}
    for path in note_files(root):
        match = re.fullmatch(r"([a-z]+)_[a-z0-9_]+\.md", path.name)
        if not match or match.group(1) not in AREAS:
            raise ValueError(f"{path.name}: expected <area>_<topic>.md, area one of {AREAS}")
        text = path.read_text(encoding="utf-8").strip()
        if not text.startswith("- ") or re.search(r"\n(?!- |  |\n)", text):
            raise ValueError(f"{path.name}: expected bullets ('- ', continued by two spaces)")
        by_area.setdefault(match.group(1), []).append(text)
    return "\n\n".join(
        f"### {area}\n\n" + "\n".join(by_area[area]) for area in AREAS if area in by_area
    )


def release(root: Path, version: str, date: datetime.date) -> None:
    changelog = root / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    if MARK not in text or not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ValueError(f"no line {MARK.strip()!r} in CHANGELOG.md, or bad version {version!r}")
    entry = f"{MARK}\n## {version} ({date.isoformat()})\n\n{join(root)}\n"
    changelog.write_text(text.replace(MARK, entry), encoding="utf-8")
    for path in note_files(root):
        path.unlink()


def main(arguments: list[str]) -> int:
    try:
        if arguments:
            release(ROOT, arguments[0], datetime.date.today())
        else:
            print(join(ROOT))
    except ValueError as error:
        print(f"release_notes: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
