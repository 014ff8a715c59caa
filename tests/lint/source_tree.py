"""The project's files as the lint rules see them.

A rule is a function from a SourceTree to findings. The real tree is what git tracks or would track;
self-tests hand a rule a tree of made-up files that breaks it.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

CXX_SUFFIXES = (".cpp", ".hpp", ".h", ".c", ".cu", ".cuh")
HEADER_SUFFIXES = (".hpp", ".h", ".cuh")
UNIT_SUFFIXES = (".cpp", ".c", ".cu")
# What ends up at a user: everything else is tests, benchmarks or tooling.
PRODUCT_MODULES = ("kernels", "engine", "loader", "datasets", "cli", "server")

ROOT = Path(os.environ.get("QUINTILE_SOURCE_DIR", Path(__file__).resolve().parents[2]))


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


_COMMENT_OR_LITERAL = re.compile(
    r"""//[^\n]*
      | /\*.*?\*/
      | R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'""",
    re.DOTALL | re.VERBOSE,
)


def _blank(match: re.Match[str]) -> str:
    text = match.group(0)
    blanked = re.sub(r"[^\n]", " ", text)
    # A literal stays visible as an empty one, so that a call keeps its argument.
    return text[0] + blanked[1:-1] + text[-1] if text[0] in "\"'" else blanked


def without_comments_and_literals(text: str) -> str:
    """The same text with comments and literals blanked: line and column stay."""
    return _COMMENT_OR_LITERAL.sub(_blank, text)


class SourceTree:
    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    @classmethod
    def of_repository(cls, root: Path = ROOT) -> SourceTree:
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            check=True,
            capture_output=True,
        ).stdout.decode()
        files: dict[str, str] = {}
        for path in filter(None, listing.split("\0")):
            full = root / path
            if not full.is_file():
                continue
            content = full.read_bytes()
            if b"\0" not in content[:8192]:
                files[path] = content.decode("utf-8", errors="surrogateescape")
        return cls(files)

    def paths(self, *suffixes: str, under: tuple[str, ...] = ()) -> Iterator[str]:
        for path in sorted(self.files):
            if path.endswith(suffixes) and (not under or module_of(path) in under):
                yield path

    @cached_property
    def code(self) -> dict[str, str]:
        """C++ sources with comments and literals blanked."""
        return {
            path: without_comments_and_literals(self.files[path])
            for path in self.paths(*CXX_SUFFIXES)
        }

    def grep(self, pattern: str, paths: Iterator[str], *, code_only: bool) -> Iterator[Finding]:
        regex = re.compile(pattern)
        for path in paths:
            text = self.code[path] if code_only else self.files[path]
            for number, line in enumerate(text.splitlines(), 1):
                if regex.search(line):
                    yield Finding(path, number, self.files[path].splitlines()[number - 1].strip())


def module_of(path: str) -> str:
    return PurePosixPath(path).parts[0]


@dataclass(frozen=True)
class Include:
    line: int
    name: str
    quoted: bool


_INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.MULTILINE)


def includes_of(text: str) -> Iterator[Include]:
    for match in _INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start(1) if match.group(1) else match.start(2)) + 1
        yield Include(line, match.group(1) or match.group(2), quoted=match.group(2) is not None)


def report(findings: list[Finding]) -> str:
    return "\n" + "\n".join(str(finding) for finding in findings)
