"""Where results go: complete files or none, also when a stream is closed or the disk is full."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from processes import Completed, Shell

CONTACTS = 2000
RFM = "quintile rfm --orders orders.csv --as-of 2026-01-31"


@pytest.fixture
def shell(program: Path, tmp_path: Path) -> Shell:
    """Runs shell text in a folder with a larger orders.csv, `quintile` on the path."""
    binaries = tmp_path.parent / (tmp_path.name + "-bin")
    binaries.mkdir()
    (binaries / "quintile").symlink_to(program)
    lines = "".join(f"c{i},2026-01-{i % 28 + 1:02},o{i},{i}.50\n" for i in range(CONTACTS))
    (tmp_path / "orders.csv").write_text("contact,time,order,amount\n" + lines + "x,soon,o,1\n")

    def go(text: str) -> Completed:
        return subprocess.run(
            ["bash", "-c", text],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return go


@pytest.mark.parametrize("closed", ["2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_become_files(shell: Shell, tmp_path: Path, closed: str) -> None:
    done = shell(f"{RFM} --out o.csv --rejects r.csv --report page.html {closed}")
    assert done.returncode == 0
    lines = (tmp_path / "o.csv").read_text().splitlines()
    assert lines[0] == "contact,recency_days,frequency,monetary,r,f,m,class"
    assert len(lines) == CONTACTS + 1
    assert all(line.count(",") == 7 for line in lines)
    assert (tmp_path / "r.csv").read_text().splitlines() == [
        "file,line,reason,value",
        f"orders.csv,{CONTACTS + 2},bad_time,soon",
    ]
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


def test_results_for_a_closed_stream_are_a_failure(shell: Shell) -> None:
    done = shell(f"{RFM} >&-")
    assert done.returncode == 1
    assert "cannot write 'standard output'" in done.stderr


FAILING = [
    "--report r.html --rejects x.csv >/dev/full",
    "--out o.csv --report /dev/full",
    "--out o.csv --rejects /dev/full",
    "--summary --out o.csv >/dev/full",
    "--format parquet --report r.html >/dev/full",
    "--out o.csv --report r.html --rejects x.csv --compare-as-of 2026-01-01 "
    "--transitions /dev/full",
    "--report r.html --rejects x.csv | true",
]


@pytest.mark.parametrize("arguments", FAILING)
def test_a_failed_run_leaves_no_file(shell: Shell, tmp_path: Path, arguments: str) -> None:
    done = shell(f"set -o pipefail; {RFM} {arguments}")
    assert done.returncode == 1, done.stderr
    assert "quintile: cannot write '" in done.stderr
    assert os.listdir(tmp_path) == ["orders.csv"]


def test_a_failed_run_leaves_earlier_files_alone(shell: Shell, tmp_path: Path) -> None:
    for name in ("o.csv", "r.html"):
        (tmp_path / name).write_text("what was there before")
    done = shell(f"{RFM} --out o.csv --report r.html --summary >/dev/full")
    assert done.returncode == 1
    for name in ("o.csv", "r.html"):
        assert (tmp_path / name).read_text() == "what was there before"


def test_messages_that_nobody_reads_leave_nothing_unfinished(shell: Shell, tmp_path: Path) -> None:
    for _ in range(3):
        shell(f"{RFM} --rejects x.csv --out o.csv 2>&1 | true")
        left = set(os.listdir(tmp_path))
        assert left in ({"orders.csv"}, {"orders.csv", "x.csv", "o.csv"})
