"""Rules that read what CMake configured and the compiler made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_tree import PRODUCT_MODULES, ROOT, UNIT_SUFFIXES, Finding, SourceTree, report

# Built by a test as a user of the installed package would, not by this project's CMake.
OUTSIDE = ("tests/consumer/", "kernels/cuda/", "tests/kernels/cuda/", "bench/kernels/cuda/")

Commands = dict[str, str]


@pytest.fixture(scope="module")
def build_dir() -> Path:
    return Path(os.environ["QUINTILE_BUILD_DIR"])


@pytest.fixture(scope="module")
def commands(build_dir: Path) -> Commands:
    # What CMake itself writes into the build folder, to see that headers stand alone, is left out.
    entries = json.loads((build_dir / "compile_commands.json").read_text())
    return {
        os.path.relpath(entry["file"], ROOT): entry["command"]
        for entry in entries
        if Path(entry["file"]).is_relative_to(ROOT)
        and not Path(entry["file"]).is_relative_to(build_dir)
    }


def in_no_target(tree: SourceTree, commands: Commands) -> Iterator[Finding]:
    for path in tree.paths(*UNIT_SUFFIXES, under=(*PRODUCT_MODULES, "tests", "bench")):
        if path not in commands and not path.startswith(OUTSIDE):
            yield Finding(path, 1, "no CMake target compiles this file")


def lenient(commands: Commands) -> Iterator[Finding]:
    for path, command in sorted(commands.items()):
        words = command.split()
        for flag in ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"):
            if flag not in words:
                yield Finding(path, 1, f"is compiled without {flag}: link quintile_warnings")
        for word in words:
            if word.startswith(("-march=", "-mtune=")):
                yield Finding(path, 1, f"is compiled with {word}: kernels/isa.cmake names features")


def weak_functions(objects: list[Path]) -> Iterator[Finding]:
    """A weak function in wide code may be the one that the linker hands to baseline code."""
    for path in objects:
        # The one that belongs to the compiler: objects may be for another processor.
        nm = os.environ.get("QUINTILE_NM") or "nm"
        listing = subprocess.run(
            [nm, "--demangle", "--defined-only", path], check=True, capture_output=True, text=True
        ).stdout
        for line in listing.splitlines():
            _, kind, name = line.split(maxsplit=2)
            # u: a unique global, V: a weak object, W: a weak function.
            if kind in "uVW" and not name.startswith("DW.ref."):
                yield Finding(str(path), 1, f"{kind} {name}")


def isa_objects(build_dir: Path) -> list[Path]:
    return sorted((build_dir / "kernels").glob("**/*_isa.cpp.o"))


def test_every_source_is_in_a_target(tree: SourceTree, commands: Commands) -> None:
    findings = list(in_no_target(tree, commands))
    assert not findings, report(findings)


def test_every_target_has_all_warnings(commands: Commands) -> None:
    findings = list(lenient(commands))
    assert not findings, report(findings)


@pytest.mark.skipif(
    bool(os.environ.get("QUINTILE_SANITIZE")), reason="sanitizers add weak symbols of their own"
)
def test_isa_objects_have_no_weak_function(build_dir: Path) -> None:
    objects = isa_objects(build_dir)
    assert objects, f"no ISA object was built under {build_dir}/kernels"
    findings = list(weak_functions(objects))
    assert not findings, report(findings)


def test_in_no_target_catches() -> None:
    tree = SourceTree({"engine/src/forgotten.cpp": ""})
    assert list(in_no_target(tree, {}))


def test_lenient_catches() -> None:
    full = "g++ -Wall -Wextra -Wconversion -Wshadow -Werror"
    assert not list(lenient({"engine/src/x.cpp": full}))
    assert list(lenient({"engine/src/x.cpp": full.replace("-Wshadow", "")}))
    assert list(lenient({"engine/src/x.cpp": f"{full} -march=native"}))


def test_weak_functions_catches(tmp_path: Path) -> None:
    source, target = tmp_path / "x_isa.cpp", tmp_path / "x_isa.cpp.o"
    compiler = shutil.which("g++") or shutil.which("clang++")
    assert compiler, "no compiler found"
    for keyword, expected in (("inline", 1), ("static", 0)):
        source.write_text(
            f"{keyword} __attribute__((noinline)) int twice(int a) {{ return 2 * a; }}\n"
            "int user(int a) { return twice(a); }\n"
        )
        subprocess.run([compiler, "-O2", "-c", source, "-o", target], check=True)
        assert len(list(weak_functions([target]))) == expected
