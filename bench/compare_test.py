"""Tests of compare.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import compare
import compare_commits
import pytest


def write_run(path: Path, times: dict[str, float], label: str = "checksum=1") -> Path:
    entries = [
        {
            "name": name,
            "run_type": "iteration",
            "real_time": time,
            "time_unit": "us",
            "label": label,
        }
        for name, time in times.items()
    ]
    path.write_text(json.dumps({"context": {}, "benchmarks": entries}))
    return path


@pytest.mark.parametrize(
    ("base_us", "change_us", "verdict", "exit_code"),
    [
        (100.0, 105.0, "", 0),  # 5 %: within both
        (100.0, 115.0, "WORSE", 1),  # 15 % and 15 us
        (100.0, 110.0, "", 0),  # exactly the limit
        (2.0, 2.9, "", 0),  # 45 %, but under a microsecond
        (2.0, 3.5, "WORSE", 1),
        (100.0, 50.0, "better", 0),
    ],
)
def test_worse_needs_both_the_percentage_and_the_floor(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    base_us: float,
    change_us: float,
    verdict: str,
    exit_code: int,
) -> None:
    base = write_run(tmp_path / "base.json", {"score/avx2": base_us})
    change = write_run(tmp_path / "change.json", {"score/avx2": change_us})
    assert compare.main([str(base), str(change)]) == exit_code
    row = capsys.readouterr().out.splitlines()[1]
    assert f"{change_us / base_us:.2f}" in row
    assert row.endswith(verdict)
    assert ("WORSE" in row) == (verdict == "WORSE")


def test_limits_can_be_set(tmp_path: Path) -> None:
    base = write_run(tmp_path / "base.json", {"score": 100.0})
    change = write_run(tmp_path / "change.json", {"score": 115.0})
    assert compare.main([str(base), str(change), "--percent", "20"]) == 0
    assert compare.main([str(base), str(change), "--floor-us", "50"]) == 0


def test_new_and_gone_benchmarks_are_shown_and_not_bad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = write_run(tmp_path / "base.json", {"old": 1.0})
    change = write_run(tmp_path / "change.json", {"added": 1.0})
    assert compare.main([str(base), str(change)]) == 0
    out = capsys.readouterr().out
    assert "gone" in out
    assert "new" in out


def test_another_checksum_is_bad(tmp_path: Path) -> None:
    base = write_run(tmp_path / "base.json", {"score": 1.0})
    change = write_run(tmp_path / "change.json", {"score": 1.0}, label="checksum=2")
    assert compare.main([str(base), str(change)]) == 1


def test_the_fastest_repetition_counts_and_aggregates_do_not(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    entry = {"name": "score", "run_type": "iteration", "time_unit": "ms", "label": ""}
    mean = {**entry, "name": "score_mean", "run_type": "aggregate", "real_time": 9.0}
    path.write_text(
        json.dumps({"benchmarks": [{**entry, "real_time": t} for t in (3.0, 2.0, 4.0)] + [mean]})
    )
    assert compare.read_run(path) == {"score": compare.Measurement(2000.0, "")}


@pytest.mark.parametrize("text", ["", "[]", '{"benchmarks": [{"name": "x"}]}'])
def test_unreadable_files_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    good = write_run(tmp_path / "good.json", {"score": 1.0})
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    assert compare.main([str(good), str(bad)]) == 2
    assert "bad.json" in capsys.readouterr().err
    assert compare.main([str(tmp_path / "absent.json"), str(good)]) == 2


def bench_program(path: Path, time_us: float) -> None:
    """Writes what Google Benchmark would, for any pattern."""
    entry = {"name": "score", "real_time": time_us, "time_unit": "us", "label": "checksum=1"}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"#!{sys.executable}\nimport sys\n"
        "out = [word[16:] for word in sys.argv if word.startswith('--benchmark_out=')][0]\n"
        f"open(out, 'w').write({json.dumps(json.dumps({'benchmarks': [entry]}))})\n"
    )
    path.chmod(0o755)


def test_the_programs_of_two_builds_take_turns(tmp_path: Path) -> None:
    builds = [tmp_path / "base", tmp_path / "change"]
    bench_program(builds[0] / "bench-programs" / "rfm_bench", 3.0)
    bench_program(builds[1] / "bench-programs" / "rfm_bench", 2.0)
    bench_program(builds[1] / "bench-programs" / "added_bench", 1.0)
    base, change = compare_commits.take_turns(builds, ".", 3, tmp_path)
    assert [entry["real_time"] for entry in base] == [3.0] * 3
    assert sorted(entry["real_time"] for entry in change) == [1.0] * 3 + [2.0] * 3


def test_a_commit_has_a_work_tree_of_its_own(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "one"]):
        subprocess.run([*git, *command], cwd=repository, check=True)
    commit = compare_commits.commit_of("HEAD", repository)
    tree = compare_commits.work_tree(commit, repository, tmp_path / "out")
    assert (tree / ".git").exists()
    assert compare_commits.work_tree(commit, repository, tmp_path / "out") == tree


def test_an_unknown_commit_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main(["no-such-commit", "HEAD"]) == 2
    assert "no-such-commit: neither a commit nor a JSON file" in capsys.readouterr().err
