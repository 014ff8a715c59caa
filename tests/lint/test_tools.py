"""The formatters and checkers that the project is kept with, at pinned versions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from source_tree import CXX_SUFFIXES, ROOT, SourceTree

TOOLS = Path(sys.executable).parent


def said_by(tool: str, *arguments: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """What a tool has against the files; empty when it is content."""
    done = subprocess.run(
        [TOOLS / tool, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def python_folders(tree: SourceTree) -> list[str]:
    """Each folder of Python files is a set of its own: pytest imports from the folder of a test."""
    return sorted({str(Path(path).parent) for path in tree.paths(".py")})


def test_clang_format(tree: SourceTree) -> None:
    files = list(tree.paths(*CXX_SUFFIXES))
    said = said_by("clang-format", "--dry-run", "-Werror", *files)
    assert not said, f"run ./dev format\n{said[:4000]}"


def test_ruff(tree: SourceTree) -> None:
    said = said_by("ruff", "check", "--no-cache", "--quiet", *tree.paths(".py"))
    assert not said, said


def test_ruff_format(tree: SourceTree) -> None:
    said = said_by("ruff", "format", "--no-cache", "--quiet", "--diff", *tree.paths(".py"))
    assert not said, f"run ./dev format\n{said[:4000]}"


@pytest.mark.parametrize("folder", python_folders(SourceTree.of_repository()))
def test_mypy(folder: str, tmp_path: Path) -> None:
    files = sorted((ROOT / folder).glob("*.py"))
    config = ROOT / "pyproject.toml"
    arguments: list[str | Path] = ["--config-file", config, "--cache-dir", tmp_path, *files]
    said = said_by("mypy", *arguments, MYPYPATH=str(ROOT / folder))
    assert not said, said


def test_shellcheck(tree: SourceTree) -> None:
    scripts = [
        path for path, text in tree.files.items() if text.startswith("#!") and "sh\n" in text[:25]
    ]
    assert "dev" in scripts
    said = said_by("shellcheck", *scripts)
    assert not said, said


def test_the_tools_catch(tmp_path: Path) -> None:
    bad_cxx, bad_python, bad_shell = (tmp_path / name for name in ("x.cpp", "x.py", "x.sh"))
    (tmp_path / ".clang-format").write_text((ROOT / ".clang-format").read_text())
    bad_cxx.write_text("int   a ;\n")
    bad_python.write_text("import os\nx: int = 'text'\n")
    bad_shell.write_text("#!/bin/sh\nrm $1/*\n")
    config = ROOT / "pyproject.toml"
    assert said_by("clang-format", "--dry-run", "-Werror", bad_cxx)
    assert said_by("ruff", "check", "--no-cache", "--config", config, bad_python)
    assert said_by("ruff", "format", "--no-cache", "--config", config, "--check", bad_python)
    assert said_by("mypy", "--config-file", config, "--cache-dir", tmp_path / "cache", bad_python)
    assert said_by("shellcheck", bad_shell)
