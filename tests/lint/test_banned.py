"""Calls and constructs that have no place in the sources, by layer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from source_tree import (
    CXX_SUFFIXES,
    HEADER_SUFFIXES,
    PRODUCT_MODULES,
    Finding,
    SourceTree,
    report,
)

BELOW_CLI = ("kernels", "engine", "loader", "datasets")
EVERYWHERE = (*PRODUCT_MODULES, "tests", "bench")


@dataclass(frozen=True)
class Ban:
    why: str
    pattern: str
    modules: tuple[str, ...]
    suffixes: tuple[str, ...] = CXX_SUFFIXES
    except_paths: str = r"(?!)"


# `name(` as a plain or std:: call, not a member and not a declaration of our own in a class.
def _call(names: str) -> str:
    return rf"(?<![\w.>:])(?:std::|::)?(?:{names})\s*\("


BANS = (
    Ban(
        "nothing below the program prints",
        rf"{_call('v?f?printf|puts|fputs|putchar|perror')}|std::(?:cout|cerr|clog)\b",
        BELOW_CLI,
        # An error that nobody read ends the process in the presets that ask for it, and says which.
        except_paths=r"engine/src/status/status\.cpp$",
    ),
    Ban(
        "nothing below the program ends the process; assertions do, in one place",
        _call("abort|exit|_exit|_Exit|quick_exit|terminate"),
        BELOW_CLI,
        except_paths=r".*/assert\.(?:hpp|cpp)$|engine/(?:include/quintile|src/status)/status\.[ch]pp$",
    ),
    Ban(
        "unbounded, not reentrant or silent about errors",
        _call(
            "strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atoll|atof|system|alloca|"
            "setjmp|longjmp|localtime|gmtime|asctime|ctime|tmpnam|mktemp"
        ),
        EVERYWHERE,
    ),
    Ban("random numbers are seeded and ours", _call("rand|srand|random_device"), EVERYWHERE),
    Ban(
        "the environment is read where the process starts, nowhere else",
        _call("getenv|setenv|putenv"),
        BELOW_CLI,
        except_paths=r"kernels/src/isa\.cpp$",
    ),
    Ban("a header leaks it into its users", r"\busing\s+namespace\b", EVERYWHERE, HEADER_SUFFIXES),
    Ban(
        "128-bit integers come from quintile/int128.hpp",
        r"\b__u?int128(?:_t)?\b",
        EVERYWHERE,
        except_paths=r"engine/include/quintile/int128\.hpp$",
    ),
    Ban(
        "g++ 12 and clang 14 do not both have it",
        r"#\s*include\s*<(?:format|source_location|print|expected|generator)>|std::chrono::parse\b",
        EVERYWHERE,
    ),
    Ban(
        "it locks: readers keep their own reference", r"\batomic\s*<\s*std::shared_ptr", EVERYWHERE
    ),
    Ban("flushes for nothing", r"\bstd::endl\b", PRODUCT_MODULES),
    Ban(
        "slow, and of unbounded depth: RE2 is used",
        r"\bstd::w?regex\b|#\s*include\s*<regex>",
        PRODUCT_MODULES,
    ),
)


def banned(tree: SourceTree, bans: tuple[Ban, ...] = BANS) -> Iterator[Finding]:
    for ban in bans:
        paths = (
            path
            for path in tree.paths(*ban.suffixes, under=ban.modules)
            if not re.match(ban.except_paths, path)
        )
        for finding in tree.grep(ban.pattern, paths, code_only=True):
            yield Finding(finding.path, finding.line, f"{finding.text}  [{ban.why}]")


def test_nothing_banned_is_used(tree: SourceTree) -> None:
    findings = list(banned(tree))
    assert not findings, report(findings)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("engine/src/x.cpp", 'std::printf("x");'),
        ("loader/src/x.cpp", 'std::cerr << "x";'),
        ("kernels/src/x.cpp", "abort();"),
        ("datasets/src/x.cpp", "std::exit(1);"),
        ("cli/src/x.cpp", "strcpy(a, b);"),
        ("cli/src/x.cpp", "int n = atoi(text);"),
        ("tests/x_test.cpp", "int n = rand();"),
        ("engine/src/x.cpp", 'const char* p = std::getenv("A");'),
        ("cli/src/x.hpp", "using namespace std;"),
        ("engine/src/x.cpp", "__int128 wide;"),
        ("engine/src/x.cpp", "#include <format>"),
        ("engine/src/x.cpp", "std::atomic<std::shared_ptr<int>> p;"),
        ("cli/src/x.cpp", "out << std::endl;"),
        ("cli/src/x.cpp", 'std::regex r("a");'),
    ],
)
def test_banned_catches(path: str, line: str) -> None:
    assert list(banned(SourceTree({path: f"void f() {{\n  {line}\n}}\n"})))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("cli/src/x.cpp", 'std::fputs("x", stderr);'),
        ("engine/src/x.cpp", "// abort() would be wrong here"),
        ("engine/src/x.cpp", 'auto text = "printf(x)";'),
        ("engine/src/x.cpp", "std::snprintf(buffer, sizeof buffer, format);"),
        ("engine/src/x.cpp", "queue.exit(1);"),
        ("cli/src/x.cpp", "using namespace std;"),
    ],
)
def test_banned_allows(path: str, line: str) -> None:
    assert not list(banned(SourceTree({path: f"void f() {{\n  {line}\n}}\n"})))


def test_the_one_exception_is_honoured() -> None:
    text = {"engine/include/quintile/int128.hpp": "using Int128 = __extension__ __int128;\n"}
    assert not list(banned(SourceTree(text)))
