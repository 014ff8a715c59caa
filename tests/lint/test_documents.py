"""Documents: what they point at exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from source_tree import ROOT, Finding, SourceTree, report

_LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def normalised(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def dead_links(tree: SourceTree, on_disk: frozenset[str] = frozenset()) -> Iterator[Finding]:
    folders = {str(parent) for path in tree.files for parent in PurePosixPath(path).parents}
    for path in tree.paths(".md"):
        for number, line in enumerate(tree.files[path].splitlines(), 1):
            for target in _LINK.findall(line):
                name = normalised(PurePosixPath(path).parent / target)
                if name not in tree.files and name not in folders and name not in on_disk:
                    yield Finding(path, number, f"{target} does not exist")


def test_links_lead_somewhere(tree: SourceTree) -> None:
    pictures = frozenset(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.png"))
    findings = list(dead_links(tree, pictures))
    assert not findings, report(findings)


def test_dead_links_catches() -> None:
    text = "[there](b.md#part) [up](../README.md) [web](https://example.org) [gone](gone.md)\n"
    tree = SourceTree({"docs/a.md": text, "docs/b.md": "", "README.md": "[docs](docs)\n"})
    assert [finding.text for finding in dead_links(tree)] == ["gone.md does not exist"]
