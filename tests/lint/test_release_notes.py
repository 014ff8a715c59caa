"""The notes of the next release join into the changelog."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import pytest
from source_tree import ROOT

sys.path.insert(0, str(ROOT / "docs"))
import release_notes


def made_up_project(root: Path, **notes: str) -> Path:
    (root / "docs" / "unreleased").mkdir(parents=True)
    (root / "CHANGELOG.md").write_text(f"# Changes\n\n{release_notes.MARK}\n## 0.1.0\n")
    for name, text in notes.items():
        (root / "docs" / "unreleased" / f"{name}.md").write_text(text)
    return root


def test_notes_join() -> None:
    release_notes.join(ROOT)
    assert release_notes.MARK in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_release_moves_notes_by_area(tmp_path: Path) -> None:
    root = made_up_project(tmp_path, cli_a="- a\n", engine_b="- b\n  more\n", cli_c="- c\n")
    release_notes.release(root, "0.2.0", datetime.date(2027, 1, 31))
    text = (root / "CHANGELOG.md").read_text()
    assert "## 0.2.0 (2027-01-31)\n\n### engine\n\n- b\n  more\n\n### cli\n\n- a\n- c\n" in text
    assert text.index("## 0.2.0") < text.index("## 0.1.0")
    assert not release_notes.note_files(root)


@pytest.mark.parametrize(
    ("name", "text"),
    [("nowhere_x", "- x\n"), ("cli", "- x\n"), ("cli_x", "x\n"), ("cli_x", "- x\nloose\n")],
)
def test_join_catches(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(ValueError, match=name):
        release_notes.join(made_up_project(tmp_path, **{name: text}))
