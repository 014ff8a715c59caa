"""Functions stay under 70 lines, files under 600."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from source_tree import CXX_SUFFIXES, Finding, SourceTree, report

FUNCTION_LINES = 70
FILE_LINES = 600

_SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum)\b|\bextern\s*$")
_MEMBER_BRACE = re.compile(r"\)\s*(?:noexcept\s*)?:[^:].*[\w>]\s*$", re.DOTALL)


def _opens_function(head: str) -> bool:
    head = re.sub(r"^\s*#.*$", "", head, flags=re.MULTILINE)
    head = re.sub(r"\btemplate\s*<[^{}]*?>\s*(?=\w)", "", head)
    if "(" not in head or head.rstrip().endswith(("=", ",", "(")):
        return False
    return not re.match(r"\s*(?:\[\[[^\]]*\]\]\s*)?(?:namespace|class|struct|union|enum)\b", head)


def functions_of(code: str) -> Iterator[tuple[int, int]]:
    """First and last line of every function body with its head, by matching braces.

    Functions are looked for where declarations stand: in namespaces and classes, so that lambdas
    and blocks count towards the function they are in.
    """
    line, head, head_line = 1, "", 1
    depth = 0
    body_depth: int | None = None
    body_start = 0
    nested: list[int] = []  # depths of braces in a member initialiser or a value
    for character in code:
        if body_depth is None and not nested:
            if not head.strip():
                head_line = line
            if character in ";}":
                head = ""
            elif character != "{":
                head += character
        if character == "{":
            depth += 1
            if body_depth is None and not nested:
                if _MEMBER_BRACE.search(head) or re.search(r"[=,(]\s*$", head):
                    nested.append(depth)
                elif _opens_function(head):
                    body_depth, body_start = depth, head_line
                elif _SCOPE.search(head):
                    head = ""
                else:
                    nested.append(depth)
        elif character == "}":
            if body_depth == depth:
                yield body_start, line
                body_depth, head = None, ""
            elif nested and nested[-1] == depth:
                nested.pop()
                head += character  # so that a body after it is told from the next member
            depth -= 1
        elif character == "\n":
            line += 1


def long_functions(tree: SourceTree) -> Iterator[Finding]:
    for path, code in tree.code.items():
        for first, last in functions_of(code):
            if last - first + 1 > FUNCTION_LINES:
                yield Finding(path, first, f"function of {last - first + 1} lines")
    for path in tree.paths(".py"):
        for node in ast.walk(ast.parse(tree.files[path])):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    yield Finding(path, node.lineno, f"{node.name} has {lines} lines")


def long_files(tree: SourceTree) -> Iterator[Finding]:
    for path in tree.paths(*CXX_SUFFIXES, ".py", ".cmake", "CMakeLists.txt", "dev", ".sh"):
        lines = tree.files[path].count("\n")
        if lines > FILE_LINES:
            yield Finding(path, 1, f"{lines} lines: is it one thing?")


def test_no_function_is_long(tree: SourceTree) -> None:
    findings = list(long_functions(tree))
    assert not findings, report(findings)


def test_no_file_is_long(tree: SourceTree) -> None:
    findings = list(long_files(tree))
    assert not findings, report(findings)


LONG_BODY = "{\n" + "  step();\n" * 70 + "}\n"


@pytest.mark.parametrize(
    "head",
    [
        "int plain(int a, int b) ",
        "namespace a::b {\nclass C {\n public:\n  void inner() const noexcept ",
        "template <typename T, int N = 3>\nauto f(T x) -> decltype(x) ",
        "C::C(int a)\n    : a_{a}, b_{a, 2} ",
        "C::C(int a) : a_(a) ",
        'extern "C" int c_call(void) ',
        "const int table[] = {1, 2, 3};\nvoid after_table() ",
        "struct P {\n  int a{0};\n};\nstatic void after_struct(P p) ",
        "bool operator==(const A& a, const B& b) ",
    ],
)
def test_long_functions_catches(head: str) -> None:
    text = head + LONG_BODY
    findings = list(long_functions(SourceTree({"engine/src/x.cpp": text})))
    assert len(findings) == 1, findings


def test_long_functions_allows() -> None:
    body = "{\n" + "  step();\n" * 60 + "}\n"
    table = "constexpr int kTable[] = {\n" + "  1,\n" * 200 + "};\n"
    text = f"namespace n {{\n{table}void a() {body}void b() {body}struct S {{\n"
    text += "  int x;\n" * 100 + "};\n}\n"
    assert not list(long_functions(SourceTree({"engine/src/x.cpp": text})))


def test_long_functions_catches_python() -> None:
    text = "def f() -> None:\n" + "    print()\n" * 70
    assert list(long_functions(SourceTree({"tests/x.py": text})))


def test_long_files_catches() -> None:
    assert list(long_files(SourceTree({"engine/src/x.cpp": "\n" * 601})))
