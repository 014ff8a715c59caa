"""Who may include what: dependencies point down only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import pytest
from source_tree import CXX_SUFFIXES, Finding, Include, SourceTree, includes_of, report

# Third parties by the first part of their include names; what is not named here is the standard
# library or the system's C library when it has no slash or is a C header of the system.
THIRD_PARTIES = {
    "roaring": r"roaring/",
    "tbb": r"(?:tbb|oneapi)/",
    "yaml": r"yaml-cpp/",
    "re2": r"re2/",
    "date": r"date/",
    "xxhash": r"xxh(?:ash|3)\.h$",
    "asio": r"boost/(?:asio|beast)",
    "boost": r"boost/(?!asio|beast)",
    "arrow": r"(?:arrow|parquet)/",
    "cli11": r"CLI/",
    "xsimd": r"xsimd/",
    "intrinsics": r"(?:[a-z]+intrin|arm_neon|cpuid)\.h$",
    "cuda": r"(?:cuda|cub/|thrust/)",
    "gtest": r"(?:gtest|gmock|rapidcheck)(?:/|\.h)",
    "benchmark": r"benchmark/",
    "openssl": r"openssl/",
    "json": r"simdjson",
    "log": r"(?:spdlog|prometheus|fmt)/",
}
# Headers shared by the engine and the loader: one home for the rules of money, time and text.
VALUES = r"quintile/(?:decimal|date_time|int128|arrow_abi|status|export|closest_name)\.(?:hpp|h)$"
OWN = {
    "kernels.cuda": r"quintile/kernels/cuda/",
    "kernels": r"quintile/kernels/(?!cuda/)",
    "datasets": r"quintile/datasets/",
    "loader": r"quintile/loader\.h$",
    "values": VALUES,
    "engine": r"quintile/(?!kernels/|datasets/|loader\.h$)",
}
# A kernel knows flat memory only: no heap, no exceptions, no streams, no threads.
HEAVY_STANDARD = (
    r"^(?:vector|string|map|unordered_map|set|unordered_set|deque|list|memory|functional|"
    r"stdexcept|exception|iostream|fstream|sstream|ostream|istream|cstdio|thread|mutex|future|"
    r"shared_mutex|condition_variable|regex|filesystem)$"
)
# An ISA unit holds wide code, so nothing in it may come from a header with inline functions.
# type_traits is allowed: it has types only.
ISA_STANDARD = r"^(?:cstddef|cstdint|span|type_traits)$"


@dataclass(frozen=True)
class Layer:
    where: str
    allowed: frozenset[str]
    standard_banned: str = ""
    standard_only: str = ""


def _layer(where: str, *allowed: str, banned: str = "", only: str = "") -> Layer:
    return Layer(where, frozenset(allowed), banned, only)


# First match wins.
LAYERS = (
    _layer(
        r"kernels/src/.*_(?:body\.hpp|isa\.cpp)$",
        "kernels",
        "xsimd",
        "intrinsics",
        only=ISA_STANDARD,
    ),
    _layer(r"kernels/cuda/", "kernels", "kernels.cuda", "cuda", banned=HEAVY_STANDARD),
    _layer(r"kernels/include/", "kernels", banned=HEAVY_STANDARD),
    _layer(r"kernels/src/", "kernels", "xsimd", "intrinsics", banned=HEAVY_STANDARD),
    _layer(r"engine/include/", "engine", "values"),
    _layer(r"engine/src/values/", "values", "date", "boost"),
    _layer(r"engine/src/capi/", "engine", "values"),
    _layer(
        r"engine/src/",
        *(
            "engine",
            "values",
            "kernels",
            "json",
            "roaring",
            "tbb",
            "yaml",
            "re2",
            "date",
            "xxhash",
            "boost",
        ),
    ),
    _layer(r"loader/include/", "values", "loader"),
    _layer(r"loader/", "values", "loader", "arrow", "date"),
    _layer(r"datasets/", "datasets", "values"),
    _layer(r"cli/", "engine", "values", "loader", "datasets", "cli11"),
    _layer(r"server/", "engine", "values", "asio", "boost", "openssl", "json", "log"),
    _layer(r"(?:tests|bench)/.*", *THIRD_PARTIES, *OWN),
)


def _owner(name: str) -> str:
    for owner, pattern in (*OWN.items(), *THIRD_PARTIES.items()):
        if owner != "engine" and re.match(pattern, name):
            return owner
    if re.match(OWN["engine"], name):
        return "engine"
    if "/" in name and not re.match(r"(?:sys|linux|netinet|arpa)/", name):
        return f"unknown third party {name.split('/')[0]}"
    return "standard"


def _is_own_file(tree: SourceTree, path: str, include: Include) -> bool:
    """A quoted include names a file of the same module, from the file's folder or a source root."""
    module = PurePosixPath(path).parts[0]
    roots = [PurePosixPath(path).parent, PurePosixPath(module), PurePosixPath(module) / "src"]
    for root in roots:
        parts: list[str] = []
        for part in (root / include.name).parts:
            if part == "..":
                if not parts:
                    return False
                parts.pop()
            else:
                parts.append(part)
        if parts and parts[0] == module and "/".join(parts) in tree.files:
            return True
    # A file that CMake writes is named in the module's CMake files.
    return any(
        include.name in tree.files[p]
        for p in tree.paths("CMakeLists.txt", ".cmake", under=(module,))
    )


def layering(tree: SourceTree) -> Iterator[Finding]:
    for path in tree.paths(*CXX_SUFFIXES):
        layer = next((layer for layer in LAYERS if re.match(layer.where, path)), None)
        if layer is None:
            yield Finding(path, 1, "no layer in tests/lint covers this file")
            continue
        for include in includes_of(tree.files[path]):
            owner = _owner(include.name)
            problem = ""
            if include.quoted and not include.name.startswith("quintile/"):
                if not path.startswith(("tests/", "bench/")) and not _is_own_file(
                    tree, path, include
                ):
                    problem = "is no file of this module"
            elif owner == "standard":
                if layer.standard_banned and re.match(layer.standard_banned, include.name):
                    problem = "is a standard header that this layer may not use"
                if layer.standard_only and not re.match(layer.standard_only, include.name):
                    problem = f"is not among {layer.standard_only}"
            elif owner not in layer.allowed:
                problem = f"belongs to {owner}, which this layer may not use"
            if problem:
                yield Finding(path, include.line, f"{include.name} {problem}")


def test_dependencies_point_down_only(tree: SourceTree) -> None:
    findings = list(layering(tree))
    assert not findings, report(findings)


@pytest.mark.parametrize(
    ("path", "include"),
    [
        ("kernels/src/rfm/rfm.cpp", "#include <vector>"),
        ("kernels/src/rfm/rfm_body.hpp", "#include <algorithm>"),
        ("kernels/src/rfm/rfm.cpp", "#include <roaring/roaring.hh>"),
        ("kernels/include/quintile/kernels/rfm.hpp", "#include <xsimd/xsimd.hpp>"),
        ("engine/include/quintile/row_set.hpp", "#include <roaring/roaring.hh>"),
        ("engine/include/quintile/engine.hpp", "#include <quintile/kernels/rfm.hpp>"),
        ("engine/src/exec/chunk.cpp", "#include <arrow/api.h>"),
        ("engine/src/values/decimal.cpp", "#include <quintile/engine.hpp>"),
        ("engine/src/exec/chunk.cpp", '#include "../../../cli/src/table.hpp"'),
        ("engine/src/capi/quintile_c.cpp", "#include <quintile/kernels/isa.hpp>"),
        ("loader/src/csv.cpp", "#include <quintile/engine.hpp>"),
        ("loader/src/csv.cpp", "#include <quintile/kernels/isa.hpp>"),
        ("datasets/src/shop.cpp", '#include "quintile/engine.hpp"'),
        ("cli/src/rfm.cpp", "#include <quintile/kernels/isa.hpp>"),
        ("cli/src/rfm.cpp", "#include <roaring/roaring.h>"),
        ("cli/src/rfm.cpp", "#include <some_library/some.hpp>"),
        ("server/src/router.cpp", "#include <oneapi/tbb.h>"),
        ("misplaced/file.cpp", "#include <vector>"),
    ],
)
def test_layering_catches(path: str, include: str) -> None:
    assert list(layering(SourceTree({path: f"// why\n{include}\n", "cli/src/table.hpp": ""})))


@pytest.mark.parametrize(
    ("path", "include"),
    [
        ("kernels/src/rfm/rfm_body.hpp", "#include <xsimd/xsimd.hpp>"),
        ("engine/src/exec/chunk.cpp", "#include <quintile/kernels/rfm.hpp>"),
        ("loader/src/csv.cpp", '#include "quintile/decimal.hpp"'),
        ("cli/src/rfm.cpp", '#include "table.hpp"'),
        ("cli/src/report/page.cpp", '#include "../table.hpp"'),
        ("tests/kernels/rfm_test.cpp", "#include <gtest/gtest.h>"),
    ],
)
def test_layering_allows(path: str, include: str) -> None:
    assert not list(layering(SourceTree({path: f"{include}\n", "cli/src/table.hpp": ""})))
