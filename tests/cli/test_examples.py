"""What the help and docs/cli.md show does work, and the demonstration too."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
from pathlib import Path

import pytest
import shop
from processes import Completed, Run, Shell

REPOSITORY = Path(__file__).resolve().parents[2]

INVOICES = """\
Invoice,InvoiceDate,CustomerID,Quantity,Price
1,2025-12-24 17:30,13085,3,9.99
C2,2026-01-02 10:00,13085,-1,9.99
3,2026-01-15 11:00,12346.0,1,120
"""


@pytest.fixture
def shell(program: Path, tmp_path: Path) -> Shell:
    """Runs shell text in a folder with orders.csv and invoices.csv.gz, `quintile` on the path."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "quintile").symlink_to(program)
    (tmp_path / "orders.csv").write_text(shop.ORDERS, encoding="utf-8")
    (tmp_path / "invoices.csv.gz").write_bytes(gzip.compress(INVOICES.encode()))

    def go(text: str) -> Completed:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    return go


def help_examples(text: str) -> list[str]:
    after = text.split("Examples:\n", 1)[1].replace("\\\n", " ")
    return [line.strip() for line in after.splitlines() if line.strip().startswith("quintile ")]


@pytest.mark.parametrize("command", ["", "rfm", "generate"])
def test_help_examples(run: Run, shell: Shell, command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.returncode == 0
    examples = help_examples(done.stdout)
    assert len(examples) >= 3
    for example in examples:
        done = shell(example.replace("1000000", "1000"))
        assert done.returncode == 0, f"{example}\n{done.stderr}"


def documented() -> list[tuple[str, str | None]]:
    """The sh blocks of docs/cli.md, each with the text block that follows at once, if any."""
    text = (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")
    found = re.findall(r"```sh\n(.*?)```\n(?:\n?```text\n(.*?)```\n)?", text, re.S)
    return [(code, output or None) for code, output in found]


def test_documented_examples(shell: Shell) -> None:
    blocks = documented()
    assert len(blocks) >= 5
    assert any(output for _, output in blocks)
    for code, output in blocks:
        done = shell(code)
        assert done.returncode == 0, f"{code}\n{done.stderr}"
        if output is not None:
            assert done.stdout == output, code


def test_every_option_is_documented(run: Run) -> None:
    text = (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")
    options = set(re.findall(r"--[a-z][a-z-]+", run("rfm", "--help").stdout))
    missing = {option for option in options if f"`{option}" not in text} - {"--help"}
    assert missing == set()


def test_version_says_what_was_built(run: Run) -> None:
    done = run("--version")
    assert done.returncode == 0
    assert re.fullmatch(
        r"quintile \d+\.\d+\.\d+ \((GCC|Clang) [^,]+, (scalar|sse42|avx2|avx512|neon64)\)\n",
        done.stdout,
    )


def test_demonstration(program: Path, tmp_path: Path) -> None:
    build = tmp_path / "build"
    build.mkdir()
    for name in os.listdir(program.parent):
        if name == "quintile" or name.startswith("libquintile"):
            (build / name).symlink_to(program.parent / name)
    done = subprocess.run(
        ["bash", REPOSITORY / "cli" / "demo.sh", build],
        env={**os.environ, "DEMO_CONTACTS": "2000"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "champions" in done.stdout
    assert "recency by frequency" in done.stdout
    assert "recompute alone, orders in memory" in done.stderr
    assert "end to end, files read and written" in done.stderr
    assert str(build / "demo" / "report.html") in done.stderr
    assert (build / "demo" / "report.html").stat().st_size > 10_000
    assert (build / "demo" / "scores.csv").read_text().startswith("contact,")


def test_generated_configuration_maps_what_rfm_accepts(run: Run, tmp_path: Path) -> None:
    arguments = "--contacts 50 --seed 7 --events off --format csv --out shop --quiet"
    assert run("generate", *arguments.split()).returncode == 0
    config = (tmp_path / "shop" / "quintile.yaml").read_text(encoding="utf-8")
    orders = config.split("\norders:\n", 1)[1]
    mapping = orders.split("map: {", 1)[1].split("}", 1)[0]
    columns = "".join(mapping.split()).replace(":", "=")
    assert "amount=amount" in columns
    done = run("rfm", "--orders", "shop/orders.csv", "--as-of", "2025-12-31", "--map", columns)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 10
