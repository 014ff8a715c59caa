"""Public headers: library and user must read the same text, and each header stands alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_tree import ROOT, Finding, SourceTree, report

INCLUDE_ROOTS = ("engine/include", "kernels/include", "loader/include", "datasets/include")
INSTALLED_ROOTS = ("engine/include", "loader/include")
# A condition may speak of the compiler and the include guard, never of how the library was built.
COMPILER_MACROS = r"_*(?:cplusplus|GNUC|GNUG|clang|MSC_VER|WIN32|SIZEOF_INT128|has_[a-z_]+)_*"


def headers_under(tree: SourceTree, roots: tuple[str, ...]) -> list[str]:
    return [path for path in tree.paths(".hpp", ".h") if path.startswith(roots)]


def build_options(tree: SourceTree) -> Iterator[Finding]:
    for path in headers_under(tree, INSTALLED_ROOTS):
        lines = tree.code[path].splitlines()
        for number, line in enumerate(lines, 1):
            match = re.match(r"\s*#\s*(?:if|ifdef|ifndef|elif)\b(.*)", line)
            if not match:
                continue
            for name in re.findall(r"[A-Za-z_]\w*", match.group(1)):
                guard = any(
                    re.match(rf"\s*#\s*define\s+{name}\b", later) for later in lines[number:]
                )
                if name != "defined" and not guard and not re.fullmatch(COMPILER_MACROS, name):
                    yield Finding(path, number, f"depends on {name}")


def other_guards(tree: SourceTree) -> Iterator[Finding]:
    """C++ headers have `#pragma once`; C headers, which anyone may include, a macro."""
    for path in tree.paths(".hpp"):
        if not re.search(r"^#pragma once$", tree.files[path], re.M):
            yield Finding(path, 1, "expected #pragma once")


def compile_alone(header: Path, roots: list[Path]) -> str:
    """What the compilers say against the header as the only include; empty when nothing."""
    languages = [("c++", "c++20")]
    if header.suffix == ".h":
        languages.append(("c", "c11"))
    said = ""
    for language, standard in languages:
        compiler = shutil.which("g++" if language == "c++" else "gcc") or shutil.which("clang")
        assert compiler, "no compiler found"
        command = [compiler, "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic"]
        command += ["-Werror", "-fsyntax-only", *[f"-I{root}" for root in roots], "-"]
        source = f'#include "{header}"\n'
        done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said += done.stderr
    return said


def test_cxx_headers_are_guarded_alike(tree: SourceTree) -> None:
    findings = list(other_guards(tree))
    assert not findings, report(findings)
    assert list(other_guards(SourceTree({"cli/src/x.hpp": "#ifndef X\n#define X\n#endif\n"})))


def test_no_header_depends_on_a_build_option(tree: SourceTree) -> None:
    findings = list(build_options(tree))
    assert not findings, report(findings)


@pytest.mark.parametrize("header", headers_under(SourceTree.of_repository(), INCLUDE_ROOTS))
def test_compiles_alone(header: str) -> None:
    said = compile_alone(ROOT / header, [ROOT / root for root in INCLUDE_ROOTS])
    assert not said, said


def test_build_options_catches() -> None:
    text = "#pragma once\n#ifdef QUINTILE_ENABLE_CUDA\nint f();\n#endif\n"
    assert list(build_options(SourceTree({"engine/include/quintile/x.hpp": text})))


def test_build_options_allows() -> None:
    text = "#ifndef X_H\n#define X_H\n#ifdef __cplusplus\n#endif\n#endif\n"
    assert not list(build_options(SourceTree({"engine/include/quintile/x.h": text})))


def test_compile_alone_catches(tmp_path: Path) -> None:
    header = tmp_path / "x.hpp"
    header.write_text("#pragma once\nstd::string name();\n")
    assert compile_alone(header, [])
    header = tmp_path / "x.h"
    header.write_text("namespace a {}\n")
    assert compile_alone(header, [])
