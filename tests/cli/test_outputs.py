"""Where the results go: complete files or none, also when a stream is closed or the disk is full."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest
import shop
from processes import Completed, Run, Shell

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
