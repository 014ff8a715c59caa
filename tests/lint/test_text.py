"""What may stand in a tracked file at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from source_tree import CXX_SUFFIXES, Finding, SourceTree, report

CODE_SUFFIXES = (
    *CXX_SUFFIXES,
    ".py",
    ".cmake",
    "CMakeLists.txt",
    ".sh",
    "dev",
    ".yaml",
    ".yml",
    ".toml",
)

# Written in pieces, so that this file does not break its own rule.
MACHINE_PATHS = "|".join(
    [
        r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot|far" + r"m|ho" + r"me/[a-z]+)/",
        r"/tm" + r"p/(?:b-|bash|plan)",
        r"C:" + r"\\\\",
    ]
)
REGISTRY_HOSTS = "|".join(
    [
        r"deb\.debi" + r"an\.org",
        r"ftp\.[a-z.]*debi" + r"an\.org",
        r"py" + r"pi\.org",
        r"pythonho" + r"sted\.org",
        r"npm" + r"js\.(?:org|com)",
    ]
)
UNFINISHED = r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b"


def not_ascii(tree: SourceTree) -> Iterator[Finding]:
    yield from tree.grep(r"[^\x00-\x7f]", tree.paths(*CODE_SUFFIXES), code_only=False)


def machine_paths(tree: SourceTree) -> Iterator[Finding]:
    yield from tree.grep(MACHINE_PATHS, tree.paths(""), code_only=False)


def registry_hosts(tree: SourceTree) -> Iterator[Finding]:
    yield from tree.grep(REGISTRY_HOSTS, tree.paths(""), code_only=False)


def unfinished(tree: SourceTree) -> Iterator[Finding]:
    yield from tree.grep(UNFINISHED, tree.paths(*CODE_SUFFIXES), code_only=False)


def untidy_ends(tree: SourceTree) -> Iterator[Finding]:
    yield from tree.grep(r"[ \t]+$", tree.paths(*CODE_SUFFIXES), code_only=False)
    for path in tree.paths(*CODE_SUFFIXES):
        if tree.files[path] and not tree.files[path].endswith("\n"):
            yield Finding(path, tree.files[path].count("\n") + 1, "the last line has no end")


RULES = (not_ascii, machine_paths, registry_hosts, unfinished, untidy_ends)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_text(tree: SourceTree, rule) -> None:  # type: ignore[no-untyped-def]
    findings = list(rule(tree))
    assert not findings, report(findings)


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (not_ascii, "cli/src/x.cpp", "// caf\u00e9\n"),
        (machine_paths, "docs/x.md", "see /ro" + "ot/notes\n"),
        (machine_paths, "CMakeLists.txt", "set(A /ho" + "me/someone/a)\n"),
        (registry_hosts, "dev", "wget http://deb.debi" + "an.org/debian\n"),
        (registry_hosts, "requirements-test.txt", "--index-url https://py" + "pi.org/simple\n"),
        (unfinished, "engine/src/x.cpp", "// TO" + "DO later\n"),
        (untidy_ends, "engine/src/x.cpp", "int a; \n"),
        (untidy_ends, "engine/src/x.cpp", "int a;"),
    ],
)
def test_text_catches(rule, path: str, text: str) -> None:  # type: ignore[no-untyped-def]
    assert list(rule(SourceTree({path: text})))


def test_ordinary_text_passes() -> None:
    tree = SourceTree(
        {"docs/x.md": "/usr/share/zoneinfo, net/wo" + "rk/shop\n", "dev": "echo done\n"}
    )
    assert not [finding for rule in RULES for finding in rule(tree)]
