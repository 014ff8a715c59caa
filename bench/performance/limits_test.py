"""What limits each family is said, and files of Google Benchmark are read right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from figures import Name, fastest, read_run
from limits import load_limits
from sample_figures import benchmark, write_run

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = sorted(path.name for path in (ROOT / "kernels" / "src").iterdir() if path.is_dir())
WORDS = ("bandwidth", "ports", "latency", "cache")


def test_names_are_taken_apart() -> None:
    name = Name.of("score/flags:3/cores:2/avx512/real_time")
    assert (name.base, name.work, name.cores) == ("score", "score/flags:3", 2)
    assert name.instruction_set == "avx512"
    assert Name.of("recompute/contacts:1000/neon64").size == 1000
    assert Name.of("recompute/contacts:1000/neon64").sizeless == "recompute"


def test_the_fastest_repetition_counts(tmp_path: Path) -> None:
    path = tmp_path / "quintile_kernels_rfm_bench.json"
    write_run(path, {"score/avx2/real_time": 4.0})
    run = json.loads(path.read_text())
    run["benchmarks"].append(benchmark("score/avx2/real_time", 2.0, 1000))
    path.write_text(json.dumps(run))
    (figure,) = read_run(path).figures
    assert (figure.seconds, figure.slowest_seconds) == (0.002, 0.004)
    assert figure.bytes_per_item == 18
    assert fastest({"avx2": figure}) is figure


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_says_what_limits_it(family: str) -> None:
    entry = load_limits().get(family)
    assert entry, f"limits.toml has no [{family}]"
    for one in (entry, *entry.get("works", {}).values()):
        assert one["limit"] in WORDS
        assert one["why"].endswith(".")
