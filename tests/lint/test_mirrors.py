"""Tests and benchmarks mirror sources, so that one name finds everything about a feature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest
from source_tree import CXX_SUFFIXES, Finding, SourceTree, report


def kernel_families(tree: SourceTree) -> set[str]:
    pattern = re.compile(r"kernels/src/([a-z0-9_]+)/")
    return {match.group(1) for path in tree.files if (match := pattern.match(path))}


def kernel_twins(tree: SourceTree) -> Iterator[Finding]:
    for family in sorted(kernel_families(tree)):
        source = f"kernels/src/{family}/{family}"
        for twin in (
            f"kernels/include/quintile/kernels/{family}.hpp",
            f"{source}.cpp",
            f"{source}_scalar.cpp",
            f"{source}_body.hpp",
            f"{source}_isa.cpp",
            f"tests/kernels/{family}_test.cpp",
            f"bench/kernels/{family}_bench.cpp",
        ):
            if twin not in tree.files:
                yield Finding(f"kernels/src/{family}", 1, f"its {twin} is missing")


def device_twins(tree: SourceTree) -> Iterator[Finding]:
    """Each family has kernels/cuda/FAMILY.cu, or a line in kernels/README.md says why not."""
    readme = tree.files.get("kernels/README.md", "")
    excused = re.findall(r"^[-*] `?([a-z0-9_]+)`?:.*\bno device twin\b", readme, re.MULTILINE)
    for family in sorted(kernel_families(tree)):
        if f"kernels/cuda/{family}.cu" not in tree.files and family not in excused:
            yield Finding(
                f"kernels/src/{family}",
                1,
                "has no kernels/cuda twin, and kernels/README.md has no line "
                f"'- `{family}`: no device twin, because ...'",
            )


def orphan_mirrors(tree: SourceTree) -> Iterator[Finding]:
    """X_test.cpp and X_bench.cpp of a mirrored folder stand for a source or a public header."""
    stems = {
        PurePosixPath(path).stem
        for path in tree.paths(
            *CXX_SUFFIXES, under=("kernels", "engine", "loader", "datasets", "cli")
        )
    }
    mirrored = re.compile(
        r"(?:tests|bench)/(?:kernels|engine|loader|datasets|cli)/(?:.*/)?([a-z0-9_]+)_(?:test|bench)\.cpp$"
    )
    for path in tree.paths(".cpp"):
        if (match := mirrored.match(path)) and match.group(1) not in stems:
            yield Finding(path, 1, f"no source or header is named {match.group(1)}")


def untested_areas(tree: SourceTree) -> Iterator[Finding]:
    areas = {
        match.group(1)
        for path in tree.files
        if (match := re.match(r"engine/src/([a-z0-9_]+)/.*\.cpp$", path))
    }
    for area in sorted(areas):
        folder = f"tests/engine/{area}/"
        if not any(path.startswith(folder) and path.endswith("_test.cpp") for path in tree.files):
            yield Finding(f"engine/src/{area}", 1, f"has no test in {folder}")


def unused_headers(tree: SourceTree) -> Iterator[Finding]:
    included = {
        PurePosixPath(name).name
        for path in tree.paths(*CXX_SUFFIXES)
        for name in re.findall(r'#\s*include\s*[<"]([^>"]+)[>"]', tree.files[path])
    }
    for path in tree.paths(".hpp", ".h", ".cuh"):
        if PurePosixPath(path).name not in included:
            yield Finding(path, 1, "no file includes this header")


def unclear_names(tree: SourceTree) -> Iterator[Finding]:
    for path in tree.paths(*CXX_SUFFIXES, ".py"):
        stem = PurePosixPath(path).stem
        if not re.fullmatch(r"(?:__)?[a-z0-9]+(?:_[a-z0-9]+)*(?:__)?", stem):
            yield Finding(path, 1, "a file name is snake_case")
        if re.search(r"(?:^|_)(?:utils?|helpers?|common|misc|stuff)(?:_|$)", stem):
            yield Finding(path, 1, "name the concept, not that it helps")


RULES = (kernel_twins, device_twins, orphan_mirrors, untested_areas, unused_headers, unclear_names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_mirrors(tree: SourceTree, rule) -> None:  # type: ignore[no-untyped-def]
    findings = list(rule(tree))
    assert not findings, report(findings)


COMPLETE_FAMILY = {
    "kernels/include/quintile/kernels/rfm.hpp": "",
    "kernels/src/rfm/rfm.cpp": '#include "quintile/kernels/rfm.hpp"\n',
    "kernels/src/rfm/rfm_scalar.cpp": "",
    "kernels/src/rfm/rfm_body.hpp": "",
    "kernels/src/rfm/rfm_isa.cpp": '#include "rfm_body.hpp"\n',
    "tests/kernels/rfm_test.cpp": "",
    "bench/kernels/rfm_bench.cpp": "",
    "kernels/README.md": "- `rfm`: no device twin, because there is no device code yet\n",
}


def test_a_complete_family_passes() -> None:
    tree = SourceTree(COMPLETE_FAMILY)
    assert not [finding for rule in RULES for finding in rule(tree)]


@pytest.mark.parametrize("gone", [path for path in COMPLETE_FAMILY if not path.endswith(".md")])
def test_kernel_twins_catches(gone: str) -> None:
    tree = SourceTree({path: text for path, text in COMPLETE_FAMILY.items() if path != gone})
    assert list(kernel_twins(tree))


def test_device_twins_catches() -> None:
    assert list(device_twins(SourceTree({**COMPLETE_FAMILY, "kernels/README.md": "nothing\n"})))


def test_orphan_mirrors_catches() -> None:
    assert list(orphan_mirrors(SourceTree({"tests/engine/index/gone_test.cpp": ""})))


def test_untested_areas_catches() -> None:
    assert list(untested_areas(SourceTree({"engine/src/index/row_set.cpp": ""})))


def test_unused_headers_catches() -> None:
    assert list(unused_headers(SourceTree({"engine/src/index/row_set.hpp": ""})))


def test_unclear_names_catches() -> None:
    tree = SourceTree({"cli/src/string_utils.cpp": "", "cli/src/RowSet.cpp": ""})
    assert len(list(unclear_names(tree))) == 2
