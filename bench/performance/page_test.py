"""The page: every kernel family is on it, every block of figures names its command."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sample_figures import write_run

pytest.importorskip("matplotlib", reason="./dev bench performance installs it")

import page
import peers_section

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = sorted(path.name for path in (ROOT / "kernels" / "src").iterdir() if path.is_dir())
MACHINE = {
    "made": "2026-01-31T00:00:00+00:00",
    "command": "./dev bench performance",
    "commit": "0123456789ab",
    "processor": "a processor",
    "cores": 2,
    "caches": {"L1": "32K"},
    "memory_bytes": 2**34,
    "kernel": "Linux 6",
    "compiler": "g++ 12",
    "load_average": [0.1, 0.1, 0.1],
}


def peers() -> dict[str, Any]:
    def taken(seconds: float) -> dict[str, float]:
        return {"seconds": seconds, "ratio": seconds / 0.01, "spread": 1.1}

    return {
        "machine": MACHINE | {"command": "./dev bench peers"},
        "sizes": {"contacts": 10, "orders": 20, "events": 30},
        "threads": 2,
        "rounds": 5,
        "instruction_set": "avx2",
        "bandwidth": 1e10,
        "labels": {"quintile": "quintile", "duckdb": "DuckDB", "redis": "Redis sets"},
        "versions": {"duckdb": "2.0", "redis": "7.0"},
        "tasks": {
            "recompute": {
                "item": "contacts",
                "items_per_second": 1e9,
                "bytes_per_second": 5e9,
                "engines": {
                    "quintile": {"kept": taken(0.01)},
                    "duckdb": {"kept": taken(1.0), "counts": taken(0.5)},
                },
            },
            "intersect": {
                "item": "contacts",
                "items_per_second": 1e9,
                "bytes_per_second": 5e9,
                "engines": {
                    "quintile": {"counts": taken(0.01)},
                    "redis": {"counts": taken(0.1)},
                },
            },
        },
    }


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    names = {
        f"score/cores:{cores}/{isa}/real_time": time / cores
        for cores in (1, 2)
        for isa, time in (("scalar", 8.0), ("avx2", 2.0))
    }
    for family in FAMILIES:
        write_run(tmp_path / f"quintile_kernels_{family}_bench.json", names)
    sizes = {f"recompute/contacts:{size}/avx2": size / 1e3 for size in (1000, 100000)}
    write_run(tmp_path / "quintile_engine_recompute_bench.json", sizes)
    stages = {"read_csv/real_time": 3.0, "load_csv/real_time": 5.0}
    write_run(tmp_path / "quintile_load_stream_bench.json", stages)
    shape = {"contacts": 1, "lines": 2, "peak_bytes": 2**20}
    for name, report in {
        "machine": MACHINE,
        "peers": peers(),
        "instructions": {
            "command": "./dev bench performance --steps instructions",
            "families": {"rfm": {"score": {"scalar": 40.0, "avx2": 3.0}}},
        },
        "memory": {
            "command": "./dev bench performance --steps memory",
            "threads": 2,
            "shapes": {"base": shape},
            "bytes_per_contact": 64.0,
            "bytes_per_line": 20.0,
        },
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(report))
    return tmp_path


def test_every_family_and_every_command_is_on_the_page(figures: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    page.write(figures, docs)
    text = (docs / "performance.md").read_text()
    for family in FAMILIES:
        assert f"### {family}:" in text
    sections = re.split(r"^#+ ", text, flags=re.MULTILINE)
    with_figures = [section for section in sections if "|---" in section or "| --- |" in section]
    assert len(with_figures) >= len(FAMILIES) + 6
    for section in with_figures:
        assert "Command: `" in section, section
    for image in re.findall(r"\]\((images/[^)]+)\)", text):
        svg = (docs / image).read_text()
        assert '<title id="title">' in svg
        assert 'role="img"' in svg


def test_stages_of_a_load_are_on_the_page(figures: Path, tmp_path: Path) -> None:
    page.write(figures, tmp_path / "docs")
    text = (tmp_path / "docs" / "performance.md").read_text()
    section = text.partition("## Loading and grouping")[2].partition("\n## ")[0]
    assert "| `read_csv` |" in section
    assert "| `load_csv` |" in section
    assert "recompute" not in section


def test_the_page_is_the_same_every_time(figures: Path, tmp_path: Path) -> None:
    page.write(figures, tmp_path / "first")
    page.write(figures, tmp_path / "second")
    first = sorted((tmp_path / "first").rglob("*.*"))
    assert len(first) > len(FAMILIES)
    for path in first:
        other = tmp_path / "second" / path.relative_to(tmp_path / "first")
        assert path.read_bytes() == other.read_bytes()


def test_what_was_not_measured_is_left_out(figures: Path, tmp_path: Path) -> None:
    for name in ("peers", "instructions", "memory"):
        (figures / f"{name}.json").unlink()
    page.write(figures, tmp_path / "docs")
    text = (tmp_path / "docs" / "performance.md").read_text()
    assert "## Memory" not in text
    assert "## Kernels" in text


def test_the_table_of_the_readme_is_between_its_marks(figures: Path, tmp_path: Path) -> None:
    begin, end = peers_section.MARKS
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{begin}\nold\n{end}\nafter\n")
    peers_section.write_ratios(figures, readme)
    text = readme.read_text()
    assert "| recompute | 1 G contacts/s | 100x |  | 50 % |" in text
    assert "old" not in text
    assert text.startswith(f"before\n{begin}\n")
    assert text.endswith(f"{end}\nafter\n")
    assert begin in (ROOT / "README.md").read_text()
