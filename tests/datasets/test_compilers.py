"""The rows of a seed do not depend on the compiler, its optimisation or the instruction set."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
# Flags that let a compiler change results where the sources leave it a choice.
WIDE = ["-O2", "-mavx2", "-mfma"]
BUILDS = [("g++", ["-O0"]), ("clang++", WIDE), ("clang++-14", WIDE)]


def machine_has_wide_instructions() -> bool:
    flags = Path("/proc/cpuinfo").read_text().split()
    return "avx2" in flags and "fma" in flags


@pytest.mark.parametrize(("compiler", "flags"), BUILDS)
def test_checksums(tmp_path: Path, compiler: str, flags: list[str]) -> None:
    found = shutil.which(compiler)
    if found is None:
        pytest.skip(f"no {compiler} here")
    if flags is WIDE and not machine_has_wide_instructions():
        pytest.skip("no AVX2 and FMA here")
    if compiler == "clang++" and shutil.which("clang++-14"):
        pytest.skip("clang++-14 stands for it")
    program = tmp_path / "digest"
    subprocess.run(
        [
            *(found, "-std=c++20", "-ffp-contract=off", *flags),
            *(f"-I{REPOSITORY / folder / 'include'}" for folder in ("datasets", "engine")),
            *sorted((REPOSITORY / "datasets" / "src").glob("*.cpp")),
            REPOSITORY / "tests" / "datasets" / "shop_digest.cpp",
            *("-pthread", "-o", program),
        ],
        check=True,
        timeout=300,
    )
    printed = subprocess.run([program], check=True, capture_output=True, text=True, timeout=300)
    committed = (REPOSITORY / "datasets" / "checksums.txt").read_text().splitlines()
    assert printed.stdout.splitlines() == [line for line in committed if line[0] != "#"]
