"""The command `generate`: what is in its folder, and what is not when it fails."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest
from shop_files import TABLES, binary, content, generate, generated, read_table


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated(tmp_path_factory.mktemp("shop"), "--contacts", "20000", "--seed", "7")


@pytest.fixture(scope="module")
def csv_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("csv_shop")
    return generated(folder, "--contacts", "20000", "--seed", "7", "--format", "csv")


def test_the_folder_holds_the_tables_and_their_configuration(shop: Path) -> None:
    assert names(shop) == {f"{table}.parquet" for table in TABLES} | {"quintile.yaml"}


@pytest.mark.parametrize("format_name", ["parquet", "csv"])
@pytest.mark.parametrize("threads", ["1", "2", "7"])
def test_threads_do_not_change_a_byte(
    shop: Path, csv_shop: Path, tmp_path: Path, format_name: str, threads: str
) -> None:
    again = generated(
        tmp_path / "again",
        *("--contacts", "20000", "--seed", "7", "--format", format_name, "--threads", threads),
    )
    expected = content(shop if format_name == "parquet" else csv_shop)
    for name, found in content(again).items():
        assert found == expected[name], name


@pytest.mark.parametrize("table", TABLES)
def test_formats_hold_the_same_rows(shop: Path, csv_shop: Path, table: str) -> None:
    assert read_table(shop, table).equals(read_table(csv_shop, table))


def test_another_seed_is_another_shop(shop: Path, tmp_path: Path) -> None:
    other = generated(tmp_path / "other", "--contacts", "20000", "--seed", "8")
    for table in TABLES:
        assert not read_table(shop, table).equals(read_table(other, table))


def test_events_can_be_left_out(shop: Path, tmp_path: Path) -> None:
    quiet = generated(tmp_path / "quiet", "--contacts", "20000", "--seed", "7", "--events", "off")
    assert names(quiet) == {"contacts.parquet", "orders.parquet", "quintile.yaml"}
    assert content(quiet)["orders.parquet"] == content(shop)["orders.parquet"]
    assert "events" not in (quiet / "quintile.yaml").read_text()


def test_the_orders_can_be_segmented(csv_shop: Path, shop: Path) -> None:
    outputs = [
        subprocess.run(
            [binary(), "rfm", "--orders", orders, "--as-of", "2025-12-31", "--format", "csv"],
            check=False,
            capture_output=True,
            timeout=300,
        )
        for orders in (csv_shop / "orders.csv", shop / "orders.parquet")
    ]
    for done in outputs:
        assert done.returncode == 0, done.stderr.decode()
    assert outputs[0].stdout == outputs[1].stdout
    buyers = len(set(read_table(shop, "orders")["contact"].to_pylist()))
    assert outputs[0].stdout.count(b"\n") == buyers + 1


def test_the_small_sample_is_what_it_says(tmp_path: Path) -> None:
    sample = Path(__file__).resolve().parents[2] / "datasets" / "small"
    again = generated(tmp_path / "again", "--contacts", "12", "--seed", "6", "--format", "csv")
    assert content(again) == content(sample)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--contacts", "0"], "contacts must be"),
        (["--contacts", "-5"], "contacts"),
        (["--contacts", "many"], "contacts"),
        (["--contacts", "1000000001"], "contacts must be"),
        (["--format", "xlsx"], "format"),
        (["--events", "sometimes"], "expected on, off or a rate"),
        (["--events", "-1"], "rate of events"),
        (["--events", "nan"], "rate of events"),
        (["--events", ""], "expected on, off or a rate"),
        (["--end", "2025-02-30"], "expected a date"),
        (["--end", "tomorrow"], "expected a date"),
        (["--end", "2025-12-31x"], "expected a date"),
        (["--end", "2079-06-06"], "history must lie"),
        (["--days", "7"], "days must be"),
        (["--threads", "0"], "threads"),
        (["--threads", "257"], "threads"),
        (["--seed", "x"], "seed"),
        (["--shape", "round"], "--shape"),
    ],
)
def test_a_wrong_option_is_a_usage_error(tmp_path: Path, arguments: list[str], told: str) -> None:
    done = generate("--out", tmp_path / "shop", *arguments)
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert not (tmp_path / "shop").exists()


def test_out_is_needed() -> None:
    done = generate("--contacts", "10")
    assert done.returncode == 2
    assert "--out" in done.stderr


def test_files_are_replaced_only_by_force(tmp_path: Path) -> None:
    generated(tmp_path, "--contacts", "50", "--seed", "1")
    before = content(tmp_path)
    done = generate("--out", tmp_path, "--contacts", "50", "--seed", "2")
    assert done.returncode == 1
    assert "--force" in done.stderr
    assert content(tmp_path) == before
    generated(tmp_path, "--contacts", "50", "--seed", "2", "--force")
    assert content(tmp_path) != before
    assert names(tmp_path) == set(before)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("here first")
    done = generate("--out", tmp_path / "shop", "--contacts", "50")
    assert done.returncode == 1
    assert "shop" in done.stderr
    assert (tmp_path / "shop").read_text() == "here first"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = generate("--out", tmp_path / "shop", "--contacts", "50")
    tmp_path.chmod(0o700)
    assert done.returncode == 1
    assert not names(tmp_path)


# Where not even root can make a folder.
def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    done = generate("--out", "/proc/no/such/shop", "--contacts", "50")
    assert done.returncode == 1
    assert "/proc/no/such/shop" in done.stderr


@pytest.mark.parametrize("format_name", ["parquet", "csv"])
def test_a_write_that_fails_leaves_nothing(tmp_path: Path, format_name: str) -> None:
    def small_files_only() -> None:
        # As if the disk were full: writes past the limit fail instead of ending the process.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        [
            *(binary(), "generate", "--contacts", "50000", "--format", format_name),
            *("--out", tmp_path / "made" / "shop"),
        ],
        check=False,
        capture_output=True,
        preexec_fn=small_files_only,
        timeout=300,
    )
    assert done.returncode == 1
    assert f"cannot write {tmp_path / 'made' / 'shop'}/".encode() in done.stderr
    assert b"unfinished" not in done.stderr
    assert not names(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "made" / "shop"
    with subprocess.Popen(
        [binary(), "generate", "--contacts", "50000000", "--out", folder, "--quiet"],
        stderr=subprocess.PIPE,
    ) as process:
        deadline = time.monotonic() + 60
        while not folder.exists() or not any(folder.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(number)
        assert process.wait(60) == -number
    assert not names(tmp_path)


def test_quiet_says_nothing(tmp_path: Path) -> None:
    done = generate("--out", tmp_path / "shop", "--contacts", "50", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_help_has_examples() -> None:
    done = generate("--help")
    assert done.returncode == 0
    assert "quintile generate --contacts 1000000 --seed 7 --out shop" in done.stdout
